import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { useHub } from "../../kit/hub.ts";
import { ani, budi, maria, rina, siti } from "../../kit/people.ts";
import { hasBrowser, useBrowser, violations } from "../kit/browser.ts";

// What the programs have on record about a person beside enrolments and payments, and objecting to a neighbour by name.

const hub = useHub();
const browser = useBrowser(hub);
const PLAIN = { javaScriptEnabled: false } as const;
const DETAILS = "/warga/bantuan/rincian";
const PAKIS = "3510161001";
const THIS_YEAR = Number(new Date(Date.now() + 7 * 60 * 60 * 1000).toISOString().slice(0, 4));

/** What stands on the page, whatever the layout. */
const read = async (page: Page): Promise<string> => ((await page.locator("main").textContent()) ?? "").replace(/\s+/g, " ");
const act = async (who: string, field: string, input: object) => {
  const { data, errors, denied } = await hub
    .as(who)
    .ask(
      `mutation ($input: ${field.replace(/^./, (letter) => letter.toUpperCase())}Input!) { ${field}(input: $input) { __typename } }`,
      { input },
    );
  expect([field, errors, denied]).toEqual([field, [], []]);
  return data[field];
};

/** Siti is nominated for school and college aid and has met her PKH group; Ani, her daughter, is nominated, too; Maria has left PBI-JK. */
async function recorded(): Promise<void> {
  const pupil = { village: PAKIS, level: "SENIOR", grade: 11, npsn: "20525001" };
  await act("puslapdik.kemendikdasmen", "nominatePupils", {
    ...{ decree: "SK-NOMINASI-7", year: THIS_YEAR, activateBy: `${THIS_YEAR + 1}-02-28`, dryRun: false },
    pupils: [
      { ...pupil, person: siti.id, nisn: "9000000011" },
      { ...pupil, person: ani.id, nisn: "9000000012", level: "PRIMARY", grade: 3 },
    ],
  });
  await act("puslapdik.kemendikdasmen", "nominateStudent", {
    ...{ person: siti.id, village: PAKIS, university: "001001", study: "Teknik Sipil", accreditation: "A", isMedicine: false },
    ...{ cluster: 3, tuition: "7500000", since: `${THIS_YEAR}-1`, semesters: 8, ground: "ORPHANAGE", document: "SK-PANTI-7" },
  });
  const companion = hub.as("pendamping.dinsos_banyuwangi");
  const { data } = await companion.ask("query ($id: ID!) { person(id: $id) { enrolments { id program { code } } } }", {
    id: siti.id,
  });
  const pkh = data["person"].enrolments.find(({ program }: any) => program.code === "PKH");
  await act("pendamping.dinsos_banyuwangi", "recordCommitment", {
    ...{ enrolment: pkh.id, member: siti.id, period: "2026-Q2", kind: "FAMILY_MEETING", attended: 2 },
  });
  await act("kepesertaan.bpjs_kesehatan", "proposePbi", {
    ...{ kind: "DEPARTURE", person: maria.id, village: "9301011002", isEmergency: false, identityPaper: "KTP-1" },
    ...{ familyPaper: "KK-1", words: "pekerja penerima upah" },
  });
}

