import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { exportMembers } from "../../../../cli/slices/registry/export.ts";
import { HEADER, lines, row, useImport } from "../../../kit/intake/importing.ts";
import { workbookOf, zipOf } from "../../../kit/intake/workbook.ts";

const { importFile, stored, run, pathOf, ask } = useImport();

const fieldsOf = (file: string) =>
  existsSync(pathOf(file)) ? lines(readFileSync(pathOf(file), "utf8")).map((line) => line.split(",").slice(0, 3)) : [];

describe("an old extract wakes nobody", () => {
  const header = `${HEADER},is_nonaktif,masih_hidup_label`;
  const card = "3510161106180081";
  const ids = ["OD", "OS", "OM"];
  const NIKS = ["3510161204889381", "3510161204889382", "3510161204889383"];
  const rows = (address: string, told: { card?: string; labels?: string } = {}) => [
    header,
    ...ids.map((id, at) => `${row(id, { card, nik: NIKS[at] ?? "", ...told, address })},${told.labels ?? "0,Hidup"}`),
  ];
  const states = async () =>
    (await stored("m.idsemesta in ('OD', 'OS', 'OM')")).map(({ idsemesta, state, address }) => [idsemesta, state, address]);

  beforeEach(async () => {
    await importFile("old.csv", rows("DUSUN A").join("\n"));
    await ask(`update welfare.member set state = case idsemesta when 'OD' then 'DECEASED' when 'OS' then 'DORMANT' else 'MERGED' end::welfare.member_state
      where idsemesta in ('OD', 'OS', 'OM')`);
  });

  test("of members: whoever died, sleeps or was merged stays so, the rest of the row is taken, and the conflict is told", async () => {
    const { code, summary, rejected } = await importFile("wake.csv", rows("DUSUN B").join("\n"));
    expect([code, summary, rejected]).toEqual([
      0,
      expect.objectContaining({
        total: 3,
        updated: 3,
        rejected: 0,
        stateKept: 3,
        conflictsFile: pathOf("wake.csv.conflicts.csv"),
      }),
      "",
    ]);
    expect(await states()).toEqual([
      ["OD", "DECEASED", "DUSUN B"],
      ["OM", "MERGED", "DUSUN B"],
      ["OS", "DORMANT", "DUSUN B"],
    ]);
    expect(fieldsOf("wake.csv.conflicts.csv").slice(1)).toEqual([
      ["2", "masih_hidup_label", '"the registry has this member as dormant'],
      ["3", "is_nonaktif", '"the registry has this member as dormant'],
      ["4", "idsemesta", '"the registry has this member as dormant'],
    ]);
    expect((await importFile("wake.csv", rows("DUSUN B").join("\n"))).summary).toMatchObject({ unchanged: 3, stateKept: 0 });
    expect(existsSync(pathOf("wake.csv.conflicts.csv")), "an old file of conflicts goes").toBe(false);
  });

  test("of members: not under another card either; who was merged moves nowhere", async () => {
    const other = "3510161106180082";
    const { summary, rejected } = await importFile("moved.csv", rows("DUSUN C", { card: other }).join("\n"));
    expect(summary).toMatchObject({ total: 3, updated: 2, rejected: 1, stateKept: 2 });
    expect(lines(rejected)[1]).toMatch(/^4,NOKK,.*was merged with another entry/);
    const members = await stored(`m.idsemesta in ('OD', 'OS', 'OM') and m.state <> 'MERGED'`);
    expect(members.map((member) => [member["idsemesta"], member["state"], member["claimed_card_number"]])).toEqual([
      ["OD", "DECEASED", other],
      ["OS", "DORMANT", other],
    ]);
  });
});

