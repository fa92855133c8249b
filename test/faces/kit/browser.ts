import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { hasBrowser as isThere, openBrowser, settled } from "../../../cli/operations/faces/visit.ts";
import type { Hub } from "../../kit/hub.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Is there a browser? Without one the tests of the faces are skipped (`describe.runIf(hasBrowser)`), unless HUB_CHROMIUM_REQUIRED says that it must be there. */
export const hasBrowser = isThere();
if (!hasBrowser && process.env["HUB_CHROMIUM_REQUIRED"]) throw new Error("there is no Chromium; HUB_CHROMIUM names it");

export interface Visit {
  readonly page: Page;
  /** Requests to any host but the hub's and its issuer's; MUST stay empty. */
  readonly strangers: string[];
  /** What the page complained of: errors of scripts, violations of its Content-Security-Policy. */
  readonly complaints: string[];
}

interface Opened extends Visit {
  /** Of browsers that may be used again, how they are alike; null: of a citizen, whose pages are small, and public ones a browser may keep. */
  readonly kind: string | null;
}

interface Visiting extends BrowserContextOptions {
  /** Who signs in: a steward, an officer, an analyst, or `person:<id>` at the citizens' pages. Undefined: nobody. */
  readonly as?: string | undefined;
  readonly language?: "id" | "en";
}

interface Look extends Pick<Visiting, "as"> {
  readonly language: "id" | "en";
  readonly colorScheme: (typeof SCHEMES)[number];
  readonly viewport: (typeof SIZES)[number];
}

export interface Visitor {
  /** Opens a page of the hub in a browser of its own, signed in; empty, but for the console's scripts where it is one that was used before. */
  visit(path: string, visiting?: Visiting): Promise<Visit>;
  /** Opens a page in the browser of the person's last look, signed in since. */
  look(path: string, look: Look): Promise<Visit>;
}

/** One browser for the tests of a file; what is open is closed after each test. Every page visited must be silent and ask no other host. */
export function useBrowser(hub: Pick<Hub, "gatewayUrl">): Visitor {
  let browser: Browser | undefined;
  const visits: Opened[] = [];
  const standing = new Map<string | undefined, Visit>();
  const emptied = new Map<string, BrowserContext[]>();
  beforeAll(async () => {
    if (hasBrowser) browser = await openBrowser();
  });
  afterEach(async () => {
    const gone = visits.splice(0);
    await Promise.all(
      gone.map(async ({ page, kind }) => {
        const context = page.context();
        if (kind === null || page.isClosed()) return context.close();
        await empty(page, hub.gatewayUrl);
        emptied.set(kind, [...(emptied.get(kind) ?? []), context]);
      }),
    );
    for (const { strangers, complaints } of [...gone, ...standing.values()])
      expect({ strangers: strangers.splice(0), complaints: complaints.splice(0) }).toEqual({ strangers: [], complaints: [] });
  });
  afterAll(() => browser?.close());
  const open = async (path: string, { as, language = "id", ...options }: Visiting): Promise<Opened> => {
    const shape = { locale: language === "id" ? "id-ID" : "en-US", ...options };
    const kind = as === undefined || isCitizen(as) ? null : JSON.stringify(shape);
    const context = emptied.get(kind ?? "")?.pop() ?? (await (browser as Browser).newContext(shape));
    context.setDefaultTimeout(90_000); // a machine that stalls makes a page late, not wrong
    await context.addCookies([{ name: "hub_lang", value: language, url: hub.gatewayUrl }]);
    if (as !== undefined) await signIn(context, hub.gatewayUrl, as);
    const page = await context.newPage();
    const visit = { page, kind, strangers: [], complaints: [] };
    watch(visit, hub.gatewayUrl);
    await page.goto(`${hub.gatewayUrl}${path}`);
    if (as !== undefined) await settled(page);
    return visit;
  };
  return {
    async visit(path, visiting = {}) {
      const visit = await open(path, visiting);
      visits.push(visit);
      return visit;
    },
    async look(path, { as, language, colorScheme, viewport }) {
      const visit = standing.get(as) ?? (await open("/bantuan", { as }));
      standing.set(as, visit);
      const { page } = visit;
      await page.context().addCookies([{ name: "hub_lang", value: language, url: hub.gatewayUrl }]);
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      await page.goto(`${hub.gatewayUrl}${path}`);
      return visit;
    },
  };
}

const isCitizen = (who: string): boolean => who.startsWith("person:");

/** Signs in on the embedded issuer's own page, without a look at it: keyboard.test.ts does that as a person does. */
async function signIn({ request }: BrowserContext, hub: string, who: string): Promise<void> {
  const login = await request.get(`${hub}/sign-in?face=${isCitizen(who) ? "warga" : "console"}`);
  const answered = await request.post(login.url(), { form: { id: who } });
  if (answered.status() !== 200) throw new Error(`nobody can sign in as ${who}`);
}

/** Nothing of whoever was there before is left but files of pages. */
async function empty(page: Page, origin: string): Promise<void> {
  const context = page.context();
  const browser = await context.newCDPSession(page);
  await browser.send("Storage.clearDataForOrigin", {
    origin,
    storageTypes: "local_storage,indexeddb,cache_storage,service_workers",
  });
  await Promise.all(context.pages().map((one) => one.close()));
  await Promise.all([context.clearCookies(), context.clearPermissions()]);
}

function watch({ page, strangers, complaints }: Visit, origin: string): void {
  const { hostname } = new URL(origin);
  page.on("request", (request) => {
    const { hostname: asked, protocol } = new URL(request.url());
    if (protocol.startsWith("http") && asked !== hostname) strangers.push(request.url());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (/Content.Security.Policy/i.test(message.text())) complaints.push(message.text());
  });
}

export interface Violation {
  readonly rule: string;
  readonly where: readonly string[];
}

/** What breaks WCAG 2.2 A/AA on the page as it stands, as far as a program can tell. */
export async function violations(page: Page): Promise<Violation[]> {
  if (!(await page.evaluate("'axe' in globalThis"))) await page.evaluate(AXE);
  const { violations: found } = await page.evaluate(
    // every rule runs; only of what breaks one is it worked out where it stands
    (values) =>
      (globalThis as any).axe.run((globalThis as any).document, {
        ...{ runOnly: { type: "tag", values }, resultTypes: ["violations"] },
      }),
    LEVELS,
  );
  return found.map(({ id, nodes }: any) => ({ rule: id, where: nodes.slice(0, 5).map(({ target }: any) => target.join(" ")) }));
}

export const SCHEMES = ["light", "dark"] as const;
export const SIZES = [
  { width: 1280, height: 900 },
  { width: 320, height: 640 },
] as const;
