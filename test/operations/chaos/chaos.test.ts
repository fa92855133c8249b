import { loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rawClient } from "../../../drizzle/client.ts";
import { Random } from "../../../drizzle/synthetic/random.ts";
import { isNightly } from "../../kit/vitest/nightly.ts";
import { asksOf, type Crowd, gather, halfOf } from "./crowd.ts";
import { exporting, type Files, following } from "./errands.ts";
import { calmMsOf, FAULTS, type Fault, type Scene } from "./faults.ts";
import { standingOf } from "./measures.ts";
import { until } from "./part.ts";
import { startTown, type Town } from "./town.ts";

// A town of processes under sixteen clients, files and feeds, to which everything happens once and more, in an order of the dice. HUB_CHAOS_SEED
// repeats an order, HUB_CHAOS_FAULTS (a pattern) takes some of them.

const SEED = process.env["HUB_CHAOS_SEED"] ?? String(Date.now() % 1_000_000); // short: a long number is taken for a NIK where it is written down
const ONLY = new RegExp(process.env["HUB_CHAOS_FAULTS"] ?? "");
const MARK = `Kekacauan ${SEED}`;
const CLOSES_MS = 5000;
/** Until all is answered again: the machine's affair where it has other work, and no promise. */
const CALM_WITHIN_MS = 300_000;
const BEGAN = new Date();
const say = (text: string) => process.stderr.write(`chaos: ${text}\n`);
if (!isNightly) say("left to the night (HUB_NIGHTLY=1)");

let town: Town;
let scene: Scene;
let crowd: Crowd;
let files: Files;
let feeds: ReturnType<typeof following>;
const dice = new Random(SEED);
const below = (n: number) => Math.floor(dice.next() * n);
const shuffled = <T>(list: readonly T[]): T[] => {
  const thrown = list.map((one) => [dice.next(), one] as const);
  return thrown.sort(([a], [b]) => a - b).map(([, one]) => one);
};

beforeAll(async () => {
  if (!isNightly) return;
  say(`HUB_CHAOS_SEED=${SEED}`);
  town = await startTown({ households: 120, disks: true });
  const sql = rawClient(town.urls.population.owner, { max: 1 });
  const niks = (await sql`select lpad(nik::text, 16, '0') as nik from person order by id limit 40`).map(({ nik }) => String(nik));
  await sql.end();
  const asks = asksOf(niks, MARK);
  const pauseMs = await halfOf(town, { asks: Object.values(asksOf(niks, `Sebelum ${MARK}`)), clients: 16 });
  crowd = gather(town, { asks: Object.values(asks), clients: 16, pauseMs });
  files = exporting(town, crowd);
  feeds = following(town, crowd, 3);
  scene = { town, crowd, asks, below };
  await calm();
}, 900_000); // a town is fifteen processes to begin: late on a busy machine, not wrong
afterAll(() => town?.close(), 120_000);

/** Everybody is answered everything again; how long it took until no source counted as away any more. */
async function calm(): Promise<{ readonly closedMs: number; readonly calmMs: number; readonly missed: string }> {
  const from = performance.now();
  await until("no circuit is open", async () => {
    const { alarms = [] } = (await (await fetch(`${town.url}/ready`)).json()) as { alarms?: string[] };
    return !alarms.some((alarm) => alarm.startsWith("circuit:"));
  });
  const closedMs = performance.now() - from;
  let missed = "";
  const isAnswered = async () => {
    const { wide, homes, figures, act } = scene.asks;
    const outcomes = [];
    for (const one of [wide, homes, figures, act]) outcomes.push(await crowd.ask(one));
    const failed = outcomes.filter(({ status, codes }) => status !== 200 || codes.length > 0);
    if (failed.length > 0) missed = failed.map(({ name, status, codes }) => `${name} ${status} ${codes}`).join("; ");
    return failed.length === 0;
  };
  await until("all is answered", isAnswered, CALM_WITHIN_MS);
  return { closedMs, calmMs: performance.now() - from, missed };
}

async function struck(fault: Fault): Promise<readonly string[]> {
  const closesMs = CLOSES_MS + 5 * (await calmMsOf(scene)); // two probes are answers, and take what one takes here and now
  const broken = await fault.strike(scene);
  const { closedMs, calmMs, missed } = await calm();
  say(
    `${fault.name}: circuits closed after ${closedMs.toFixed(0)} ms, all answered after ${calmMs.toFixed(0)} ms, load ${loadavg()[0]?.toFixed(0)}${missed && `; before that ${missed}`}`,
  );
  await sleep(below(500));
  return closedMs > closesMs ? [...broken, `a circuit took ${closedMs.toFixed(0)} ms`] : broken;
}

describe.skipIf(!isNightly)("whatever breaks", () => {
  const faults = FAULTS.filter(({ name }) => ONLY.test(name));
  test("what was promised holds while it is broken, and all is answered again after", async () => {
    const broken: Record<string, readonly string[]> = {};
    for (const fault of shuffled(faults)) {
      if (fault.needs === "disks" && town.disks.size === 0) {
        say(`${fault.name}: no disk can be mounted here, left out`);
        continue;
      }
      const found = await struck(fault);
      if (found.length > 0) broken[fault.name] = [...new Set(found)].slice(0, 10);
    }
    expect(broken).toEqual({});
  }, 3_000_000);

  test("every answer is on record, no act was done twice, no file was short, and no process wrote a NIK down", async () => {
    await files.end();
    const opened = await feeds.end();
    const outcomes = await crowd.end();
    await town.log.end("SIGTERM");
    const { broken, ...counts } = await standingOf({
      ...{ urls: town.urls, outcomes, mark: MARK, figures: ["figures"], since: BEGAN, said: town.said() },
    });
    say(`${JSON.stringify(counts)}, files ${JSON.stringify(files.ended)}, feeds ${opened}`);
    expect(Object.fromEntries(Object.entries(broken).filter(([, what]) => what.length > 0))).toEqual({});
    expect(files.wrong).toEqual([]);
    expect(counts.answers).toBeGreaterThan(500);
  }, 300_000);
});
