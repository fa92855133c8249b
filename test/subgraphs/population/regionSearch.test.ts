import { expect, test } from "vitest";
import { population } from "../../../subgraphs/population/index.ts";
import { asRole, useDatabases } from "../../kit/database.ts";
import { callerWith, codesOf, useSlice } from "../../kit/slice.ts";

// The regions of the whole country are there: 91,592 of them.
const databases = useDatabases();
const slice = useSlice(population, { databaseUrl: () => databases.urls.population.runtime });
const anybody = { caller: callerWith({}) };

const SEARCH = `query ($search: String!, $parent: RegionCode, $first: Int, $after: String) {
  regions(search: $search, parent: $parent, first: $first, after: $after) { nodes { code name level } pageInfo { hasNextPage endCursor } } }`;
const ask = (variables: object) => slice.ask(SEARCH, { ...anybody, variables: { ...variables } });
const found = async (search: string, more: object = {}): Promise<string[]> =>
  (await ask({ search, first: 100, ...more })).data.regions.nodes.map(({ code }: { code: string }) => code);
const PAKIS = "3510161001";

test("a village is found anywhere in the country by the beginning of its name, and by where it lies", async () => {
  const everywhere = await found("pakis");
  expect(everywhere).toContain(PAKIS);
  expect(new Set(everywhere.map((code) => code.slice(0, 2))).size).toBeGreaterThan(2);
  expect(await found("PAKIS banyuwangi")).toContain(PAKIS);
  expect((await found("paki banyuwa")).every((code) => code.startsWith("3510"))).toBe(true);
  expect(await found("pakis jakarta")).not.toContain(PAKIS);
});

test("regencies stand before districts, and these before villages", async () => {
  const lengths = (await found("banyuwangi")).map((code) => code.length);
  expect(lengths[0]).toBe(4);
  expect(lengths).toEqual(lengths.toSorted((a, b) => a - b));
});

test("what is asked for below a region lies below it, at any depth", async () => {
  expect(await found("pakis", { parent: "35.10" })).toContain(PAKIS);
  expect(await found("pakis", { parent: "33" })).not.toContain(PAKIS);
  expect(await found("banyuwangi", { parent: "3510" })).not.toContain("3510");
});

test("two letters are a whole word, never the beginning of half the country's names", async () => {
  const { data } = await ask({ search: "ie", first: 100 });
  for (const { name } of data.regions.nodes) expect(name).toMatch(/(^|[^A-Za-z])ie([^A-Za-z]|$)/i);
});

test("pages go on where the last one ended, without a gap and without a repetition", async () => {
  const [whole, pages] = [await found("sumber", { first: 60 }), [] as string[]];
  for (let after: string | null = null; pages.length < 60; ) {
    const { nodes, pageInfo }: any = (await ask({ search: "sumber", first: 20, after })).data.regions;
    pages.push(...nodes.map(({ code }: { code: string }) => code));
    after = pageInfo.endCursor;
  }
  expect(pages).toEqual(whole);
});

test("operators of a search language are letters like any, and no words, too many and too long are refused", async () => {
  for (const search of ["pakis & !banyuwangi", "pakis:*", "'pakis'", "pakis | (", "pakis\\"])
    expect(codesOf(await ask({ search })), search).toEqual([]);
  for (const search of ["", " ", "&|!()", "a b c d e f", "x".repeat(61)])
    expect(codesOf(await ask({ search })), search).toEqual(["BAD_USER_INPUT"]);
});

test("the whole country is never read for one name: the words of names are an index", async () => {
  const plan = await asRole(databases.urls.population.owner, async (sql) => {
    await sql`analyze population.region`;
    return sql`explain select code from population.region
      where to_tsvector('simple', regexp_replace(name, '[^[:alnum:]]+', ' ', 'g')) @@ to_tsquery('simple', 'pakis:*') order by length(code), code limit 41`;
  });
  const text = plan.map((row) => row["QUERY PLAN"]).join("\n");
  expect(text).toContain("region_words");
  expect(text).not.toContain("Seq Scan");
});
