import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { merge } from "../../../cli/slices/matching/merge.ts";
import { runMerge } from "../../../subgraphs/population/individuals/run/run.ts";
import { mapFiles } from "../../../subgraphs/population/individuals/run/sources.ts";
import { asRole, useDatabases } from "../../kit/database.ts";
import { budi, joko, siti, slamet } from "../../kit/people.ts";

// Files of several programs merged into single individuals by the command, on a real register.

const databases = useDatabases();
const folder = mkdtempSync(join(tmpdir(), "hub-merge-"));
const DAY = new Date("2026-11-21T09:00:00.000Z");
const notes: string[] = [];

type Said = Pick<typeof siti, "nik" | "fullName" | "birthDate" | "motherName">;
const line = (id: string, { nik, fullName, birthDate, motherName }: Said) =>
  `${id},${nik},${fullName},${birthDate},${motherName}\n`;
const HEADER = "baris,NIK,Nama,Tgl Lahir,Nama Ibu\n";
const fileOf = (name: string, ...lines: string[]): string => {
  const path = join(folder, name);
  writeFileSync(path, HEADER + lines.join(""));
  return path;
};
/** Joko, whom the register does not know, with a slip in the number. */
const JOKO_AGAIN = { ...joko, nik: `${joko.nik.slice(0, 15)}${(Number(joko.nik[15]) + 1) % 10}`, fullName: "DJOKO PRASETYO" };
const PATHS = () => ({
  DTKS: fileOf("dtks.csv", line("d1", siti), line("d2", budi), line("d3", joko)),
  PKH: fileOf("pkh.csv", line("p1", { ...siti, fullName: "Hj. SITI AMINAH" }), line("p2", JOKO_AGAIN), line("p3", slamet)),
});

const run = async (paths: Readonly<Record<string, string>>) => {
  const files = await mapFiles(Object.entries(paths).map(([source, path]) => ({ source, path, map: null })));
  return runMerge({
    ...{ url: databases.urls.jobs as string, files, agencyOf: () => "KEMENSOS", now: DAY },
    note: (text) => notes.push(text),
  });
};
const state = () =>
  asRole(databases.urls.jobs as string, async (sql) => {
    const rows = await sql`select r.source || '/' || r.row as name, i.id, i.person_id as person
      from population.individual_row r join population.individual i on i.id = r.individual order by name`;
    return new Map(
      rows.map((row) => [row["name"] as string, { id: row["id"] as string, person: row["person"] as string | null }]),
    );
  });

/** What the command says, and its exit code. */
async function hub(...argv: string[]): Promise<{ code: number; said: string }> {
  const [write, said] = [process.stderr.write, [] as string[]];
  process.stderr.write = ((text: string) => said.push(text) > 0) as typeof write;
  try {
    return { code: await merge(argv), said: said.join("") };
  } finally {
    process.stderr.write = write;
  }
}

