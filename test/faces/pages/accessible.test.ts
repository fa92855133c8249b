import { describe, expect, test } from "vitest";
import { type FacePage, PAGES } from "../../../cli/operations/faces/pages.ts";
import { settled } from "../../../cli/operations/faces/visit.ts";
import { useHub } from "../../kit/hub.ts";
import { siti } from "../../kit/people.ts";
import { hasBrowser, SCHEMES, SIZES, useBrowser, violations } from "../kit/browser.ts";

const hub = useHub();
const browser = useBrowser(hub);
const CITIZEN = `person:${siti.id}`;

interface Look {
  readonly language: "id" | "en";
  readonly colorScheme: "light" | "dark";
  readonly viewport: (typeof SIZES)[number];
}
const LANGUAGES = ["id", "en"] as const;
const EVERY = LANGUAGES.flatMap((language) =>
  SCHEMES.flatMap((colorScheme) => SIZES.map((viewport): Look => ({ language, colorScheme, viewport }))),
);
/** Each page one way, the next page the next; HUB_FACES=all: each page every way. */
const looksAt = (at: number): readonly Look[] =>
  process.env["HUB_FACES"] === "all" ? EVERY : [EVERY[(3 * at) % EVERY.length] as Look];
const LOOKS = PAGES.flatMap((page, at) =>
  looksAt(at).map((look): readonly [string, FacePage, Look] => [
    `${page.name} (${look.language}, ${look.colorScheme}, ${look.viewport.width} px)`,
    page,
    look,
  ]),
);

describe.runIf(hasBrowser)("every page of every face", () => {
  test("is among those looked at", () => {
    expect(PAGES.length).toBeGreaterThan(50);
    expect(new Set(PAGES.map(({ name }) => name)).size).toBe(PAGES.length);
  });

  test.each(LOOKS)(
    "keeps WCAG 2.2 A and AA, and needs no second scroll bar: %s",
    { timeout: 60_000 },
    async (_, { path, as }, look) => {
      const { page } = await browser.look(path, { as: as === "CITIZEN" ? CITIZEN : as, ...look });
      await settled(page);
      expect(await page.evaluate("performance.getEntriesByType('navigation')[0].responseStatus")).toBe(200);
      expect((await page.getByRole("alert").allInnerTexts()).filter((text) => text !== "")).toEqual([]);
      expect(await page.title()).not.toBe("");
      expect(await page.locator("html").getAttribute("lang")).toBe(look.language);
      expect(await page.locator("h1").count()).toBe(1);
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")).toBe(0);
    },
  );
});
