import { beforeAll, describe, expect, test } from "vitest";
import { useHub } from "../../kit/hub.ts";
import { ani, budi, jokosHome, siti, sitisHome } from "../../kit/people.ts";
import { hasBrowser, useBrowser, violations } from "../kit/browser.ts";
import { dinsos, drafted, isWritten } from "./kit.ts";

// Family cards: what a village hands in, what it would do, and a second officer who approves what was shown.

const hub = useHub();
const browser = useBrowser(hub);
const [OPERATOR, VERIFIER] = [dinsos("operator"), dinsos("verifikator")];
const CARD = "3510162709269001";
const family = sitisHome.families[0]?.id ?? "";
const memberOf = (person: { readonly id: string }) =>
  sitisHome.families[0]?.members.find((one) => one.person.id === person.id)?.id ?? "";

const HOME = "query ($id: ID!) { household(id: $id) { members { claimedName suffix relation state } } }";
const namesAtSitis = async (): Promise<string[]> =>
  (await hub.as(VERIFIER).ask(HOME, { id: sitisHome.id })).data["household"].members
    .filter(({ state }: { state: string }) => state === "ACTIVE")
    .map(({ claimedName }: { claimedName: string }) => claimedName);
const handIn = async (input: object): Promise<{ id: string; version: number }> => {
  const SUBMIT = "mutation ($input: ChangeInput!) { submitNewCard(input: $input) { id version } }";
  const { data, errors } = await hub
    .as(OPERATOR)
    .ask(SUBMIT, { input: { effectiveOn: "2026-09-27", cardNumber: CARD, ...input } });
  expect(errors).toEqual([]);
  return data["submitNewCard"];
};
const stateOf = async (id: string): Promise<string> =>
  (await hub.as(VERIFIER).ask("query ($id: ID!) { changeRequest(id: $id) { state } }", { id })).data["changeRequest"].state;

