import { beforeAll, describe, expect, test } from "vitest";
import { settled } from "../../../cli/operations/faces/visit.ts";
import { PAGES } from "../../../console/app/district/pages.ts";
import { ACTS } from "../../../console/app/district/proposals/acts.ts";
import { NEXT, STATIONS } from "../../../console/app/district/proposals/way/way.ts";
import { OPEN, STEPS } from "../../../subgraphs/welfare/proposals/machine.ts";
import { useHub } from "../../kit/hub.ts";
import { hasBrowser, useBrowser, violations } from "../kit/browser.ts";
import { dinsos, isWritten, openCalendar, proposed } from "./kit.ts";

// The desk of a regency's officers: proposals, from their list to what is next.

const hub = useHub();
const browser = useBrowser(hub);
const VERIFIER = dinsos("verifikator");
beforeAll(() => openCalendar(hub));

describe("what the desk knows of the machine of proposals is what the registry obeys", () => {
  test("every state stands on the map, and each that is no end has somebody whose turn it is", () => {
    const states = new Set(STEPS.flatMap(([from, , to]) => [from, to]));
    expect(new Set(STATIONS.map(({ state }) => state))).toEqual(states);
    const moving = STEPS.filter(([, act]) => act !== "WITHDRAW" && act !== "EXPIRE").map(([from]) => from);
    expect(new Set(Object.keys(NEXT))).toEqual(new Set(moving));
  });

  test("an act is offered to whoever the registry takes it from", () => {
    const whoseOf = (code: string) => new Set(STEPS.filter(([, act]) => act === code).flatMap(([, , , whose]) => whose));
    const codes = [...new Set(STEPS.map(([, act]) => act))];
    const offered = ACTS.map((act) => [codes.find((code) => act.fits({ id: "", acts: [code], region: null })), act.by] as const);
    expect(offered).toHaveLength(12);
    for (const [code, by] of offered) {
      const whose = whoseOf(code ?? "");
      for (const duty of by) expect([code, duty, whose.has(duty as never) || whose.has("PROPOSER")]).toEqual([code, duty, true]);
    }
    expect(OPEN.length).toBeGreaterThan(5);
  });
});

describe.runIf(hasBrowser)("a verifier of the regency", () => {
  test("finds own duties, today's calendar and what waits, and goes from there to the queue", async () => {
    await proposed(hub, "MATCHED");
    const { page } = await browser.visit("/console/district", { as: VERIFIER });
    await page.getByText("Verifikator kabupaten/kota").waitFor();
    await page.getByRole("heading", { name: /Kalender pemutakhiran/ }).waitFor();
    await page.getByRole("link", { name: "Usulan padan, menunggu finalisasi" }).click();
    await page.getByRole("link", { name: /USL-/ }).first().waitFor();
    expect(new URL(page.url()).search).toBe("?state=MATCHED");
    await isWritten(page);
  });

  test("reads one proposal: where it is, what is claimed and registered, and finalises it after being asked once more", async () => {
    const { id } = await proposed(hub, "MATCHED");
    const { page } = await browser.visit(`/console/district/proposals/${id}`, { as: VERIFIER });
    await page.getByRole("img", { name: "Usulan berada di: Padan" }).waitFor();
    await page.getByText("NIK terdaftar dan unsur yang diklaim cocok.").waitFor();
    await page.getByRole("button", { name: "Finalisasi" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("menunggu kepala dinas").waitFor();
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Finalisasi" }).click();
    await page.getByRole("img", { name: "Usulan berada di: Final" }).waitFor();
    await page.getByText("Setujui: hanya oleh Kepala dinas sosial").waitFor();
    await isWritten(page);
    const { data } = await hub.as(VERIFIER).ask("query ($id: ID!) { proposal(id: $id) { state } }", { id });
    expect(data["proposal"].state).toBe("FINALISED");
  });

  test("returns several at once for a reason, and is told how many", async () => {
    const [a, b] = [await proposed(hub, "NOT_FOUND"), await proposed(hub, "NOT_FOUND")];
    const { page } = await browser.visit("/console/district/proposals?state=NOT_MATCHED", { as: VERIFIER });
    for (const { number } of [a, b]) await page.getByRole("checkbox", { name: `Pilih ${number}` }).check();
    await page.getByText("2 dipilih").waitFor();
    await page.getByRole("button", { name: "Kembalikan untuk perbaikan (2)" }).click();
    await page.getByLabel(/Alasan/).fill("nama tidak sesuai KTP");
    await page.getByRole("dialog").getByRole("button", { name: "Kembalikan untuk perbaikan" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.getByText("Tidak ada usulan dengan saringan ini.").waitFor();
    const { data } = await hub.as(VERIFIER).ask("{ proposals(filter: { state: IN_REPAIR }) { totalCount } }");
    expect(data["proposals"].totalCount).toBe(2);
  });

  test("is shown the hub's refusal where it fails, in the dialog that asked", async () => {
    const { id } = await proposed(hub, "MATCHED");
    const { page } = await browser.visit(`/console/district/proposals/${id}`, { as: VERIFIER });
    await page.getByRole("button", { name: "Finalisasi" }).click();
    await hub.as(VERIFIER).ask("mutation ($p: [ProposalAt!]!) { finaliseProposals(proposals: $p) { id } }", {
      p: [{ id, version: await versionOf(id) }],
    });
    await page.getByRole("dialog").getByRole("button", { name: "Finalisasi" }).click();
    await page.getByRole("alert").getByText("CONFLICT").waitFor();
    expect(await violations(page)).toEqual([]);
  });
});

const versionOf = async (id: string): Promise<number> =>
  (await hub.as(VERIFIER).ask("query ($id: ID!) { proposal(id: $id) { version } }", { id })).data["proposal"].version;

describe.runIf(hasBrowser)("an operator of the village", () => {
  test("drafts a proposal whose input outlives a reload, and submits it", async () => {
    const { page } = await browser.visit("/console/district/proposals/new", { as: dinsos("operator") });
    await page.getByRole("textbox", { name: "Alamat" }).fill("JL MELATI 7");
    await page.getByRole("textbox", { name: "Nama" }).fill("PONIMAN");
    await page.getByRole("checkbox", { name: "Program Keluarga Harapan" }).check();
    await page.reload();
    expect(await page.getByRole("textbox", { name: "Alamat" }).inputValue()).toBe("JL MELATI 7");
    expect(await violations(page)).toEqual([]);
    await page.getByRole("button", { name: "Simpan sebagai konsep" }).click();
    await page.getByRole("img", { name: "Usulan berada di: Konsep" }).waitFor();
    await page.getByRole("button", { name: "Ajukan" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Ajukan" }).click();
    await page.getByRole("img", { name: "Usulan berada di: Diajukan" }).waitFor();
    await isWritten(page);
  });
});

describe.runIf(hasBrowser)("every page of the desk", () => {
  const people = [...new Set(PAGES.map(({ as }) => as))];
  test.each(people)("of %s says what it has to say, and none is refused", { timeout: 120_000 }, async (as) => {
    const { page } = await browser.visit("/console/district", { as });
    for (const { path } of PAGES.filter((one) => one.as === as)) {
      await page.goto(`${hub.gatewayUrl}${path}`);
      await settled(page);
      expect([path, await page.locator("h1").count(), await page.getByRole("alert").count()]).toEqual([path, 1, 0]);
      await isWritten(page);
    }
  });
});
