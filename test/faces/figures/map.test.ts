import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { useHub } from "../../kit/hub.ts";
import { release } from "../../subgraphs/statistics/intake/cellKit.ts";
import { hasBrowser, useBrowser, violations } from "../kit/browser.ts";

const folder = mkdtempSync(join(tmpdir(), "hub-map-"));
const file = join(folder, "provinsi.json");
const KNOWN = ["35", "36"];
/** Squares beside each other: what is tested is who is drawn, not where. */
const topology = {
  type: "Topology",
  attribution: "Kotak-kotak uji",
  arcs: KNOWN.map((_, at) =>
    [
      [at, 0],
      [at + 1, 0],
      [at + 1, 1],
      [at, 1],
      [at, 0],
    ].map(([x = 0, y = 0]) => [105 + x, -7 + y]),
  ),
  objects: {
    provinsi: {
      type: "GeometryCollection",
      geometries: KNOWN.map((kode, at) => ({ type: "Polygon", arcs: [[at]], properties: { kode } })),
    },
  },
};
writeFileSync(file, JSON.stringify(topology));

const hub = useHub({ HUB_MAP_TOPOJSON: file });
const browser = useBrowser(hub);

beforeAll(async () => {
  const { owner } = hub.urls.statistics;
  const cells = (regions: readonly string[], key: readonly string[]) =>
    regions.map((region, at) => [region, key, 50 + 5 * at] as const);
  await release(owner, "BENEFICIARIES", { "2026-10": cells(["0", ...KNOWN], ["PKH"]) });
  await release(owner, "BUDGET", { "2026-10": cells(["0", "11", ...KNOWN], ["PKH", "PAID"]) });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.runIf(hasBrowser)("a hub with a file of boundaries", () => {
  test("draws provinces by it, says that they are illustrative and whose, and serves the file itself", async () => {
    const { page } = await browser.visit("/console/figures/quota", { as: "analis.bappenas" });
    await page.getByText("Batas ilustratif. Kotak-kotak uji").waitFor();
    expect(await page.locator(".fig-shapes path[d^=M]").count()).toBe(KNOWN.length);
    expect(await page.locator(".fig-tile").count()).toBe(0);
    expect(await violations(page)).toEqual([]);
  });

  test("draws tiles again where the file lacks a province that is shown", async () => {
    const { page } = await browser.visit("/console/figures/budget", { as: "analis.bappenas" });
    await page.getByRole("link", { name: "Aceh" }).waitFor();
    expect(await page.locator(".fig-tile").count()).toBe(38);
    expect(await page.locator(".fig-shapes").count()).toBe(0);
  });
});
