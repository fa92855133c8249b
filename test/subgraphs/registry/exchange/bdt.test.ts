import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { lines, useImport } from "../../../kit/intake/importing.ts";

const { run, pathOf, ask } = useImport();

const HOMES = "IDBDT,id_desa,Alamat,Lantai,Luas_lantai,Ada_motor";
const SOULS = "IDBDT,IDARTBDT,Nama,NUK,Hubkel,NIK,NoKK,TglLahir,Sta_hamil,namagadis_ibukandung,Sta_keberadaan_art";
const VISITED = ["--visited", "2015-07-01", "--json"];
/** A name has no digits. */
const nameOf = (id: string) => `WARGA ${[...id.slice(1)].map((digit) => "NSDTELPJBO"[Number(digit)]).join("")}`;
const soul = (
  home: string,
  id: string,
  told: Partial<Record<"name" | "number" | "relation" | "nik" | "born" | "pregnant" | "presence", string>> = {},
) => {
  const { name = nameOf(id), number = "1", relation = "8", nik = "", born = "", pregnant = "", presence = "1" } = told;
  return [home, id, name, number, relation, nik, "", born, pregnant, "RAHASIA", presence].join(",");
};

async function load(homes: string[], souls: string[], ...more: string[]) {
  writeFileSync(pathOf("homes.csv"), [HOMES, ...homes, ""].join("\n"));
  writeFileSync(pathOf("souls.csv"), [SOULS, ...souls, ""].join("\n"));
  const told = await run("bdt", pathOf("homes.csv"), pathOf("souls.csv"), ...(more.length > 0 ? more : VISITED));
  const rejects = (name: string) =>
    existsSync(pathOf(`${name}.csv.rejected.csv`)) ? lines(readFileSync(pathOf(`${name}.csv.rejected.csv`), "utf8")) : [];
  return {
    ...told,
    homes: rejects("homes"),
    souls: rejects("souls"),
  };
}
const members = (like: string) =>
  ask(`select m.claimed_name as name, m.suffix, m.relation, m.state, f.registry_number as family from welfare.member m join welfare.family f on f.id = m.family_id
    where f.registry_number like '${like}' order by f.registry_number, m.suffix`);

