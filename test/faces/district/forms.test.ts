import { describe, expect, test } from "vitest";
import { settled } from "../../../cli/operations/faces/visit.ts";
import { OF_COMMUNITIES, OF_FAMILIES, OF_GROUPS, OF_PERSONS } from "../../../console/app/district/households/needs.ts";
import { isKindOf, NEED_KINDS } from "../../../subgraphs/welfare/needs/kinds.ts";
import { useHub } from "../../kit/hub.ts";
import { maria, rina, siti, sitisHome } from "../../kit/people.ts";
import { hasBrowser, useBrowser, violations } from "../kit/browser.ts";
import { dinsos, isWritten, PAKIS } from "./kit.ts";

// Forms that begin something: a need, a proposal for PBI-JK.

const hub = useHub();
const browser = useBrowser(hub);
const VERIFIER = dinsos("verifikator");
const DISTRICT = dinsos("bansos");
const HEALTH = "kepesertaan.bpjs_kesehatan";
const NEEDS = "{ needs { nodes { kind subjectKind member { claimedName } family { id } group { name size } region { code } } } }";

test("each form offers the kinds of need that the registry takes of its subject", () => {
  const kindsOf = (subject: Parameters<typeof isKindOf>[1]) => NEED_KINDS.filter((kind) => isKindOf(kind, subject)).sort();
  expect(OF_PERSONS.toSorted()).toEqual(kindsOf("PERSON"));
  expect(OF_FAMILIES.toSorted()).toEqual(kindsOf("FAMILY"));
  expect(OF_GROUPS.toSorted()).toEqual(kindsOf("GROUP"));
  expect(OF_GROUPS.toSorted()).toEqual(kindsOf("INSTITUTION"));
  expect(OF_COMMUNITIES.toSorted()).toEqual(kindsOf("COMMUNITY"));
});

