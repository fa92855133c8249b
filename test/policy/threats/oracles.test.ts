import { beforeAll, describe, expect, test } from "vitest";
import { type OpenedTable, openTable } from "../../../schema/policy/signedTable.ts";
import type { CatalogueEntry } from "../../../schema/sdl/catalogue.ts";
import { CUBES } from "../../../schema/statistics/cubes.ts";
import { asRole } from "../../kit/database.ts";
import { type Answered, useHub } from "../../kit/hub.ts";
import { openingOf } from "../../kit/policy.ts";

// T4–T6: learning a value that is not shown by which rows come, in which order, or how many. The whole hub under its ready-made agreements.

const hub = useHub();
const { supergraph, policyKeys } = openingOf();
const { entries } = supergraph;
const VOICES = {
  kemensos: { agreement: "PKS-2025-001" },
  "bpjs-kesehatan": { agreement: "PKS-2025-002" },
  kemendikdasmen: { agreement: "PKS-2025-003" },
  "dinsos-banyuwangi": { agreement: "PKS-2025-004" },
  bappenas: { agreement: "PKS-2025-005" },
  bpk: { agreement: "PKS-2025-006", case: "LHP-1" },
};
type Client = keyof typeof VOICES;
const CLIENTS = Object.keys(VOICES) as Client[];
const ask = (client: Client, document: string, variables = {}): Promise<Answered> =>
  hub.as(client, VOICES[client]).ask(document, variables);
const codesOf = ({ errors }: Answered) => [...new Set(errors.map(({ extensions }) => extensions["code"]))].sort();

/** What governance signed for each, read as a gateway does. */
const tables = new Map<Client, OpenedTable>();
beforeAll(async () => {
  const rows = await asRole(
    hub.urls.governance.owner,
    (sql) => sql<{ number: string; body: string; signature: string }[]>`
      select agreement_number as number, body, signature from governance.decision_table where supergraph_hash = ${supergraph.hash}`,
  );
  for (const client of CLIENTS) {
    const stored = rows.find(({ number }) => number === VOICES[client].agreement);
    if (!stored) throw new Error(`${client} has no table`);
    tables.set(client, openTable(stored, { keys: policyKeys, supergraph: supergraph.hash, catalogue: supergraph }));
  }
});
const verdictOf = (client: Client, coordinate: string) => (tables.get(client) as OpenedTable).verdict(coordinate);
/** Shown as it is, in every row. */
const isOpen = (client: Client, coordinate: string): boolean => {
  const verdict = verdictOf(client, coordinate);
  return verdict.effect === "allow" && (verdict.rows ?? []).length === 0;
};

/** Lists of the hub by the input that filters them and the enum that orders them. */
const LISTS = [
  { root: "households", filter: "HouseholdFilter", order: "HouseholdOrder" },
  { root: "persons", filter: "PersonFilter", order: "PersonOrder" },
  { root: "enrolments", filter: "EnrolmentFilter", order: null },
] as const;
type List = (typeof LISTS)[number];
const VALUES: Readonly<Record<string, string>> = {
  ...{ RegionCode: '"35"', Int: "4", Rupiah: '"1000000"', Date: '"1990-01-01"' },
  ...{ MatchStatus: "MATCHED", Sex: "FEMALE", ProgramCode: "PKH", EnrolmentState: "ACTIVE" },
};

/** Every way to write one input field: as a literal, in a variable or its default, alone or in the whole input, inside a fragment. */
function writings({ root, filter }: List, { coordinate, type }: CatalogueEntry): [document: string, variables: object][] {
  const name = coordinate.slice(filter.length + 1);
  const literal = VALUES[type];
  if (literal === undefined) throw new Error(`no value of type ${type} for ${coordinate}`);
  const value = JSON.parse(literal.replace(/^([A-Z_]+)$/, '"$1"'));
  const field = (argument: string) => `${root}(first: 1, filter: ${argument}) { nodes { __typename } }`;
  return [
    [`{ ${field(`{ ${name}: ${literal} }`)} }`, {}],
    [`{ ${field(`{ ${name}: null }`)} }`, {}],
    [`query ($v: ${type}) { ${field(`{ ${name}: $v }`)} }`, { v: value }],
    [`query ($v: ${type} = ${literal}) { ${field(`{ ${name}: $v }`)} }`, {}],
    [`query ($f: ${filter}) { ${field("$f")} }`, { f: { [name]: value } }],
    [`query ($f: ${filter} = { ${name}: ${literal} }) { ${field("$f")} }`, {}],
    [`{ ...F } fragment F on Query { ${root}: ${field(`{ ${name}: ${literal} }`)} }`, {}],
  ];
}