describe.runIf(hasBrowser)("without a script in the browser", () => {
  beforeAll(recorded);

  test("a person reads what school, college and PKH have on record about them, and by when an account must be activated", async () => {
    const { page } = await browser.visit("/warga/bantuan", { ...PLAIN, as: `person:${siti.id}` });
    expect(await read(page)).toMatch(/Masuk atas nama Anda: Rp\s?[\d.]+ dalam \d+ pembayaran/);
    await page.getByRole("link", { name: "Sekolah, jaminan kesehatan, dan komitmen" }).click();
    const told = await read(page);
    expect(told).toContain(`Aktifkan rekening SimPel paling lambat28 Februari ${THIS_YEAR + 1}`);
    expect(told).toContain("SMA, SMK atau sederajat, kelas 11");
    expect(told).toMatch(/Teknik Sipil\s*Diusulkan/);
    expect(told).toMatch(/2026-Q2: [^.]*Terpenuhi/);
    expect(told, "a child's aid is the child's").not.toContain("kelas 3");
  });

  test("a member of PBI-JK reads the contributions of this year and what was proposed about them", async () => {
    const { page } = await browser.visit(DETAILS, { ...PLAIN, as: `person:${maria.id}` });
    const told = await read(page);
    expect(told).toMatch(/Iuran tahun ini\s*Rp\s?[\d.]+ untuk \d+ bulan/);
    expect(told).toMatch(/Pindah segmen\s*Diusulkan/);
    expect(told).toContain("BPJS_KESEHATAN");
  });

  test("who has nothing on record is told so, list by list, and nobody's rows are shown in place of their own", async () => {
    const { page } = await browser.visit(DETAILS, { ...PLAIN, as: `person:${rina.id}` });
    const told = await read(page);
    for (const words of ["Belum ada usulan tentang Anda", "Anda belum pernah diusulkan", "Belum ada yang dicatat tentang Anda"])
      expect(told).toContain(words);
    expect(told).not.toMatch(/Teknik Sipil|SK-NOMINASI|Pindah segmen/);
  });

  test("these lists keep WCAG 2.2 A and AA, and a page of them fits into one flight of 14 kB", async () => {
    const { page } = await browser.visit(DETAILS, { as: `person:${siti.id}`, viewport: { width: 320, height: 640 } });
    expect(await violations(page)).toEqual([]);
    expect(Buffer.byteLength(await (await page.context().request.get(page.url())).body())).toBeLessThanOrEqual(14_336);
  });

  test("a village is found by its name and where it lies from the first page on, and leads to the form", async () => {
    const { page } = await browser.visit("/cek-bansos", PLAIN);
    await page.getByLabel("Cari desa/kelurahan, kecamatan, atau kabupaten/kota").fill("Pakis banyuwangi");
    await page.getByRole("button", { name: "Cari" }).click();
    await page.getByRole("link", { name: /^Pakis\s*Banyuwangi, Kabupaten Banyuwangi, Jawa Timur$/ }).click();
    await page.getByLabel("Nama sesuai KTP").waitFor();
    expect(new URL(page.url()).searchParams.get("wilayah")).toBe(PAKIS);
  });

  test("an objection by name is taken alike whether the village knows somebody of that name or not", async () => {
    const { page } = await browser.visit("/warga/sanggahan/baru", { ...PLAIN, as: `person:${siti.id}` });
    const picture = {
      name: "rumah.jpg",
      mimeType: "image/jpeg",
      buffer: Buffer.from("ffd8ffe000104a46494600010100000100010000ffd9", "hex"),
    };
    const object = async (name: string): Promise<string> => {
      await page.goto(`${hub.gatewayUrl}/warga/sanggahan/baru`);
      await page.getByLabel("Nama lengkap penerima").fill(name);
      await page.getByLabel("Alasan").fill("Rumahnya dua lantai");
      await page.getByLabel("Lokasi rumah").fill("-8.2192, 114.3691");
      await page.getByLabel("Foto rumah").setInputFiles(picture);
      await page.getByRole("button", { name: "Kirim sanggahan" }).click();
      await page.locator("h1").waitFor();
      return read(page);
    };
    for (const name of [rina.fullName, "Nama Karangan"]) {
      const told = await object(name);
      expect(told, name).toContain("Sanggahan Anda sudah terkirim.");
      expect(told).toMatch(new RegExp(`Diajukan\\s*Yang disanggah\\s*${name}`));
    }
    expect(await object("RT 3 nomor 4")).toContain("Isi nama lengkap tanpa angka");
    await object(budi.fullName);
    expect(await object("Orang Keempat"), "a fourth on one day").toContain("Batas hari ini sudah tercapai");
  });
});
