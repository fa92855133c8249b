import { readFileSync } from "node:fs";
import { parse } from "graphql";
import { beforeEach, describe, expect, test } from "vitest";
import { createSupergraphRuntime, type Hub } from "../../../gateway/answer.ts";
import { download } from "../../../gateway/border/transfer.ts";
import { rowMask } from "../../../gateway/mask/rows.ts";
import { respond } from "../../../gateway/receive/respond.ts";
import type { Asked, Disclosure, Incoming } from "../../../gateway/types/chain.ts";
import { compileTable } from "../../../schema/policy/decisionTable.ts";
import { catalogueOf } from "../../../schema/sdl/catalogue.ts";
import { callerWith } from "../../kit/slice.ts";
import { ask, athome, ceilings, decisionsOf, person, row, state } from "../../policy/kit/rowWorld.ts";

// What a client and the record are told of what was masked.

beforeEach(() => {
  state.people = [person(1, "3510161001", []), person(2, "3201011001", [])];
});

const to = { requestId: "r", language: "id", mediaType: "application/json", caller: callerWith({}) } as unknown as Asked;
const governanceOf = async (...rows: Parameters<typeof decisionsOf>) => {
  const answer = await ask("{ people { sex nik } }", ...rows);
  return JSON.parse(respond(to, answer, receipt).body).extensions.governance;
};
const receipt = { id: "1", leaf: "2", agreement: "PKS-2025-001", version: 1, subjects: 2, shown: 3, masked: 1 };
const OPEN = [row("PUBLIC"), row("Query.people")];

describe("of the coordinates asked for", () => {
  test("all that are masked in any row are listed, and by themselves those that are plain in other rows", async () => {
    const { masked, maskedInSomeRows } = await governanceOf(...OPEN, athome("Person.sex"), row("Person.nik", "mask"));
    expect({ masked, maskedInSomeRows }).toEqual({ masked: ["Person.nik", "Person.sex"], maskedInSomeRows: ["Person.sex"] });
  });
  test("one that is masked everywhere, more strictly in some rows, is not among the latter", async () => {
    const stricter = row("Person.nik", "mask", { home: ["3510"], elsewhere: "null" });
    const { masked, maskedInSomeRows } = await governanceOf(...OPEN, stricter);
    expect({ masked, maskedInSomeRows }).toEqual({ masked: ["Person.nik"], maskedInSomeRows: [] });
  });
});

describe("of the columns of a table", () => {
  const columns = ["id", "born", "sex", "nik"].map((name) => ({ name, coordinate: `Person.${name}` }));
  const people = [{ sex: "F" }, { sex: "F" }, { sex: null }];
  test("those are shown that are written: none that some rows close, none that is denied", () => {
    const open = [row("PUBLIC"), row("Person.id", "pseudonym")];
    expect(rowMask(columns, decisionsOf(...open, athome("Person.born"))).coordinates).toEqual(["Person.id", "Person.sex"]);
    expect(rowMask(columns, decisionsOf(...open, athome("Person.sex"))).coordinates).toEqual(["Person.id"]);
    expect(rowMask(columns, decisionsOf()).coordinates).toEqual([]);
  });
  test("verdicts are counted of one that is written as it is", () => {
    const verdicts = (...rows: Parameters<typeof decisionsOf>) =>
      rowMask(columns, decisionsOf(...rows)).verdictsIn(people, "sex");
    expect(verdicts(row("PUBLIC"))).toEqual({ "Person.sex": { F: 2 } });
    expect(verdicts(row("Person.sex", "mask", { maskFn: "initials" }))).toEqual({});
    expect(verdicts()).toEqual({});
    expect(rowMask(columns, decisionsOf(row("PUBLIC"))).verdictsIn(people, undefined)).toEqual({});
  });

  test("the record of a table names what its header names, and nothing that a closed column would have told", async () => {
    const { text, parts } = await tableOf(row("PUBLIC"), row("GENERAL"), row("DERIVED"));
    expect(text).toBe("line,status\r\n1,MATCHED\r\n"); // Person.id is closed in some rows, a child's
    expect(parts.map(({ shown }) => shown)).toEqual([
      ["MatchResult.line", "MatchResult.status"],
      ["MatchResult.line", "MatchResult.status"],
    ]);
    expect(parts[0]).toMatchObject({
      subjects: [{ type: "Person", id: "p1" }],
      persons: ["p1"],
      verdicts: { "MatchResult.status": { MATCHED: 1 } },
    });
    const named = await tableOf(row("PUBLIC"), row("GENERAL"), row("DERIVED"), row("Person.id", "pseudonym"));
    expect(named.text).toMatch(/^line,status,person\r\n1,MATCHED,[\w-]{22}\r\n$/);
    expect(named.parts[0]?.shown).toEqual(["MatchResult.line", "MatchResult.status", "Person.id"]);
  });
});

