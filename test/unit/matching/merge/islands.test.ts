import { beforeAll, describe, expect, test } from "vitest";
import { type FileRow, openFile } from "../../../../drizzle/synthetic/files/fileRows.ts";
import { SOURCES } from "../../../../drizzle/synthetic/files/sources.ts";
import { loadRegions } from "../../../../drizzle/synthetic/regions.ts";
import { householdsOf, openRegister as openPopulation } from "../../../../drizzle/synthetic/register/register.ts";
import { gather, type Island } from "../../../../subgraphs/population/individuals/merge/islands.ts";
import { MERGE_RULES, type Merged, mergeIslands } from "../../../../subgraphs/population/individuals/merge/mergeIslands.ts";
import { partsBy } from "../../../../subgraphs/population/individuals/merge/parts.ts";
import { publicationOf } from "../../../../subgraphs/population/individuals/merge/publication.ts";
import { type EncodeRow, encoderOf } from "../../../../subgraphs/population/matching/linkage/encoder.ts";
import { blankModel, learnFromRows, tellApart } from "../../../../subgraphs/population/matching/linkage/learn.ts";
import {
  buildRegister,
  type Linkage,
  type Opened,
  openRegister,
} from "../../../../subgraphs/population/matching/linkage/linkage.ts";
import { frameOf, newLexica } from "../../../../subgraphs/population/matching/linkage/prepared.ts";
import { NOBODY, RowLinker } from "../../../../subgraphs/population/matching/linkage/rowLinker.ts";
import { PEMADANAN } from "../../../../subgraphs/population/matching/pemadanan.ts";
import { Table } from "../../../../subgraphs/population/matching/table/table.ts";

const COLUMNS = ["nik", "familyCard", "name", "sex", "birth", "birthPlace", "mother", "village"];
const FORMATS = { DTKS: "YYYY-MM-DD", PKH: "DD-MM-YYYY", BPNT: "DD/MM/YYYY", BST: "YYYYMMDD" } as const;
type Values = readonly string[];

/** Nobody of them is registered. */
const JOKO = ["3510161401108001", "JOKO PRASETYO", "L", "BANYUWANGI", "LASMI", "3510161001"] as const;
const joko = (nik: string, name: string, birth: string): Values => [
  nik,
  JOKO[0],
  name,
  JOKO[2],
  birth,
  JOKO[3],
  JOKO[4],
  JOKO[5],
];
const twin = (serial: string, name: string, birth: string): Values => [
  `351016210313${serial}`,
  "3510162008159002",
  name,
  "L",
  birth,
  "BANYUWANGI",
  "SUMIATI RAHAYU",
  "3510161002",
];
const STORIES: Readonly<Record<string, readonly Values[]>> = {
  DTKS: [
    joko("3510161402799003", "JOKO PRASETYO", "1979-02-14"),
    twin("9001", "HASAN MAULANA", "2013-03-21"),
    twin("9002", "HASAN MAULANI", "2013-03-21"),
  ],
  PKH: [
    joko("3510161402799013", "DJOKO PRASETYO", "14-02-1979"),
    twin("9001", "HASAN MAULANA", "21-03-2013"),
    twin("9002", "HASAN MAULANI", "21-03-2013"),
  ],
  BPNT: [joko("", "JOKO PRASETIYO", "14/02/1979")],
  BST: [],
};

interface World {
  readonly linkage: Linkage;
  readonly opened: Opened;
  readonly islands: readonly Island[];
  /** Source → row → person; a story's rows have none. */
  readonly truth: ReadonlyMap<string, readonly (string | null)[]>;
  readonly personIds: readonly string[];
}

const encodeText = (encode: EncodeRow, table: Table, values: Values) => {
  const parts = values.map((value) => Buffer.from(value));
  const ends = Int32Array.from(parts, (_, i) => parts.slice(0, i + 1).reduce((sum, part) => sum + part.length, 0));
  const starts = ends.map((end, i) => end - (parts[i]?.length ?? 0));
  const at = table.add();
  encode({ bytes: Buffer.concat(parts), starts, ends }, table.cells, at);
};

