import { createHash } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { asRole } from "../../kit/database.ts";
import { useHub } from "../../kit/hub.ts";
import { rina, siti } from "../../kit/people.ts";
import { hasBrowser, useBrowser, violations } from "../kit/browser.ts";
import { dinsos, PAKIS } from "./kit.ts";

// An objection to who is named: the desk says whom it is about.

const hub = useHub();
const browser = useBrowser(hub);
const JPEG = Buffer.from("ffd8ffe000104a46494600010100000100010000ffd9", "hex");

/** Rina objects to Siti, of the village of both, by the name on the list. */
async function objected(): Promise<void> {
  const warga = hub.as("portal-warga", { person: rina.id });
  const sha256 = createHash("sha256").update(JPEG).digest("hex");
  const announced = await warga.ask("mutation ($i: AnnounceEvidenceInput!) { announceEvidence(input: $i) { id } }", {
    i: { kind: "IMAGE", mediaType: "image/jpeg", bytes: JPEG.length, sha256, region: PAKIS },
  });
  const photo = announced.data["announceEvidence"].id;
  await warga.ask("mutation ($i: BringEvidenceInput!) { bringEvidence(input: $i) { id } }", {
    i: { id: photo, content: JPEG.toString("base64") },
  });
  const filed = await warga.ask("mutation ($i: FileObjectionByNameInput!) { fileObjectionByName(input: $i) { id } }", {
    i: { name: "aminah, Siti", photo, reason: "sudah pindah ke luar kota", latitude: -8.21, longitude: 114.37 },
  });
  expect(filed.errors).toEqual([]);
}

describe.runIf(hasBrowser)("the desk", () => {
  beforeAll(objected);

  test("takes an objection by name, chooses whom it is about among those whose names are like it, and decides it", async () => {
    const { page } = await browser.visit("/console/district/objections?state=FILED", { as: dinsos("verifikator") });
    const dialog = page.getByRole("dialog");
    await page.getByRole("cell", { name: "aminah, Siti" }).first().waitFor();
    await page.getByRole("button", { name: /^Buka/ }).click();
    await page.getByText("Disanggah menurut nama: aminah, Siti").waitFor();
    await page.getByRole("button", { name: "Ambil sanggahan" }).click();
    await dialog.getByRole("button", { name: "Ambil sanggahan" }).click();
    await page.getByText("Tidak ada sanggahan dengan saringan ini.").waitFor();
    await page.getByLabel("Keadaan").selectOption("UNDER_REVIEW");
    await page.getByRole("button", { name: /^Buka/ }).click();
    await page.getByRole("button", { name: "Tentukan yang disanggah" }).click();
    const choice = dialog.getByLabel(/Yang disanggah/);
    await choice.locator("option", { hasText: "SITI AMINAH" }).first().waitFor({ state: "attached" });
    const [entry] = await asRole(
      hub.urls.welfare.owner,
      (sql) => sql`select id from welfare.member where person_id = ${siti.id}`,
    );
    await choice.selectOption(entry?.["id"]);
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Tentukan yang disanggah" }).click();
    await page.getByRole("cell", { name: "SITI AMINAH" }).first().waitFor();
    expect(await page.getByRole("button", { name: "Tentukan yang disanggah" }).count()).toBe(0);
    const { data } = await hub
      .as(dinsos("verifikator"))
      .ask("{ objections { nodes { version member { id } candidates { id } } } }");
    expect(data["objections"].nodes).toEqual([{ version: 2, member: { id: entry?.["id"] }, candidates: [] }]);
  });
});