describe.runIf(hasBrowser)("a family card", { timeout: 60_000 }, () => {
  test("a birth goes from the village's form, whose consequences are shown first, to a verifier who approves the preview that was read", async () => {
    const { page } = await browser.visit(`/console/district/households?open=${sitisHome.id}`, { as: OPERATOR });
    await page.getByRole("button", { name: "Kelahiran" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Nomor KK baru").fill("123");
    await dialog.getByLabel("Tanggal peristiwa").fill("2026-09-27");
    await dialog.getByRole("combobox", { name: "Keluarga", exact: true }).selectOption(family);
    await dialog.getByLabel("Nama").fill("BAYU SANTOSO");
    await dialog.getByLabel("Tanggal lahir").fill("2026-09-27");
    await dialog.getByRole("button", { name: "Kelahiran" }).click();
    await dialog.getByRole("alert").getByText("cardNumber must be 16 digits").waitFor();
    await page.reload();
    await page.getByRole("button", { name: "Kelahiran" }).click();
    expect(await dialog.getByLabel("Nama").inputValue()).toBe("BAYU SANTOSO");
    await dialog.getByLabel("Nomor KK baru").fill(CARD);
    await dialog.getByRole("button", { name: "Lihat akibat" }).click();
    await dialog.getByText(/Komponen PKH bertambah/).waitFor();
    expect(await violations(page)).toEqual([]);
    await isWritten(page);
    await dialog.getByRole("button", { name: "Kelahiran" }).click();
    await page.getByText("Kelahiran: selesai untuk 1 baris.").waitFor();

    const other = (await browser.visit("/console/district/changes?state=SUBMITTED", { as: VERIFIER })).page;
    await other.getByRole("button", { name: "Buka BAYU SANTOSO" }).click();
    await other.getByText(/Komponen PKH bertambah/).waitFor();
    expect(await other.getByRole("alert").count()).toBe(0);
    await other.getByRole("button", { name: "Setujui perubahan" }).click();
    await other.getByRole("dialog").getByRole("button", { name: "Setujui perubahan" }).click();
    await other.getByText("Tidak ada permohonan dengan saringan ini.").waitFor();
    await isWritten(other);
    expect(await namesAtSitis()).toContain("BAYU SANTOSO");
  });

  test("what was previewed is what is approved: a family that has changed meanwhile is refused, in the hub's words", async () => {
    const { id } = await handIn({ correction: { memberId: memberOf(siti), relation: "OTHER" } });
    const { page } = await browser.visit(`/console/district/changes?state=SUBMITTED&open=${id}`, { as: VERIFIER });
    await page.getByText("Akibat bila disetujui hari ini").waitFor();
    await page.getByRole("button", { name: "Setujui perubahan" }).click();
    const first = await handIn({ correction: { memberId: memberOf(ani), relation: "OTHER" } });
    const PREVIEW = "query ($id: ID!) { changeRequest(id: $id) { preview { digest } } }";
    const { data } = await hub.as(VERIFIER).ask(PREVIEW, { id: first.id });
    const input = { ...first, digest: data["changeRequest"].preview.digest };
    const done = await hub
      .as(VERIFIER)
      .ask("mutation ($i: ApproveChangeInput!) { approveChange(input: $i) { state } }", { i: input });
    expect(done.data["approveChange"]).toEqual({ state: "APPLIED" });
    await page.getByRole("dialog").getByRole("button", { name: "Setujui perubahan" }).click();
    await page.getByRole("dialog").getByText("CONFLICT").waitFor();
    expect(await stateOf(id)).toBe("SUBMITTED");
  });

  test("an operator takes back what they handed in, for a reason", async () => {
    const { id } = await handIn({ correction: { memberId: memberOf(budi), name: "BUDI SANTOSO" } });
    const { page } = await browser.visit(`/console/district/changes?state=SUBMITTED&kind=CORRECTION&open=${id}`, {
      as: OPERATOR,
    });
    await page.getByRole("button", { name: "Tarik perubahan" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel(/Alasan/).fill("salah ketik");
    await dialog.getByRole("button", { name: "Tarik perubahan" }).click();
    await dialog.waitFor({ state: "detached" });
    expect(await stateOf(id)).toBe("WITHDRAWN");
  });

  test("some of a household move to an address, each with a relation where they go", async () => {
    const { page } = await browser.visit(`/console/district/households?open=${sitisHome.id}`, { as: OPERATOR });
    await page.getByRole("button", { name: "Pindah" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Nomor KK baru").fill("3510162709269002");
    await dialog.getByLabel("Tanggal peristiwa").fill("2026-10-01");
    await dialog.getByLabel("Tujuan").selectOption("ADDRESS");
    await dialog.getByLabel("Alamat").fill("JL DAHLIA 1");
    const goer = dialog.getByRole("group", { name: /ANI LESTARI/ });
    await goer.getByRole("checkbox", { name: "Ikut berpindah" }).check();
    await goer.getByLabel(/Hubungan/).selectOption("HEAD");
    await dialog.getByRole("button", { name: "Pindah" }).click();
    await page.getByText("Pindah: selesai untuk 1 baris.").waitFor();
    const { data } = await hub.as(VERIFIER).ask("{ changeRequests(filter: { kind: MOVE }) { nodes { state cardNumber } } }");
    expect(data["changeRequests"].nodes).toEqual([{ state: "SUBMITTED", cardNumber: "3510162709269002" }]);
  });

  test("one family goes into another, chosen among the households of the village", async () => {
    const { page } = await browser.visit(`/console/district/households?open=${jokosHome.id}`, { as: OPERATOR });
    await page.getByRole("button", { name: "Gabung KK" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Nomor KK baru").fill("3510162709269003");
    await dialog.getByLabel("Tanggal peristiwa").fill("2026-10-02");
    await dialog.getByRole("combobox", { name: "Keluarga", exact: true }).selectOption(jokosHome.families[0]?.id ?? "");
    await dialog.getByRole("combobox", { name: "Keluarga tujuan" }).selectOption(family);
    await dialog
      .getByRole("group", { name: /JOKO/ })
      .getByLabel(/Hubungan/)
      .selectOption("OTHER");
    await dialog.getByRole("button", { name: "Lihat akibat" }).click();
    await dialog.getByText("Akibat bila disetujui hari ini").waitFor();
    expect(await violations(page)).toEqual([]);
    await dialog.getByLabel("Tanggal peristiwa").fill("2026-10-03");
    expect(await dialog.getByText("Akibat bila disetujui hari ini").count()).toBe(0);
    await dialog.getByRole("button", { name: "Gabung KK" }).click();
    await page.getByText("Gabung KK: selesai untuk 1 baris.").waitFor();
    const { data } = await hub.as(VERIFIER).ask("{ changeRequests(filter: { kind: MERGE }) { nodes { state effectiveOn } } }");
    expect(data["changeRequests"].nodes).toEqual([{ state: "SUBMITTED", effectiveOn: "2026-10-03" }]);
  });

  describe("of a civil event", () => {
    let id = "";
    beforeAll(async () => {
      id = await drafted(hub, siti);
    });

    test("waits as a draft that says what it lacks; completed, it is submitted", async () => {
      const { page } = await browser.visit(`/console/district/changes?state=DRAFT&open=${id}`, { as: OPERATOR });
      await page.getByRole("button", { name: "Lengkapi dan ajukan" }).click();
      const dialog = page.getByRole("dialog");
      expect(await dialog.getByLabel("Tanggal peristiwa").inputValue()).toBe("2026-10-05");
      await dialog.getByRole("combobox", { name: "Keluarga", exact: true }).selectOption(family);
      await dialog.getByLabel("Nama").fill("DEWI SANTOSO");
      await dialog.getByRole("button", { name: "Lengkapi dan ajukan" }).click();
      await page.getByText("Tidak ada permohonan dengan saringan ini.").waitFor();
      expect(await stateOf(id)).toBe("SUBMITTED");
      await isWritten(page);
    });
  });
});
