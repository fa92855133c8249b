import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Browser } from "playwright-core";
import { type FacePage, PAGES } from "./pages.ts";
import { hasBrowser, openBrowser, settled, signIn } from "./visit.ts";

export const help = `
Usage: npx hub screenshots [--hub http://127.0.0.1:4000] [--to docs/images] [--only NAME] [--language id|en] [--width 1280] [--dark]

A picture of every page of a hub that runs on this machine (npm start), for the README and the docs. Takes Chromium (HUB_CHROMIUM names it).
`;

const OPTIONS = {
  hub: { type: "string", default: "http://127.0.0.1:4000" },
  to: { type: "string", default: "docs/images" },
  only: { type: "string", default: "" },
  language: { type: "string", default: "id" },
  width: { type: "string", default: "1280" },
  dark: { type: "boolean", default: false },
} as const;

interface Asked {
  readonly hub: string;
  readonly to: string;
  readonly language: string;
  readonly width: string;
  readonly dark: boolean;
}

/** Exit codes: 0 every picture was taken, 1 there is no browser, or a page could not be opened, 2 wrong usage. */
export async function screenshots(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...argv], options: OPTIONS });
  const pages = PAGES.filter(({ name }) => name.includes(values.only));
  if (pages.length === 0) return complain(2, `no page is called ${values.only}`);
  if (!hasBrowser()) return complain(1, "there is no Chromium here; HUB_CHROMIUM names one");
  mkdirSync(values.to, { recursive: true });
  const browser = await openBrowser();
  try {
    const citizen = await someCitizen(browser, values.hub);
    for (const page of pages) {
      await picture(browser, page, { ...values, citizen });
      process.stdout.write(`${join(values.to, `${page.name}.png`)}\n`);
    }
  } finally {
    await browser.close();
  }
  return 0;
}

async function picture(
  browser: Browser,
  { name, path, as }: FacePage,
  asked: Asked & { readonly citizen: string },
): Promise<void> {
  const { hub, to, language, width, dark, citizen } = asked;
  const viewport = { width: Number(width), height: 900 };
  const context = await browser.newContext({ viewport, colorScheme: dark ? "dark" : "light" });
  await context.addCookies([{ name: "hub_lang", value: language, url: hub }]);
  const page = await context.newPage();
  if (as === undefined) await page.goto(`${hub}${path}`);
  else await signIn(page, { hub, path, who: as === "CITIZEN" ? citizen : as });
  await settled(page);
  await page.screenshot({ path: join(to, `${name}.png`), fullPage: true });
  await context.close();
}

/** The first of the citizens that the embedded issuer offers on its page. */
async function someCitizen(browser: Browser, hub: string): Promise<string> {
  const page = await browser.newPage();
  await page.goto(`${hub}/sign-in?face=warga&to=/warga`);
  const id = await page.locator("button[name=id]").first().getAttribute("value");
  await page.close();
  return id ?? "";
}

function complain(code: number, text: string): number {
  process.stderr.write(`hub screenshots: ${text}\n`);
  return code;
}
