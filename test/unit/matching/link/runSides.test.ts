import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readLinkConfig } from "../../../../subgraphs/population/matching/link/config/config.ts";
import { runLink } from "../../../../subgraphs/population/matching/link/run.ts";
import { chanceOf } from "../../../../subgraphs/population/matching/table/hash.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "link-sides-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const SYLLABLES = "ba de fi go hu ka le mi no pu ra se ti vo zu".split(" ");
const two = (value: number) => String(value).padStart(2, "0");

/** Person → given name, surname, birth date, town. */
function personOf(person: number): string[] {
  const chance = (field: number) => chanceOf(1, field, person);
  const word = (field: number) => [0, 1, 2].map((i) => SYLLABLES[Math.floor(chance(field + i) * 15)]).join("");
  const day = [two(1 + Math.floor(chance(20) * 12)), two(1 + Math.floor(chance(21) * 28))];
  return [word(1), word(4), [1940 + Math.floor(chance(22) * 60), ...day].join("-"), `town${Math.floor(chance(23) * 40)}`];
}
/** A clerk's copy: one in three lacks the last letter of a name, one in five the birth date. */
const copyOf = ([given = "", surname = "", birth = "", town = ""]: readonly string[], entry: number): string[] => [
  entry % 3 === 0 ? given.slice(0, -1) : given,
  surname,
  entry % 5 === 0 ? "" : birth,
  town,
];
const write = (name: string, rows: readonly (readonly string[])[]) =>
  writeFileSync(
    join(folder, name),
    [["id", "given", "surname", "birth", "town"], ...rows].map((row) => `${row.join(",")}\n`).join(""),
  );

/** What a run linked: left and right ids. */
async function linksOf(change: object): Promise<(readonly [string, string])[]> {
  const config = {
    mode: "link",
    left: { path: "left.csv", id: "id" },
    right: { path: "right.csv", id: "id" },
    columns: { given: {}, surname: {}, birth: { as: "date" }, town: {} },
    comparisons: [
      { on: "given", kind: "jaroWinkler" },
      { on: "surname", kind: "jaroWinkler" },
      { on: "birth", kind: "date" },
      { on: "town", kind: "exact" },
    ],
    blocking: { keys: ["birth", ["surname", "town"]] },
    decision: { link: 0.9 },
    output: { pairs: "pairs.csv" },
  };
  writeFileSync(join(folder, "config.json"), JSON.stringify({ ...config, ...change }));
  await runLink(await readLinkConfig(join(folder, "config.json")), () => {});
  const pairs = readFileSync(join(folder, "pairs.csv"), "utf8").trimEnd().split("\n").slice(1);
  const linked = pairs.map((line) => line.split(",")).filter((fields) => fields[7] === "true");
  return linked.map(([left = "", , right = ""]) => [left, right] as const).sort(([, x], [, y]) => Number(x) - Number(y));
}

const people = Array.from({ length: 600 }, (_, person) => personOf(person));

test("pairs judged each for itself: rows that stand several times on both sides are all found", async () => {
  // 0–399 stand once on the left, 400–599 twice; on the right 200–599, each twice, and 200 who are nobody
  const left = [...people, ...people.slice(400)].map((fields, i) => [`${i}:${i < 600 ? i : i - 200}`, ...fields]);
  const strangers = Array.from({ length: 200 }, (_, i) => personOf(10_000 + i));
  const right = [...people.slice(200), ...people.slice(200), ...strangers].map((fields, i) => [String(i), ...copyOf(fields, i)]);
  write("left.csv", left);
  write("right.csv", right);
  const links = await linksOf({ training: { method: "pairs" }, decision: { cardinality: "many-to-many", link: 0.9 } });
  const isRight = ([id, row]: readonly [string, string]) =>
    Number(row) < 800 && 200 + (Number(row) % 400) === Number(id.split(":")[1]);
  expect(links.filter((link) => !isRight(link)).length).toBeLessThanOrEqual(links.length * 0.01);
  expect(links.filter(isRight).length).toBeGreaterThanOrEqual(1150); // of 1200
});

test("each side may write its dates in its own way, and each right file", async () => {
  const copies = people.slice(100, 500).map((fields, i) => [String(i), ...copyOf(fields, i)]);
  const written = (rows: string[][], change: (birth: string) => string) => rows.map((row) => row.with(3, change(row[3] ?? "")));
  write(
    "left.csv",
    people.map((fields, i) => [String(i), ...fields]),
  );
  write("right.csv", copies);
  write(
    "dots.csv",
    written(copies.slice(0, 200), (birth) => birth.split("-").toReversed().join(".")),
  );
  write(
    "bare.csv",
    written(copies.slice(200), (birth) => birth.replaceAll("-", "")),
  );
  const expected = await linksOf({});
  expect(expected.length).toBeGreaterThan(350);
  const right = ["dots.csv", "bare.csv"].map((path) => ({ path, id: "id" }));
  const columns = (format: object) => ({ given: {}, surname: {}, birth: { as: "date", format }, town: {} });
  expect(await linksOf({ right, columns: columns({ right: ["DD.MM.YYYY", "YYYYMMDD"] }) })).toEqual(expected);
  const first = await linksOf({ right: right[0], columns: columns({ left: "YYYY-MM-DD", right: "DD.MM.YYYY" }) });
  expect(first.length).toBeGreaterThan(170);
  await expect(linksOf({ right, columns: columns({ right: ["DD.MM.YYYY"], middle: "YYYY" }) })).rejects.toThrow(
    /columns\.birth\.format\.middle is unknown.*\n.*right must list a format for each of the 2 right files/,
  );
});