describe.runIf(hasBrowser)("an office", { timeout: 60_000 }, () => {
  test("puts the need of a person on record, found in their household, once; the second time is the hub's refusal", async () => {
    const { page } = await browser.visit(`/console/district/households?open=${sitisHome.id}`, { as: VERIFIER });
    await page.getByText(/Kelahiran, .*: hanya oleh Operator desa/).waitFor();
    const dialog = page.getByRole("dialog");
    const register = async () => {
      await page.getByRole("button", { name: "Daftarkan PPKS perorangan" }).click();
      await dialog.getByLabel("Anggota").selectOption({ label: `02 ${siti.fullName}` });
      await dialog.getByLabel("Jenis PPKS").selectOption("VULNERABLE_WOMAN");
      await dialog.getByLabel("Sejak").fill("2026-10-01");
      await dialog.getByRole("button", { name: "Daftarkan PPKS perorangan" }).click();
    };
    await register();
    await page.getByText("Daftarkan PPKS perorangan: selesai").waitFor();
    await register();
    await dialog.getByRole("alert").getByText("CONFLICT").waitFor();
    expect(await dialog.getByLabel("Sejak").inputValue()).toBe("2026-10-01");
    expect(await violations(page)).toEqual([]);
    await isWritten(page);
    const { data } = await hub.as(VERIFIER).ask(NEEDS);
    expect(data["needs"].nodes).toMatchObject([
      { kind: "VULNERABLE_WOMAN", subjectKind: "PERSON", member: { claimedName: siti.fullName } },
    ]);
  });

  test("puts the need of a family on record", async () => {
    const { page } = await browser.visit(`/console/district/households?open=${sitisHome.id}`, { as: VERIFIER });
    await page.getByRole("button", { name: "Daftarkan PPKS keluarga" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("combobox", { name: "Keluarga", exact: true }).selectOption(sitisHome.families[0]?.id ?? "");
    await dialog.getByLabel("Jenis PPKS").selectOption("NATURAL_DISASTER_VICTIM");
    await dialog.getByLabel("Sejak").fill("2026-11-02");
    await dialog.getByRole("button", { name: "Daftarkan PPKS keluarga" }).click();
    await page.getByText("Daftarkan PPKS keluarga: selesai").waitFor();
    const { data } = await hub.as(VERIFIER).ask(NEEDS);
    expect(data["needs"].nodes).toContainEqual(
      expect.objectContaining({ subjectKind: "FAMILY", family: { id: sitisHome.families[0]?.id } }),
    );
  });

  test("puts people who are not named on record, of a village chosen below its regency", async () => {
    const { page } = await browser.visit("/console/district/needs", { as: dinsos("kadis") });
    await page.getByRole("button", { name: "Daftarkan PPKS kelompok" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Bentuk").selectOption("COMMUNITY");
    await dialog.getByLabel("Nama kelompok").fill("Komunitas Alas Purwo");
    await dialog.getByLabel("Jumlah jiwa").fill("40");
    await dialog.getByLabel("Kecamatan").selectOption(PAKIS.slice(0, 6));
    await dialog.getByLabel("Desa/kelurahan").last().selectOption(PAKIS);
    await dialog.getByLabel("Jenis PPKS").selectOption("REMOTE_COMMUNITY");
    await dialog.getByLabel("Sejak").fill("2026-01-05");
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Daftarkan PPKS kelompok" }).click();
    await page.getByText("Daftarkan PPKS kelompok: selesai.").waitFor();
    await page.getByRole("cell", { name: "Komunitas Alas Purwo", exact: true }).waitFor();
    await isWritten(page);
    const { data } = await hub.as(VERIFIER).ask(NEEDS);
    expect(data["needs"].nodes).toContainEqual(
      expect.objectContaining({
        kind: "REMOTE_COMMUNITY",
        group: { name: "Komunitas Alas Purwo", size: 40 },
        region: { code: PAKIS },
      }),
    );
  });
});

const REQUESTS = "{ pbiRequests { nodes { kind state words person { id } proposedAgency } } }";
const requestOf = async (person: { readonly id: string }) =>
  (await hub.as("program.kemensos").ask(REQUESTS)).data["pbiRequests"].nodes.find((one: any) => one.person.id === person.id);

describe.runIf(hasBrowser)("the contribution aid", { timeout: 60_000 }, () => {
  test("a regency proposes that a member has left; a NIK in the words is refused; the ministry decides", async () => {
    const { page } = await browser.visit("/console/district/pbi/members", { as: DISTRICT });
    await page.getByRole("button", { name: `Buka ${rina.fullName}` }).click();
    await page.getByRole("button", { name: "Usulkan PBI-JK" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Jenis usulan").selectOption("DEPARTURE");
    await dialog.getByLabel(/Bukti KTP/).fill("KTP-77/2026");
    await dialog.getByLabel(/Bukti KK/).fill("KK-77/2026");
    await dialog.getByLabel("Keterangan").fill(`pekerja, NIK ${rina.nik}`);
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Usulkan PBI-JK" }).click();
    await dialog.getByRole("alert").waitFor();
    expect(await dialog.getByLabel(/Bukti KTP/).inputValue()).toBe("KTP-77/2026");
    await dialog.getByLabel("Keterangan").fill("pekerja penerima upah");
    await dialog.getByRole("button", { name: "Usulkan PBI-JK" }).click();
    await dialog.waitFor({ state: "detached" });
    await isWritten(page);
    expect(await requestOf(rina)).toMatchObject({ kind: "DEPARTURE", state: "PROPOSED", words: "pekerja penerima upah" });

    const other = (await browser.visit("/console/district/pbi?state=PROPOSED", { as: "program.kemensos" })).page;
    await other.getByRole("button", { name: `Buka ${rina.fullName}` }).click();
    await other.getByRole("button", { name: "Putuskan usulan" }).click();
    const decision = other.getByRole("dialog");
    await decision.getByLabel("Putusan").selectOption("VERIFIED");
    await decision.getByLabel(/Alasan/).fill("data ketenagakerjaan cocok");
    await decision.getByRole("button", { name: "Putuskan usulan" }).click();
    await decision.waitFor({ state: "detached" });
    await isWritten(other);
    expect(await requestOf(rina)).toMatchObject({ state: "VERIFIED" });
  });

  test("a regency proposes an entry out of its candidates, and their list says who is entitled", async () => {
    const { page } = await browser.visit(`/console/district/pbi/candidates?region=${PAKIS}`, { as: DISTRICT });
    await page.getByRole("button", { name: `Buka ${siti.fullName}` }).click();
    await page.getByRole("button", { name: "Usulkan PBI-JK" }).click();
    const dialog = page.getByRole("dialog");
    expect(await dialog.getByLabel("Jenis usulan").inputValue()).toBe("ENTRY");
    await dialog.getByLabel(/Bukti KTP/).fill("KTP-1/2026");
    await dialog.getByLabel(/Bukti KK/).fill("KK-1/2026");
    await dialog.getByLabel(/SKTM/).fill("SKTM-5/2026");
    await dialog.getByLabel("Keterangan").fill("tidak mampu membayar iuran");
    await dialog.getByRole("button", { name: "Usulkan PBI-JK" }).click();
    await page.getByText("Usulkan PBI-JK: selesai").waitFor();
    await isWritten(page);
    expect(await requestOf(siti)).toMatchObject({ kind: "ENTRY", state: "PROPOSED", proposedAgency: "DINSOS_BANYUWANGI" });
  });

  test("the health fund, which knows its members by id, proposes by that; an emergency it may tell, and the illness nowhere", async () => {
    const { page } = await browser.visit("/console/district/pbi", { as: HEALTH });
    await page.getByRole("button", { name: "Usulkan PBI-JK" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Jenis usulan").selectOption("REACTIVATION");
    await dialog.getByRole("checkbox", { name: /Darurat/ }).waitFor();
    await dialog.getByLabel("Jenis usulan").selectOption("DEPARTURE");
    await dialog.getByRole("checkbox", { name: /Darurat/ }).waitFor({ state: "detached" });
    await dialog.getByLabel("ID penduduk").fill(maria.id);
    await dialog.getByLabel("Provinsi").selectOption("93");
    await dialog.getByLabel("Kabupaten/kota").selectOption("9301");
    await dialog.getByLabel("Kecamatan").selectOption("930101");
    await dialog.getByLabel("Desa/kelurahan").last().selectOption("9301011002");
    await dialog.getByLabel(/Bukti KTP/).fill("KTP-9");
    await dialog.getByLabel(/Bukti KK/).fill("KK-9");
    await dialog.getByLabel("Keterangan").fill("pekerja penerima upah");
    await dialog.getByRole("button", { name: "Usulkan PBI-JK" }).click();
    await page.getByText("Usulkan PBI-JK: selesai.").waitFor();
    await isWritten(page);
    expect(await requestOf(maria)).toMatchObject({ kind: "DEPARTURE", proposedAgency: "BPJS_KESEHATAN" });
    await page.getByRole("link", { name: "Peserta PBI-JK" }).first().click();
    await page.getByRole("heading", { name: "Peserta PBI-JK" }).waitFor();
    await page.getByRole("button", { name: `Buka ${maria.id}` }).waitFor();
    expect(await page.getByRole("alert").count()).toBe(0);
  });
});

test.runIf(hasBrowser).each(["penyalur.bri", "kppn.kemenkeu", HEALTH, "puslapdik.kemendikdasmen"])(
  "%s is asked nothing that the agreement of that house does not open: no page of the desk begins with a refusal",
  { timeout: 60_000 },
  async (as) => {
    const { page } = await browser.visit("/console/district", { as });
    const desk = page.getByRole("navigation", { name: "Halaman meja daerah" });
    const paths = await desk.getByRole("link").evaluateAll((links) => links.map((link: any) => link.getAttribute("href")));
    expect(paths.length).toBeGreaterThan(2);
    expect(await page.getByRole("alert").allInnerTexts()).toEqual([]);
    for (const path of paths) {
      await desk.locator(`a[href="${path}"]`).click();
      await desk.locator(`a[href="${path}"][aria-current=page]`).waitFor();
      await settled(page);
      expect([path, await page.getByRole("alert").allInnerTexts()]).toEqual([path, []]);
    }
  },
);
