import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readCatalog } from "../../../drizzle/citus/catalog.ts";
import { isPlain, LAYOUT, LIBRARIES } from "../../../drizzle/citus/layout.ts";
import { sayings } from "../../../drizzle/citus/sayings.ts";
import { SLICES, type Slice } from "../../../drizzle/client.ts";
import { asRole, useDatabases } from "../../kit/database.ts";

const { urls } = useDatabases();

const SOURCES = ["subgraphs", "drizzle", "gateway", "cli"].flatMap((root) =>
  readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith("generated.ts") && !name.startsWith("citus"))
    .map((name) => ({ path: `${root}/${name}`, text: readFileSync(`${root}/${name}`, "utf8") })),
);
const routinesOf = (slice: Slice) => asRole(urls[slice].owner, async (client) => (await readCatalog(client)).routines);

/** Where `pattern` is said: files, and functions of databases that Citus has a part in. */
async function saying(pattern: RegExp): Promise<string[]> {
  const files = SOURCES.filter(({ text }) => pattern.test(text)).map(({ path }) => path);
  const routines = await Promise.all(SLICES.filter((slice) => !isPlain(LAYOUT[slice])).map(routinesOf));
  const ours = routines.flat().filter(({ name }) => !LIBRARIES.includes(name.split(".")[0] as string));
  return [...files, ...ours.flatMap(({ name, source }) => (pattern.test(source) ? [name] : []))].sort();
}

/** Many times slower there than `= any ($1)` (data-layer.md §10: 18 times). Each says why it may stay. */
const LEFT_JOINS: Readonly<Record<string, string>> = {
  "programs.trace_facts": "a page of persons against their rows: programs is not distributed; to be asked by = any when it is",
  "programs.simulate": "lists of seats by region, all of them local",
  "drizzle/watch/read.ts": "two readers of the record against their cursors: governance is not distributed",
  "subgraphs/welfare/quality/score.ts":
    "counts households by village: welfare is not distributed; to be asked by = any when it is",
};
const LEFT_JOIN =
  /\bleft\s+(?:outer\s+)?join\s+(?:lateral\s+)?unnest\s*\(|\bfrom\s+unnest\s*\([^)]*\)[^;`]*?\bleft\s+(?:outer\s+)?join\b/i;

test("no question joins a list by left join unnest, but those that never meet a distributed table", async () => {
  expect(SOURCES.length).toBeGreaterThan(400);
  expect(await saying(LEFT_JOIN)).toEqual(Object.keys(LEFT_JOINS).sort());
});

/** Citus tells its nodes of a literal SET LOCAL only: a scope said by set_config leaves a distributed table without rows, or raises. */
const SCOPES: Readonly<Record<string, string>> = {
  "cli/slices/aid/payments.ts": "files of banks: programs is not distributed; to be said literally when it is",
  "drizzle/copy.ts": "agency and agreement of an upload: policies of match, which is local",
};
const SCOPE = /set_config\(\s*'hub\.(?:regions|programs|decile_max|agency|officer|citizen|agreement|purpose)'/i;

test("a scope is said by a literal SET LOCAL, but by those who ask local tables only", async () => {
  expect(await saying(SCOPE)).toEqual(Object.keys(SCOPES).sort());
  expect(readFileSync("drizzle/opening.ts", "utf8")).toMatch(/set local hub\.regions = /);
});

/** Asks each database on a connection of its own. */
const BY_TURNS = ["subgraphs/statistics/publication/books.ts"];

test("no question of one database names a table of another", async () => {
  const others = (slice: Slice) => SLICES.filter((other) => other !== slice).join("|");
  const named = (slice: Slice) =>
    new RegExp(`\\b(?:from|join|into|update|references)\\s+"?(?:${others(slice)})"?\\."?[a-z]`, "i");
  const crossing: string[] = [];
  for (const slice of SLICES) {
    const routines = await routinesOf(slice);
    crossing.push(...routines.filter(({ source }) => named(slice).test(source)).map(({ name }) => name));
    const files = SOURCES.filter(({ path }) => path.startsWith(`subgraphs/${slice}/`));
    expect(files.length).toBeGreaterThan(0);
    crossing.push(...files.filter(({ text }) => named(slice).test(text)).map(({ path }) => path));
  }
  expect(crossing).toEqual(BY_TURNS);
});

test("what the program asks of the register is nothing that Citus refuses", () => {
  const spread = Object.entries(LAYOUT.population.distributed).map(([name, by]) => ({ name: `population.${name}`, by }));
  const files = SOURCES.filter(({ path }) => /^subgraphs\/population\/|^drizzle\/(?:copy|queue|client|opening)\.ts$/.test(path));
  const said = files.flatMap(({ path, text }) => {
    const statements = [...text.matchAll(/`([^`]*)`|"((?:[^"\\\n]|\\.)*)"/g)].map((match) => match[1] ?? match[2] ?? "");
    const built = /\.from\((?:person|familyCardMember)\)[^;]*\.for\(/.test(text) ? ["locks rows by the builder"] : [];
    return [...statements.flatMap((statement) => sayings(statement, spread)), ...built].map((what) => `${path}: ${what}`);
  });
  expect(files.length).toBeGreaterThan(60);
  expect(said).toEqual([]);
});