describe("the basic data of 2015", () => {
  const homes = ["B1,3510161001,DUSUN KRAJAN,8,36,1", "B2,35.10.16.1002,DUSUN BARAT,2,,2"];
  const souls = [
    soul("B1", "A3", { relation: "3", born: "2010-01-01" }),
    soul("B1", "A2", { relation: "3", born: "2005-01-01", pregnant: "2" }),
    soul("B1", "A1", { relation: "1", nik: "3510161204889401" }),
    soul("B1", "A4", { relation: "1", number: "2" }),
    soul("B2", "A5", { relation: "2", presence: "4" }),
  ];

  test("households hold their families, numbers go by the rule, answers become a survey of the day of the visit", async () => {
    const { code, summary } = await load(homes, souls);
    expect([code, summary.households, summary.members]).toEqual([
      0,
      expect.objectContaining({ total: 2, created: 2, rejected: 0 }),
      expect.objectContaining({ total: 5, created: 5, rejected: 0 }),
    ]);
    expect(await members("BDT-B%")).toEqual([
      { name: nameOf("A1"), suffix: "01", relation: "HEAD", state: "ACTIVE", family: "BDT-B1-1" },
      { name: nameOf("A2"), suffix: "03", relation: "CHILD", state: "ACTIVE", family: "BDT-B1-1" },
      { name: nameOf("A3"), suffix: "04", relation: "CHILD", state: "ACTIVE", family: "BDT-B1-1" },
      { name: nameOf("A4"), suffix: "01", relation: "HEAD", state: "ACTIVE", family: "BDT-B1-2" },
      { name: nameOf("A5"), suffix: "02", relation: "SPOUSE", state: "DECEASED", family: "BDT-B2-1" },
    ]);
    const surveys =
      await ask(`select s.visited_on::text as day, s.answers, h.floor_area as area, m.answers as asked, x.value as number
      from welfare.survey s join welfare.household h on h.id = s.household_id join welfare.survey_member m on m.survey_id = s.id
      join welfare.external_id x on x.member_id = m.member_id where x.value = 'A2'`);
    expect(surveys).toEqual([
      {
        ...{ day: "2015-07-01", area: 36, number: "A2" },
        answers: { Lantai: ["8"], Luas_lantai: ["36"], Ada_motor: ["1"] },
        asked: {
          ART_Nama: [nameOf("A2")],
          ART_NUK: ["1"],
          ART_Hubkel: ["3"],
          ART_TglLahir: ["2005-01-01"],
          ART_Sta_hamil: ["2"],
          ART_Sta_keberadaan_art: ["1"],
        },
      },
    ]);
    const [secret] = await ask("select count(*)::int as n from welfare.survey_member where answers::text like '%RAHASIA%'");
    expect(secret, "a mother's maiden name is never loaded").toEqual({ n: 0 });
  });

  test("the same files change nothing, and a changed answer makes one survey more", async () => {
    const count = async () =>
      (
        await ask(
          "select count(*)::int as n from welfare.survey s join welfare.family f on f.household_id = s.household_id where f.registry_number = 'BDT-B1-1'",
        )
      )[0]?.["n"];
    const before = await count();
    expect((await load(homes, souls)).summary).toMatchObject({ households: { unchanged: 2 }, members: { unchanged: 5 } });
    expect(await count()).toBe(before);
    const changed = await load(homes, [soul("B1", "A3", { relation: "3", born: "2010-01-02" }), ...souls.slice(1)]);
    expect(changed.summary).toMatchObject({ households: { unchanged: 2 }, members: { updated: 1, unchanged: 4 } });
    expect(await count()).toBe(before + 1);
  });

  test("wrong rows come back with line, column and reason, and the rest is loaded", async () => {
    const told = await load(
      [...homes, "B3,3510161001,X,9,abc,3", "B4,9999999999,X,1,1,1", "B1,3510161001,LAIN,8,36,1"],
      [
        soul("B9", "A9"),
        soul("B1", "A10", { nik: "3.51016E+15", relation: "9" }),
        soul("B1", "A1", { relation: "1", number: "2", nik: "3510161204889401" }),
        soul("B1", "A11"),
      ],
    );
    expect([told.code, told.summary.households, told.summary.members]).toEqual([
      1,
      expect.objectContaining({ total: 5, unchanged: 2, rejected: 3 }),
      expect.objectContaining({ total: 4, created: 1, rejected: 3 }),
    ]);
    const says = (rejected: string[]) => rejected.slice(1).map((line) => line.split(",").slice(0, 3));
    expect(says(told.homes)).toEqual([
      ["4", "Luas_lantai; Ada_motor; Lantai", expect.stringContaining("has a value that is not known")],
      ["5", "id_desa", "is no village of the Kemendagri list"],
      ["6", "IDBDT", "another row of the file says something else about this number"],
    ]);
    expect(says(told.souls).map(([line, field]) => [line, field])).toEqual([
      ["3", "NIK; Hubkel"],
      ["2", "IDBDT"],
      ["4", "NUK"],
    ]);
  });

  test.each([
    [
      "a column that nobody knows",
      () => writeFileSync(pathOf("homes.csv"), "IDBDT,id_desa,Alamat,Gaji\nB1,3510161001,X,1\n"),
      "unknown columns: Gaji",
    ],
    ["a missing column", () => writeFileSync(pathOf("homes.csv"), "IDBDT,Alamat\nB1,X\n"), "missing columns: id_desa"],
    ["no row", () => writeFileSync(pathOf("homes.csv"), `${HOMES}\n`), "a header and no row"],
  ])("%s loads nothing", async (_, write, says) => {
    writeFileSync(pathOf("souls.csv"), `${SOULS}\n${souls[0]}\n`);
    write();
    expect(await run("bdt", pathOf("homes.csv"), pathOf("souls.csv"), ...VISITED)).toMatchObject({
      code: 2,
      said: expect.stringContaining(says),
    });
  });

  test("the day of the visit and Kemendagri codes are asked for", async () => {
    expect((await load(homes, souls, "--json")).said).toContain("--visited YYYY-MM-DD is missing");
    expect((await load(homes, souls, "--visited", "2999-01-01")).said).toContain("future");
    expect((await load(homes, souls, ...VISITED, "--codes", "bps")).said).toContain("no crosswalk is installed");
  });
});
