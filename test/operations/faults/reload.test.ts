import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rawClient } from "../../../drizzle/client.ts";
import { devEnvelopeSecret } from "../../../schema/caller.ts";
import { DEV_POLICY_SECRET, POLICY_KEY, signerOf } from "../../../schema/policy/keys.ts";
import { type Answered, useHub } from "../../kit/hub.ts";
import { siti, sitisHome } from "../../kit/people.ts";
import { publishSupergraph, renew, resume, suspend } from "../../kit/policy.ts";
import { isNightly } from "../../kit/vitest/nightly.ts";
import { follow, tell } from "../../subgraphs/aid/events/kit.ts";
import { form, put, reloadFiles, watchPolicy } from "./reloadKit.ts";

// A supergraph, envelope secrets and policy are exchanged under questions that never stop. Every one of them is answered.

const SECOND = 1000;
const PACE_MS = 20;
const TIMES = isNightly ? 100 : 10;
const FORMS = [form("Form 0."), form("Form 1.")] as const;
const files = reloadFiles(FORMS[0]);
const told: { readonly msg: string; readonly err?: { readonly message: string } }[] = [];
const PATIENT = { HUB_SUBGRAPH_TIMEOUT_MS: "14000", HUB_REQUEST_TIMEOUT_MS: "60000" }; // a machine may be slow
const POLICY_KEYS = join(files.folder, "policy-keys");
const [POLICY_NOW, POLICY_NEXT] = [DEV_POLICY_SECRET, "n".repeat(40)].map((secret) => signerOf(secret, POLICY_KEY).publicKey);
put(POLICY_KEYS, String(POLICY_NOW));
const hub = useHub(
  { ...PATIENT, ...files.env, HUB_POLICY_PUBLIC_KEYS_FILE: POLICY_KEYS },
  {
    heard: (part, line) => part === "gateway" && /taken over|RELOAD_FAILED/.test(line) && told.push(JSON.parse(line)),
    secrets: (name) => ({
      envelopeSecret: devEnvelopeSecret(name),
      dataKey: devEnvelopeSecret(name),
      rereadSecret: () => files.shared.get(name) ?? "",
    }),
  },
);
const takeovers = () => told.filter(({ msg }) => msg.startsWith("taken over")).length;
const reload = async () => void (await hub.fleet.gateways[0]?.reload());
const readiness = async () => {
  const response = await fetch(`${hub.gatewayUrl}/ready`);
  return [response.status, await response.json()] as const;
};

let owner: ReturnType<typeof rawClient>;
beforeAll(async () => {
  owner = rawClient(hub.urls.governance.owner, { max: 1 });
  await publishSupergraph(hub.urls.governance.owner, FORMS[1]);
});
afterAll(async () => {
  await owner?.end();
  rmSync(files.folder, { recursive: true, force: true });
});

const HOME = `query Home($id: ID!, $names: Boolean = true) {
  household(id: $id) { id deciles { decile } members { person { id fullName @include(if: $names) enrolments { state program { code } } } } } }`;
const WHO = "query Who($id: ID!) { person(id: $id) { id fullName region { code name } } }";
const QUESTIONS = [
  () => hub.as("kemensos").ask(HOME, { id: sitisHome.id }),
  () => hub.as("kemensos").ask(HOME, { id: sitisHome.id, names: false }),
  () => hub.as("kemensos").ask(WHO, { id: siti.id }),
  () => hub.as("kemensos").ask(FORM, { id: siti.id }),
  () => hub.as("bappenas").ask("{ me { client agency { name } agreement { number } } registryStatistics { households } }"),
] as const;
/** Asked beside a question: which form the answer was made under. */
const FORM = `${WHO.slice(0, -1)} region: __type(name: "Region") { description } code: __type(name: "Region") { fields { description } } }`;
const CHANGED = { client: "dinsos-banyuwangi", agreement: "PKS-2025-004" };
const asChanged = () => hub.as(CHANGED.client).ask("{ me { client } registryStatistics { households } }");
const STOPPED = "PKS-2025-003";

interface Told {
  readonly answer: Answered | Error;
  readonly from: number;
  readonly to: number;
}

/** Asks over and over until it is told to end; answers all it was told. */
function asking(ask: () => Promise<Answered>) {
  const all: Told[] = [];
  let isOver = false;
  const ended = (async () => {
    while (!isOver) {
      const from = performance.now();
      const answer = await ask().catch((error: unknown) => error as Error);
      all.push({ answer, from, to: performance.now() });
      await pause(PACE_MS); // tests beside this one want the processor, too
    }
  })();
  return async () => {
    isOver = true;
    await ended;
    return all;
  };
}

/** An outage of policy or record, told as one. */
const isUnavailable = ({ answer }: Told): boolean =>
  !(answer instanceof Error) && answer.status === 503 && answer.headers.has("retry-after") && OUTAGES.has(codeOf(answer));