type Filed = Pick<FileRow, "nik" | "familyCard" | "name" | "sex" | "birthDate" | "birthPlace" | "motherName" | "village">;
const valuesOf = ({ nik, familyCard, name, sex, birthDate, birthPlace, motherName, village }: Filed): Values => [
  nik,
  familyCard,
  name,
  sex,
  birthDate,
  birthPlace,
  motherName,
  village,
];

async function worldOf(seed: string, people: number): Promise<World> {
  const population = openPopulation({ seed, people, absent: 0.1, regions: await loadRegions() });
  const frame = frameOf(PEMADANAN);
  const lexica = newLexica(frame);
  const reads = COLUMNS.map((column, field) => ({ column, fields: [field] }));
  const encoder = (format: string) => encoderOf(frame, lexica, { reads, nulls: [], formats: new Map([["birth", format]]) });
  const registered = new Table(frame.layout);
  const registeredPeople = [...householdsOf(population)]
    .flatMap((household) => household.people)
    .filter(({ isAbsent }) => !isAbsent);
  const toRegister = encoder("YYYY-MM-DD");
  for (const person of registeredPeople) encodeText(toRegister, registered, valuesOf(person));
  const truth = new Map<string, (string | null)[]>();
  const islands = SOURCES.map((source): Island => {
    const [file, encode, table] = [openFile({ seed, source }, population), encoder(FORMATS[source]), new Table(frame.layout)];
    const rows = [...householdsOf(population)].flatMap((household) => file.rowsOf(household));
    const stories = STORIES[source] ?? [];
    for (const values of [...rows.map(valuesOf), ...stories]) encodeText(encode, table, values);
    truth.set(source, [...rows.map((row) => row.truth), ...stories.map(() => null)]);
    return { source, table };
  });
  const register = buildRegister(frame, registered, lexica, 1);
  const opened = openRegister(register, 0);
  const probe = new RowLinker({ ...register, model: blankModel(register, opened) }, opened);
  const { model } = learnFromRows(register, opened, tellApart(probe, gather(frame.layout, islands).table));
  return { linkage: { ...register, model }, opened, islands, truth, personIds: registeredPeople.map(({ id }) => id) };
}

const RULES = { ...MERGE_RULES, niks: { referenceDate: "2026-11-21", allowSynthetic: true } };
const merge = ({ linkage, opened }: World, islands: readonly Island[]) =>
  mergeIslands(linkage, opened, { islands, rules: RULES });

const clusterOf = ({ person, group }: Merged, row: number) =>
  person[row] === NOBODY ? `group ${group[row]}` : `person ${person[row]}`;
const pairsOf = (labels: readonly string[]): number => {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts.values()].reduce((sum, n) => sum + (n * (n - 1)) / 2, 0);
};

