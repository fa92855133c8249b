import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { searchBreaches } from "../../../drizzle/watch/breaches.ts";
import { labels } from "../../../schema/errors.ts";
import { vkeyOf } from "../../../schema/record/note.ts";
import { devYearKeys } from "../../../schema/record/yearKeys.ts";
import { useHub } from "../../kit/hub.ts";
import { ani, siti } from "../../kit/people.ts";
import { asLog } from "../../policy/watch/kit.ts";
import { integrateAll, LOG } from "../../subgraphs/governance/tracker/kit.ts";
import { act, inDialog, press } from "../kit/actKit.ts";
import { hasBrowser, useBrowser, violations } from "../kit/browser.ts";

const hub = useHub();
const browser = useBrowser(hub);
const AUDITOR = "auditor.bpk";

/** What a local clock in western Indonesia shows, as a form takes it. */
const inWib = (at: number) => new Date(at + 7 * 60 * 60 * 1000).toISOString().slice(0, 19);

describe.runIf(hasBrowser)("an auditor", () => {
  let receipt = { id: "", leaf: "" };

  beforeAll(async () => {
    const asked = await hub
      .as("kemensos", { agreement: "PKS-2025-001" })
      .ask("query ($nik: String!) { personByNik(nik: $nik) { id fullName } }", { nik: siti.nik });
    expect(asked.errors).toEqual([]);
    receipt = asked.governance["receipt"];
    await integrateAll(hub.urls);
  });

  test("finds an access by who asked, reads it as a sentence with its coordinates, and takes the page's table along", async () => {
    const { page } = await browser.visit("/console/audit/record", { as: AUDITOR });
    await page.getByLabel("Instansi", { exact: true }).selectOption("KEMENSOS");
    const ends = await page
      .getByLabel("Hasil", { exact: true })
      .locator("option")
      .evaluateAll((all) => all.map((one: any) => one.value));
    expect(ends).toEqual(["", "ANSWERED", "INTENDED", ...Object.keys(labels.id["codes"] ?? {})]); // as the record has them: QUOTA_EXCEEDED
    await press(page, "Cari");
    await page.waitForURL(/agency=KEMENSOS/);
    const [download] = await Promise.all([page.waitForEvent("download"), press(page, "Unduh CSV")]);
    expect(download.suggestedFilename()).toBe("catatan-akses.csv");
    await page.getByRole("table").getByRole("link").first().click();
    await page.getByText(/Kementerian Sosial melihat \d+ kolom tentang \d subjek untuk tujuan/).waitFor();
    await page.getByText("Person.fullName", { exact: true }).waitFor();
    expect(page.url()).toContain(receipt.id);
  });

  test("searches for a person in a case only, and the person is never in the page's address", async () => {
    const { page } = await browser.visit("/console/audit/record", { as: AUDITOR });
    await page.getByLabel("ID penduduk").fill(siti.id);
    await press(page, "Cari");
    expect(
      await page
        .getByLabel("Nomor perkara")
        .evaluate((field) => (field as unknown as { validity: { valid: boolean } }).validity.valid),
    ).toBe(false);
    await page.getByLabel("Nomor perkara").fill("LHP-7/2026");
    await press(page, "Cari");
    await page.getByRole("table").getByText("Kementerian Sosial").first().waitFor();
    expect(page.url()).not.toContain(siti.id);
  });

  test("verifies a receipt in the browser: genuine with the log's key, altered when a digit of it differs; a verdict stands by its receipt alone", async () => {
    const { page } = await browser.visit("/console/audit/verify", { as: AUDITOR });
    await page.getByLabel("Tanda terima").fill(receipt.id);
    await page.getByLabel("Sidik daun").fill(receipt.leaf);
    await press(page, "Periksa di peramban ini");
    await page.getByText("Belum terbukti").waitFor(); // this hub does not know its log's key
    await page.getByLabel("Kunci log").fill(vkeyOf(LOG.key));
    await press(page, "Periksa di peramban ini");
    const verdict = page.getByRole("status").filter({ hasText: "Asli" });
    await verdict.getByText(receipt.id).waitFor();
    await verdict.getByText(receipt.leaf).waitFor();
    await page.getByLabel("Sidik daun").fill(receipt.leaf.replace(/^./, (digit) => (digit === "0" ? "1" : "0")));
    expect(await verdict.count()).toBe(0);
    await press(page, "Periksa di peramban ini");
    await page.getByText("Berubah", { exact: false }).first().waitFor();
    expect(await violations(page)).toEqual([]);
  });
});

