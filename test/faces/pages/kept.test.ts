import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { signIn } from "../../../cli/operations/faces/visit.ts";
import { useHub } from "../../kit/hub.ts";
import { dinsos, openCalendar, proposed } from "../district/kit.ts";
import { hasBrowser, useBrowser } from "../kit/browser.ts";

// What the console keeps in a browser that several people use, and what it shows while the next answer is on its way.

const hub = useHub();
const browser = useBrowser(hub);
const VERIFIER = dinsos("verifikator");
beforeAll(() => openCalendar(hub));

const keptIn = (page: Page) =>
  page.evaluate(() =>
    Object.fromEntries(
      Object.entries<string>({ ...(globalThis as any).sessionStorage }).filter(([key]) => key.startsWith("hub.")),
    ),
  );
const returning = { name: "Kembalikan untuk perbaikan" };

describe.runIf(hasBrowser)("what is typed about one case", () => {
  test("outlives a reload, but never comes up with another case, and is gone when it is cancelled", async () => {
    const [a, b] = [await proposed(hub, "NOT_FOUND"), await proposed(hub, "NOT_FOUND")];
    const { page } = await browser.visit(`/console/district/proposals/${a.id}`, { as: VERIFIER });
    const reason = page.getByRole("dialog").locator("textarea").first();
    const open = async (id: string) => {
      await page.goto(`${hub.gatewayUrl}/console/district/proposals/${id}`);
      await page.getByRole("button", returning).click();
      await reason.waitFor();
      return reason.inputValue();
    };
    await open(a.id);
    await reason.fill("TENTANG RUMAH TANGGA A");
    expect(await open(b.id)).toBe("");
    expect(await open(a.id)).toBe("TENTANG RUMAH TANGGA A");
    await page.getByRole("dialog").getByRole("button", { name: "Batal" }).click();
    expect(await open(a.id)).toBe("");
  });
});

describe.runIf(hasBrowser)("whoever sits down next", () => {
  const work = async () => {
    const visit = await browser.visit("/console/district/proposals/new", { as: dinsos("operator") });
    await visit.page.getByRole("textbox", { name: "Nama" }).fill("PONIMAN");
    await visit.page
      .getByRole("button", { name: /operator|Operator/i })
      .first()
      .click();
    await visit.page.getByLabel("Nomor perkara").fill("LHP-7");
    await visit.page.getByLabel("Nomor perkara").press("Tab");
    await visit.page.getByText("Perkara LHP-7").waitFor();
    expect(JSON.stringify(await keptIn(visit.page))).toMatch(/PONIMAN.*LHP-7|LHP-7.*PONIMAN/);
    return visit.page;
  };

  test("finds nothing of the one who signed out", async () => {
    const page = await work();
    await page.getByRole("button", { name: "Keluar" }).click();
    await page.getByRole("link", { name: "Masuk" }).waitFor();
    expect(await keptIn(page)).toEqual({});
  });

  test("finds nothing of the one whose session was left behind: no draft, no case number", async () => {
    const page = await work();
    await page.context().clearCookies();
    await signIn(page, { hub: hub.gatewayUrl, path: "/console/district", who: VERIFIER });
    await page.getByText("Verifikator kabupaten/kota").waitFor();
    expect(await keptIn(page)).toEqual({ "hub.person": VERIFIER });
    expect(await page.getByText("LHP-7").count()).toBe(0);
  });

  test("finds the page loaded anew when it comes back into view", async () => {
    const page = await work();
    const other = await page.context().newPage();
    await page.context().clearCookies();
    await signIn(other, { hub: hub.gatewayUrl, path: "/console/district", who: VERIFIER });
    await page.evaluate(() => (globalThis as any).dispatchEvent(new Event("focus")));
    await page.getByText("LHP-7").waitFor({ state: "detached" });
    expect(await keptIn(page)).toEqual({ "hub.person": VERIFIER });
  });
});

describe.runIf(hasBrowser)("a list that is narrowed to something else", () => {
  test("shows no row of what it was narrowed to before while the hub has not answered", async () => {
    const { number } = await proposed(hub, "NOT_FOUND");
    const { page } = await browser.visit("/console/district/proposals?state=NOT_MATCHED", { as: VERIFIER });
    await page.getByRole("link", { name: number }).waitFor();
    let answer = () => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route("**/graphql", async (route) => {
      await answered;
      await route.continue();
    });
    await page.locator("select:has(option[value=MATCHED])").selectOption("MATCHED");
    await page.getByRole("link", { name: number }).waitFor({ state: "detached" });
    answer();
    await page.unrouteAll({ behavior: "wait" });
  });
});
