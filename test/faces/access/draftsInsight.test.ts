import { describe, expect, test } from "vitest";
import { useHub } from "../../kit/hub.ts";
import { hasBrowser, useBrowser } from "../kit/browser.ts";

const hub = useHub();
const browser = useBrowser(hub);
const QUESTION = "{ households(first: 2) { nodes { members { person { nik fullName } } } } }";

describe.runIf(hasBrowser)("whoever asks why", { timeout: 120_000 }, () => {
  test("is told by the receipt which coordinate was closed or masked, by which rule and clause, and whom to ask", async () => {
    const { text } = await hub.as("bpjs-kesehatan").ask(QUESTION);
    const { id } = JSON.parse(text).extensions.governance.receipt;
    const { page } = await browser.visit(`/console/access/insight/explain?receipt=${id}`, { as: "auditor.bpk" });
    const closed = page.getByRole("row").filter({ hasText: "Person.nik" });
    await closed.getByText("FIELD_NOT_GRANTED").waitFor();
    for (const told of ["Ditolak", "dpo@dukcapil.example"]) expect(await closed.textContent()).toContain(told);
    const masked = page.getByRole("row").filter({ hasText: "Person.fullName" });
    for (const told of ["Disamarkan", "PKS-2025-002 Ps. 4", "steward.dukcapil"])
      expect(await masked.textContent()).toContain(told);
  });

  test("sees one question answered as another agreement is, beside the own answer", async () => {
    const { page } = await browser.visit("/console/access/insight/try", { as: "steward.kemensos" });
    await page.getByLabel("Di bawah perjanjian").selectOption("PKS-2025-002");
    await page.getByLabel("Dokumen GraphQL").fill(QUESTION);
    await page.getByRole("button", { name: "Tanyakan keduanya" }).click();
    const theirs = page.getByRole("region", { name: "Mereka, PKS-2025-002" });
    await theirs.getByText("Person.nik tidak termasuk dalam PKS ini.").waitFor();
    expect(await theirs.textContent()).toMatch(/"fullName": "\S\./);
    expect(await page.getByRole("region", { name: "Anda, PKS-2025-101" }).textContent()).toContain("Query.households");
  });
});

describe.runIf(hasBrowser)("a key made in the browser", { timeout: 120_000 }, () => {
  let publicKey = "";
  test("shows its public half alone, and counts for nothing until it is enrolled", async () => {
    const { page } = await browser.visit("/console/access/decisions/keys", { as: "dpo.kemensos" });
    const sent: string[] = [];
    await page.getByRole("button", { name: "Buat kunci baru" }).waitFor();
    page.on("request", (request) => sent.push(request.url()));
    await page.getByRole("button", { name: "Buat kunci baru" }).click();
    await page.getByText("belum terdaftar").waitFor();
    publicKey = (await page.locator("pre").textContent()) ?? "";
    expect([publicKey.slice(0, 16), publicKey.length, sent]).toEqual(["MCowBQYDK2VwAyEA", 59, []]);
  });

  test("is enrolled by the hub's operator; a steward of an agency is told who may", async () => {
    const { page: other } = await browser.visit("/console/access/decisions/stewards", { as: "steward.bps" });
    await other.getByRole("cell", { name: /steward\.dukcapil/ }).waitFor();
    expect(await other.getByRole("button", { name: /Pensiunkan|Daftarkan/ }).count()).toBe(0);
    const { page } = await browser.visit("/console/access/decisions/stewards", { as: "operator.hub" });
    await page.getByRole("textbox", { name: "ID (subjek token)" }).fill("dpo.kemensos");
    await page.getByRole("textbox", { name: "Nama", exact: true }).fill("Pejabat pelindungan data KEMENSOS");
    await page.getByRole("textbox", { name: "Kunci publik" }).fill(publicKey);
    await page.getByLabel("Instansi", { exact: true }).selectOption("KEMENSOS");
    await page.getByRole("checkbox", { name: "Penata data" }).uncheck();
    await page.getByRole("checkbox", { name: "Pejabat pelindungan data" }).check();
    await page.getByRole("button", { name: "Daftarkan" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Daftarkan" }).click();
    const row = page.getByRole("row").filter({ hasText: "dpo.kemensos" });
    await expect.poll(() => row.locator("code").count(), { timeout: 20_000 }).toBe(2);
  });
});
