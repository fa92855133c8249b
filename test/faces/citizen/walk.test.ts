import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { rawClient } from "../../../drizzle/client.ts";
import { useHub } from "../../kit/hub.ts";
import { siti } from "../../kit/people.ts";
import { integrateAll } from "../../subgraphs/governance/tracker/kit.ts";
import { hasBrowser, useBrowser, violations } from "../kit/browser.ts";

const hub = useHub();
const browser = useBrowser(hub);
const CITIZEN = `person:${siti.id}`;
const PLAIN = { javaScriptEnabled: false } as const;

/** Click by click to the form of Siti's village. */
async function toVillage(page: Page): Promise<void> {
  for (const name of ["Jawa Timur", "Kabupaten Banyuwangi", "Banyuwangi", "Pakis"])
    await page.locator(".choices").getByRole("link", { name, exact: true }).click();
}

async function search(page: Page, facts: { readonly name: string; readonly day: string }): Promise<string> {
  await page.getByLabel("Nama sesuai KTP").fill(facts.name);
  await page.getByLabel("Hari").fill(facts.day);
  await page.getByLabel("Bulan").fill("4");
  await page.getByLabel("Tahun").fill("1988");
  await page.getByRole("button", { name: "Cari Data" }).click();
  return read(page);
}

/** What stands on the page, whatever the layout. */
const read = async (page: Page): Promise<string> => ((await page.locator("main").textContent()) ?? "").replace(/\s+/g, " ");

