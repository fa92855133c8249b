import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { useHub } from "../../kit/hub.ts";
import { inDialog, press } from "../kit/actKit.ts";
import { hasBrowser, useBrowser, violations } from "../kit/browser.ts";

const hub = useHub();
const browser = useBrowser(hub);
const PATH = "/console/audit/sanctions";
const OPERATOR = "operator.hub";
const POLL = { timeout: 20_000 };
/** What the partner is told when it asks: null, or why not. */
const refusal = async (): Promise<string | null> => {
  const { errors } = await hub.as("kemendikdasmen").ask("{ me { client } }");
  return errors[0]?.extensions["code"] ?? null;
};
async function visit(as: string, language: "id" | "en" = "id"): Promise<Page> {
  const { page } = await browser.visit(PATH, { as, language });
  page.setDefaultTimeout(40_000); // a step that hangs names itself
  return page;
}

describe.runIf(hasBrowser)("a sanction", { timeout: 120_000 }, () => {
  test("is imposed by an operator of the hub alone: others read who does it", async () => {
    const page = await visit("dpo.kemendikdasmen");
    await page.getByText("Belum pernah ada sanksi.").waitFor();
    expect(await page.getByRole("button", { name: "Jatuhkan sanksi" }).isDisabled()).toBe(true);
    await page.getByText(/dengan peran OPERATOR/).waitFor();
  });

  test("that warns shuts nobody out", async () => {
    const page = await visit(OPERATOR);
    await press(page, "Jatuhkan sanksi");
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Instansi").selectOption("KEMENDIKDASMEN");
    await dialog.getByLabel("Nomor keputusan").fill("KEP-11/2026");
    await dialog.getByLabel("Alasan, untuk umum").fill("Laporan kebocoran terlambat dua hari");
    await dialog.getByText("Peringatan tertulis diumumkan; akses tetap terbuka.").waitFor();
    await inDialog(page, "Jatuhkan sanksi");
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("cell", { name: "KEP-11/2026" }).waitFor();
    expect(await refusal()).toBe(null);
  });

  test("that suspends shuts the agency out from its next question on", async () => {
    const page = await visit(OPERATOR);
    await press(page, "Jatuhkan sanksi");
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Instansi").selectOption("KEMENDIKDASMEN");
    await dialog.getByLabel("Jenis").selectOption("SUSPENSION");
    await dialog.getByLabel("Nomor keputusan").fill("KEP-12/2026");
    await dialog.getByLabel("Alasan, untuk umum").fill("Data dipakai di luar tujuan");
    await inDialog(page, "Jatuhkan sanksi");
    await dialog.waitFor({ state: "detached" });
    await page
      .getByRole("row", { name: /KEP-12\/2026/ })
      .getByText("Sampai dicabut")
      .waitFor();
    await expect.poll(refusal, POLL).toBe("AGREEMENT_SUSPENDED");
    expect(await violations(page)).toEqual([]);
  });

  test("is public: everybody reads decision and reason, in their language", async () => {
    const page = await visit("auditor.bpk", "en");
    const row = page.getByRole("row", { name: /KEP-12\/2026/ });
    await row.getByText("Data dipakai di luar tujuan").waitFor();
    expect(await row.getByRole("button").isDisabled()).toBe(true);
  });

  test("is lifted with a reason that is public too, and the agency is let in again", async () => {
    const page = await visit(OPERATOR);
    const row = page.getByRole("row", { name: /KEP-12\/2026/ });
    await row.getByRole("button", { name: "Cabut sanksi" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Alasan, untuk umum").fill("Perbaikan telah diperiksa");
    await inDialog(page, "Cabut sanksi");
    await dialog.waitFor({ state: "detached" });
    await row.getByText(/^Dicabut .*: Perbaikan telah diperiksa/).waitFor();
    await expect.poll(refusal, POLL).toBe(null);
  });
});
