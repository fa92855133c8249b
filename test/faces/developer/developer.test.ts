import type { Page, Response } from "playwright-core";
import { describe, expect, test } from "vitest";
import { useHub } from "../../kit/hub.ts";
import { hasBrowser, useBrowser, violations } from "../kit/browser.ts";

const hub = useHub();
const browser = useBrowser(hub);
const ANALYST = "analis.bpjs_kesehatan";

/** Runs the question; the editor takes no notice of a click before it is ready. */
async function executed(page: Page, holding: string): Promise<void> {
  const isAnswer = (answer: Response) =>
    answer.url().endsWith("/graphql") && (answer.request().postData()?.includes(holding) ?? false);
  for (let answer = null; answer === null; ) {
    const answered = page.waitForResponse(isAnswer, { timeout: 3000 }).catch(() => null);
    await page.getByRole("button", { name: /Execute query/ }).click();
    answer = await answered;
  }
}

describe.runIf(hasBrowser)("a partner's developer", () => {
  test("sees the own agency's agreements, what they grant and what is left of today", async () => {
    const { page } = await browser.visit("/console/developer", { as: ANALYST });
    await page.getByRole("heading", { name: /PKS-2025-002/ }).waitFor();
    await page
      .getByRole("region", { name: /PKS-2025-002/ })
      .getByText(/pemberian akses/)
      .click();
    await page.getByRole("cell", { name: "Person.fullName" }).first().waitFor();
    expect(await page.getByText("PKS-2025-003").count()).toBe(0);
  });

  test("reads the schema as the agreement shows it, and finds a field by the official term", async () => {
    const { page } = await browser.visit("/console/developer/reference", { as: ANALYST });
    await page.getByRole("searchbox").fill("desil ranking");
    await page.getByRole("link", { name: "Household.deciles" }).click();
    await page.getByRole("heading", { level: 1, name: "Household" }).waitFor();
    const { data } = await hub.as("bpjs-kesehatan").ask('{ __type(name: "Household") { fields { name } } }');
    for (const { name } of data["__type"].fields) expect(await page.locator(`[id="Household.${name}"]`).count()).toBe(1);
  });

  test("asks in the explorer, is told what was denied, and copies the question for other tools", async () => {
    const query = "{ households(first: 1) { nodes { monthlyIncome members { person { fullName } } } } }";
    const { page } = await browser.visit(`/console/explorer?query=${encodeURIComponent(query)}`, { as: ANALYST });
    await executed(page, "monthlyIncome");
    await page.getByRole("listitem").getByText("Household.monthlyIncome").waitFor();
    await page.getByText("Tanda terima").waitFor();
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: /Postman/ }).click()]);
    expect(download.suggestedFilename()).toBe("dtks-hub.postman_collection.json");
  });

  test("sees how the question would be fetched, in words and as a picture, without what is denied", async () => {
    const query = "{ households(first: 1) { nodes { monthlyIncome members { person { fullName } } } } }";
    const { page } = await browser.visit(`/console/explorer?query=${encodeURIComponent(query)}`, { as: ANALYST });
    await page.getByRole("button", { name: "Lihat rencana" }).click();
    await page.getByRole("img", { name: /1 welfare, Putaran 1; 2 population, Putaran 2/ }).waitFor();
    await page.getByText(/population menemukan Person menurut `id`/).waitFor();
    await page.getByText("Tidak dibuka, jadi tidak diambil: Household.monthlyIncome").waitFor();
    expect(await page.getByRole("region", { name: "Putaran 1" }).getByText("monthlyIncome").count()).toBe(0);
    expect(await violations(page)).toEqual([]);
  });

  test("leaves no question in the browser, nor what earlier versions of the editor wrote down", async () => {
    const query = `{ personByNik(nik: "3510014107909001") { id } }`;
    const { page } = await browser.visit("/console/developer", { as: ANALYST });
    await page.evaluate(() => (globalThis as any).localStorage.setItem("graphiql:query", "3510014107909001"));
    await page.goto(`${hub.gatewayUrl}/console/explorer?query=${encodeURIComponent(query)}`);
    await executed(page, "9001");
    await page.getByText("personByNik").first().waitFor();
    const kept = await page.evaluate(() =>
      JSON.stringify([{ ...(globalThis as any).localStorage }, { ...(globalThis as any).sessionStorage }]),
    );
    expect(kept).not.toMatch(/graphiql|9001/);
  });

  test("registers a document that asks only what is granted; one field too many is named", async () => {
    const { page } = await browser.visit("/console/developer/documents", { as: ANALYST });
    const write = async (document: string) => {
      await page.getByLabel("Teks GraphQL").fill(document);
      await page.getByRole("button", { name: "Daftarkan" }).click();
    };
    await write("query Terlalu { households(first: 1) { nodes { monthlyIncome } } }");
    await page.getByRole("alert").getByText("Household.monthlyIncome").waitFor();
    await write("query Daftar { me { client } }");
    await page.getByText("1 dokumen terdaftar.").waitFor();
    await page.getByText("Belum ada dokumen").waitFor({ state: "detached" });
    await page.getByRole("button", { name: /^Pensiunkan/ }).click();
    await page.getByRole("dialog").getByText("Klien yang memakainya akan ditolak").waitFor();
    expect(await page.getByText(/^pensiun/).count()).toBe(0);
    await page
      .getByRole("dialog")
      .getByRole("button", { name: /^Pensiunkan/ })
      .click();
    await page.getByText(/^pensiun/).waitFor();
  });

  test("makes a key pair that never leaves the browser but as a file", async () => {
    const { page } = await browser.visit("/console/developer/keys", { as: ANALYST });
    const sent: string[] = [];
    page.on("request", (request) => sent.push(request.method()));
    await page.getByRole("button", { name: "Buat pasangan kunci" }).click();
    await page.getByText('"alg": "ES256"').waitFor();
    expect(sent).toEqual([]);
  });
});