beforeAll(() => expect(databases.urls.jobs).toBeDefined());
beforeEach(() =>
  asRole(databases.urls.population.owner, (owner) =>
    owner.unsafe("truncate individual_event, review_case, individual_row, individual cascade"),
  ),
);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a merge of files", () => {
  test("makes one individual of a person's rows, and one of those of a man the register does not know", async () => {
    const report = await run(PATHS());
    const found = await state();
    expect(found.get("DTKS/d1")).toMatchObject({ person: siti.id });
    expect(found.get("PKH/p1")).toEqual(found.get("DTKS/d1"));
    expect(found.get("PKH/p3")).toMatchObject({ person: slamet.id });
    expect(found.get("DTKS/d3")).toMatchObject({ person: null });
    expect(found.get("PKH/p2")).toEqual(found.get("DTKS/d3"));
    expect(report).toMatchObject({
      read: 6,
      standing: { individuals: 4, rows: 6, rowsWithPerson: 4, provisionalGroups: 1, mergesKept: 0 },
      changes: { created: 4, joined: 6 },
    });
    expect(notes.at(-1)).toBe("publishing");
  });

  test("run again, in another order, keeps every id", async () => {
    await run(PATHS());
    const before = await state();
    const { DTKS, PKH } = PATHS();
    const again = await run({ PKH, DTKS });
    expect(again.changes).toEqual({ created: 0, identified: 0, joined: 0, gone: 0, emptied: 0, opened: 0, superseded: 0 });
    expect(await state()).toEqual(before);
  });

  test("counts what people merged, and leaves it", async () => {
    await run(PATHS());
    const found = await state();
    const [merged, into] = [found.get("DTKS/d3")?.id ?? "", found.get("DTKS/d2")?.id ?? ""];
    await asRole(databases.urls.jobs as string, async (sql) => {
      await sql`update population.individual set merged_into = ${into} where id = ${merged}`;
      await sql`insert into population.individual_event (individual, kind, other, by, reason, at)
        values (${merged}, 'MERGED', ${into}, 'KEMENSOS:kemensos', 'he changed his name', ${DAY.toISOString()})`;
    });
    expect((await run(PATHS())).standing).toMatchObject({
      individuals: 3,
      rows: 6,
      provisionalGroups: 0,
      rowsWithPerson: 6,
      mergesKept: 1,
    });
  });

  test("refuses all files for one bad line, or a row's id that stands twice, by file and line", async () => {
    await run(PATHS());
    const before = await state();
    const bad = {
      DTKS: fileOf("ragged.csv", line("d1", siti), "d2,too,short\n"),
      PKH: fileOf("twice.csv", line("p1", siti), line("p1", budi), line(" ", joko)),
    };
    const faults = await run(bad).then(
      () => [],
      ({ faults }: { faults: string[] }) => faults,
    );
    expect(faults).toEqual([
      `${bad.DTKS}: line 3: has more or fewer fields than the header`,
      `${bad.PKH}: line 3, column baris: the row's id is that of line 2`,
      `${bad.PKH}: line 4, column baris: the row's id is empty`,
    ]);
    expect(await state()).toEqual(before);
  });
});

describe("hub merge", () => {
  test("--check shows how every file is read and touches nothing", async () => {
    const { DTKS, PKH } = PATHS();
    const { code, said } = await hub("--check", "--dtks", DTKS, "--source", `REGSOSEK=${PKH}`, "--agency", "REGSOSEK=BPS");
    expect(code).toBe(0);
    expect(said).toMatch(/DTKS: .*dtks\.csv/);
    expect(said).toMatch(/REGSOSEK: [\s\S]*birth +← Tgl Lahir \(YYYY-MM-DD\)/);
    expect(await state()).toEqual(new Map());
  });

  test("a header that names nobody, and a mapping that fits no column, are told together with the files they are of", async () => {
    const nameless = join(folder, "nameless.csv");
    writeFileSync(nameless, "x,y\n1,2\n");
    const map = join(folder, "map.json");
    writeFileSync(map, '{ "columns": { "nik": "KTP" } }');
    const { DTKS } = PATHS();
    const { code, said } = await hub("--dtks", DTKS, "--bst", nameless, "--map", `DTKS=${map}`);
    expect(code).toBe(2);
    expect(said).toMatch(/dtks\.csv: .*"KTP", which the file does not have/);
    expect(said).toMatch(/nameless\.csv: the header names neither a NIK nor a name/);
  });

  test.each([
    [["--dtks", "a.csv"], /two sources or more[\s\S]*a\.csv is not a file/],
    [["--source", "nonsense", "--source", "X="], /NAME=VALUE/],
    [["--dtks", "a", "--source", "DTKS=b", "--agency", "PKH=BPS"], /PKH, which is no source here[\s\S]*DTKS is named twice/],
  ])("wrong usage %s ends with 2 and says all that is wrong", async (argv, why) => {
    const { code, said } = await hub(...argv);
    expect([code, said]).toEqual([2, expect.stringMatching(why)]);
  });
});
