import { mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { openBrowser, signIn } from "../../cli/operations/faces/visit.ts";
import { median } from "./measure.ts";
import { type Hub, startHub } from "./startHub.ts";

// Pages of citizens over slow lines, as the browsers' tools simulate them: no script, nothing kept from before, everything of a page in.

interface Line {
  readonly name: string;
  /** Kilobits a second, down and up. */
  readonly down: number;
  readonly up: number;
  /** Milliseconds of a round trip. */
  readonly rtt: number;
}
const LINES: readonly Line[] = [
  { name: "regular 3G", down: 1600, up: 750, rtt: 300 },
  { name: "slow 3G", down: 400, up: 400, rtt: 400 },
];
/** The tools delay requests, but not the opening of a connection: on a real line TCP and TLS 1.3 take a round trip each. */
const HANDSHAKES = 2;
const ROUNDS = 5;
const VILLAGE = "3510161001";

interface Step {
  readonly name: string;
  readonly path: string;
  readonly isPersonal?: boolean;
  /** What is done on the page that stands there, and timed instead of its loading. */
  readonly act?: (page: Page) => Promise<unknown>;
}
const STEPS: readonly Step[] = [
  { name: "/", path: "/" },
  { name: "/cek-bansos, provinces", path: "/cek-bansos" },
  { name: "a village by name", path: "/cek-bansos?cari=pakis" },
  { name: "a province", path: "/cek-bansos?wilayah=35" },
  { name: "a regency", path: "/cek-bansos?wilayah=3510" },
  { name: "a district", path: "/cek-bansos?wilayah=351016" },
  { name: "the form", path: `/cek-bansos?wilayah=${VILLAGE}` },
  { name: "the answer, sheet kept from the form", path: `/cek-bansos?wilayah=${VILLAGE}`, act: search },
  { name: "/akuntabilitas", path: "/akuntabilitas" },
  { name: "/bantuan", path: "/bantuan" },
  { name: "/warga", path: "/warga", isPersonal: true },
  { name: "/warga/bantuan", path: "/warga/bantuan", isPersonal: true },
  { name: "/warga/bantuan/rincian", path: "/warga/bantuan/rincian", isPersonal: true },
  { name: "/warga/akses", path: "/warga/akses", isPersonal: true },
];

/** Somebody nobody is: found or not, the answer comes at the same beat. */
async function search(page: Page): Promise<void> {
  await page.locator("#nama").fill("Nama Karangan");
  for (const [id, value] of Object.entries({ lahir: "12", "lahir-month": "4", "lahir-year": "1988" }))
    await page.locator(`#${id}`).fill(value);
  await page.waitForTimeout(2500); // who is faster is taken for a machine
}

export async function run(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...argv], options: { rounds: { type: "string", default: String(ROUNDS) } } });
  const folder = mkdtempSync(join(tmpdir(), "hub-faces-"));
  const hub = await startHub(folder);
  const browser = await openBrowser();
  try {
    out(
      `${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, Chromium ${browser.version()}, load ${loadavg()[0]?.toFixed(1)}\n`,
    );
    const session = await sessionOf(browser, hub);
    out(
      `| page | bytes, page and sheet | ${LINES.map(({ name }) => `${name}: p50, worst | with ${HANDSHAKES} handshakes`).join(" | ")} |`,
    );
    out(`|---|---|${"---|---|".repeat(LINES.length)}`);
    for (const step of STEPS) out(await row({ browser, hub, session, rounds: Number(values.rounds) }, step));
  } finally {
    await browser.close();
    await hub.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const out = (text: string) => process.stdout.write(`${text}\n`);

interface Bench {
  readonly browser: Browser;
  readonly hub: Hub;
  readonly session: Awaited<ReturnType<BrowserContext["storageState"]>>;
  readonly rounds: number;
}

async function row(bench: Bench, step: Step): Promise<string> {
  const cells: string[] = [];
  let bytes = "";
  await timed(bench, step, null); // what the hub itself keeps is warm, as on any day
  for (const line of LINES) {
    const rounds: Timed[] = [];
    for (let round = 0; round < bench.rounds; round += 1) rounds.push(await timed(bench, step, line));
    const ms = rounds.map((one) => one.ms);
    bytes = rounds[0]?.bytes ?? "";
    cells.push(`${seconds(median(ms))}, ${seconds(Math.max(...ms))} | ${seconds(median(ms) + HANDSHAKES * line.rtt)}`);
  }
  return `| ${step.name} | ${bytes} | ${cells.join(" | ")} |`;
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;

interface Timed {
  readonly ms: number;
  readonly bytes: string;
}

/** One visit by a browser that has never been here. */
async function timed({ browser, hub, session }: Bench, { path, act, isPersonal }: Step, line: Line | null): Promise<Timed> {
  const context = await browser.newContext({ javaScriptEnabled: false, ...(isPersonal && { storageState: session }) });
  try {
    const page = await context.newPage();
    const sizes: number[] = [];
    page.on(
      "response",
      (response) =>
        void response
          .body()
          .then(({ length }) => sizes.push(length))
          .catch(() => {}),
    );
    const tools = await context.newCDPSession(page);
    const slow = async () =>
      line &&
      tools.send("Network.emulateNetworkConditions", {
        ...{ offline: false, latency: line.rtt },
        ...{ downloadThroughput: (line.down * 1000) / 8, uploadThroughput: (line.up * 1000) / 8 },
      });
    if (act) {
      await page.goto(`${hub.url}${path}`);
      await act(page);
      sizes.length = 0;
    }
    await slow();
    const began = performance.now();
    if (act) await Promise.all([page.waitForNavigation({ waitUntil: "load" }), page.locator("main form button").click()]);
    else await page.goto(`${hub.url}${path}`, { waitUntil: "load" });
    const ms = performance.now() - began;
    await page.locator("h1").waitFor();
    if (isPersonal && !page.url().startsWith(`${hub.url}/warga`)) throw new Error(`${path}: nobody is signed in`);
    return { ms, bytes: sizes.join(" + ") };
  } finally {
    await context.close();
  }
}

/** A citizen signs in once; every visit brings that session along, and nothing else. */
async function sessionOf(browser: Browser, hub: Hub): Promise<Bench["session"]> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${hub.url}/sign-in?face=warga&to=/warga`);
  const [who] = /person:[0-9a-f-]{36}/.exec(await page.content()) ?? [];
  if (!who) throw new Error("the issuer's page offers no citizen");
  await signIn(page, { hub: hub.url, path: "/warga", who });
  const state = await context.storageState();
  await context.close();
  return state;
}
