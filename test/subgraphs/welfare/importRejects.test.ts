import { describe, expect, test, vi } from "vitest";
import { HEADER, lines, row, useImport } from "../../kit/intake/importing.ts";

const { importFile } = useImport();

describe("a wrong row", () => {
  test.each([
    ["a NIK of 15 digits", row("X1", { nik: "351016120488910" }), "NIK", "a NIK has 16 digits"],
    [
      "a NIK as a spreadsheet writes it",
      row("X1", { nik: "3.51016E+15" }),
      "NIK",
      "was written as a number and may have lost digits: write it as text",
    ],
    [
      "a NIK of the 72nd",
      row("X1", { nik: "3510167201900000" }),
      "NIK",
      "digits 7–8 of the NIK are no day of birth (1–31, women 41–71)",
    ],
    ["no NIK", row("X1", { nik: "" }), "NIK", "is missing"],
    [
      "a family card of 15 digits",
      row("X1", { card: "351016110618000" }),
      "NOKK",
      "a family card number has 16 digits: district, day of recording, serial",
    ],
    [
      "a family card with the women's day",
      row("X1", { card: "3510165106180001" }),
      "NOKK",
      "a family card number has 16 digits: district, day of recording, serial",
    ],
    ["no name", row("X1", { name: " " }), "Nama", "is missing"],
    ["digits in the name", row("X1", { name: "WARGA 7" }), "Nama", "is not in the right form"],
    ["a formula for a name", row("X1", { name: "=CMD|CALC" }), "Nama", "is not in the right form"],
    ["a village that does not exist", row("X1", { village: "3510169999" }), "id_desa", "is no village of the Kemendagri list"],
    ["a district as village", row("X1", { village: "351016" }), "id_desa", "is not in the right form"],
    ["another district than the village's", row("X1", { district: "351001" }), "id_kec", "is not the district of id_desa"],
    ["a field too few", "X1,3510161204889001", "", "the row has more or fewer fields than the header"],
    ["no id", row(""), "idsemesta", "is missing"],
  ])("%s: is rejected with its line, field and reason", async (...[, wrong, field, reason]) => {
    const { code, summary, rejected } = await importFile(
      "wrong.csv",
      [HEADER, wrong, row("X2", { card: "3510161106180020" })].join("\n"),
    );
    expect([code, summary]).toEqual([1, expect.objectContaining({ total: 2, rejected: 1 })]);
    expect(lines(rejected)).toEqual([
      `line,field,reason,${HEADER}`,
      `2,${field},${reason.includes(",") ? `"${reason}"` : reason},${wrong.replace("=CMD", "'=CMD")}`,
    ]);
  });

  test("tells all its faults at once", async () => {
    const { rejected } = await importFile("faults.csv", [HEADER, row("", { nik: "x", name: "", village: "1" })].join("\n"));
    expect(lines(rejected)[1]).toMatch(/^2,NIK; idsemesta; Nama; id_desa,/);
  });

  test("with a flag nobody knows, or what should be JSON and is not", async () => {
    const header = `${HEADER},PKH,keterangan_disabilitas`;
    const { rejected } = await importFile(
      "flags.csv",
      [header, `${row("Y1")},mungkin,{x`, `${row("Y2", { card: "3510161106180021" })},YA,"{""a"":1}"`].join("\n"),
    );
    expect(lines(rejected)).toHaveLength(2);
    expect(lines(rejected)[1]).toMatch(/^2,PKH; keterangan_disabilitas,has a value that is not known; is not JSON,Y1,/);
  });

  test("with a forgotten quotation mark costs its own line, not the ones after it", async () => {
    const broken = row("Z1").replace("WARGA", '"WARGA');
    const content = [
      HEADER,
      broken,
      row("Z2", { card: "3510161106180022", name: '"A, B"' }),
      row("Z3", { card: "3510161106180022" }),
    ].join("\n");
    const { summary, rejected } = await importFile("quote.csv", content);
    expect(summary).toMatchObject({ total: 3, created: 2, rejected: 1 });
    expect(lines(rejected)[1]).toContain("a quotation mark is not closed");
    expect(rejected).toContain(broken.replaceAll('"', '""'));
  });

  test("that contradicts an earlier row of the same id is rejected; one that repeats it is unchanged", async () => {
    const one = row("D1", { card: "3510161106180023" });
    const { summary, rejected } = await importFile("double.csv", [HEADER, one, one, one.replace("WARGA", "ORANG")].join("\n"));
    expect(summary).toMatchObject({ total: 3, created: 1, unchanged: 1, rejected: 1 });
    expect(lines(rejected)[1]).toMatch(/^4,idsemesta,another row/);
  });

  test("in JSON: a NIK written as a number, an unknown key, a broken record, a file that ends too early", async () => {
    const good = {
      idsemesta: "W1",
      NIK: "3510161204889301",
      NOKK: "3510161106180024",
      Nama: "WARGA",
      Alamat: "",
      id_kec: "351016",
      id_desa: "3510161001",
    };
    const number = JSON.stringify({ ...good, idsemesta: "W2" }).replace('"3510161204889301"', "3510161204889301");
    const unknown = JSON.stringify({ ...good, idsemesta: "W3", Agama: "x" });
    const { summary, rejected } = await importFile(
      "wrong.json",
      `[${JSON.stringify(good)},\n${number},\n${unknown},\n{"idsemesta": W4},\n{"idsemesta": "W5", "NIK`,
    );
    expect(summary).toMatchObject({ total: 5, created: 1, rejected: 4 });
    expect(
      lines(rejected)
        .slice(1)
        .map((line) => line.split(",").slice(0, 3)),
    ).toEqual([
      ["2", "NIK", "was written as a number and may have lost digits: write it as text"],
      ["3", "Agama", "is no column of the SIKS-NG shape"],
      ["4", "", "this is no JSON object"],
      ["5", "", "this is no JSON object"],
    ]);
  });

  test("corrected in the rejected file, is loaded from there", async () => {
    const { rejected } = await importFile(
      "fix.csv",
      [HEADER, row("F1", { card: "3510161106180025", name: "WARGA 1" })].join("\n"),
    );
    const { code, summary } = await importFile("fixed.csv", rejected.replace("WARGA 1", "WARGA SATU"));
    expect([code, summary]).toEqual([0, expect.objectContaining({ total: 1, created: 1, rejected: 0 })]);
  });

  test("is forgotten once the corrected file itself is good", async () => {
    const bad = row("H1", { card: "3510161106180026", name: "WARGA 1" });
    expect((await importFile("heal.csv", [HEADER, bad].join("\n"))).rejected).not.toBe("");
    expect((await importFile("heal.csv", [HEADER, bad.replace("WARGA 1", "WARGA SATU")].join("\n"))).rejected).toBe("");
  });

  test("a made-up NIK is rejected outside development", async () => {
    vi.stubEnv("HUB_ENV", "production");
    const { summary, rejected } = await importFile(
      "real.csv",
      [HEADER, row("P1"), row("P2", { nik: "3510161204880001", card: "3510161106180027" })].join("\n"),
    );
    vi.stubEnv("HUB_ENV", "dev");
    expect(summary).toMatchObject({ created: 1, rejected: 1 });
    expect(rejected).toContain("no district issues this serial: a made-up NIK");
  });
});