describe.runIf(hasBrowser)("without a script in the browser", () => {
  test("anybody finds whether somebody is a recipient, from the province to the answer, and never sees a name in an address", async () => {
    const { page } = await browser.visit("/cek-bansos", PLAIN);
    const addresses: string[] = [];
    page.on("request", (request) => addresses.push(request.url()));
    await toVillage(page);
    expect(await search(page, { name: "Hj. Siti Aminah", day: "12" })).toMatch(/PKH\s*Ya\s*Aktif/);
    await page.getByRole("link", { name: "Cari lagi" }).click();
    expect(await search(page, { name: "Siti Aminah", day: "13" })).toContain("Tidak Terdapat Peserta / PM");
    expect(addresses.length).toBeGreaterThan(5);
    expect(addresses.filter((address) => /aminah|1988/i.test(address))).toEqual([]);
  });

  test("the whole question can be asked with the keyboard alone, and every stop is to be seen", async () => {
    const { page } = await browser.visit("/cek-bansos?wilayah=3510161001", PLAIN);
    const seen: string[] = [];
    for (let stop = 0; stop < 30 && seen.at(-1) !== "button"; stop += 1) {
      await page.keyboard.press("Tab");
      const focused = page.locator(":focus");
      const { width, style } = await focused.evaluate((element: any) => {
        const { outlineWidth, outlineStyle } = (globalThis as any).getComputedStyle(element);
        return { width: Number.parseFloat(outlineWidth), style: outlineStyle };
      });
      expect([width >= 2, style]).toEqual([true, "solid"]);
      const name = (await focused.getAttribute("name")) ?? "";
      if (name === "nama") await page.keyboard.type("Siti Aminah");
      const part = { lahir: "12", "lahir-month": "4", "lahir-year": "1988" }[name];
      if (part) await page.keyboard.type(part);
      seen.push((await focused.evaluate((element: any) => element.tagName as string)).toLowerCase());
    }
    expect(seen[0], "the way past the menu comes first").toBe("a");
    await page.keyboard.press("Enter");
    await page.getByText("Hasil pencarian").first().waitFor();
    expect(await read(page)).toMatch(/PKH\s*Ya/);
  });

  test("what a thumb must hit is 48 px high, and nothing that can be pressed is smaller than 24 px", async () => {
    const { page } = await browser.visit("/cek-bansos?wilayah=3510161001", { ...PLAIN, viewport: { width: 320, height: 640 } });
    const heights = async (selector: string) =>
      page.locator(selector).evaluateAll((all: any[]) => all.map((one) => one.getBoundingClientRect().height as number));
    const [primary, links] = [await heights("main button, main input:not([type=hidden], #situs)"), await heights("a:not(.skip)")];
    expect(primary.length).toBeGreaterThanOrEqual(5);
    expect(Math.min(...primary)).toBeGreaterThanOrEqual(48);
    expect(Math.min(...links)).toBeGreaterThanOrEqual(24);
  });

  test.each([
    ["id", "light"],
    ["id", "dark"],
    ["en", "light"],
    ["en", "dark"],
  ] as const)(
    "answers and mistakes keep WCAG 2.2 A and AA at 320 px (%s, %s)",
    async (language, colorScheme) => {
      const size = { viewport: { width: 320, height: 640 }, colorScheme };
      const { page } = await browser.visit("/cek-bansos?wilayah=3510161001", { ...size, language }); // axe itself is a script
      const send = () => page.locator("main form[method=post] button").click();
      await send();
      expect([await page.title(), await violations(page)]).toEqual([expect.stringMatching(/^(Kesalahan|Error): /), []]);
      // found by day, not found by night: somebody may be asked for five times a day
      const isFound = colorScheme === "light";
      const known = isFound ? { nama: "Siti Aminah", lahir: "12" } : { nama: "Nama Karangan", lahir: "14" };
      const facts = { ...known, "lahir-month": "4", "lahir-year": "1988" };
      for (const [id, value] of Object.entries(facts)) await page.locator(`#${id}`).fill(value);
      await send();
      expect([await page.locator("table").count(), await violations(page)]).toEqual([isFound ? 1 : 0, []]);
      expect(await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")).toBe(0);
    },
    60_000,
  ); // the first of them wakes the whole hub

  test("a person who has signed in asks for a correction, sees its clock, and takes it back", async () => {
    const { page } = await browser.visit("/warga", { ...PLAIN, as: CITIZEN });
    expect(await read(page)).toContain("SITI AMINAH");
    await page.getByRole("link", { name: "Ada yang salah? Minta perbaikan" }).click();
    await page.getByRole("button", { name: "Kirim permohonan" }).click();
    expect(await page.title()).toMatch(/^Kesalahan: /);
    await page.getByLabel("Yang Anda minta").fill("Alamat saya <b>salah</b>");
    await page.getByLabel("Seharusnya").fill("Jalan Melati 5");
    await page.getByRole("button", { name: "Kirim permohonan" }).click();
    const filed = await read(page);
    expect(filed).toContain("Permohonan Anda sudah diterima.");
    expect(filed).toMatch(/7[12] jam lagi/);
    expect(filed).toContain("Alamat saya <b>salah</b>");
    await page.getByRole("button", { name: "Batalkan permohonan" }).click();
    expect(await read(page)).toContain("Dibatalkan");
  });

  test("a person proposes the own household, is told what became of it, and takes it back", async () => {
    const { page } = await browser.visit("/warga/usulan/baru", { ...PLAIN, as: CITIZEN });
    await page.getByRole("checkbox", { name: /PIP|Indonesia Pintar/ }).check();
    await page.getByLabel("Kedudukan Anda dalam keluarga").selectOption({ label: "Kepala keluarga" });
    await page.getByRole("button", { name: "Kirim usulan" }).click();
    expect(await read(page)).toMatch(/USL-\d{4}-\d{8}\s*Diajukan/);
    await page.getByRole("button", { name: "Tarik usulan ini" }).click();
    expect(await read(page)).toContain("Usulan sudah ditarik.");
  });

  test("a person objects to a recipient of the own village with a picture, which is stored as it was taken", async () => {
    const { page } = await browser.visit("/warga/sanggahan/baru", { ...PLAIN, as: CITIZEN });
    await page.getByLabel("Nama lengkap penerima").fill("Nama Tetangga");
    await page.getByLabel("Alasan").fill("Rumahnya dua lantai");
    await page.getByLabel("Lokasi rumah").fill("-8.2192, 114.3691");
    const picture = Buffer.concat([
      Buffer.from([0xff, 0xd8, 0xff, 0xe0]),
      Buffer.from(Array.from({ length: 150_000 }, (_, i) => i % 251)),
    ]);
    await page.getByLabel("Foto rumah").setInputFiles({ name: "rumah.jpg", mimeType: "image/jpeg", buffer: picture });
    await page.getByRole("button", { name: "Kirim sanggahan" }).click();
    const told = await read(page);
    expect(told).toContain("Sanggahan Anda sudah terkirim.");
    expect(told).toContain("Nama Tetangga");
    const owner = rawClient(hub.urls.welfare.owner, { max: 1 });
    const [row] = await owner`select bytes, state from evidence where person_id = ${siti.id} order by announced_at desc limit 1`;
    await owner.end();
    expect([Number(row?.["bytes"]), row?.["state"]]).toEqual([picture.length, "STORED"]);
  });

  test("a person sees who has looked at their data, and downloads all of it", async () => {
    await hub.as("kemensos").ask("query ($id: ID!) { person(id: $id) { fullName } }", { id: siti.id });
    await integrateAll(hub.urls);
    const { page } = await browser.visit("/warga/akses", { ...PLAIN, as: CITIZEN });
    expect(await read(page)).toMatch(/Kementerian Sosial/);
    await page.getByRole("link", { name: "← Data saya" }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: /Unduh salinan/ }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("salinan-data-pribadi.json");
  });

  test("whoever signs out is nobody any more", async () => {
    const { page } = await browser.visit("/warga", { ...PLAIN, as: CITIZEN });
    await page.getByRole("button", { name: "Keluar" }).click();
    await page.goto(`${hub.gatewayUrl}/warga/permohonan`);
    expect(new URL(page.url()).origin, "at the issuer, to sign in").not.toBe(hub.gatewayUrl);
    expect(await read(page)).not.toContain("Permohonan tentang data saya");
  });
});