const OUTAGES: ReadonlySet<unknown> = new Set(["POLICY_UNAVAILABLE", "AUDIT_UNAVAILABLE"]);
const codeOf = ({ errors }: Answered): unknown => errors[0]?.extensions["code"];

/** The next secrets: slices open envelopes of both, then the gateway makes them with the new one. */
async function exchangeSecrets(time: number): Promise<void> {
  for (const [name, text] of files.shared) {
    const [old] = text.split(",");
    const next = `${name} envelope secret of the exchange ${time}`.padEnd(40, "x");
    files.shared.set(name, `${next},${old}`);
    await hub.slices.get(name)?.renew();
    put(files.secretOf(name), next);
  }
}

/** One more exchange of everything, as an operator would make it. */
async function exchange(time: number): Promise<void> {
  if (time % 4 === 0) await exchangeSecrets(time);
  if (time % 5 === 0) await suspend(owner, STOPPED);
  if (time % 5 === 1 && time > 1) await resume(owner, STOPPED);
  if (time % 10 === 7) await renew(hub.urls.governance.owner, CHANGED.agreement);
  const before = takeovers();
  put(files.supergraph, FORMS[time % 2] ?? "");
  if (time > 2) await reload(); // else by itself, within seconds
  await expect.poll(takeovers, { timeout: 60 * SECOND, interval: 20 }).toBeGreaterThan(before);
}

test(
  `${TIMES} exchanges of supergraph, secrets and policy under load: no question is lost, and each was judged by one supergraph`,
  async () => {
    await expect.poll(async () => (await QUESTIONS[0]()).status, { timeout: 30 * SECOND }).toBe(200); // this process compiled it itself
    const witness = await watchPolicy(hub.urls.gateway);
    const expected = await Promise.all(QUESTIONS.map((ask) => ask()));
    expect(expected.map(({ status, errors }) => [status, errors])).toEqual(QUESTIONS.map(() => [200, []]));
    const open = await connections();
    const [ends, endChanged] = [QUESTIONS.map(asking), asking(asChanged)];
    for (let time = 1; time <= TIMES; time += 1) await exchange(time);
    const answers = await Promise.all(ends.map((end) => end()));
    const changed = await endChanged();
    await witness.end();
    expect(takeovers()).toBeGreaterThanOrEqual(TIMES);
    const receipts: string[] = [];
    answers.forEach((all, n) => {
      expect(all.length).toBeGreaterThan(TIMES / 2);
      for (const one of all) {
        if (isUnavailable(one) && witness.wasLost(one.from, one.to)) continue;
        if (one.answer instanceof Error) throw one.answer;
        expect([one.answer.status, one.answer.errors, formless(one.answer)]).toEqual([200, [], formless(expected[n])]);
        receipts.push(one.answer.governance["receipt"].id);
      }
    });
    // whoever's own agreement changes between question and answer is told to ask again (life-of-a-request.md), and nothing else
    const others = changed.filter(
      (one) => !(isUnavailable(one) || (!(one.answer instanceof Error) && one.answer.status === 200)),
    );
    expect(others).toEqual([]);
    await onRecord(receipts);
    expect(madeUnder(answers.flat())).toEqual([["Form 0."], ["Form 1."]]);
    expect(await readiness()).toEqual([200, { status: "ready" }]);
    await expect.poll(connections, { timeout: 60 * SECOND }).toBeLessThanOrEqual(open); // those before are closed
  },
  TIMES * 10 * SECOND,
);

/** What an answer tells, whatever form it was made under. */
const formless = (answer: Answered | undefined): unknown =>
  JSON.parse(JSON.stringify(answer?.data).replaceAll(/ Form \d\./g, ""));

/** Of gateways to the database of policy. */
const connections = async (): Promise<number> => {
  const [row] = await owner`select count(*) from pg_stat_activity where usename = 'hub_gateway' and datname = current_database()`;
  return Number(row?.["count"]);
};

/** The forms that single answers tell of, each combination once. */
function madeUnder(all: readonly Told[]): string[][] {
  const told = all
    .flatMap(({ answer }) => (answer instanceof Error ? [] : [answer.text.match(/Form \d\./g) ?? []]))
    .filter((forms) => forms.length > 0);
  expect(told.every((forms) => forms.length === 2)).toBe(true);
  return [...new Set(told.map((forms) => JSON.stringify([...new Set(forms)])))].sort().map((one) => JSON.parse(one));
}

/** Each answer is on record, and was announced under the very decisions that it was made by. */
async function onRecord(receipts: readonly string[]): Promise<void> {
  const rows = await owner<{ table: string; announced: string }[]>`
    select o.body::json ->> 'table' as table, i.body::json ->> 'table' as announced
    from governance.entry o join governance.entry i on i.request_id = (o.body::json ->> 'intent')
    where o.request_id = any(${[...receipts]})`;
  expect(new Set(receipts).size).toBe(receipts.length);
  expect(rows).toHaveLength(receipts.length);
  expect(rows.filter(({ table, announced }) => table !== announced)).toEqual([]);
}