describe.runIf(hasBrowser)("a data protection officer", () => {
  test("answers a request of a data subject before its clock runs out", async () => {
    const filed = await hub
      .as("portal-warga", { agreement: "PKS-2025-008", person: siti.id })
      .ask("mutation ($input: FileSubjectRequestInput!) { fileSubjectRequest(input: $input) { number controller { code } } }", {
        input: { kind: "ACCESS", statement: "Saya ingin salinan data saya.", coordinate: "Person.fullName" },
      });
    expect(filed.errors).toEqual([]);
    const { number, controller } = filed.data["fileSubjectRequest"];
    const { page } = await browser.visit("/console/audit/requests", { as: `dpo.${controller.code.toLowerCase()}` });
    await page.getByRole("link", { name: number }).click();
    await page.getByText("Saya ingin salinan data saya.").waitFor();
    await act(page, "Tangani");
    await page.getByText("Ditelaah").first().waitFor();
    expect(await page.getByRole("button", { name: "Penuhi", exact: true }).isDisabled()).toBe(true);
    await page.getByLabel("Hasil atau penjelasan").fill("Salinan dikirim lewat portal.");
    await press(page, "Tolak");
    await page.getByLabel("Dasar hukum").fill("UU 27/2022 Ps. 15");
    await page.reload(); // what is typed stays
    await press(page, "Tolak");
    expect(await page.getByLabel("Dasar hukum").inputValue()).toBe("UU 27/2022 Ps. 15");
    await inDialog(page, "Batal");
    await act(page, "Penuhi");
    await page.getByText("Salinan dikirim lewat portal.").waitFor();
    await page.getByRole("definition").getByText("Dipenuhi").waitFor();
  });

  test("opens a breach, learns whom it affected, notes that all were told, and closes it", async () => {
    const from = Date.now();
    const asked = await hub
      .as("kemensos", { agreement: "PKS-2025-001" })
      .ask("query ($nik: String!) { personByNik(nik: $nik) { id fullName } }", { nik: ani.nik });
    expect(asked.errors).toEqual([]);
    const until = Math.ceil(Date.now() / 1000) * 1000; // a form knows whole seconds: the answer lies before the end of its own
    const { page } = await browser.visit("/console/audit/breaches/new", { as: "dpo.hub" });
    await sleep(until - Date.now());
    const fields = { Judul: "Kredensial klien hilang", Klien: "kemensos", Koordinat: "Person.fullName" };
    for (const [label, text] of Object.entries(fields)) await page.getByLabel(label).fill(text);
    await page.getByLabel("Jawaban sejak (WIB)").fill(inWib(from - 60 * 60 * 1000));
    await page.getByLabel("Sampai (WIB)").fill(inWib(until));
    await page.getByLabel("Diketahui pada (WIB)").fill(inWib(Date.now() - 60 * 1000));
    await page.getByLabel("Apa yang terjadi").fill("Kredensial klien hilang di jalan.");
    await page.getByLabel("Penanganan").fill("Kunci klien diganti.");
    await press(page, "Buka kasus");
    await inDialog(page, "Buka kasus");
    await page.getByText(/Sisa 7[12] jam, sampai .+ WIB/).waitFor();
    await asLog(hub.urls, (sql) => searchBreaches(sql, devYearKeys(), new Date(Date.now() + 60_000)));
    await press(page, "Lihat lagi");
    await page.getByRole("table").getByText("Person").waitFor();
    expect(await violations(page)).toEqual([]);
    const untold = page.getByRole("button", { name: "Catat sudah diberi tahu" });
    for (let left = 2; left > 0; left--) {
      await untold.first().click();
      await inDialog(page, "Catat sudah diberi tahu");
      await page.getByRole("dialog").waitFor({ state: "detached" });
      await expect.poll(() => untold.count(), { timeout: 30_000 }).toBe(left - 1); // else the same one is pressed again
    }
    await page.getByText("Semua telah diberi tahu").waitFor();
    await act(page, "Tutup kasus");
    await page.getByRole("definition").getByText("Ditutup").waitFor();
  });

  test("asks for a seal on a case, and one of the hub confirms it", async () => {
    const { page } = await browser.visit("/console/audit/seals", { as: "dpo.bpk" });
    await press(page, "Segel perkara");
    await page.getByLabel("Nomor perkara").fill("LHP-9/2026");
    await page.getByLabel("Penetapan").fill("PN Jakarta 12/2026");
    await page.getByLabel("Berlaku sampai").fill(inWib(Date.now() + 30 * 24 * 60 * 60 * 1000).slice(0, 10));
    await inDialog(page, "Segel perkara");
    await page.getByText("Menunggu hub").waitFor();
    const { page: ofHub } = await browser.visit("/console/audit/seals", { as: "dpo.hub" });
    await act(ofHub, "Sahkan");
    await ofHub.getByText(/Berlaku sejak/).waitFor();
    await ofHub.getByText("Hanya instansi pemilik perkara yang membukanya.").waitFor();
  });

  test("registers who represents a person, and an officer of another agency puts it in force", async () => {
    const { page } = await browser.visit("/console/audit/representations", { as: "dpo.dukcapil" });
    await page.getByLabel("ID yang diwakili").fill(ani.id);
    await page.getByLabel("ID wakil").fill(siti.id);
    await page.getByLabel("Bukti (nomor dokumen, tanpa NIK)").fill("Akta 12/2026");
    await page.getByLabel("Berlaku sampai hari (WIB)").fill(inWib(Date.now() + 300 * 24 * 60 * 60 * 1000).slice(0, 10));
    await act(page, "Daftarkan perwakilan");
    await page.getByText("Terdaftar. Menunggu").waitFor();
    const { page: other } = await browser.visit("/console/audit/representations", { as: "dpo.bps" });
    await other.getByLabel(/^Yang diwakili/).fill(ani.id);
    await press(other, "Lihat perwakilan");
    await act(other, "Sahkan");
    await other.getByText("Berlaku, disahkan dpo.bps").waitFor();
  });
});

