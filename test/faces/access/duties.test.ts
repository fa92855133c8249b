import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { inDays, stewardsOf } from "../../federation/stewards/stewardHub.ts";
import { asRole, withoutTriggers } from "../../kit/database.ts";
import { useHub } from "../../kit/hub.ts";
import { act } from "../kit/actKit.ts";
import { hasBrowser, useBrowser, violations } from "../kit/browser.ts";

// What an agreement obliges to: the semester report, and the review of every opening in an emergency.

const hub = useHub();
const browser = useBrowser(hub);
const POLL = { timeout: 20_000 };
const NAMES = "{ households(first: 1) { nodes { members { person { fullName } } } } }";

async function visit(agreement: string, as: string): Promise<Page> {
  const { page } = await browser.visit(`/console/access/agreements/${agreement}?part=duties`, { as });
  page.setDefaultTimeout(40_000); // a step that hangs names itself
  return page;
}
/** OPEN, or why the client is not answered under the agreement. */
async function outcome(client: string, agreement: string): Promise<string> {
  const { data, errors } = await hub.as(client, { agreement }).ask(NAMES);
  return data ? "OPEN" : String(errors[0]?.extensions["code"]);
}

describe.runIf(hasBrowser)("a semester report", { timeout: 120_000 }, () => {
  const NUMBER = "PKS-2025-003";
  const partner = () => outcome("kemendikdasmen", NUMBER);

  test("that is four months late has stopped the agreement, and the page says so to who owes it", async () => {
    await asRole(
      hub.urls.governance.owner,
      (sql) => sql`update governance.agreement set report_due = now() - interval '4 months' where number = ${NUMBER}`,
    );
    await expect.poll(partner, POLL).toBe("AGREEMENT_SUSPENDED");
    const page = await visit(NUMBER, "dpo.kemendikdasmen");
    await page
      .getByText(/^Ditangguhkan/)
      .first()
      .waitFor();
    expect(await page.getByRole("button", { name: "Sampaikan laporan" }).isDisabled()).toBe(true); // only a steward files it
  });

  test("is filed by a steward of the consumer from what the record says, and opens the agreement again", async () => {
    const page = await visit(NUMBER, "steward.kemendikdasmen");
    await act(page, "Sampaikan laporan", { "Catatan untuk laporan": "Lengkap, tanpa temuan" });
    await page.getByRole("cell", { name: "Lengkap, tanpa temuan" }).waitFor();
    await expect.poll(partner, POLL).toBe("OPEN");
    await page.getByText(/^Laporan berikutnya paling lambat/).waitFor();
    expect(await page.getByText("Ditangguhkan", { exact: true }).count()).toBe(0);
    expect(await violations(page)).toEqual([]);
  });
});

describe.runIf(hasBrowser)("an emergency", { timeout: 120_000 }, () => {
  const NUMBER = "PKS-2026-060";
  const client = () => outcome("kemensos", NUMBER);

  beforeAll(async () => {
    const { by, brought } = stewardsOf(hub);
    const about = { title: "Tanggap darurat", consumer: "KEMENSOS", purpose: "PROGRAM_ADMINISTRATION", dpiaId: "DPIA-60" };
    await by("steward.kemensos").create({ number: NUMBER, ...about });
    const selectors = ["PUBLIC", "Query.households", "HouseholdConnection.nodes", "Household.members", "Member.person"];
    const grants = [...selectors, "Person.fullName"].map((selector) => ({ selector, effect: "ALLOW", clause: "Ps. 1" }));
    const draft = { validFrom: inDays(0), validTo: inDays(300), regions: ["0"], armed: { minutes: 30, persons: 20 }, grants };
    const signers = ["steward.kemensos", "steward2.kemensos", "steward.dukcapil", "dpo.kemensos"] as const;
    await brought({ agreement: NUMBER, version: 1 }, draft, signers);
  });

  test("is declared by one steward, with a case and a reason; that alone opens nothing", async () => {
    const page = await visit(NUMBER, "steward.kemensos");
    await page.getByText("Belum pernah dibuka.").waitFor();
    await act(page, "Buka akses darurat", { "Nomor perkara": "BNPB-9/2026", Alasan: "Gempa bumi, listrik padam" });
    await page.getByText("Menunggu orang kedua").waitFor();
    await page.getByText("Harus orang kedua, bukan yang meminta.").waitFor();
    expect(await page.getByRole("button", { name: "Sahkan" }).isDisabled()).toBe(true);
    expect(await client()).toBe("FORBIDDEN");
  });

  test("is opened at once by a second one, who reads why", async () => {
    const page = await visit(NUMBER, "steward2.kemensos");
    await page.getByText("BNPB-9/2026: Gempa bumi, listrik padam").waitFor();
    await act(page, "Sahkan");
    await page.locator("tbody").getByText("Terbuka", { exact: true }).waitFor();
    await expect.poll(client, POLL).toBe("OPEN");
    expect(await violations(page)).toEqual([]);
  });

  test("closes by the clock, and is reviewed by a third person of who controls the data", async () => {
    await withoutTriggers(
      hub.urls.governance.owner,
      (sql) => sql`update governance.glass_break set requested_at = requested_at - interval '1 hour',
        opened_at = opened_at - interval '1 hour', closes_at = closes_at - interval '1 hour'`,
    );
    await expect.poll(client, POLL).toBe("FORBIDDEN");
    const opener = await visit(NUMBER, "steward2.kemensos");
    await opener.getByText("Belum ditelaah").waitFor();
    expect(await opener.getByRole("button", { name: "Telaah" }).isDisabled()).toBe(true);
    const page = await visit(NUMBER, "dpo.dukcapil");
    await act(page, "Telaah", { Catatan: "Berita acara 9: sesuai keperluan" });
    await page.getByText("Beralasan, dpo.dukcapil").waitFor();
    expect(await page.getByRole("button", { name: "Telaah" }).count()).toBe(0);
  });
});
