import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { Hub } from "../../../gateway/answer.ts";
import { authorize } from "../../../gateway/authorize/authorize.ts";
import { plan } from "../../../gateway/plan/plan.ts";
import { loadSupergraph, loadSupergraphInTurns } from "../../../gateway/plan/supergraph.ts";
import { readConfig } from "../../../gateway/runtime/config.ts";
import { Current } from "../../../gateway/runtime/reload/current.ts";
import { followStartOnly, markOf, takenOver } from "../../../gateway/runtime/reload/files.ts";
import { Habits, warm } from "../../../gateway/runtime/reload/habits.ts";
import { refuseOtherYears } from "../../../gateway/runtime/reload/reload.ts";
import { type Runtime, recipeOf } from "../../../gateway/runtime/runtime.ts";
import type { Incoming, Known } from "../../../gateway/types/chain.ts";
import type { Decisions, Policy } from "../../../gateway/types/policy.ts";
import { yearInWib } from "../../../schema/record/yearKeys.ts";

const SDL = readFileSync("schema/supergraph.graphql", "utf8");
const folder = mkdtempSync(join(tmpdir(), "hub-reload-unit-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A runtime that only tells what became of it. */
function runtimeNamed(name: string) {
  const told: string[] = [];
  let holders = 0;
  const hub = { name } as unknown as Hub;
  const runtime = {
    hub,
    hold() {
      holders += 1;
      let isHeld = true;
      return () => {
        if (isHeld) holders -= 1;
        isHeld = false;
      };
    },
    part: () => void told.push("parted"),
    retire: async () => void told.push("retired"),
  } as unknown as Runtime;
  return { runtime, told, holders: () => holders };
}
const request = (signal = new AbortController().signal) => ({ signal }) as unknown as Incoming;
const nameOf = (hub: Hub): string => (hub as unknown as { name: string }).name;

describe("a request", () => {
  test("keeps the hub of its beginning, and holds it until it is answered", async () => {
    const [old, next] = [runtimeNamed("old"), runtimeNamed("next")];
    const current = new Current(old.runtime);
    let go = () => {};
    const held = new Promise<void>((resolve) => {
      go = resolve;
    });
    const ask = current.by((hub) => async () => {
      await held;
      return { by: nameOf(hub) };
    });
    const asking = ask(request());
    current.adopt(next.runtime);
    expect([old.holders(), old.told]).toEqual([1, ["retired"]]);
    const later = ask(request());
    go();
    expect([await asking, await later]).toEqual([{ by: "old" }, { by: "next" }]);
    expect([old.holders(), next.holders()]).toEqual([0, 0]);
  });

  test("that throws lets go, too", async () => {
    const { runtime, holders } = runtimeNamed("one");
    const ask = new Current(runtime).by(() => () => Promise.reject(new Error("ours")));
    await expect(ask(request())).rejects.toThrow("ours");
    expect(holders()).toBe(0);
  });

  test("answered piece by piece holds it to the last piece, to where it breaks off, or until its client leaves before the first", async () => {
    const { runtime, holders } = runtimeNamed("one");
    const current = new Current(runtime);
    const stream = current.by(() => async () => ({ status: 200, headers: {}, pieces: pieces() }));
    const whole = await stream(request());
    expect(holders()).toBe(1);
    for await (const _ of whole.pieces) expect(holders()).toBe(1);
    expect(holders()).toBe(0);
    const broken = await stream(request());
    for await (const _ of broken.pieces) break;
    expect(holders()).toBe(0);
    const leaving = new AbortController();
    await stream(request(leaving.signal));
    expect(holders()).toBe(1);
    leaving.abort();
    expect(holders()).toBe(0);
  });
});

async function* pieces() {
  yield "a";
  yield "b";
}

const everything: Decisions = {
  key: "everything",
  hidden: new Set(),
  verdict: () => ({ effect: "allow" }),
  transform: (_, value) => value,
};

test("what is asked most is read, judged and planned for the next supergraph before anybody asks it, whatever its variables were", async () => {
  const before = loadSupergraph(SDL);
  const habits = new Habits();
  const DOCUMENT = "query P($id: ID!, $names: Boolean!) { person(id: $id) { id fullName @include(if: $names) } }";
  for (const names of [true, false, true]) {
    const variables = { id: "852f8a99-3067-4f3d-8b9e-ee0886197c96", names };
    const asked = { document: DOCUMENT, operationName: null, variables, decisions: everything, deadline: 0 };
    const known = { ...asked, caller: { agreement: "PKS-1" } } as unknown as Known;
    habits.note(plan(authorize(known, before), before));
  }
  expect(habits.top().map(({ shown, times }) => [shown, times])).toEqual([
    [{ names: true }, 2],
    [{ names: false }, 1],
  ]);
  expect(JSON.stringify(habits.top())).not.toContain("852f8a99");
  const next = await loadSupergraphInTurns(`${SDL}\n`);
  const now = Date.now();
  const validity = { version: 1, state: "active", validFrom: now - 1000, validTo: now + 60_000, suspendsAt: null, windows: null };
  const version = { ...validity, terms: { decisions: everything } };
  const policy = { agreementsOf: new Map([["A", [{ number: "PKS-1", versions: [version] }]]]) } as unknown as Policy;
  await warm({ grants: { current: () => policy } as unknown as Hub["grants"], supergraph: next }, habits.top());
  const made: string[] = [];
  const planner = next.planner.plan.bind(next.planner);
  next.planner.plan = (document) => {
    made.push(document);
    return planner(document);
  };
  for (const names of [true, false]) {
    const question = { document: DOCUMENT, operationName: null, variables: { id: "other", names }, decisions: everything };
    plan(authorize({ ...question, deadline: 0 }, next), next);
  }
  expect(made).toEqual([]);
});

test("a supergraph is read in turns: whoever else is asked meanwhile is answered in between", async () => {
  let turns = 0;
  let isOver = false;
  const other = (): void => {
    turns += 1;
    if (!isOver) setImmediate(other);
  };
  setImmediate(other);
  const { hash } = await loadSupergraphInTurns(SDL);
  isOver = true;
  expect(hash).toBe(loadSupergraph(SDL).hash);
  expect(turns).toBeGreaterThanOrEqual(6);
});

test("a supergraph with a subgraph that nobody shares a secret with is refused, by the name of the setting", () => {
  const production = { HUB_ENV: "production" } as const;
  const dev = readConfig({
    HUB_ENV: "dev",
    HUB_DATABASE_URL_GATEWAY: "postgres://hub_gateway@127.0.0.1/governance",
    HUB_DATABASE_URL_RECORD: "postgres://hub_record@127.0.0.1/governance",
  });
  const supergraph = loadSupergraph(SDL);
  expect(() => recipeOf(dev, supergraph)).not.toThrow();
  const secrets = new Map([...supergraph.sources.keys()].map((name) => [name, `${name} `.padEnd(40, "x")]));
  const config = { ...dev, env: production.HUB_ENV, envelopeSecrets: secrets };
  expect(recipeOf(config, supergraph).secrets.get("welfare")).toBe(secrets.get("welfare"));
  const both = new Map(secrets).set("welfare", `${"n".repeat(40)},${secrets.get("welfare")}`);
  expect(recipeOf({ ...config, envelopeSecrets: both }, supergraph).secrets.get("welfare"), "the first").toBe("n".repeat(40));
  secrets.delete("welfare");
  expect(() => recipeOf(config, supergraph)).toThrow("HUB_ENVELOPE_SECRET_WELFARE is missing");
});

test("a file of the record's keys that lost the year of now, or has another key for one, is not taken over; a year may come or go", () => {
  const now = yearInWib(new Date());
  const keyed = (...years: [year: number, key: string][]) => ({ recordKeys: new Map(years) });
  const before = keyed([now - 1, "old"], [now, "key"]);
  expect(() => refuseOtherYears(before, keyed([now - 1, "old"]))).toThrow(`lost the key of ${now}`);
  expect(() => refuseOtherYears(before, keyed([now, "another"]))).toThrow(`another key for ${now}`);
  expect(() => refuseOtherYears(before, keyed([now, "key"], [now + 1, "next"]))).not.toThrow();
});

test("files are told apart by their settings: taken over, followed elsewhere, or read at the start only", async () => {
  const path = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const given = new Map([
    ["HUB_ENVELOPE_SECRET_WELFARE", path("secret", "s")],
    ["HUB_RECORD_KEYS", path("record", "r")],
    ["HUB_POLICY_PUBLIC_KEYS", path("policy", "p")],
    ["HUB_TLS_CERT", path("cert", "c")],
    ["HUB_SESSION_KEY", path("session", "k")],
    ["HUB_EVENTS_KEY", join(folder, "none")],
  ]);
  expect([...takenOver(given).keys()]).toEqual(["HUB_ENVELOPE_SECRET_WELFARE", "HUB_RECORD_KEYS", "HUB_POLICY_PUBLIC_KEYS"]);
  const changed = await followStartOnly(given);
  const mark = await markOf(given.values());
  for (const name of ["secret", "record", "policy", "cert", "none"]) path(name, "another");
  path("session", " k\n");
  expect(await changed()).toEqual(["HUB_EVENTS_KEY"]);
  path("session", "other");
  expect(await changed()).toEqual(["HUB_SESSION_KEY", "HUB_EVENTS_KEY"]);
  expect(await markOf(given.values())).not.toBe(mark);
});
