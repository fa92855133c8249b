import { createHash } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { asRole } from "../../kit/database.ts";
import { useHub } from "../../kit/hub.ts";
import { budi, rina, siti } from "../../kit/people.ts";
import { hasBrowser, useBrowser, violations } from "../kit/browser.ts";
import { dinsos, isWritten, PAKIS } from "./kit.ts";

// Queues of the desk: what citizens object to, and payments that do not go on.

const hub = useHub();
const browser = useBrowser(hub);
const VERIFIER = dinsos("verifikator");
const JPEG = Buffer.from("ffd8ffe000104a46494600010100000100010000ffd9", "hex");

/** Rina objects to Siti, of the village of both, with a picture. */
async function objected(): Promise<void> {
  const warga = hub.as("portal-warga", { person: rina.id });
  const sha256 = createHash("sha256").update(JPEG).digest("hex");
  const announced = await warga.ask("mutation ($i: AnnounceEvidenceInput!) { announceEvidence(input: $i) { id } }", {
    i: { kind: "IMAGE", mediaType: "image/jpeg", bytes: JPEG.length, sha256, region: PAKIS },
  });
  expect(announced.errors).toEqual([]);
  const photo = announced.data["announceEvidence"].id;
  const brought = await warga.ask("mutation ($i: BringEvidenceInput!) { bringEvidence(input: $i) { id } }", {
    i: { id: photo, content: JPEG.toString("base64") },
  });
  expect(brought.errors).toEqual([]);
  const [member] = await asRole(hub.urls.welfare.owner, (sql) => sql`select id from welfare.member where person_id = ${siti.id}`);
  const filed = await warga.ask("mutation ($i: FileObjectionInput!) { fileObjection(input: $i) { id } }", {
    i: { member: member?.["id"], photo, reason: "sudah pindah ke luar kota", latitude: -8.21, longitude: 114.37 },
  });
  expect(filed.errors).toEqual([]);
}

describe.runIf(hasBrowser)("the desk", () => {
  beforeAll(objected);

  test("shows an objection with its clock and its picture, and a verifier takes and decides it", async () => {
    const { page } = await browser.visit("/console/district/objections?state=FILED", { as: VERIFIER });
    await page.getByText("hari lagi").first().waitFor();
    await page.getByRole("button", { name: /^Buka/ }).click();
    await page.getByText("sudah pindah ke luar kota").waitFor();
    await page.getByRole("img", { name: "Foto bukti sanggahan" }).waitFor({ state: "attached" });
    await page.getByRole("button", { name: "Ambil sanggahan" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Ambil sanggahan" }).click();
    await page.getByText("Tidak ada sanggahan dengan saringan ini.").waitFor();
    await page.getByLabel("Keadaan").selectOption("UNDER_REVIEW");
    await page.getByRole("button", { name: /^Buka/ }).click();
    await page.getByRole("button", { name: "Putuskan sanggahan" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel(/Putusan/).selectOption("REJECTED");
    await dialog.getByLabel(/Alasan/).fill("masih tinggal di alamat itu");
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Putuskan sanggahan" }).click();
    await page.getByText("Tidak ada sanggahan dengan saringan ini.").waitFor();
    await isWritten(page);
    const { data } = await hub.as(VERIFIER).ask("{ objections { nodes { state decisionReason } } }");
    expect(data["objections"].nodes).toEqual([{ state: "REJECTED", decisionReason: "masih tinggal di alamat itu" }]);
  });

  test("tells a failed payment's reason, whose office it is and what to bring, and has it checked again", async () => {
    const id = await failedPayment();
    const { page } = await browser.visit("/console/district/payments", { as: dinsos("bansos") });
    await page.getByRole("cell", { name: "Rekening tidak ditemukan" }).waitFor();
    await page.getByRole("button", { name: /^Buka/ }).first().click();
    await page.getByText("KTP dan Kartu Keluarga").waitFor();
    await page.getByRole("button", { name: "Minta cek ulang" }).click();
    await page.getByLabel(/Alasan/).fill("rekening sudah dibuka");
    await page.getByRole("dialog").getByRole("button", { name: "Minta cek ulang" }).click();
    await page.getByText("Tidak ada penyaluran dengan saringan ini.").waitFor();
    await isWritten(page);
    const [row] = await asRole(hub.urls.programs.owner, (sql) => sql`select state from programs.payment_period where id = ${id}`);
    expect(row?.["state"]).toBe("ACCOUNT_CHECK");
  });

  test("walks the payment of one person step by step", async () => {
    const { page } = await browser.visit("/console/district/payments/trace", { as: dinsos("bansos") });
    await page.locator("[name=person]").fill(budi.id);
    await page.locator("[name=program]").selectOption("PKH");
    await page.locator("[name=period]").fill("2026-Q3");
    await page.locator("form button[type=submit]").last().click();
    await page.getByRole("heading", { level: 2 }).waitFor();
    expect(await page.getByRole("listitem").count()).toBeGreaterThanOrEqual(13);
    expect(page.url()).not.toContain(budi.id);
    await isWritten(page);
    expect(await violations(page)).toEqual([]);
  });
});

/** The latest payment of a family of Banyuwangi, as its bank left it: no account was found. */
async function failedPayment(): Promise<string> {
  return asRole(hub.urls.programs.owner, async (sql) => {
    const [row] = await sql`select p.id from programs.payment_period p where p.program = 'PKH' and p.region like '3510%'
      order by p.starts_on desc, p.id limit 1`;
    await sql`alter table programs.payment_period disable trigger user`;
    await sql`update programs.payment_period set state = 'ACCOUNT_CHECK_FAILED', failure = 'ACCOUNT_NOT_FOUND', credited_on = null where id = ${row?.["id"]}`;
    await sql`alter table programs.payment_period enable trigger user`;
    return row?.["id"] as string;
  });
}
