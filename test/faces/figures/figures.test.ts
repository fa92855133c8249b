import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { cubeOf, TOTAL } from "../../../schema/statistics/cubes.ts";
import { useHub } from "../../kit/hub.ts";
import { release, type Written } from "../../subgraphs/statistics/intake/cellKit.ts";
import { hasBrowser, SCHEMES, SIZES, useBrowser, violations } from "../kit/browser.ts";

const hub = useHub();
const browser = useBrowser(hub);
const ANALYST = "analis.bappenas";
const MONTHS = ["2026-08", "2026-09", "2026-10"] as const;
const REGIONS = ["0", "11", "35", "36", "3509", "3510", "351016"];
const codes = (cube: string, dimension: string) => cubeOf(cube)?.dimensions.find(({ name }) => name === dimension)?.codes ?? [];

/** Rising from region to region and month to month; Aceh is withheld. */
const everywhere = (key: readonly string[], { month = 0, of = 100, total = null as number | null } = {}): Written[] =>
  REGIONS.map((region, at) =>
    region === "11" ? [region, key, null, null, null] : [region, key, of + 5 * (at + month), of + 5 * (at + month), total],
  );
const covered = [TOTAL, ...codes("COVERAGE", "decile")].flatMap((decile) =>
  codes("COVERAGE", "standing").flatMap((standing, at) => everywhere(["PKH", decile, standing], { of: 200 - 50 * at })),
);

beforeAll(async () => {
  const { owner } = hub.urls.statistics;
  await release(owner, "COVERAGE", { "2026-10": covered });
  await release(owner, "OVERLAP", {
    "2026-10": [TOTAL, ...codes("OVERLAP", "combination")].flatMap((set, at) =>
      everywhere([set], { of: set === TOTAL ? 900 : 20 + 5 * at }),
    ),
  });
  const monthly = (made: (month: number) => Written[]) => Object.fromEntries(MONTHS.map((month, at) => [month, made(at)]));
  await release(
    owner,
    "MATCH_QUALITY",
    monthly((month) => [...everywhere(["MATCHED"], { month, of: 90 }), ...everywhere([TOTAL], { of: 200 })]),
  );
  await release(
    owner,
    "BUDGET",
    monthly((month) =>
      [TOTAL, "PAID", "OPEN", "LOST"].flatMap((code) => everywhere(["PKH", code], { month, total: 45_000_000 * (month + 1) })),
    ),
  );
  await release(owner, "QUOTA", { "2026-10": everywhere(["PKH"], { of: 100 }) });
  await release(owner, "BENEFICIARIES", { "2026-10": everywhere(["PKH"], { of: 120 }) });
  await release(owner, "WAITING_LIST", { "2026-10": everywhere(["PKH"], { of: 10 }) });
});

const visit = (path: string, as = ANALYST) => browser.visit(`/console/figures${path}`, { as });