const inputsOf = ({ filter }: List) => [...entries.values()].filter(({ coordinate }) => coordinate.startsWith(`${filter}.`));
const ordersOf = ({ order }: List) => [...entries.values()].filter(({ type, kind }) => kind === "value" && type === order);

const DENIALS = ["USE_NOT_GRANTED", "FIELD_NOT_GRANTED", "FIELD_PROHIBITED"];

/** No row came, for policy's sake, and nothing was asked of a source. */
function expectClosed(answer: Answered, { root }: List, what: unknown): void {
  expect([what, answer.status, answer.data, hub.facts.length]).toEqual([what, 200, { [root]: null }, 0]);
  expect([what, codesOf(answer).length]).toEqual([what, 1]);
  expect(DENIALS).toContain(codesOf(answer)[0]);
}

/** One way to use an input on a list. */
interface Asking {
  readonly list: List;
  readonly input: CatalogueEntry;
  readonly document: string;
  readonly variables: object;
}
const FILTERINGS: readonly Asking[] = LISTS.flatMap((list) =>
  inputsOf(list).flatMap((input) => writings(list, input).map(([document, variables]) => ({ list, input, document, variables }))),
);
const isShownTo = (client: Client, { input }: Asking): boolean => input.guards.every(({ field }) => isOpen(client, field));
const isListOpen = (client: Client, { list }: Asking): boolean => isOpen(client, `Query.${list.root}`);

/** How many of these, on lists that are open, were found closed. */
async function expectAllClosed(client: Client, askings: readonly Asking[]): Promise<number> {
  for (const { list, document, variables } of askings) {
    hub.facts.length = 0;
    expectClosed(await ask(client, document, variables), list, [client, document, variables]);
  }
  return askings.filter((asking) => isListOpen(client, asking)).length;
}

describe("T4 filter oracle", () => {
  test.each([
    ["bpjs-kesehatan", 14],
    ["kemendikdasmen", 14],
    ["dinsos-banyuwangi", 42],
    ["bappenas", 0],
    ["bpk", 42],
  ] as const)(
    "T4 filter oracle: %s filters by nothing that it is not shown as it is, however the filter is written",
    async (client, atLeast) => {
      const closed = FILTERINGS.filter((asking) => !isShownTo(client, asking));
      expect(await expectAllClosed(client, closed)).toBeGreaterThanOrEqual(atLeast);
    },
    60_000,
  );

  test("T4 filter oracle: the ministry, which is shown all of it, filters by all of it, so the refusals above mean something", async () => {
    expect(FILTERINGS.filter((asking) => !isShownTo("kemensos", asking))).toEqual([]);
    for (const { document, variables } of FILTERINGS)
      expect([document, (await ask("kemensos", document, variables)).errors]).toEqual([document, []]);
    expect(FILTERINGS.length).toBeGreaterThan(50);
  }, 60_000);

  test("T4 filter oracle: an income that is shown as a band is not found by halving, and the refusal is of the use", async () => {
    const asked = "query ($most: Rupiah) { households(first: 1, filter: { incomeAtMost: $most }) { nodes { id } totalCount } }";
    for (let most = 2 ** 25; most >= 1; most /= 2) {
      const answer = await ask("dinsos-banyuwangi", asked, { most: String(most) });
      expect([answer.data["households"], codesOf(answer)]).toEqual([null, ["USE_NOT_GRANTED"]]);
      expect(answer.denied).toEqual(["HouseholdFilter.incomeAtMost"]);
    }
  });
});

