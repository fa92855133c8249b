import type { Locator, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { devStewardSecret, privateKeyOf } from "../../../schema/policy/keys.ts";
import { inDays, stewardsOf } from "../../federation/stewards/stewardHub.ts";
import { useHub } from "../../kit/hub.ts";
import { hasBrowser, useBrowser, violations } from "../kit/browser.ts";

// One field is asked for, drafted, seen through, signed by both controllers and the consumer's officer, put in force, and taken back.

const hub = useHub();
const browser = useBrowser(hub);
const NUMBER = "PKS-2025-002";
const CONSUMER = "steward.bpjs_kesehatan";
const pemOf = (id: string) => Buffer.from(privateKeyOf(devStewardSecret(id), "steward").export({ format: "pem", type: "pkcs8" }));
const review = (version: number) => `/console/access/decisions/${NUMBER}/${version}`;
async function visit(path: string, as: string): Promise<Page> {
  const { page } = await browser.visit(path, { as });
  page.setDefaultTimeout(40_000); // a step that hangs names itself
  return page;
}
const isLanded = (page: Page, version: number) => page.waitForURL(`**${review(version)}`);
const wordsOf = async (place: Locator): Promise<string> => ((await place.textContent()) ?? "").replace(/\s+/g, " ");
const WHY = "Penentuan peserta PBI menurut desil";

/** What the agreement's partner is answered on the field. */
const deciles = async (): Promise<string> => {
  const { denied } = await hub.as("bpjs-kesehatan").ask("{ households(first: 1) { nodes { deciles { decile } } } }");
  return denied.includes("Household.deciles") ? "DENIED" : "SHOWN";
};

/** Brings the steward's key into the browser, looks at the simulation, signs. */
async function decide(page: Page, id: string, version: number): Promise<void> {
  await page.goto(`${hub.gatewayUrl}/console/access/decisions/keys`);
  await page
    .locator('input[type="file"]')
    .setInputFiles({ name: "key.pem", mimeType: "application/x-pem-file", buffer: pemOf(id) });
  await page.getByText("terdaftar, dapat dipakai").waitFor();
  await page.goto(`${hub.gatewayUrl}${review(version)}`);
  await page.getByRole("tab", { name: "Simulasi" }).click();
  await page.getByText(/permintaan sejak/).waitFor();
  await page.getByRole("radio", { name: "Setujui isi ini" }).check();
  await page.getByText("Yang Anda tandatangani").waitFor();
  await page.getByRole("button", { name: /^Tandatangani dan setujui/ }).click();
  await page.getByRole("radio").first().waitFor({ state: "detached" }); // decided: nothing is left to choose
}

describe.runIf(hasBrowser)("a version of an agreement", { timeout: 180_000 }, () => {
  test("is asked for by whoever needs a field", async () => {
    const page = await visit("/console/access/requests/new", CONSUMER);
    await page.getByLabel("Tujuan").selectOption("PBI_MEMBERSHIP");
    await page.getByLabel("Isian yang dimohon").fill("Household.deciles, Decile.decile");
    await page.getByRole("textbox", { name: "Alasan" }).fill(WHY);
    await page.getByRole("button", { name: "Kirim permohonan" }).click();
    await page
      .getByRole("article", { name: /BPJS Kesehatan/ })
      .getByText("Terbuka")
      .waitFor();
  });

  test("is drafted from the one in force with the request's fields, as sentences; a loosening without a reason is not saved", async () => {
    const page = await visit("/console/access/requests", CONSUMER);
    await page.getByRole("button", { name: "Susun rancangannya" }).click();
    await page.getByText("▲ 2 melonggarkan").waitFor();
    const sentence = await wordsOf(page.getByRole("listitem").filter({ hasText: "Household.deciles" }));
    expect(sentence).toContain("BPJS Kesehatan melihat Household.deciles ✓Dibuka menurut …");
    expect(sentence).toContain(`▲ Melonggarkan Belum ada dalam versi yang berlaku. Alasan: ${WHY}`);
    const save = page.getByRole("button", { name: "Simpan rancangan" });
    await save.click();
    await page.getByRole("alert").getByText("clause: 1 to 300 characters").first().waitFor();
    for (const field of ["Household.deciles", "Decile.decile"]) {
      const row = page.getByRole("listitem").filter({ hasText: `melihat ${field}` });
      if ((await row.getByLabel("Pasal").count()) === 0) await row.getByRole("button", { name: `Ubah: ${field}` }).click();
      await row.getByLabel("Pasal").fill("Adendum 1 Ps. 2");
      await row.getByLabel("Alasan pelonggaran").fill("");
      expect(await save.isDisabled()).toBe(true);
      await row.getByLabel("Alasan pelonggaran").fill(WHY);
    }
    await page.reload(); // what is typed stays
    await page.getByText("Adendum 1 Ps. 2").first().waitFor();
    expect(await page.getByText("Adendum 1 Ps. 2").count()).toBe(2);
    await page.getByRole("button", { name: "Simpan rancangan" }).click();
    await isLanded(page, 2);
  });

  test("shows its author what it loosens, and does not let them decide about it", async () => {
    const page = await visit(review(2), CONSUMER);
    const loosened = page.getByRole("alert").filter({ hasText: "Melonggarkan" });
    expect(await wordsOf(loosened)).toContain(`Alasan: ${WHY}`);
    await page.getByRole("button", { name: "Ajukan" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Ajukan" }).click();
    await page.getByText("Anda penyusunnya: orang lain yang memutuskan.").waitFor();
    expect(await page.getByRole("radio").count()).toBe(0);
    expect(await violations(page)).toEqual([]);
  });

  test("is not for a stranger to decide about, who is told whose it is", async () => {
    const page = await visit(review(2), "steward.bps");
    await page.getByText("Instansi Anda tidak ditunggu keputusannya").waitFor();
    expect(await page.getByText(/Kementerian Sosial: Penata data/).count()).toBe(1);
  });

  test("is signed in the browser by each controller and the officer, over the text the page shows", async () => {
    for (const id of ["steward.dukcapil", "steward.kemensos", "dpo.bpjs_kesehatan"])
      await decide(await visit("/console", id), id, 2);
    const page = await visit(`${review(2)}?part=approvals`, CONSUMER);
    await page.getByText("Disetujui, belum berlaku").first().waitFor();
    expect(await page.getByText("Perbedaan, Simulasi").count()).toBe(3);
    expect(await deciles()).toBe("DENIED");
  });

  test("replaces the one in force once a person says so, and not before", async () => {
    const page = await visit(review(2), CONSUMER);
    await page.getByRole("button", { name: "Gantikan versi 1" }).click();
    await page.getByText("Versi 1 berakhir seketika").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Gantikan versi 1" }).click();
    await page.getByText("Berlaku", { exact: true }).first().waitFor();
    await expect.poll(deciles, { timeout: 10_000 }).toBe("SHOWN");
  });

  test("is rolled back by a new version with the old content, whose diff says what is lost", async () => {
    const page = await visit(review(1), CONSUMER);
    await page.getByRole("link", { name: "Kembalikan isi ini sebagai versi baru" }).click();
    await page.getByRole("button", { name: "Simpan rancangan" }).click();
    await isLanded(page, 3);
    await page.getByText("Lebih ketat").first().waitFor();
    // it holds for longer than the version it takes the place of, and opens nothing more
    expect(await wordsOf(page.getByRole("alert").filter({ hasText: "Melonggarkan" }))).not.toContain("deciles");
  });
});

test.runIf(hasBrowser)(
  "a class opened further than before needs a reason, which whoever approves reads",
  { timeout: 120_000 },
  async () => {
    const [agreement, steward] = ["PKS-2025-003", "steward.kemendikdasmen"];
    const { by, grantsOf } = stewardsOf(hub);
    const wider = { selector: "GENERAL", use: "FILTER", effect: "ALLOW", clause: "Adendum 2 Ps. 1" };
    const grants = [wider, ...(await grantsOf({ agreement, version: 1 }))];
    const draft = { agreement, basedOn: 1, validFrom: inDays(0), validTo: inDays(90), grants };
    expect(await by(steward).draft(draft)).toMatchObject({ number: 2 });
    const page = await visit(`/console/access/drafts/${agreement}?version=2`, steward);
    const save = page.getByRole("button", { name: "Simpan rancangan" });
    await page.getByText("1 pelonggaran belum beralasan tertulis").waitFor();
    expect(await save.isDisabled()).toBe(true);
    await page.getByRole("button", { name: "Ubah: GENERAL" }).click();
    await page.getByLabel("Alasan pelonggaran").fill("Penyaringan calon penerima per sekolah");
    await save.click();
    await page.waitForURL(`**/console/access/decisions/${agreement}/2`);
    const loosened = page.getByRole("alert").filter({ hasText: "Melonggarkan" });
    await loosened.getByText("Kelas Data pribadi umum.").waitFor();
    expect(await wordsOf(loosened)).toContain("Alasan: Penyaringan calon penerima per sekolah");
    expect(await wordsOf(loosened)).not.toContain("Tanpa alasan tertulis");
  },
);
