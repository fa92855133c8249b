import { createHash } from "node:crypto";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { asRole } from "../../kit/database.ts";
import { useHub } from "../../kit/hub.ts";
import { ani } from "../../kit/people.ts";
import { hasBrowser, useBrowser, violations } from "../kit/browser.ts";
import { deliberated, dinsos, isWritten, openCalendar, PAKIS, type Proposed, proposed, today } from "./kit.ts";

// Acts of a village and of the field: minutes, statements, visits, repairs; and the accounts of pupils.

const hub = useHub();
const browser = useBrowser(hub);
const [OPERATOR, VERIFIER] = [dinsos("operator"), dinsos("verifikator")];
beforeAll(() => openCalendar(hub));

const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");
const paper = (name: string, text: string) => ({ name, mimeType: "application/pdf", buffer: Buffer.from(text) });
const MINUTES = paper("berita-acara.pdf", "%PDF-1.4 berita acara");
const LIST = paper("bnba.pdf", "%PDF-1.4 bnba");
const STATEMENT = paper("sptjm.pdf", "%PDF-1.4 sptjm");
const JPEG = Buffer.from("ffd8ffe000104a46494600010100000100010000ffd9", "hex");

const PROPOSAL = `query ($id: ID!) { proposal(id: $id) { state address deliberation { documentSha256 attendees { name office } }
  responsibility { documentSha256 statementNumber } candidates { claimedName } visits { code photoSha256 presences { code } } } }`;
const read = async (id: string) => (await hub.as(VERIFIER).ask(PROPOSAL, { id })).data["proposal"];
const isAt = (page: Page, state: string) => page.getByRole("img", { name: `Usulan berada di: ${state}` }).waitFor();