describe.runIf(hasBrowser)("a planner", () => {
  test("goes from the country to a regency, and whoever has the address sees the same", async () => {
    const { page } = await visit("/coverage");
    await page.getByRole("link", { name: "Jawa Timur" }).click();
    await page.getByRole("link", { name: "Kabupaten Banyuwangi" }).click();
    await page.waitForURL(/region=3510/);
    await page.getByRole("navigation", { name: "Wilayah" }).getByText("Kabupaten Banyuwangi").waitFor();
    const matrix = page.getByRole("region", { name: "Terlayani dari yang berhak" });
    const seen = await matrix.getByRole("row", { name: /Desil 1 / }).innerText();
    expect(seen).toContain("225 dari 400"); // 200 + 5 × 5 of that and 150 + 5 × 5
    const { page: shared } = await browser.visit(new URL(page.url()).pathname + new URL(page.url()).search, { as: ANALYST });
    expect(
      await shared
        .getByRole("region", { name: "Terlayani dari yang berhak" })
        .getByRole("row", { name: /Desil 1 / })
        .innerText(),
    ).toBe(seen);
    await page.getByRole("link", { name: "Indonesia" }).click();
    await page.waitForURL(/region=0/);
  });

  test("sees of a withheld figure that it is withheld, never zero and never blank", async () => {
    const { page } = await visit("/budget");
    const aceh = page.getByRole("row", { name: /^Aceh/ }).first();
    await aceh.waitFor();
    const cells = await aceh.getByRole("cell").allInnerTexts();
    expect(cells.filter((text) => text.trim() !== "")).toEqual(Array.from({ length: 4 }, () => "disamarkan"));
    expect(await page.getByTitle(/^Aceh: disamarkan$/).count()).toBe(1);
  });

  test("reads where a figure is from, how old it is, and under what it was told", async () => {
    const { page } = await visit("/overlap");
    const caption = page.locator("figcaption").first();
    await caption.getByText(/PKS-2025-005 versi 1/).waitFor();
    for (const said of ["KEMENSOS", "bulan 2026-10", "per tanggal 28 Okt 2026", "kelipatan 5", "tanda terima"])
      expect(await caption.innerText()).toContain(said);
  });

  test("has every drawing as a table of the same numbers, for a screen reader always", async () => {
    const { page } = await visit("/matching");
    await page.getByRole("img", { name: "Bagian Padan per bulan" }).waitFor();
    const table = page.getByRole("figure", { name: "Bagian Padan per bulan" }).getByRole("table");
    expect(await table.getByRole("row").allInnerTexts()).toHaveLength(1 + MONTHS.length);
    await page.getByRole("button", { name: "Tabel" }).click();
    expect(await table.getByRole("row", { name: /2026-10/ }).innerText()).toContain("50%"); // 90 + 2 × 5 of 200
    await page.getByRole("img", { name: "Bagian Padan per bulan" }).waitFor({ state: "detached" });
  });

  test("copies the question, asks it elsewhere, and takes the rows as a file", async () => {
    const { page } = await visit("/budget?region=35");
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.getByRole("link", { name: "Kabupaten Banyuwangi" }).waitFor();
    await page.getByRole("button", { name: /^Salin dan unduh: PKH menurut/ }).click();
    await page.getByRole("button", { name: "Salin GraphQL" }).click();
    await page.getByText("GraphQL tersalin.").waitFor();
    const copied = await page.evaluate<string>("navigator.clipboard.readText()");
    const { data, errors } = await hub.as("bappenas").ask(copied);
    expect(errors).toEqual([]);
    expect(data["statistics"].nodes.map(({ regionCode }: { regionCode: string }) => regionCode)).toContain("3510");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Unduh CSV" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("budget.csv");
    expect(readFileSync(await download.path(), "utf8")).toContain("3510");
  });

  test("orders a table by keyboard, and the order is in the address", async () => {
    const { page } = await visit("/quota");
    const heading = page.getByRole("button", { name: /^Wilayah/ });
    await heading.focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/sort=name/);
    const table = page.getByRole("region", { name: "PKH" });
    expect(await table.getByRole("rowheader").allInnerTexts()).toEqual(["Aceh", "Banten", "Jawa Timur"]);
    expect(await table.getByRole("row", { name: /^Banten/ }).innerText()).toContain("melebihi kuota");
  });

  test("lays any cube out along sides of choice", async () => {
    const { page } = await visit("/explorer?cube=BUDGET&rows=month&columns=disposition&measure=total");
    await page.getByRole("img", { name: "Penjelajah kubus" }).waitFor();
    expect(await page.getByRole("row", { name: /^2026-10/ }).innerText()).toContain("Rp\u00a0135.000.000");
    await page.getByLabel("Baris").selectOption("region");
    await page.getByRole("link", { name: "Banten" }).waitFor();
  });
});

describe.runIf(hasBrowser)("whoever a cube is not open to", () => {
  test("is told why, and whom to ask", async () => {
    const { page } = await visit("/coverage", "steward.dukcapil");
    const told = page.getByRole("note").filter({ hasText: "tidak terbuka bagi perjanjian Anda" }).first();
    await told.getByText(/untuk mitra/).waitFor();
    expect(await told.innerText()).toContain("KEMENSOS");
    await page.getByLabel("Tampilan lain").selectOption("budget"); // open figures are open to every agreement
    await page.getByRole("row", { name: /^Jawa Timur/ }).waitFor();
  });

  test("begins at home: an office of one regency stands in it, and is told what lies outside", async () => {
    const { page } = await visit("/coverage", "analis.dinsos_banyuwangi");
    await page.getByRole("navigation", { name: "Wilayah" }).getByText("Kabupaten Banyuwangi").waitFor();
    await page.getByRole("row", { name: /Desil 1 / }).waitFor();
    await page.getByRole("link", { name: "Indonesia" }).click();
    await page.getByText("Di luar wilayah perjanjian Anda", { exact: true }).waitFor();
    await page
      .getByText(/Tidak ada angka di sini/)
      .first()
      .waitFor();
  });
});

describe.runIf(hasBrowser)("a view with figures", () => {
  test.each(["coverage", "overlap", "matching", "budget", "quota", "explorer?cube=BUDGET&rows=month"])(
    "of %s keeps WCAG 2.2 A and AA, light and dark, wide and 320 px, as a table, too",
    async (path) => {
      const { page } = await visit(`/${path}`);
      await page.locator("figcaption p").first().waitFor();
      for (const colorScheme of SCHEMES)
        for (const size of SIZES) {
          await page.emulateMedia({ colorScheme });
          await page.setViewportSize(size);
          expect([colorScheme, size.width, await violations(page)]).toEqual([colorScheme, size.width, []]);
          expect(await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")).toBe(0);
        }
      const tables = page.getByRole("button", { name: "Tabel" });
      for (const button of await tables.all()) await button.click();
      await page
        .getByRole("button", { name: /^Salin dan unduh/ })
        .first()
        .click();
      expect(await violations(page)).toEqual([]);
    },
  );
});
