import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";

/** Chromium of the distribution, or the one that HUB_CHROMIUM names. */
const CHROMIUM = process.env["HUB_CHROMIUM"] ?? "/usr/bin/chromium";
const QUIET = ["--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

export const hasBrowser = (): boolean => existsSync(CHROMIUM);

/** Throws where there is no Chromium. It asks nobody for anything of itself. */
export function openBrowser(): Promise<Browser> {
  if (!hasBrowser()) throw new Error(`no Chromium at ${CHROMIUM}: install it, or name it in HUB_CHROMIUM`);
  return chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu", "--no-first-run", ...QUIET] });
}

/**
 * Signs in on the embedded issuer's own page, as a person does, and stands at `path` then. `who`: id of a steward, an officer or an analyst, or
 * `person:<id>` at the citizens' pages.
 */
export async function signIn(
  page: Page,
  { hub, path, who }: { readonly hub: string; readonly path: string; readonly who: string },
): Promise<void> {
  const face = who.startsWith("person:") ? "warga" : "console";
  await page.goto(`${hub}/sign-in?face=${face}&to=${encodeURIComponent(path)}`);
  await page.locator("#id").fill(who);
  await page.locator("#id").press("Enter");
  await page.waitForURL(`${hub}/**`);
  await settled(page);
}

/**
 * Until a page says what it has to say: its heading stands, and nothing in it is still being loaded, twice in a row. Not the network's silence, which
 * a busy machine may never hear.
 */
export async function settled(page: Page): Promise<void> {
  await page.waitForLoadState();
  await page.locator("h1").first().waitFor();
  for (let quiet = 0; quiet < 2; await page.waitForTimeout(50))
    quiet = (await page.locator("[aria-busy=true], [data-loading]").count()) === 0 ? quiet + 1 : 0;
}
