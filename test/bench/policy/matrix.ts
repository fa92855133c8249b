import { mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { openBrowser, settled, signIn } from "../../../cli/operations/faces/visit.ts";
import type { Answer } from "../../../console/app/access/matrix/model.ts";
import { median } from "../measure.ts";
import { startHub } from "../startHub.ts";

// Interaction to next paint on the matrix of access, 300 agreements × 500 coordinates: the hub's own answer, its columns and rows repeated.

const AGREEMENTS = 300;
const COORDINATES = 500;
const PERSONAL = ["GENERAL", "SPECIFIC"];

type Matrix = NonNullable<Answer["accessMatrix"]>;
const repeated = <T>(list: readonly T[], length: number): T[] => Array.from({ length }, (_, at) => list[at % list.length] as T);

function widened({ coordinates, agreements }: Matrix): Matrix {
  const places = coordinates.flatMap((one, at) => (PERSONAL.includes(one.class ?? "") ? [at] : []));
  const taken = repeated(places, COORDINATES);
  return {
    coordinates: taken.map((place, at) => ({
      ...(coordinates[place] as Matrix["coordinates"][number]),
      coordinate: `${coordinates[place]?.coordinate}${at < places.length ? "" : at}`,
    })),
    agreements: repeated(agreements, AGREEMENTS).map(({ agreement, groups }, at) => ({
      agreement: { ...agreement, number: `${agreement.number}-${at}` },
      groups: groups.map(({ effect, positions }) => {
        const of = new Set(positions);
        return { effect, positions: taken.flatMap((place, row) => (of.has(place) ? [row] : [])) };
      }),
    })),
  };
}

interface Act {
  readonly name: string;
  readonly times: number;
  readonly act: (page: Page, time: number) => Promise<unknown>;
}
const press = (key: string) => (page: Page) => page.keyboard.press(key);
const ACTS: readonly Act[] = [
  {
    name: "arrows",
    times: 100,
    act: (page, time) => press(["ArrowDown", "ArrowRight", "ArrowRight", "ArrowUp"][time % 4] ?? "")(page),
  },
  { name: "a page down and up", times: 40, act: (page, time) => press(time % 4 < 2 ? "PageDown" : "PageUp")(page) },
  { name: "first and last cell", times: 20, act: (page, time) => press(time % 2 ? "Control+Home" : "Control+End")(page) },
  { name: "a cell selected", times: 40, act: press("Space") },
  { name: "a row or column selected", times: 20, act: (page, time) => press(time % 2 ? "Control+Space" : "Shift+Space")(page) },
  {
    name: "typing into the filter",
    times: 20,
    act: (page, time) =>
      page
        .getByRole("searchbox")
        .first()
        .press("person."[time % 7] ?? "p"),
  },
];

export async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "hub-matrix-"));
  const hub = await startHub(folder);
  const browser = await openBrowser();
  try {
    const load = loadavg()[0]?.toFixed(1);
    out(`${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, Chromium ${browser.version()}, load ${load}\n`);
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await page.route("**/graphql", async (route) => {
      if (!route.request().postData()?.includes("accessMatrix")) return route.continue();
      // the browser adds this later than it hands the request on, and without it a cookie counts for nothing
      const headers = { ...(await route.request().allHeaders()), "sec-fetch-site": "same-origin" };
      const body = (await (await route.fetch({ headers })).json()) as { data?: Answer };
      if (!body.data?.accessMatrix) throw new Error("the hub gave no matrix");
      await route.fulfill({ json: { ...body, data: { accessMatrix: widened(body.data.accessMatrix) } } });
    });
    await signIn(page, { hub: hub.url, path: "/console/access/matrix", who: "steward.dukcapil" });
    const grid = page.getByRole("grid");
    out(`${await grid.getAttribute("aria-rowcount")} rows, ${await grid.getAttribute("aria-colcount")} columns\n`);
    out("| act | times | p50 | p95 | worst |\n|---|---|---|---|---|");
    for (const act of ACTS) out(await row(page, act));
  } finally {
    await browser.close();
    await hub.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const out = (text: string) => process.stdout.write(`${text}\n`);

async function row(page: Page, { name, times, act }: Act): Promise<string> {
  const cell = page.getByRole("gridcell").first();
  if (!name.includes("filter")) await cell.click();
  await settled(page);
  const took: number[] = [];
  for (let time = 0; time < times; time += 1) {
    await page.evaluate(LISTEN);
    await act(page, time);
    took.push(await page.evaluate<number>(PAINTED));
  }
  const sorted = took.toSorted((a, b) => a - b);
  const p95 = sorted[Math.ceil(times * 0.95) - 1] ?? Number.NaN;
  return `| ${name} | ${times} | ${median(took).toFixed(0)} ms | ${p95.toFixed(0)} ms | ${sorted.at(-1)?.toFixed(0)} ms |`;
}

/** Collects what the browser itself says of events: from the input to the next paint, in steps of 8 ms; shorter ones than 16 ms are not told. */
const LISTEN = `globalThis.told ??= new PerformanceObserver((list) => globalThis.events.push(...list.getEntries().map(({ duration }) => duration)));
globalThis.told.takeRecords(); globalThis.told.observe({ type: "event", durationThreshold: 16 });
globalThis.events = [];`;
/** The longest of them, when everything is painted. */
const PAINTED = `new Promise((tell) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => tell(Math.max(16, ...globalThis.events)), 50))), 50))`;