describe("the basic data of 2015", () => {
  const HOMES = "IDBDT,id_desa,Alamat,Lantai,Luas_lantai,Ada_motor";
  const SOULS = "IDBDT,IDARTBDT,Nama,NUK,Hubkel,NIK,NoKK,TglLahir,Sta_keberadaan_art";
  const load = async (homes: string[], souls: string[]) => {
    writeFileSync(pathOf("h.csv"), [HOMES, ...homes, ""].join("\n"));
    writeFileSync(pathOf("s.csv"), [SOULS, ...souls, ""].join("\n"));
    const told = await run("bdt", pathOf("h.csv"), pathOf("s.csv"), "--visited", "2015-07-01", "--json");
    return told;
  };
  const found = (home: string) =>
    ask(`select m.claimed_name as name, m.suffix, m.state from welfare.member m join welfare.family f on f.id = m.family_id
      where f.registry_number = 'BDT-${home}-1' order by m.suffix`);

  test("wakes nobody, and tells the conflict", async () => {
    const home = ["T1,3510161001,D,8,36,1"];
    await load(home, ["T1,T1A,KEPALA,1,1,,,,1", "T1,T1B,ISTRI,1,2,,,,1"]);
    await ask(`update welfare.member m set state = case m.suffix when '01' then 'DECEASED' else 'DORMANT' end::welfare.member_state
      from welfare.family f where f.id = m.family_id and f.registry_number = 'BDT-T1-1'`);
    const { code, summary } = await load(home, ["T1,T1A,KEPALA LAIN,1,1,,,,1", "T1,T1B,ISTRI LAIN,1,2,,,,1"]);
    expect([code, summary.members]).toEqual([0, expect.objectContaining({ updated: 2, rejected: 0, stateKept: 2 })]);
    expect(await found("T1")).toEqual([
      { name: "KEPALA LAIN", suffix: "01", state: "DECEASED" },
      { name: "ISTRI LAIN", suffix: "02", state: "DORMANT" },
    ]);
    expect(fieldsOf("s.csv.conflicts.csv").slice(1)).toEqual([
      ["2", "Sta_keberadaan_art", expect.stringContaining("the registry has this member")],
      ["3", "Sta_keberadaan_art", expect.stringContaining("the registry has this member")],
    ]);
  });

  test("one number too great costs its own row, not the file", async () => {
    const { summary } = await load(
      ["T2,3510161001,D,8,3600000000,1", "T3,3510161001,D,8,2147483647,1"],
      ["T2,T2A,KEPALA,1,1,,,,1", "T3,T3A,KEPALA,1,1,,,,1"],
    );
    expect(summary).toMatchObject({ households: { created: 1, rejected: 1 }, members: { created: 1, rejected: 1 } });
    expect(fieldsOf("h.csv.rejected.csv")[1]).toEqual(["2", "Luas_lantai", "has a value that is not known"]);
  });

  test("children are numbered by birth, however the day is written; what is no day is a fault of its row", async () => {
    const { summary } = await load(
      ["T4,3510161001,D,8,36,1"],
      [
        "T4,T4A,KEPALA,1,1,,,,1",
        "T4,T4B,ANAK MUDA,1,3,,,01/02/2012,1",
        "T4,T4C,ANAK TUA,1,3,,,31/01/2001,1",
        "T4,T4D,ANAK TENGAH,1,3,,,2005-06-07,1",
        ...["31/02/2001", "2001-13-01", "1/2/2001", "2999-01-01", "x"].map((day, at) => `T4,T4X${at},ANAK,1,3,,,${day},1`),
      ],
    );
    expect(summary.members).toMatchObject({ created: 4, rejected: 5 });
    expect((await found("T4")).map(({ name }) => name)).toEqual(["KEPALA", "ANAK TUA", "ANAK TENGAH", "ANAK MUDA"]);
    expect(
      fieldsOf("s.csv.rejected.csv")
        .slice(1)
        .map(([line, field]) => [line, field]),
    ).toEqual([6, 7, 8, 9, 10].map((line) => [String(line), "TglLahir"]));
  });
});

describe("a workbook is refused with its place", () => {
  const HEADING = ["No", "ID DTKS", "NIK", "No. KK", "Nama Lengkap", "Alamat", "Kode Kecamatan", "Kode Desa/Kelurahan"];
  const cell = (text: string) => `<c t="inlineStr"><is><t>${text}</t></is></c>`;
  const PERSON = ["1", "OW1", "3510161204889384", "3510161106180083", "WARGA", "D", "351016", "3510161001"].map(cell).join("");
  const book = (number: string, person = PERSON) =>
    zipOf([
      { name: "xl/workbook.xml", content: '<workbook xmlns:r="x"><sheets><sheet name="A" r:id="r1"/></sheets></workbook>' },
      {
        name: "xl/_rels/workbook.xml.rels",
        content: '<Relationships><Relationship Id="r1" Target="worksheets/s.xml"/></Relationships>',
      },
      {
        name: "xl/worksheets/s.xml",
        content: `<worksheet><sheetData><row r="1">${HEADING.map(cell).join("")}</row><row r="${number}">${person}</row></sheetData></worksheet>`,
      },
    ]);

  test.each(["x", "2.5", "0", "-3", "1048577", "99999999999", "1e3", ""])("that numbers a row %j", async (number) => {
    const { code, said } = await importFile("numbered.xlsx", book(number));
    expect([code, said]).toEqual([2, expect.stringContaining(`the row after row 1 of the sheet has the number "${number}"`)]);
    expect(said).toContain("Nothing was loaded");
    expect(await stored("m.idsemesta = 'OW1'")).toEqual([]);
  });

  test("whose cell is too long over all its runs", async () => {
    const runs = `<c t="inlineStr"><is>${`<r><t>${"ab c".repeat(500)}</t></r>`.repeat(40)}</is></c>`;
    expect(await importFile("runs.xlsx", book("2", runs))).toMatchObject({
      code: 2,
      said: expect.stringContaining("a cell of the workbook is too long"),
    });
  });

  test("while a row at the sheet's end is read", async () => {
    expect((await importFile("last.xlsx", book("1048576"))).summary).toMatchObject({ created: 1, rejected: 0 });
  });
});

