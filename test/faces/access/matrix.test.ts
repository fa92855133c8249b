import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { useHub } from "../../kit/hub.ts";
import { hasBrowser, useBrowser } from "../kit/browser.ts";

const hub = useHub();
const browser = useBrowser(hub);
const OWNER = "steward.dukcapil";

/** Place of the cell that has the focus. */
const focused = async (page: Page) => {
  const cell = page.locator(":focus");
  return { row: Number(await cell.getAttribute("data-row")), column: Number(await cell.getAttribute("data-column")) };
};

async function visit(path: string, as: string): Promise<Page> {
  const { page } = await browser.visit(path, { as });
  page.setDefaultTimeout(20_000); // a step that hangs names itself
  return page;
}

describe.runIf(hasBrowser)("the matrix of access", () => {
  test("shows for a field and an agreement the effect that holds, with its mark and its word", async () => {
    const page = await visit("/console/access/matrix?q=person.fullname&agreement=PKS-2025-002", OWNER);
    const cell = page.getByRole("gridcell");
    await cell.first().waitFor();
    expect(await cell.allTextContents()).toEqual(["◐Disamarkan"]);
    await page.getByLabel("Penggunaan").selectOption("VERIFY");
    await page
      .getByText("✓Dibuka")
      .or(page.getByRole("gridcell", { name: /Dibuka/ }))
      .first()
      .waitFor();
  });

  test("is walked by keyboard alone, to its very last cell", async () => {
    const page = await visit("/console/access/matrix", OWNER);
    const grid = page.getByRole("grid");
    await grid.waitFor();
    const [rows, columns] = [
      Number(await grid.getAttribute("aria-rowcount")) - 2,
      Number(await grid.getAttribute("aria-colcount")) - 2,
    ];
    expect(rows).toBeGreaterThan(500);
    await page.locator('[role="gridcell"][tabindex="0"]').focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    expect(await focused(page)).toEqual({ row: 1, column: 1 });
    await page.keyboard.press("Control+End");
    expect(await focused(page)).toEqual({ row: rows, column: columns });
    await page.keyboard.press("Home");
    expect(await focused(page)).toEqual({ row: rows, column: 0 });
  });

  test("saves as CSV what is shown, a row a field", async () => {
    const page = await visit("/console/access/matrix?type=Person&agreement=PKS-2025-00", OWNER);
    await page.getByRole("grid").waitFor();
    const rows = Number(await page.getByRole("grid").getAttribute("aria-rowcount"));
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Unduh CSV" }).click(),
    ]);
    const lines = (await readFile(await download.path(), "utf8")).trim().split("\r\n");
    expect(lines).toHaveLength(rows);
    expect(lines.find((line) => line.startsWith("Person.fullName,"))).toContain("Disamarkan");
  });

  test("turns cells selected into a draft; what is in force stays as it is", async () => {
    const page = await visit("/console/access/matrix?q=person.birthplace&agreement=PKS-2025-002", "steward.bpjs_kesehatan");
    const cell = page.getByRole("gridcell");
    await cell.first().waitFor();
    await cell.first().click();
    await page.getByText("1 sel pada 1 perjanjian dipilih").waitFor();
    await page.getByLabel("Pasal perjanjian").fill("Ps. 4(2)");
    await page.getByRole("button", { name: "Jadikan rancangan" }).click();
    await page.waitForURL(/drafts\/PKS-2025-002/);
    await page.getByText("Ps. 4(2)").first().waitFor();
    const { data } = await hub.as("bpjs-kesehatan").ask("{ agreements { number version grants { selector use } } }");
    const agreement = data["agreements"].find(({ number }: { number: string }) => number === "PKS-2025-002");
    expect(agreement.version).toBe(1);
    expect(agreement.grants).not.toContainEqual({ selector: "Person.birthPlace", use: "OUTPUT" });
  });
});