const SDL = readFileSync("schema/supergraph.graphql", "utf8");
const RESULTS = {
  operation: "R",
  document: "query R($id: ID!) { matchJob(id: $id) { results { nodes { line status person { id } } } } }",
  ...{
    variables: { id: "j1" },
    stream: "matchResults",
    head: {},
    subject: { column: "person", type: "Person" },
    verdict: "status",
  },
  columns: [
    { name: "line", needs: ["MatchResult.line"] },
    { name: "status", needs: ["MatchResult.status"] },
    { name: "person", needs: ["MatchResult.person", "Person.id"] },
  ],
};
const incoming: Incoming = {
  ...{ requestId: "r", receiptId: "r", method: "POST", url: "/graphql", address: "10.0.0.1", body: null },
  ...{ headers: { authorization: "x" }, deadline: performance.now() + 60_000, signal: new AbortController().signal },
};

/** A table of one row as an agreement of these rows is given it, and what went on record. Everything but gateway/answer.ts and its stages is a stand-in. */
async function tableOf(...rows: Parameters<typeof decisionsOf>) {
  const parts: Disclosure[] = [];
  const table = compileTable(rows, { ceilings, catalogue: catalogueOf(parse(SDL)) });
  const transform = decisionsOf().transform;
  const terms = {
    ...{ rows: { regions: [], programs: null, decileMax: 100 }, verification: callerWith({}).verification },
    ...{ decisions: { ...table, key: table.hash, transform }, needsCase: false, needsOfficer: false, admits: () => true },
    ...{ documents: "open", isArmed: false, rejectsDenied: false },
  };
  const validity = { state: "active", validFrom: 0, validTo: Infinity, suspendsAt: null };
  const agreement = { number: "A", purpose: "P", needsOfficer: false };
  const policy = {
    ...{ epoch: 1, officers: new Map(), clients: new Map([["x", { agency: "X", isActive: true }]]) },
    agreementsOf: new Map([["X", [{ ...agreement, versions: [{ ...validity, version: 1, windows: null, terms }] }]]]),
  };
  const same = <T>(value: T): T => value;
  const kept = async (answer: Disclosure) => void parts.push(answer);
  const entry = { saw: same, notes: same, intend: same, close: kept, part: kept, fail: same };
  const page = [{ line: 1, status: "MATCHED", person: "p1" }];
  const hub = {
    verify: async () => ({ clientId: "x", subject: "x" }),
    grants: { reached: async () => {}, current: () => policy, isCurrent: true, uncompiled: [] },
    supergraph: createSupergraphRuntime({ supergraphSdl: SDL, transport: { send: fail, close: fail } }).supergraph,
    streams: {
      open: async () =>
        (async function* () {
          yield page;
        })(),
    },
    ...{
      record: { open: () => entry },
      isSandbox: false,
      rates: { passing: () => ({ of: same, told: same }) },
      ownDocuments: null,
    },
  } as unknown as Hub;
  const told = await download(incoming, RESULTS, { ...hub, seated: () => {} });
  if (!("pieces" in told)) throw new Error(told.body);
  let text = "";
  for await (const piece of told.pieces) text += piece;
  return { text, parts };
}
const fail = () => Promise.reject(new Error("nothing is fetched"));
