import { readFileSync, statSync, writeFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { exportMembers } from "../../../../cli/slices/registry/export.ts";
import { HEADER, lines, row, useImport } from "../../../kit/intake/importing.ts";

const { importFile, ask, pathOf, run } = useImport();

async function exported(...argv: string[]): Promise<{ code: number; said: string }> {
  const said: string[] = [];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => said.push(String(text)) > 0);
  const code = await exportMembers(argv);
  vi.restoreAllMocks();
  return { code, said: said.join("") };
}

test("what is written can be read in again and changes nothing", async () => {
  await importFile(
    "in.csv",
    [
      HEADER,
      row("E1", { village: "3510161003", card: "3510161106180071", name: "SRI E" }),
      row("E2", { village: "3510161003", card: "3510161106180071" }),
      "",
    ].join("\n"),
  );
  const out = pathOf("out.csv");
  expect((await exported("members", "--region", "35.10.16.1003", "--out", out)).code).toBe(0);
  expect(statSync(out).mode & 0o777, "for the operator's eyes only").toBe(0o600);
  const [header, ...rows] = lines(readFileSync(out, "utf8").replaceAll("\r", ""));
  expect(header).toBe("idsemesta,NIK,NOKK,Nama,Alamat,id_kec,id_desa,hubungan_kepkel,is_nonaktif,masih_hidup_label");
  const own = rows.filter((line) => /^E[12],/.test(line));
  expect(own).toHaveLength(2);
  writeFileSync(pathOf("again.csv"), `${[header, ...own].join("\n")}\n`);
  const again = await run("members", pathOf("again.csv"), "--json");
  expect([again.code, again.summary]).toEqual([0, expect.objectContaining({ total: 2, unchanged: 2 })]);
});

test("a text that a spreadsheet would run is written as text, and JSON holds an object a line", async () => {
  await ask(
    "update welfare.household set address = '=HYPERLINK(\"http://x\")' where id = (select household_id from welfare.member where idsemesta = 'E1')",
  );
  const out = pathOf("formula.csv");
  await exported("members", "--region", "3510161003", "--out", out);
  expect(readFileSync(out, "utf8")).toContain(`"'=HYPERLINK(""http://x"")"`);
  const json = pathOf("out.json");
  await exported("members", "--region", "3510161003", "--out", json, "--format", "json");
  const found = lines(readFileSync(json, "utf8"))
    .map((line) => JSON.parse(line))
    .find(({ idsemesta }) => idsemesta === "E1");
  expect(found).toMatchObject({
    Nama: "SRI E",
    id_kec: "351016",
    id_desa: "3510161003",
    is_nonaktif: "0",
    masih_hidup_label: "Hidup",
  });
});

test("it says how it is used", async () => {
  expect(await exported("members", "--out", pathOf("x"))).toMatchObject({
    code: 2,
    said: expect.stringContaining("--region CODE"),
  });
  expect(await exported("members", "--region", "3510", "--out", pathOf("x"), "--format", "xlsx")).toMatchObject({ code: 2 });
});