describe.runIf(hasBrowser)("a village", { timeout: 60_000 }, () => {
  test("records the minutes of its meeting: the SHA-256 of the signed papers is made in the browser, the papers stay", async () => {
    const { id, number } = (await deliberated(hub, 1))[0] as Proposed;
    const { page } = await browser.visit(`/console/district/proposals/${id}`, { as: OPERATOR });
    await page.getByRole("button", { name: "Catat berita acara" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Bentuk musyawarah").selectOption("MUSKEL");
    await dialog.getByLabel("Nomor berita acara").fill("BA/12/2026");
    await dialog.getByLabel("Tanggal musyawarah").fill(today());
    await dialog.getByLabel("Kuorum").fill("2");
    await dialog.getByLabel(/^Hadir/).fill("SUPARMAN, Lurah\nWAGINI, Ketua RT 01, RW 02");
    await dialog.locator("input[type=file]").nth(0).setInputFiles(MINUTES);
    await dialog.locator("input[type=file]").nth(1).setInputFiles(LIST);
    await dialog.getByText(`SHA-256 ${sha256(MINUTES.buffer)}`).waitFor();
    await dialog.getByText(`SHA-256 ${sha256(LIST.buffer)}`).waitFor();
    await dialog.getByRole("group", { name: number }).getByLabel("Putusan").selectOption("ACCEPTED");
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Catat berita acara" }).click();
    await isAt(page, "Dalam verifikasi dan validasi");
    await isWritten(page);
    expect((await read(id)).deliberation).toEqual({
      documentSha256: sha256(MINUTES.buffer),
      attendees: [
        { name: "SUPARMAN", office: "Lurah" },
        { name: "WAGINI", office: "Ketua RT 01, RW 02" },
      ],
    });
  });

  test("answers for several proposals at once with one statement, as its head alone may", async () => {
    const both = await deliberated(hub, 2);
    const { page } = await browser.visit("/console/district/proposals?state=IN_DELIBERATION", { as: dinsos("lurah") });
    for (const { number } of both) await page.getByRole("checkbox", { name: `Pilih ${number}` }).check();
    await page.getByRole("button", { name: "SPTJM (2)" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Nomor SPTJM").fill("SPTJM/7/2026");
    await dialog.getByLabel("Tanggal tanda tangan").fill(today());
    await dialog.locator("input[type=file]").setInputFiles(STATEMENT);
    await dialog.getByText(`SHA-256 ${sha256(STATEMENT.buffer)}`).waitFor();
    await dialog.getByRole("button", { name: "SPTJM" }).click();
    await page.getByText("Tidak ada usulan dengan saringan ini.").waitFor();
    for (const { id } of both)
      expect(await read(id)).toMatchObject({
        state: "IN_VERIFICATION",
        responsibility: { documentSha256: sha256(STATEMENT.buffer), statementNumber: "SPTJM/7/2026" },
      });
  });

  test("repairs what was returned to it, claim and address, and hands it in again", async () => {
    const { id } = await proposed(hub, "NOT_FOUND");
    const { data } = await hub.as(VERIFIER).ask("query ($id: ID!) { proposal(id: $id) { version } }", { id });
    const RETURN = 'mutation ($p: [ProposalAt!]!) { returnForRepair(proposals: $p, reason: "nama salah") { id } }';
    expect((await hub.as(VERIFIER).ask(RETURN, { p: [{ id, version: data["proposal"].version }] })).errors).toEqual([]);
    const { page } = await browser.visit(`/console/district/proposals/${id}`, { as: OPERATOR });
    await page.getByText("Alasan: nama salah").waitFor();
    await page.getByRole("button", { name: "Perbaiki klaim PONIMAN" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Nama").fill("PONIMAN HADI");
    await page.reload();
    await page.getByRole("button", { name: "Perbaiki klaim PONIMAN" }).click();
    expect(await dialog.getByLabel("Nama").inputValue()).toBe("PONIMAN HADI");
    await dialog.getByRole("button", { name: "Perbaiki klaim" }).click();
    await page.getByText("PONIMAN HADI · Kepala keluarga").waitFor();
    await page.getByRole("button", { name: "Perbaiki alamat" }).click();
    expect(await dialog.getByLabel("Alamat").inputValue()).toBe("JL MAWAR 1");
    await dialog.getByLabel("Alamat").fill("JL MAWAR 11");
    await dialog.getByRole("button", { name: "Perbaiki alamat" }).click();
    await page.getByText("JL MAWAR 11,").waitFor();
    await isWritten(page);
    await page.getByRole("button", { name: "Ajukan kembali" }).click();
    await dialog.getByRole("button", { name: "Ajukan kembali" }).click();
    await isAt(page, "Dalam verifikasi dan validasi");
    expect(await read(id)).toMatchObject({ address: "JL MAWAR 11", candidates: [{ claimedName: "PONIMAN HADI" }] });
  });
});

describe.runIf(hasBrowser)("a household", { timeout: 60_000 }, () => {
  test("is visited: an enumerator records who was found where, with a picture, and a verifier approves", async () => {
    const { id } = await proposed(hub, "MATCHED");
    const { page } = await browser.visit(`/console/district/proposals/${id}`, { as: dinsos("petugas") });
    await page.getByRole("button", { name: "Catat kunjungan" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Tanggal kunjungan").fill(today());
    await dialog.getByLabel("Hasil kunjungan").selectOption("COMPLETED");
    await dialog.getByLabel("Cara pengumpulan").selectOption("OBSERVATION");
    await dialog.getByLabel("Lintang").fill("-8.219233");
    await dialog.getByLabel("Bujur").fill("114.369227");
    await dialog.locator("input[type=file]").setInputFiles({ name: "rumah.jpg", mimeType: "image/jpeg", buffer: JPEG });
    await dialog.getByText("1 foto tersimpan sebagai bukti.").waitFor();
    await dialog.getByRole("group", { name: "PONIMAN" }).getByLabel("Keberadaan").selectOption("CONFIRMED");
    await dialog.getByRole("button", { name: "Catat kunjungan" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByText("-8.219233, 114.369227").waitFor();
    await isWritten(page);
    expect((await read(id)).visits).toMatchObject([{ code: "M1", photoSha256: [sha256(JPEG)] }]);

    const other = (await browser.visit(`/console/district/proposals/${id}`, { as: VERIFIER })).page;
    await other.getByRole("button", { name: "Setujui kunjungan" }).click();
    await other.getByRole("dialog").getByRole("button", { name: "Setujui kunjungan" }).click();
    await other.getByRole("dialog").waitFor({ state: "detached" });
    await expect.poll(async () => (await read(id)).visits[0].code).not.toBe("M1");
    await isWritten(other);
  });
});

describe.runIf(hasBrowser)("a pupil's account", { timeout: 60_000 }, () => {
  beforeAll(async () => {
    const pupil = { person: ani.id, village: PAKIS, level: "PRIMARY", grade: 3, npsn: "20525001", nisn: "9000000001" };
    const input = {
      decree: "SK-NOMINASI-1",
      year: Number(today().slice(0, 4)),
      activateBy: today(60),
      dryRun: false,
      pupils: [pupil],
    };
    const NOMINATE = "mutation ($input: NominatePupilsInput!) { nominatePupils(input: $input) { accepted } }";
    const { data } = await hub.as("puslapdik.kemendikdasmen").ask(NOMINATE, { input });
    expect(data["nominatePupils"]).toEqual({ accepted: 1 });
  });

  test("is recorded as active by the education ministry, before its deadline", async () => {
    const { page } = await browser.visit("/console/district/school", { as: "puslapdik.kemendikdasmen" });
    await page.getByRole("checkbox", { name: "Pilih NISN 9000000001" }).check();
    await page.getByRole("button", { name: "Catat aktivasi SimPel" }).click();
    const dialog = page.getByRole("dialog");
    expect(await page.getByRole("alert").count()).toBe(0);
    await dialog.getByLabel("Tanggal aktivasi").fill(today(1));
    await dialog.getByRole("button", { name: "Catat aktivasi SimPel" }).click();
    await dialog.getByRole("alert").getByText("BAD_USER_INPUT").waitFor();
    await dialog.getByLabel("Tanggal aktivasi").fill(today());
    await dialog.getByRole("button", { name: "Catat aktivasi SimPel" }).click();
    await page.getByText("Tidak ada siswa dengan saringan ini.").waitFor();
    await isWritten(page);
    const rows = await asRole(hub.urls.programs.owner, (sql) => sql`select state from programs.school_aid`);
    expect(rows).toMatchObject([{ state: "ACCOUNT_ACTIVATED" }]);
  });
});
