import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { useHub } from "../../kit/hub.ts";
import { release } from "../../subgraphs/statistics/intake/cellKit.ts";
import { act } from "../kit/actKit.ts";
import { hasBrowser, useBrowser, violations } from "../kit/browser.ts";

// What partners hold beside the right to ask: a key for a spreadsheet, and a webhook that whoever controls the events must approve.

const hub = useHub();
const browser = useBrowser(hub);
const PARTNER = "steward.dinsos_banyuwangi";
const CLIENT = "dinsos-banyuwangi";
const AGREEMENT = "PKS-2025-004";

async function visit(path: string, as: string): Promise<Page> {
  const { page } = await browser.visit(path, { as });
  page.setDefaultTimeout(40_000); // a step that hangs names itself
  return page;
}

describe.runIf(hasBrowser)("a key of figures", { timeout: 120_000 }, () => {
  const LABEL = "Lembar kerja bidang perencanaan";
  let token = "";
  const polled = async () =>
    (await fetch(`${hub.gatewayUrl}/v1/export/BUDGET?format=json`, { headers: { authorization: `Bearer ${token}` } })).status;

  beforeAll(() => release(hub.urls.statistics.owner, "BUDGET", { "2026-10": [["0", ["PKH", "*"], 40, 60, 1_000_000]] }));

  test("is opened by the partner's steward, and shows its secret this once", async () => {
    const page = await visit("/console/access/partners/feed-keys", PARTNER);
    const open = page.getByRole("button", { name: "Buka kunci" });
    expect(await open.isDisabled()).toBe(true); // nothing is filled in yet
    await page.getByLabel("Perjanjian", { exact: true }).selectOption(AGREEMENT);
    await page.getByLabel("Klien").fill(CLIENT);
    await page.getByLabel("Dipegang oleh").fill(LABEL);
    await page.getByLabel("Kubus").fill("BUDGET");
    await act(page, "Buka kunci");
    const secret = page.getByRole("status").filter({ hasText: "Simpan sekarang" });
    token = (await secret.getByText(/^hubfk_/).textContent()) ?? "";
    expect(await polled()).toBe(200);
    expect(await violations(page)).toEqual([]);
    await page.reload();
    await page.getByRole("cell", { name: LABEL }).waitFor();
    expect(await page.getByText(/^hubfk_/).count()).toBe(0);
  });

  test("is seen by no other agency", async () => {
    const page = await visit("/console/access/partners/feed-keys", "steward.bpjs_kesehatan");
    await page.getByText("Instansi Anda belum memiliki kunci angka.").waitFor();
    expect(await page.getByText(LABEL).count()).toBe(0);
  });

  test("opens nothing once it is closed", async () => {
    const page = await visit("/console/access/partners/feed-keys", PARTNER);
    await act(page, "Tutup kunci");
    await page.getByRole("cell", { name: /^Ditutup/ }).waitFor();
    expect(await page.getByRole("button", { name: "Tutup kunci" }).count()).toBe(0);
    await expect.poll(polled, { timeout: 10_000 }).toBe(401);
  });
});

describe.runIf(hasBrowser)("a subscription to events", { timeout: 120_000 }, () => {
  const URL = "https://banyuwangi.example/kait";
  const EVENTS = "/console/access/partners/events";
  const card = (page: Page) => page.getByRole("article", { name: URL });
  const becomes = (page: Page, state: string) => card(page).getByText(state, { exact: true }).waitFor();

  test("is asked for by the partner, in the format of their standard, who cannot approve it", async () => {
    const page = await visit(EVENTS, PARTNER);
    await page.getByLabel("Perjanjian", { exact: true }).selectOption(AGREEMENT);
    await page.getByLabel("Klien").fill(CLIENT);
    await page.getByLabel("Alamat").fill(URL);
    await page.getByLabel("Program").fill("PKH");
    await page.getByRole("radio", { name: "DCI" }).check();
    await act(page, "Berlangganan");
    await becomes(page, "Diminta");
    await card(page).getByText("jawaban berisi data pribadi yang diberikan kemudian").waitFor();
    expect(await card(page).getByRole("button", { name: "Setujui" }).isDisabled()).toBe(true);
    await card(page)
      .getByText(/Hanya pengelola data .*KEMENSOS/)
      .waitFor();
    expect(await violations(page)).toEqual([]);
  });

  test("is approved by who controls the events, and paused by them with a reason", async () => {
    const page = await visit(EVENTS, "steward.kemensos");
    await act(page, "Setujui");
    await becomes(page, "Aktif");
    await act(page, "Jeda", { Alasan: "Sertifikat penerima kedaluwarsa" });
    await becomes(page, "Dijeda");
    await card(page).getByText("Sertifikat penerima kedaluwarsa").waitFor();
  });

  test("paused by who controls the events is not resumed by the partner, who is told so and loses nothing", async () => {
    const page = await visit(EVENTS, PARTNER);
    await page.getByRole("button", { name: "Lanjutkan" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Lanjutkan" }).click();
    await dialog.getByRole("alert").waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await becomes(page, "Dijeda");
  });

  test("is resumed by who paused it, and ended for good by the partner", async () => {
    const owner = await visit(EVENTS, "steward.kemensos");
    await act(owner, "Lanjutkan");
    await becomes(owner, "Aktif");
    const page = await visit(EVENTS, PARTNER);
    await act(page, "Cabut", { Alasan: "Layanan penerima dihentikan" });
    await becomes(page, "Dicabut");
    expect(await card(page).getByRole("button").count()).toBe(0);
  });
});
