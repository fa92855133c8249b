import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { readRows, rowCalled } from "../../../console/app/district/matching/rows.ts";
import { inOneLoad } from "../../../drizzle/copy.ts";
import { publish } from "../../../subgraphs/population/individuals/publish.ts";
import { startWorker } from "../../../subgraphs/population/jobs/worker.ts";
import { asRole } from "../../kit/database.ts";
import { useHub } from "../../kit/hub.ts";
import { budi, siti } from "../../kit/people.ts";
import { hasBrowser, useBrowser, violations } from "../kit/browser.ts";
import { isWritten } from "./kit.ts";

// Matching at the desk: the review queue by keyboard, and files matched in batches.

const hub = useHub();
const browser = useBrowser(hub);
const ANALYST = "analis.kemensos";
const HEADER = "baris,NIK,Nama,Tgl Lahir,Nama Ibu\n";
const line = (id: string, { nik, fullName, birthDate, motherName }: typeof siti) =>
  `${id},${nik},${fullName},${birthDate},${motherName}\n`;
const FILE = `${HEADER}${line("r1", siti)}${line("r2", budi)}`;

describe("a clerk's own file", () => {
  test("is read cell by cell, quoted or not, by comma or semicolon", () => {
    expect(readRows('\ufeffid;nama\r\n1;"SITI; ""IBU"""\r\n\r\n2;"BUDI\nS"\r\n3;RINA')).toEqual([
      { line: 1, cells: ["id", "nama"] },
      { line: 2, cells: ["1", 'SITI; "IBU"'] },
      { line: 4, cells: ["2", "BUDI\nS"] },
      { line: 6, cells: ["3", "RINA"] },
    ]);
    expect(readRows("a,b\n1,\n").map(({ cells }) => cells)).toEqual([
      ["a", "b"],
      ["1", ""],
    ]);
    expect(readRows("")).toEqual([]);
  });

  test("shows the row that a case names, or says that it has none", () => {
    const rows = readRows("id,nama\nr7,SITI\nr8,BUDI");
    const of = (id: string, name: string) => [
      ["id", id],
      ["nama", name],
    ];
    expect(rowCalled(rows, "r8", "id")).toEqual(of("r8", "BUDI"));
    expect(rowCalled(rows, "2", null)).toEqual(of("r7", "SITI"));
    expect(rowCalled(rows, "1", null)).toBeUndefined();
    expect(rowCalled(rows, "r9", "id")).toBeUndefined();
  });

  test("never shows another person's row because some other cell says the same, nor one of several of one name", () => {
    const rows = readRows("row_id,nama,rt\n11,BUDI,17\n17,SITI,03\n18,RINA,1\n18,JOKO,2\n");
    expect(rowCalled(rows, "17", "row_id")?.[1]).toEqual(["nama", "SITI"]);
    expect(rowCalled(rows, "18", "row_id")).toBeUndefined();
    expect(rowCalled(rows, "03", "row_id")).toBeUndefined();
    expect(rowCalled(rows, "17", null)).toBeUndefined();
    expect(rowCalled(readRows("id,id\n1,2\n"), "1", "id")).toBeUndefined();
  });
});