test("who follows events is let go by an exchange as by an ordinary end, and misses nothing at the next", async () => {
  const followed = async (lastId: string | null) =>
    follow(new URL("/events", hub.gatewayUrl), {
      authorization: `Bearer ${await hub.tokenOf(CHANGED.client)}`,
      ...(lastId !== null && { "last-event-id": lastId }),
    });
  const before = await followed(null);
  await before.opened();
  await tell(hub.urls, 2, {});
  const seen = await before.events(2);
  put(files.supergraph, FORMS[(TIMES + 1) % 2] ?? "");
  await reload();
  await before.ended;
  expect(before.text).not.toContain("event: closed");
  await tell(hub.urls, 2, {});
  const after = await followed(seen.at(-1)?.id ?? null);
  const told = [...seen, ...(await after.events(2))].map(({ id }) => Number(id));
  after.leave();
  expect(told).toEqual(told.map((_, at) => (told[0] ?? 0) + at));
});

describe("what lies in the file and cannot serve", () => {
  const LOOK = { timeout: 30 * SECOND, interval: 50 };
  const serves = async () => expect(await QUESTIONS[0]()).toMatchObject({ status: 200, errors: [] });
  const alarmed = [200, { status: "ready", alarms: ["supergraph"] }];
  const well = [200, { status: "ready" }];
  const fault = () => told.filter(({ msg }) => msg.includes("not taken over")).at(-1);

  test.each([
    ["is no GraphQL", "type Query {", /not readable GraphQL/],
    ["lacks what a supergraph has", "type Query { a: ID }", /names no subgraph/],
    ["has a field without a class, which nobody could grant", ungoverned(FORMS[0]), /without a class.*Region\.name/],
  ])("a file that %s leaves the one before in force, ready, with an alarm that tells no more", async (_, text, reason) => {
    put(files.supergraph, text);
    await reload();
    expect(await readiness()).toEqual(alarmed);
    expect(String(fault()?.err?.message)).toMatch(reason);
    await serves();
    put(files.supergraph, FORMS[(TIMES + 1) % 2] ?? "");
    await reload();
    expect(await readiness()).toEqual(well);
  });

  test("a file that is gone is a fault like any other, and its return the end of it", async () => {
    rmSync(files.supergraph);
    await expect.poll(readiness, LOOK).toEqual(alarmed);
    await serves();
    put(files.supergraph, FORMS[(TIMES + 1) % 2] ?? "");
    await expect.poll(readiness, LOOK).toEqual(well);
  });

  test("a supergraph without decision tables waits beside the one that serves until they are published", async () => {
    const before = takeovers();
    const next = form("not published yet");
    put(files.supergraph, next);
    await reload();
    expect(await readiness()).toEqual(alarmed);
    expect(fault()?.err?.message).toMatch(/no decision tables for PKS-.*npx hub policy publish/);
    await exchangeSecrets(TIMES + 4); // keys do not wait with it
    await reload();
    await serves();
    expect(takeovers()).toBe(before + 1);
    expect(await readiness()).toEqual(alarmed);
    await publishSupergraph(hub.urls.governance.owner, next);
    await expect.poll(takeovers, LOOK).toBe(before + 2);
    await expect.poll(readiness, LOOK).toEqual(well);
    await serves();
  });

  test("secrets that cannot be used keep those before, and are told of as keys", async () => {
    const path = files.secretOf("welfare");
    const good = readFileSync(path, "utf8");
    put(path, "too short");
    await reload();
    expect(await readiness()).toEqual([200, { status: "ready", alarms: ["keys"] }]);
    await serves();
    put(path, good);
    await reload();
    expect(await readiness()).toEqual(well);
  });

  test("a key of policy that was removed counts no more, whatever that closes: it may be in wrong hands; its return opens again", async () => {
    const before = takeovers();
    put(POLICY_KEYS, String(POLICY_NEXT));
    await reload();
    expect(await readiness()).toEqual([200, { status: "ready", alarms: ["tables"] }]);
    expect(codeOf(await QUESTIONS[0]())).toBe("POLICY_UNAVAILABLE");
    put(POLICY_KEYS, `${POLICY_NOW},${POLICY_NEXT}`);
    await reload();
    await expect.poll(takeovers, LOOK).toBe(before + 2);
    expect(await readiness()).toEqual(well);
    await serves();
  });
});

/** Region.name without what says its class. */
function ungoverned(sdl: string): string {
  const type = /^type Region\b[^{]*\{[^}]*\}/m.exec(sdl)?.[0] ?? "";
  return sdl.replace(type, type.replace(/^( {2}name: String.*?) @data\([^)]*\)/m, "$1"));
}
