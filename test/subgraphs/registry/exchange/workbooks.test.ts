import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { lines, useImport } from "../../../kit/intake/importing.ts";
import { type MadeCell, workbookOf, zipOf } from "../../../kit/intake/workbook.ts";

const { importFile, stored, run, pathOf } = useImport();

const HEADING = ["No", "ID DTKS", "NIK", "No. KK", "Nama Lengkap", "Alamat", "Kode Kecamatan", "Kode Desa/Kelurahan"];
const row = (id: string, told: Partial<Record<"nik" | "card" | "name" | "village", MadeCell>> = {}): MadeCell[] => {
  const { nik = `35101612048893${id.slice(1)}`, card = "3510161106180093", name = "WARGA UJI", village = 3510161001 } = told;
  return [1, id, nik, card, name, "DUSUN KRAJAN", "351016", village];
};
const listOf = (...rows: MadeCell[][]) =>
  workbookOf({ Petunjuk: [["Isi lembar berikutnya"]], BNBA: [["DAFTAR NAMA DAN ALAMAT"], [], HEADING, ...rows] });
const sheet = ["--sheet", "BNBA"];
/** Written unevenly enough to pack no better than a list does. */
const millionsOfEmptyTexts = () =>
  Array.from({ length: 40_001 }, () => "<si/>".repeat(50) + randomBytes(4).toString("hex")).join("");

describe("lists by name and address in a workbook", () => {
  test("a list is loaded under its own headings, below its title, and changes nothing a second time", async () => {
    const file = listOf(row("W01"), row("W02", { name: "SITI “IIS” & <ANAK>".replaceAll(/[“”<>&]/g, "") }));
    const first = await importFile("bnba.xlsx", file, ...sheet);
    expect([first.code, first.summary]).toEqual([0, expect.objectContaining({ total: 2, created: 2, rejected: 0 })]);
    expect((await stored("m.idsemesta in ('W01', 'W02')")).map((member) => [member["claimed_nik"], member["home"]])).toEqual([
      ["3510161204889301", "3510161001"],
      ["3510161204889302", "3510161001"],
    ]);
    expect((await importFile("bnba.xlsx", file, ...sheet)).summary).toMatchObject({ unchanged: 2, created: 0 });
  });

  test("identity numbers that became numbers, and formulas, are refused with their row, and the corrected rows can be imported", async () => {
    const formula = { xml: '<c r="AT" t="str"><f>CONCATENATE("35","10")</f><v>3510161001</v></c>' };
    const file = listOf(
      row("W10", { nik: 3510161204889310 }),
      row("W11", { nik: "3.51016E+15" }),
      row("W12", { card: 3510161106180093 }),
      row("W13", { village: formula }),
      row("W14", { village: 35101610010 }),
      row("W15"),
    );
    const { code, summary, rejected } = await importFile("hurt.xlsx", file, ...sheet);
    expect([code, summary]).toEqual([1, expect.objectContaining({ total: 6, created: 1, rejected: 5 })]);
    const [header, ...told] = lines(rejected);
    expect(header).toBe("line,field,reason,idsemesta,NIK,NOKK,Nama,Alamat,id_kec,id_desa");
    const asNumber = "was written as a number and may have lost digits: write it as text";
    expect(told.map((line) => line.split(",").slice(0, 3))).toEqual([
      ["4", "NIK", asNumber],
      ["5", "NIK", asNumber],
      ["6", "NOKK", asNumber],
      ["7", "id_desa", "is a formula: paste its value"],
      ["8", "id_desa", "is not in the right form"],
    ]);
    const mended = [
      header,
      ...told.map((line, at) =>
        [...line.split(",").slice(0, 4), `351016120488932${at}`, "3510161106180093", "WARGA", "X", "351016", "3510161001"].join(
          ",",
        ),
      ),
    ];
    const again = await importFile("mended.csv", `${mended.join("\n")}\n`);
    expect(again.summary).toMatchObject({ total: 5, created: 5, rejected: 0 });
  });

  test.each([
    ["a sheet without a heading", workbookOf({ A: [["halo"]] }), [], "no row of the first 30 heads the columns"],
    ["a heading without rows", listOf(), sheet, "a heading and no row"],
    ["a sheet that is not there", listOf(row("W20")), ["--sheet", "X"], "no sheet of that name, but Petunjuk, BNBA"],
    [
      "a column that nobody knows",
      workbookOf({ A: [[...HEADING, "Gaji"], row("W21")] }),
      [],
      'unknown columns: ""Gaji""'.replaceAll('""', '"'),
    ],
    ["an archive that is no workbook", zipOf([{ name: "a.txt", content: "halo" }]), [], "no Excel workbook"],
    ["an archive cut short", listOf(row("W22")).subarray(0, 400), [], "damaged"],
    ["an old or locked workbook", Buffer.from("d0cf11e0a1b11ae1", "hex"), [], "without a password"],
    [
      "a document type",
      workbookOf({ A: [HEADING, row("W23")] }, { head: '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' }),
      [],
      "document type",
    ],
    [
      "an entity nobody declared",
      workbookOf({ A: [HEADING, row("W24", { name: { xml: '<c r="AT" t="inlineStr"><is><t>&a;</t></is></c>' } })] }),
      [],
      "damaged",
    ],
    ["a bomb", zipOf([{ name: "xl/workbook.xml", content: Buffer.alloc(64 * 1024 * 1024) }]), [], "far more than a list needs"],
    [
      "a bomb that lies about its size",
      zipOf([{ name: "xl/workbook.xml", content: Buffer.alloc(16 * 1024 * 1024), claims: 900 }]),
      [],
      "damaged",
    ],
    [
      "a thousand parts",
      zipOf(Array.from({ length: 1001 }, (_, n) => ({ name: `p${n}`, content: "" }))),
      [],
      "far more than a list needs",
    ],
    [
      "millions of shared texts with nothing in them",
      workbookOf({ A: [HEADING, row("W26")] }, { shared: millionsOfEmptyTexts() }),
      [],
      "more shared texts than a list needs",
    ],
    ["a part outside the archive", zipOf([{ name: "../../etc/cron", content: "x" }]), [], "damaged"],
    ["a text longer than a cell", workbookOf({ A: [HEADING, row("W25", { name: "X".repeat(70_000) })] }), [], "too long"],
    [
      "a text that does not end",
      zipOf([{ name: "xl/workbook.xml", content: `<a>${randomBytes(4 * 1024 * 1024).toString("base64")}` }]),
      [],
      "too long",
    ],
  ])("%s loads nothing and says what to do", async (_, content, more, says) => {
    const { code, said } = await importFile("hostile.xlsx", content, ...more);
    expect([code, said]).toEqual([2, expect.stringContaining(says)]);
    expect(said).toContain("Nothing was loaded");
    expect(await stored("m.idsemesta like 'W2%'")).toEqual([]);
  });

  test("codes of BPS are refused for a workbook, too", async () => {
    await importFile("codes.xlsx", listOf(row("W30")), ...sheet);
    expect(await run("members", pathOf("codes.xlsx"), "--codes", "bps")).toMatchObject({
      code: 2,
      said: expect.stringContaining("no crosswalk is installed"),
    });
  });
});
