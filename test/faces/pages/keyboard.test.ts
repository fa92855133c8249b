import type { Locator, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { useHub } from "../../kit/hub.ts";
import { hasBrowser, useBrowser } from "../kit/browser.ts";

// A day's work without a mouse: nothing below clicks, fills or opens an address after the first page. What has the focus must be seen to have it.

const hub = useHub();
const browser = useBrowser(hub);
const STEWARD = "steward.bpjs_kesehatan";
/** More stops than any page of this journey has. */
const MOST_STOPS = 150;
/** However busy the machine is. */
const POLL = { timeout: 20_000 };

/** Has one of these the focus? */
const isAt = (wanted: Locator): Promise<boolean> =>
  wanted.evaluateAll((all) => all.includes((globalThis as any).document.activeElement));

/** What has the focus, as it looks: its outline, and whether it lies in sight with nothing over it. */
const looks = (page: Page) =>
  page.evaluate(() => {
    const { document, getComputedStyle, innerHeight, innerWidth } = globalThis as any;
    const element = document.activeElement;
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    const label = element.labels?.[0]; // some are drawn by their label
    const box = element.getBoundingClientRect();
    const [x, y] = [box.left + Math.min(box.width, innerWidth) / 2, box.top + Math.min(box.height, 40) / 2];
    const there = document.elementFromPoint(x, y);
    return {
      isOutlined: outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2,
      isInSight: x >= 0 && y >= 0 && x <= innerWidth && y <= innerHeight,
      isUncovered: element.contains(there) || there?.contains(element) || label?.contains(there) || false,
    };
  });
const SEEN = { isOutlined: true, isInSight: true, isUncovered: true };

/** Goes from stop to stop until the wanted one has the focus, and sees that it has. */
async function tabTo(wanted: Locator, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  await wanted.first().waitFor();
  const page = wanted.page();
  for (let stop = 0; stop < MOST_STOPS && !(await isAt(wanted)); stop++) await page.keyboard.press(key);
  expect(await isAt(wanted), String(wanted)).toBe(true);
  await expect.poll(() => looks(page), { ...POLL, message: String(wanted) }).toEqual(SEEN);
}
/** Follows or presses what is reached by name. */
async function follow(wanted: Locator): Promise<void> {
  await tabTo(wanted);
  await wanted.page().keyboard.press("Enter");
}
/** The focus is somewhere in the page's content: it was not thrown back to the start. */
const keeps = (page: Page) => expect.poll(() => isAt(page.locator("main, main *")), POLL).toBe(true);

async function signIn(page: Page): Promise<void> {
  await follow(page.getByRole("link", { name: "Masuk", exact: true }));
  await tabTo(page.getByLabel("ID pengelola"));
  await page.keyboard.type(STEWARD);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: /^Selamat datang/ }).waitFor();
}

/** From the start page over the inbox to the agreement. */
async function toAgreement(page: Page): Promise<void> {
  const main = page.getByRole("main");
  await page.keyboard.press("Tab");
  expect(await isAt(page.getByRole("link", { name: "Langsung ke isi" }))).toBe(true); // the first stop
  await page.keyboard.press("Enter");
  await expect.poll(() => isAt(main), POLL).toBe(true);
  await follow(main.getByRole("link", { name: /^Tata kelola akses/ }));
  await main.getByRole("heading", { name: "Menunggu keputusan (0)" }).waitFor();
  await keeps(page);
  await follow(main.getByRole("table").getByRole("link", { name: /^PKS-2025-002/ }));
  await main.getByRole("heading", { level: 1, name: /^PKS-2025-002/ }).waitFor();
  await keeps(page);
}

/** Opens the dialog, finds no way out of it but its own, and is given back what opened it. */
async function looksIn(page: Page, opener: Locator): Promise<void> {
  const inside = page.getByRole("dialog").locator("*");
  await follow(opener);
  await expect.poll(() => isAt(inside), POLL).toBe(true);
  for (let stop = 0; stop < 12; stop++) {
    await page.keyboard.press(stop < 8 ? "Tab" : "Shift+Tab");
    expect(await isAt(inside), `stop ${stop}`).toBe(true);
  }
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await expect.poll(() => isAt(opener), POLL).toBe(true);
}

async function suspends(page: Page): Promise<void> {
  const opener = page.getByRole("main").getByRole("button", { name: "Tangguhkan sekarang" });
  await looksIn(page, opener);
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await tabTo(dialog.getByLabel("Catatan"));
  await page.keyboard.type("Kunci klien bocor di repositori umum");
  await follow(dialog.getByRole("button", { name: "Tangguhkan sekarang" }));
  await dialog.waitFor({ state: "detached" });
}

describe.runIf(hasBrowser)("a steward without a mouse", { timeout: 180_000 }, () => {
  test("signs in, finds an agreement from the inbox, stops it, reads what became of it, and signs out", async () => {
    const { page } = await browser.visit("/console/");
    page.setDefaultTimeout(40_000); // a step that hangs names itself
    await signIn(page);
    await toAgreement(page);
    await suspends(page);
    await page.getByRole("alert").getByText("Ditangguhkan: Insiden").waitFor(); // read aloud as it appears
    await keeps(page);
    await expect
      .poll(async () => (await hub.as("bpjs-kesehatan").ask("{ me { client } }")).errors[0]?.extensions["code"], POLL)
      .toBe("AGREEMENT_SUSPENDED");

    await tabTo(page.getByRole("tab", { name: "Isi", exact: true }));
    for (const _ of ["versions", "duties", "history"]) await page.keyboard.press("ArrowRight");
    expect(await isAt(page.getByRole("tab", { name: "Riwayat" }))).toBe(true);
    await page.getByRole("tabpanel").getByText("Kunci klien bocor di repositori umum").waitFor();

    await follow(page.getByRole("banner").getByRole("button", { name: /BPJS_KESEHATAN/ }));
    await follow(page.getByRole("button", { name: "Keluar" }));
    await page.getByRole("link", { name: "Masuk", exact: true }).waitFor();
    expect((await page.context().cookies()).filter(({ name }) => name.includes("hub_console"))).toEqual([]);
  });
});