describe("four programs' files about 15,000 people, every tenth of them not in the register", () => {
  let world: World;
  let merged: Merged;
  beforeAll(async () => {
    world = await worldOf("ci-merge", 15_000);
    merged = merge(world, world.islands);
  });
  const rowOf = (source: string, fromEnd: number) => {
    const position = merged.rows.sources.indexOf(source);
    return (merged.rows.starts[position + 1] as number) - fromEnd;
  };
  const truths = () => merged.rows.sources.flatMap((source) => world.truth.get(source) ?? []);

  test("rows that are brought together are of one individual, and hardly any pair is missed", () => {
    const told = truths();
    const rows = told.flatMap((person, row) => (person === null ? [] : [{ person, cluster: clusterOf(merged, row) }]));
    const right = pairsOf(rows.map(({ person, cluster }) => `${person} ${cluster}`));
    const [found, there] = [pairsOf(rows.map(({ cluster }) => cluster)), pairsOf(rows.map(({ person }) => person))];
    expect(there).toBeGreaterThan(2000);
    expect(right / found).toBeGreaterThanOrEqual(0.997);
    expect(right / there).toBeGreaterThanOrEqual(0.97);
  });

  test("one whom the register does not know is one provisional individual, however the files spell him", () => {
    const [dtks, pkh, bpnt] = [rowOf("DTKS", 3), rowOf("PKH", 3), rowOf("BPNT", 1)];
    for (const row of [dtks, pkh, bpnt]) expect(merged.person[row]).toBe(NOBODY);
    expect([merged.group[pkh], merged.group[bpnt]]).toEqual([merged.group[dtks], merged.group[dtks]]);
  });

  test("twins with almost one name stay two: two sources bear out each one's number", () => {
    const [first, second] = [2, 1].map((fromEnd) => ["DTKS", "PKH"].map((source) => merged.group[rowOf(source, fromEnd)]));
    expect(new Set(first).size).toBe(1);
    expect(new Set(second).size).toBe(1);
    expect(first).not.toEqual(second);
  });

  test("the order the files come in changes nothing", () => {
    const again = merge(world, [...world.islands].reverse());
    expect(Buffer.from(again.person.buffer).equals(Buffer.from(merged.person.buffer))).toBe(true);
    expect(Buffer.from(again.group.buffer).equals(Buffer.from(merged.group.buffer))).toBe(true);
    expect(again.review).toEqual(merged.review);
  });

  test("a row has a person, or a group of rows without one; those worth a look are among the latter", () => {
    const sizes = { person: 0, group: 0 };
    for (const [row, group] of merged.group.entries()) {
      sizes[merged.person[row] === NOBODY ? "group" : "person"] += 1;
      if (merged.person[row] === NOBODY) expect(merged.person[group]).toBe(NOBODY);
      else expect(group).toBe(row);
    }
    expect(sizes.group).toBeGreaterThan(300);
    expect(sizes.person).toBeGreaterThan(4000);
    expect(merged.review.length).toBeGreaterThan(0);
    for (const row of merged.review) {
      expect(merged.person[row]).toBe(NOBODY);
      expect(merged.anchors.candidate[row]).not.toBe(NOBODY);
    }
  });

  const published = () => {
    const rowId = (_: string, row: number) => `${row + 1}`;
    const partsOf = partsBy(world.linkage, world.opened);
    return publicationOf(merged, world.opened, { rowId, agencyOf: () => "KEMENSOS", personIds: world.personIds, partsOf });
  };

  test("tells of a doubtful row what its weight is made of; of the mother's name only whether it fits", () => {
    const { doubts } = published();
    expect(doubts.length).toBeGreaterThan(10);
    const mother = 3;
    for (const { bits, weight } of doubts) expect(bits.reduce((sum, part) => sum + part, 0)).toBeCloseTo(weight, 8);
    expect(new Set(doubts.map(({ levels }) => levels[mother])).size).toBeGreaterThan(3);
    expect(new Set(doubts.map(({ bits }) => bits[1 + mother])).size).toBeLessThanOrEqual(3);
  });

  test("is published by ids and digests: no value of a row or person is in it", () => {
    const { rows, doubts, digestOfPerson } = published();
    expect(rows).toHaveLength(merged.rows.table.rows);
    const [joko] = rows.slice(rowOf("DTKS", 3));
    expect(joko).toMatchObject({
      source: "DTKS",
      agency: "KEMENSOS",
      person: null,
      digest: expect.stringMatching(/^[\w-]{16}$/),
    });
    expect(new Set(rows.map(({ digest }) => digest)).size).toBeGreaterThan(rows.length * 0.5);
    expect(doubts.map(({ personDigest, person }) => personDigest === digestOfPerson(person))).not.toContain(false);
    expect(digestOfPerson("nobody")).toBeNull();
    const words = [rows, doubts].flat().flatMap((one) => Object.values(one).filter((value) => typeof value === "string"));
    expect(words.length).toBeGreaterThan(rows.length * 4);
    expect(words.filter((word) => /PRASETYO|[0-9]{16}/.test(word))).toEqual([]);
  });
});