describe.runIf(hasBrowser)("the review queue", () => {
  beforeEach(async () => {
    await asRole(hub.urls.population.owner, (sql) =>
      sql.unsafe("truncate individual_event, review_case, individual_row, individual cascade"),
    );
    const row = (name: string, person: string | null) => ({
      ...{ source: "PKH", row: name, agency: "KEMENSOS", digest: name, person, group: name },
    });
    const doubt = (name: string, person: string, weight: number) => ({
      ...{
        source: "PKH",
        row: name,
        person,
        weight,
        margin: 5,
        levels: Uint8Array.of(7, 7, 3, 2, 3, 0, 4, 2),
        personDigest: "p",
      },
      bits: [-20, 9, 8, 3, 2, 1, 0, 0.5, 0.25, 1, weight - 4.75],
    });
    await inOneLoad(hub.urls.jobs as string, (loader) =>
      publish(loader, {
        rows: [row("p1", null), row("p2", null)],
        doubts: [doubt("p1", siti.id, 3), doubt("p2", budi.id, 1.5)],
        digestOfPerson: () => "p",
        by: "hub merge",
        at: "2026-11-21T09:00:00.000Z",
      }),
    );
  });

  test("is worked by keys alone: each case takes the focus, and is decided for a reason", async () => {
    const { page } = await browser.visit("/console/district/matching", { as: ANALYST });
    await page.getByRole("heading", { name: /baris p1: apakah ini SITI AMINAH/ }).waitFor();
    await page
      .getByRole("row", { name: /^Jumlah/ })
      .getByText("+3,0")
      .waitFor();
    expect(await page.getByRole("row").count()).toBe(13);
    await isWritten(page);
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press("s");
    await page.getByText("Putusan: orang yang sama").waitFor();
    await page.keyboard.type("ibu dan alamat sama");
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: /baris p2: apakah ini BUDI SANTOSO/ }).waitFor();
    await page.keyboard.press("d");
    await page.keyboard.type("tanggal lahir lain");
    await page.keyboard.press("Enter");
    await page.getByText("Tidak ada kasus yang menunggu Anda.").waitFor();
    const decided = await asRole(
      hub.urls.jobs as string,
      (sql) => sql`select "row", decision, reason from population.review_case order by "row"`,
    );
    expect(decided.map((one) => ({ ...one }))).toEqual([
      { row: "p1", decision: "SAME", reason: "ibu dan alamat sama" },
      { row: "p2", decision: "DIFFERENT", reason: "tanggal lahir lain" },
    ]);
  });

  test("shows the row of the clerk's own file beside the register, and sends nothing of it", async () => {
    const { page } = await browser.visit("/console/district/matching", { as: ANALYST });
    const sent: string[] = [];
    await page.getByRole("heading", { name: /baris p1/ }).waitFor();
    page.on("request", (request) => sent.push(request.url()));
    const buffer = Buffer.from("baris,Nama\np1,SITTI AMINAH\n");
    await page.locator("input[type=file]").setInputFiles({ name: "pkh.csv", mimeType: "text/csv", buffer });
    await page.getByLabel("Kolom berkas yang menamai baris").selectOption("baris");
    await page.getByText("SITTI AMINAH").waitFor();
    expect(sent).toEqual([]);
  });
});

describe.runIf(hasBrowser)("a file to be matched", () => {
  let worker: Awaited<ReturnType<typeof startWorker>> | undefined;
  beforeAll(async () => {
    worker = await startWorker({ url: hub.urls.jobs ?? "", threads: 1, note: () => {} });
  });
  afterAll(() => worker?.stop());

  test("goes up with the session alone, is matched while the page tells how far it is, and its results come down", async () => {
    const { page } = await browser.visit("/console/district/matching/jobs", { as: ANALYST });
    await page.locator("input[type=file]").setInputFiles({ name: "daftar.csv", mimeType: "text/csv", buffer: Buffer.from(FILE) });
    await page.getByRole("button", { name: "Unggah dan padankan" }).click();
    await page.getByRole("heading", { name: "daftar.csv" }).waitFor();
    await page.getByRole("heading", { name: "Hasil" }).waitFor({ timeout: 60_000 });
    await page
      .getByRole("row", { name: /^Padan/ })
      .first()
      .waitFor();
    await isWritten(page);
    const [results] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Unduh hasil (CSV)" }).click(),
    ]);
    expect(results.suggestedFilename()).toBe("results.csv");
    await page.getByRole("link", { name: "Semua pekerjaan" }).click();
    await page.getByRole("link", { name: "daftar.csv" }).waitFor();
  });

  test("that is no file of people is refused with the hub's words, where it was chosen", async () => {
    const { page } = await browser.visit("/console/district/matching/jobs", { as: ANALYST });
    await page
      .locator("input[type=file]")
      .setInputFiles({ name: "x.csv", mimeType: "text/csv", buffer: Buffer.from("warna\nmerah\n") });
    await page.getByRole("button", { name: "Unggah dan padankan" }).click();
    await page.getByRole("alert").waitFor();
    expect(await violations(page)).toEqual([]);
  });

  test("can be cancelled while it waits", async () => {
    const id = randomUUID();
    await asRole(
      hub.urls.jobs as string,
      (sql) => sql`insert into match.job (id, agency, agreement, source, file_name, mapping, state, rows)
        values (${id}, 'KEMENSOS', 'PKS-2025-001', 'DTKS', 'tunggu.csv', '{}', 'QUEUED', 5)`,
    );
    const { page } = await browser.visit(`/console/district/matching/jobs/${id}`, { as: ANALYST });
    await page.getByRole("button", { name: "Batalkan pemadanan" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Batalkan pemadanan" }).click();
    await page.getByText("Dibatalkan").waitFor();
  });
});