describe.runIf(hasBrowser)("an operator of the hub", () => {
  test("imposes a sanction and lifts it, both with a public reason; a steward reads why they may not", async () => {
    const { page } = await browser.visit("/console/audit/sanctions", { as: "operator.hub" });
    await press(page, "Jatuhkan sanksi");
    await page.getByLabel("Instansi").selectOption("BRI");
    await page.getByLabel("Nomor keputusan").fill("SK-1/2026");
    await page.getByLabel("Alasan, untuk umum").fill("Laporan semester terlambat.");
    expect(await violations(page)).toEqual([]);
    await inDialog(page, "Jatuhkan sanksi");
    await page.getByRole("cell", { name: "SK-1/2026" }).waitFor();
    await press(page, "Cabut sanksi");
    await page.getByLabel("Alasan, untuk umum").fill("Laporan keliru.");
    await inDialog(page, "Batal");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await press(page, "Cabut sanksi");
    expect(await page.getByLabel("Alasan, untuk umum").inputValue()).toBe(""); // put away
    await page.getByLabel("Alasan, untuk umum").fill("Laporan sudah masuk.");
    await page.reload();
    await press(page, "Cabut sanksi");
    expect(await page.getByLabel("Alasan, untuk umum").inputValue()).toBe("Laporan sudah masuk.");
    await inDialog(page, "Cabut sanksi");
    await page.getByText(/Dicabut .+: Laporan sudah masuk/).waitFor();
    const { page: steward } = await browser.visit("/console/audit/sanctions", { as: "steward.dukcapil" });
    const button = steward.getByRole("button", { name: "Jatuhkan sanksi" });
    await button.waitFor();
    await steward.getByText(/OPERATOR/).waitFor();
    expect(await button.isDisabled()).toBe(true);
  });
});