describe("T5 sort and cursor oracle", () => {
  const SORTINGS: readonly Asking[] = LISTS.flatMap((list) =>
    ordersOf(list).flatMap((input) => {
      const name = input.coordinate.slice(input.type.length + 1);
      const of = (argument: string) => `${list.root}(first: 1, orderBy: ${argument}) { nodes { __typename } }`;
      return [
        { list, input, document: `{ ${of(name)} }`, variables: {} },
        { list, input, document: `query ($o: ${input.type}) { ${of("$o")} }`, variables: { o: name } },
        { list, input, document: `query ($o: ${input.type} = ${name}) { ${of("$o")} }`, variables: {} },
      ];
    }),
  );

  test.each([
    ["bpjs-kesehatan", 6],
    ["kemendikdasmen", 6],
    ["dinsos-banyuwangi", 9],
    ["bappenas", 0],
    ["bpk", 9],
  ] as const)("T5 sort oracle: %s orders by nothing that it is not shown as it is", async (client, atLeast) => {
    expect(SORTINGS).toHaveLength(12);
    const closed = SORTINGS.filter((asking) => !isShownTo(client, asking));
    expect(await expectAllClosed(client, closed)).toBeGreaterThanOrEqual(atLeast);
  });

  const PAGE =
    "query ($after: String) { households(first: 2, after: $after, orderBy: DECILE) { nodes { id } pageInfo { endCursor } } }";
  const cursorOf = async (client: Client) => {
    const { data } = await ask(client, PAGE);
    return { cursor: String(data["households"].pageInfo.endCursor), last: String(data["households"].nodes[1].id) };
  };

  test("T5 cursor oracle: a cursor tells nothing of the row it stands at", async () => {
    const { cursor, last } = await cursorOf("kemensos");
    const text = Buffer.from(cursor, "base64url").toString("latin1");
    expect(text.length).toBeGreaterThan(30);
    expect(text + cursor).not.toContain(last);
    expect((await cursorOf("kemensos")).cursor, "nor whether two stand at the same row").not.toBe(cursor);
  });

  test("T5 cursor oracle: a cursor that was changed, of another list or of another agreement is refused", async () => {
    const { cursor } = await cursorOf("kemensos");
    expect((await ask("kemensos", PAGE, { after: cursor })).errors).toEqual([]);
    const bytes = Buffer.from(cursor, "base64url");
    for (const place of [0, 5, 15, 30, bytes.length - 1]) {
      const changed = Buffer.from(bytes);
      changed[place] = (changed[place] ?? 0) ^ 1;
      const answer = await ask("kemensos", PAGE, { after: changed.toString("base64url") });
      expect([place, answer.status, codesOf(answer)]).toEqual([place, 400, ["BAD_USER_INPUT"]]);
    }
    const unordered = PAGE.replace(", orderBy: DECILE", "");
    for (const [client, document] of [
      ["dinsos-banyuwangi", PAGE],
      ["dinsos-banyuwangi", unordered],
      ["kemensos", unordered],
    ] as const) {
      const answer = await ask(client, document, { after: cursor });
      expect([client, answer.status, codesOf(answer)]).toEqual([client, 400, ["BAD_USER_INPUT"]]);
    }
  });
});

describe("T6 group and aggregate arguments", () => {
  test("T6 group and aggregate arguments: no form of them is in the schema, so each is refused as a typing error, before any source is asked", async () => {
    for (const document of [
      "{ households { sum(field: monthlyIncome) } }",
      "{ households { aggregate { avg { monthlyIncome } } } }",
      "{ households(groupBy: [INCOME]) { nodes { id } } }",
      "{ households(distinct: [INCOME]) { totalCount } }",
      "{ persons(argMax: birthDate) { nodes { id } } }",
      "{ householdsAggregate { max { monthlyIncome } } }",
      "{ households(filter: { or: [{ incomeAtMost: 1 }] }) { totalCount } }",
    ])
      for (const client of ["kemensos", "bappenas"] as const) {
        hub.facts.length = 0;
        const answer = await ask(client, document);
        expect([document, answer.status, codesOf(answer)]).toEqual([document, 400, ["GRAPHQL_VALIDATION_FAILED"]]);
        expect(hub.facts).toEqual([]);
      }
  });

  test("T6 group and aggregate arguments: who is granted figures only is shown no row, and counts no filtered ones", async () => {
    const { data, denied } = await ask(
      "bappenas",
      "{ households { nodes { id } totalCount } registryStatistics { households } }",
    );
    expect([data["households"], denied]).toEqual([null, ["Query.households"]]);
    expect(data["registryStatistics"].households).toBeGreaterThan(0);
    const inputs = [...entries.values()].filter(({ guards }) => guards.some(({ use }) => use === "GROUP" || use === "AGGREGATE"));
    const partners = CUBES.filter(({ openness }) => openness === "PARTNER").map(({ code }) => `CubeCode.${code}`);
    expect(inputs.map(({ coordinate }) => coordinate)).toEqual(partners);
    expect(entries.size).toBeGreaterThan(500);
  });
});