describe("no text becomes a formula, and none keeps the quote that kept it from being one", () => {
  const ADDRESSES = ["-", "-JL MAWAR 2", "=1+1", "'-LAMA", "@RT"];
  const file = (id: (at: number) => string) =>
    [
      HEADER,
      ...ADDRESSES.map((address, at) => row(id(at), { address, card: `351016110618009${at}`, village: "3510161004" })),
      "",
    ].join("\n");

  test("what an export writes is read in as it was", async () => {
    // as JSON: there texts are what they are
    const objects = ADDRESSES.map((Alamat, at) => ({
      ...{ idsemesta: `OF${at}`, NIK: `351016120488937${at}`, NOKK: `351016110618007${at}`, Nama: "WARGA", Alamat },
      ...{ id_kec: "351016", id_desa: "3510161004" },
    }));
    await importFile("formulas.json", JSON.stringify(objects));
    const before = await stored("m.idsemesta like 'OF%'");
    expect(before.map(({ address }) => address)).toEqual(ADDRESSES);
    vi.spyOn(process.stderr, "write").mockReturnValue(true);
    await exportMembers(["members", "--region", "3510161004", "--out", pathOf("out.csv")]);
    vi.restoreAllMocks();
    const written = readFileSync(pathOf("out.csv"), "utf8");
    expect(written).toContain(",'-JL MAWAR 2,");
    const own = lines(written).filter((line) => /^(idsemesta|OF)/.test(line));
    expect((await importFile("again.csv", `${own.join("\r\n")}\r\n`)).summary).toMatchObject({ total: 5, unchanged: 5 });
    expect((await importFile("again.csv", `${own.join("\r\n").replaceAll("WARGA", "ORANG")}\r\n`)).summary).toMatchObject({
      updated: 5,
    });
    expect((await stored("m.idsemesta like 'OF%'")).map(({ address }) => address)).toEqual(ADDRESSES);
  });

  test("a file of rejected rows runs nothing, and once corrected is read in as it was", async () => {
    const { rejected } = await importFile("run.csv", file((at) => `OG${at}`).replaceAll("WARGA UJI", "=WARGA 1"));
    for (const address of ["'-", "'=1+1", "'@RT"]) expect(rejected).toContain(`,'=WARGA 1,${address},`);
    expect(rejected).not.toMatch(/(^|,)[=@]/m);
    expect((await importFile("ran.csv", rejected.replaceAll("'=WARGA 1", "WARGA"))).summary).toMatchObject({
      created: 5,
      rejected: 0,
    });
    expect((await stored("m.idsemesta like 'OG%'")).map(({ address }) => address)).toEqual([
      "-",
      "-JL MAWAR 2",
      "=1+1",
      "-LAMA",
      "@RT",
    ]);
  });

  test("a list that a spreadsheet saved with the quote is read without it", async () => {
    const heads = ["idsemesta", "NIK", "NOKK", "Nama", "Alamat", "id_kec", "id_desa"];
    const list = workbookOf({
      A: [heads, ["OH1", "3510161204889385", "3510161106180085", "WARGA", "'-", "351016", "3510161004"]],
    });
    expect((await importFile("list.xlsx", list)).summary).toMatchObject({ created: 1 });
    expect((await stored("m.idsemesta = 'OH1'"))[0]?.["address"]).toBe("-");
  });
});
