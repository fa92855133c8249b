import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { useHub } from "../../kit/hub.ts";
import { hasBrowser, useBrowser } from "../kit/browser.ts";

const hub = useHub();
const browser = useBrowser(hub);
const OWNER = "steward.dukcapil";
const AGREEMENT = "/console/access/agreements/PKS-2025-002";
/** What the agreement's partner is told when it asks: null, or why not. */
const refusal = async (): Promise<string | null> => {
  const { errors } = await hub.as("bpjs-kesehatan").ask("{ me { client } }");
  return errors[0]?.extensions["code"] ?? null;
};

async function visit(path: string, as: string): Promise<Page> {
  const { page } = await browser.visit(path, { as });
  page.setDefaultTimeout(20_000); // a step that hangs names itself
  return page;
}

describe.runIf(hasBrowser)("a data steward", () => {
  test("sees at the first glance what waits, and how much of today's quota is used", async () => {
    const page = await visit("/console/access", "steward.bpjs_kesehatan");
    await page.getByRole("heading", { name: "Menunggu keputusan (0)" }).waitFor();
    await page
      .getByRole("row", { name: /PKS-2025-002/ })
      .getByText("dari 10.000 orang")
      .waitFor();
  });

  test("finds an agreement, and reads in sentences what it opens", async () => {
    const page = await visit("/console/access/agreements", OWNER);
    await page.getByRole("searchbox").fill("pbi-jk");
    await page.getByText("1 dari").waitFor();
    expect(new URL(page.url()).search).toBe("?q=pbi-jk");
    await page.getByRole("link", { name: /PKS-2025-002/ }).click();
    await page.getByRole("heading", { name: "Yang dilihat" }).waitFor();
    await page
      .getByText(/BPJS Kesehatan/)
      .first()
      .waitFor();
  });

  test("suspends an agreement at once with a reason; one who stopped it cannot let it go on alone", async () => {
    const page = await visit(AGREEMENT, OWNER);
    await page.getByRole("button", { name: "Tangguhkan sekarang" }).click();
    const dialog = page.getByRole("dialog");
    const sure = dialog.getByRole("button", { name: "Tangguhkan sekarang" }).last();
    expect(await sure.isDisabled()).toBe(true);
    await dialog.getByLabel("Catatan").fill("Ada kejanggalan pemakaian");
    await sure.click();
    await page.getByText("Ditangguhkan: Dihentikan pengendali data").waitFor();
    expect(await refusal()).toBe("AGREEMENT_SUSPENDED");
    await page.getByRole("button", { name: "Minta dilanjutkan" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Minta dilanjutkan" }).last().click();
    await page.getByText("Harus orang kedua, bukan yang meminta.").waitFor();
    expect(await page.getByRole("button", { name: "Lanjutkan", exact: true }).isDisabled()).toBe(true);
  });

  test("of an owner, the second one, lets it go on", async () => {
    const page = await visit(AGREEMENT, "steward2.dukcapil");
    await page.getByRole("button", { name: "Lanjutkan", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Lanjutkan", exact: true }).last().click();
    await page.getByRole("button", { name: "Tangguhkan sekarang" }).waitFor();
    expect(await refusal()).toBe(null);
  });

  test("reads why a button is closed to them", async () => {
    const page = await visit(AGREEMENT, "auditor.bpk");
    await page.getByRole("button", { name: "Tangguhkan sekarang" }).waitFor();
    expect(await page.getByRole("button", { name: "Tangguhkan sekarang" }).isDisabled()).toBe(true);
    await page
      .getByText(/dengan peran STEWARD atau DPO/)
      .first()
      .waitFor();
  });

  test("opens the file of an agreement, and loses nothing that was typed to a reload", async () => {
    const page = await visit("/console/access/agreements/new", "steward.bpjs_kesehatan");
    await page.getByLabel("Nomor PKS").fill("PKS-2026-901");
    await page.getByLabel("Judul").fill("Uji coba konsol");
    await page.reload();
    expect(await page.getByLabel("Nomor PKS").inputValue()).toBe("PKS-2026-901");
    await page.getByLabel("Nomor DPIA").fill("DPIA-2026-9");
    await page.getByRole("button", { name: "Buka berkas" }).click();
    await page.waitForURL(/drafts\/PKS-2026-901/);
    await page.goto(`${hub.gatewayUrl}/console/access/agreements?q=PKS-2026-901`);
    await page.getByRole("link", { name: /PKS-2026-901/ }).waitFor();
  });
});
