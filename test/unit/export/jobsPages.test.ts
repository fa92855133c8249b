import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, test } from "vitest";
import type { Hub } from "../../../gateway/answer.ts";
import { createAlarms } from "../../../gateway/audit/alarms.ts";
import { createRates } from "../../../gateway/authenticate/rates.ts";
import { DATASETS } from "../../../gateway/border/export/jobs/datasets.ts";
import { type Page, pagesOf } from "../../../gateway/border/export/jobs/pages.ts";
import { columnsOf, questionOf } from "../../../gateway/border/export/jobs/table.ts";
import { loadSupergraph } from "../../../gateway/plan/supergraph.ts";
import type { Disclosure } from "../../../gateway/types/chain.ts";
import type { Policy, Terms } from "../../../gateway/types/policy.ts";
import type { SourceAnswer } from "../../../gateway/types/sources.ts";

// Page after page through the pipeline, over a source that misbehaves: a page is whole or there is none.

const supergraph = loadSupergraph(readFileSync("schema/supergraph.graphql", "utf8"));
const enrolments = DATASETS.get("enrolments") ?? expect.fail("there are enrolments");
const columns = columnsOf(enrolments, supergraph.api).filter(({ name }) => ["enrolment", "program"].includes(name));

const world = { answers: [] as SourceAnswer[], asked: [] as unknown[], recorded: [] as (Disclosure | unknown)[], version: 1 };
beforeEach(() => Object.assign(world, { answers: [], asked: [], recorded: [], version: 1 }));

const terms: Terms = {
  rows: { regions: [["0", "A"]], programs: null, decileMax: 100 },
  verification: { floor: 80, attemptsOnSubject: 5, attemptsOfClient: 100, persons: null },
  decisions: { key: "all", hidden: new Set(), verdict: () => ({ effect: "allow" }), transform: (_, value) => value },
  ...{ needsCase: false, needsOfficer: false, admits: () => true, documents: "open", isArmed: false, rejectsDenied: false },
  limits: null,
};
const policy = (): Policy => ({
  ...{ epoch: 1, officers: new Map(), restricted: new Set<string>() },
  clients: new Map([["kemensos", { agency: "KEMENSOS", isActive: true }]]),
  agreementsOf: new Map([
    [
      "KEMENSOS",
      [
        {
          ...{ number: "PKS-1", purpose: "P", needsOfficer: false },
          versions: [
            {
              ...{ version: world.version, state: "active", validFrom: 0, validTo: Date.now() + 1e9 },
              ...{ suspendsAt: null, windows: null, terms },
            },
          ],
        },
      ],
    ],
  ]),
});
const entry = {
  ...{ saw: <T>(stage: T) => stage, notes: <T>(stage: T) => stage, intend: async <T>(planned: T) => planned, stands: () => {} },
  close: async (answer: Disclosure) => {
    world.recorded.push(answer);
    return { id: randomUUID() };
  },
  fail: async (error: unknown) => {
    world.recorded.push(error);
    return error;
  },
};
const hub = {
  ...{ supergraph, isSandbox: false, alarms: createAlarms(), ownDocuments: null },
  rates: createRates({ burst: 1, windowSeconds: 60, concurrent: 1, personsToday: () => 0 }), // pages keep a pace of their own
  verify: async () => ({ clientId: "kemensos", subject: "kemensos" }),
  grants: { reached: async () => {}, current: policy },
  record: { open: () => entry, plainIds: async () => new Map() },
  sources: {
    async send({ body }: { readonly body: string }) {
      world.asked.push(JSON.parse(body).variables);
      return world.answers.shift() ?? expect.fail("nobody expected this question");
    },
  },
} as unknown as Hub;

const rows = (from: number, count: number) =>
  Array.from({ length: count }, (_, n) => ({ id: `e${from + n}`, program: { code: "PKH", __typename: "Program" } }));
const answer = (nodes: object[] | null, pageInfo: object): SourceAnswer => ({ data: { enrolments: { nodes, pageInfo } } });
const LAST = { hasNextPage: false, endCursor: "z" };
const AWAY: SourceAnswer = { failed: "SUBGRAPH_UNAVAILABLE", detail: "away" };

const pages = (signal = new AbortController().signal) =>
  pagesOf({
    request: {
      requestId: "job",
      method: "POST",
      url: "/graphql",
      headers: { "hub-agreement": "PKS-1" },
      body: null,
      address: "::1",
      signal,
    },
    question: questionOf({ dataset: enrolments, columns, filter: { program: "PKH" } }, supergraph.api, enrolments.operation),
    ...{ field: "enrolments", version: 1, hub, waitsMs: [1, 1] },
  });
const all = async () => {
  const found: Page[] = [];
  for await (const page of pages()) found.push(page);
  return found;
};

describe("pages of a table", () => {
  test("follow each other by the place where the last one ended, each with its own receipt", async () => {
    world.answers.push(answer(rows(0, 100), { hasNextPage: true, endCursor: "a" }), answer(rows(100, 7), LAST));
    const found = await all();
    expect(found.flatMap(({ nodes }) => nodes.map(({ id }) => id))).toEqual(Array.from({ length: 107 }, (_, n) => `e${n}`));
    expect(new Set(found.map(({ receipt }) => receipt)).size).toBe(2);
    expect(world.asked).toEqual([
      { first: 100, after: null, filter: { program: "PKH" } },
      { first: 100, after: "a", filter: { program: "PKH" } },
    ]);
  });

  test("wait for a source that was away, and miss nothing", async () => {
    world.answers.push(AWAY, answer(rows(0, 100), { hasNextPage: true, endCursor: "a" }), AWAY, AWAY, answer(rows(100, 1), LAST));
    expect((await all()).map(({ nodes }) => nodes.length)).toEqual([100, 1]);
    expect(world.recorded.filter((one) => one instanceof Error)).toHaveLength(3);
  });

  test("end in its refusal when it stays away", async () => {
    world.answers.push(AWAY, AWAY, AWAY);
    await expect(all()).rejects.toMatchObject({ failures: [{ code: "SUBGRAPH_UNAVAILABLE" }] });
  });

  const HALF: readonly (readonly [string, SourceAnswer])[] = [
    ["lacks its rows", answer(null, LAST)],
    [
      "holds an error beside its rows",
      { ...answer(rows(0, 3), LAST), errors: [{ message: "x", path: ["enrolments", "nodes", 1, "program"] }] },
    ],
    ["goes on without a place to go on from", answer(rows(0, 100), { hasNextPage: true, endCursor: null })],
  ];
  test.each(HALF)("are none where the answer %s: it would pass for a shorter table, or a blank for no value", async (_, half) => {
    world.answers.push(half, half, half);
    await expect(all()).rejects.toMatchObject({ name: "Refusal" });
    expect(world.recorded.every((one) => one instanceof Error)).toBe(true);
  });

  test("do not go round in a circle", async () => {
    const again = answer(rows(0, 100), { hasNextPage: true, endCursor: "a" });
    world.answers.push(again, again, again, again);
    await expect(all()).rejects.toMatchObject({ failures: [{ code: "SUBGRAPH_INVALID_RESPONSE" }] });
  });

  test("are asked for no longer once another version of the agreement is in force", async () => {
    world.answers.push(answer(rows(0, 100), { hasNextPage: true, endCursor: "a" }));
    const coming = pages();
    await coming.next();
    world.version = 2;
    await expect(coming.next()).rejects.toMatchObject({ failures: [{ code: "CONFLICT" }] });
    expect(world.asked).toHaveLength(1);
  });
});
