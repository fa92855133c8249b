import { describe, expect, test } from "vitest";
import { Matcher } from "../../../../subgraphs/population/jobs/engine/match.ts";
import { readCsv } from "../../../../subgraphs/population/matching/csv/read.ts";
import { encoderOf } from "../../../../subgraphs/population/matching/linkage/encoder.ts";
import { blankModel } from "../../../../subgraphs/population/matching/linkage/learn.ts";
import { buildRegister, openRegister } from "../../../../subgraphs/population/matching/linkage/linkage.ts";
import { frameOf, newLexica } from "../../../../subgraphs/population/matching/linkage/prepared.ts";
import { PEMADANAN } from "../../../../subgraphs/population/matching/pemadanan.ts";
import { Table } from "../../../../subgraphs/population/matching/table/table.ts";

const HEADER = ["id", "nik", "nama", "tgl_lahir"];
const COLUMNS = [
  { column: "nik", headers: ["nik"], format: null },
  { column: "name", headers: ["nama"], format: null },
  { column: "birth", headers: ["tgl_lahir"], format: "YYYY-MM-DD" },
];
async function* once(text: string) {
  yield new TextEncoder().encode(text);
}

/** What is written of a list's rows behind their ids, by a model that believes everything: RESULT_COLUMNS from the status on. */
async function written(rows: readonly string[], tellsExistence: boolean): Promise<string[][]> {
  const frame = frameOf(PEMADANAN);
  const lexica = newLexica(frame);
  const people = new Table(frame.layout);
  const reads = [
    { column: "nik", fields: [0] },
    { column: "name", fields: [1] },
    { column: "birth", fields: [2] },
  ];
  const encode = encoderOf(frame, lexica, { reads, nulls: [] });
  const register = "nik,nama,lahir\n3510161708459001,SLAMET RIYADI,1945-08-17\n3510165708459002,SITI AMINAH,1945-08-17\n";
  await readCsv(once(register), { delimiter: "," }, (row) => encode(row, people.cells, people.add()));
  const built = buildRegister(frame, people, lexica, 1);
  const opened = openRegister(built, 0);
  const snapshot = { name: "story", register: built, ids: new Uint8Array(32), states: new Uint8Array(2) };
  const mapping = { header: HEADER, delimiter: ",", rowId: "id", nulls: [], columns: COLUMNS };
  const model = { ...blankModel(built, opened), matchRate: 0.999999 };
  const matcher = new Matcher(snapshot, opened, { tellsExistence, mapping, model, threshold: -1000 });
  const { lines } = await matcher.match({ bytes: new TextEncoder().encode(rows.join("\n")), firstLine: 2, hasHeader: false });
  return Buffer.from(lines)
    .toString()
    .trim()
    .split("\n")
    .map((line) => line.split("\t").slice(2));
}
const judged = async (rows: readonly string[], { tellsExistence = true } = {}): Promise<(string | undefined)[]> =>
  (await written(rows, tellsExistence)).map(([status]) => status);

test("a NIK beside another name and another date is somebody else's, whatever a model has learned", async () => {
  expect(await judged(["1,3510161708459001,QWERTO ZXCV,1931-02-01", "2,3510161708459001,QWERTO ZXCV,"])).toEqual([
    "ANOMALY",
    "ANOMALY",
  ]);
});

test("a NIK alone is a matter for a clerk, never a match", async () => {
  expect(await judged(["1,3510161708459001,,"])).toEqual(["NOT_YET_MATCHED"]);
});

test("a NIK whose holder has the row's name or birth date is matched", async () => {
  expect(await judged(["1,3510161708459001,SLAMET RIYADI,1931-02-01", "2,3510161708459001,QWERTO,1945-08-17"])).toEqual([
    "MATCHED",
    "MATCHED",
  ]);
});

describe("a list that may not tell whether a number is anybody's", () => {
  const KNOWN = "3510161708459001";
  const UNKNOWN = "3510161708459003";
  const other = { tellsExistence: false };

  test.each([
    ["a wrong name", "QWERTO ZXCV,"],
    ["a wrong name and another birth date", "QWERTO ZXCV,1931-02-01"],
    ["a wrong name and the birth date it holds", "QWERTO ZXCV,1945-08-17"],
    ["the birth date it holds alone", ",1945-08-17"],
    ["nothing", ","],
    ["somebody else's name and birth date", "SITI AMINAH,1945-08-17"],
    ["somebody else's name", "SITI AMINAH,"],
    ["somebody else's name and a birth date near both", "SITI AMINAH,1945-08-07"],
  ])("says the same, reasons and all, of a known and an unknown one beside %s", async (_, rest) => {
    const [known, unknown] = await written([`1,${KNOWN},${rest}`, `2,${UNKNOWN},${rest}`], false);
    expect(known).toEqual(unknown);
    const [told, untold] = await written([`1,${KNOWN},${rest}`, `2,${UNKNOWN},${rest}`], true);
    expect(told).not.toEqual(untold);
  });

  test("says nothing of who has a number one digit beside, though the birth date that it holds fits", async () => {
    const row = "1,3510161708459011,,1945-08-17";
    expect(await judged([row])).toEqual(["MATCHED"]);
    expect(await judged([row], other)).toEqual(["NOT_FOUND"]);
  });

  test("still matches who is known by name, by a right number, a wrong one and none", async () => {
    const rows = [`1,${KNOWN},SLAMET RIYADI,`, `2,${UNKNOWN},SLAMET RIYADI,1945-08-17`, "3,,SLAMET RIYADI,1945-08-17"];
    expect(await judged(rows, other)).toEqual(["MATCHED", "MATCHED", "MATCHED"]);
  });
});
