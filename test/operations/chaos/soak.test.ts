import { cpus, loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rawClient } from "../../../drizzle/client.ts";
import { isNightly } from "../../kit/vitest/nightly.ts";
import { asksOf, type Crowd, gather, halfOf } from "./crowd.ts";
import { exporting, following } from "./errands.ts";
import { standingOf } from "./measures.ts";
import { type Held, outsideOf, Part, until } from "./part.ts";
import { growthOf, leaksIn, sampling, tableOf } from "./soak.ts";
import { startTown, type Town } from "./town.ts";

// Promise 9. A town at about half its load: ten minutes by night (HUB_SOAK_SECONDS for others). By default only that the harness finds what leaks.

const SECONDS = Number(process.env["HUB_SOAK_SECONDS"] ?? (isNightly ? 600 : 0));
const MARK = `Ketahanan ${Date.now().toString(36)}`;
const BEGAN = new Date();
const say = (text: string) => process.stderr.write(`soak: ${text}\n`);
if (SECONDS === 0) say("left to the night (HUB_NIGHTLY=1, or HUB_SOAK_SECONDS)");

describe("the measure of growth", () => {
  const parts: Part[] = [];
  afterAll(async () => {
    for (const part of parts) await part.end("SIGKILL");
  });
  /** A process that keeps, or does not keep, what it makes and opens. */
  const made = async (name: string, body: string) => {
    const part = new Part({
      name,
      argv: ["--input-type=module", "-e", `import fs from "node:fs"; ${body}; setInterval(() => {}, 1e6);`],
    });
    parts.push(part);
    await part.start();
    return part;
  };
  const MAKES =
    'setInterval(() => { KEPT.push(Array.from({ length: 3e4 }, () => ({}))); KEPT.push(fs.openSync("/dev/null")); }, 20)';

  test("finds a process that keeps memory and descriptors, and no descriptors in one that keeps nothing", async () => {
    const [keeps, rests] = [await made("keeps", `const KEPT = []; ${MAKES}`), await made("rests", "")];
    const held = (part: Part) => ({ name: part.name, held: () => part.held() });
    const least = (await keeps.held()).descriptors + 60;
    let isEnough = false; // by what it has opened, not by the clock: a busy machine takes longer
    const counted = {
      name: "keeps",
      held: async () => {
        const now = await keeps.held();
        isEnough = now.descriptors >= least;
        return now;
      },
    };
    const samples = await sampling([counted, held(rests)], { everyMs: 60, isOver: () => isEnough });
    const [kept, rested] = [...samples].map(([name, list]) => growthOf(name, list, 0));
    if (!kept || !rested) throw new Error("nothing was sampled");
    expect(leaksIn([kept]).join("\n")).toMatch(/^keeps: heapMb.*\nkeeps: residentMb.*\nkeeps: descriptors/);
    expect(rested.descriptors).toBe(0);
    expect(kept.heapMb).toBeGreaterThan(5 * rested.heapMb);
  });

  test("takes noise for no growth, and a slow leak for one", () => {
    const over = (aMinute: number) =>
      Array.from({ length: 120 }, (_, nth) => ({
        ...{ seconds: 5 * nth, heapMb: 60 + (nth % 7) + (aMinute * 5 * nth) / 60, residentMb: 200 + 10 * Math.sin(nth) },
        ...{ descriptors: 60 + (nth % 5), handles: 10 },
      }));
    expect(leaksIn([growthOf("steady", over(0), 0.3)])).toEqual([]);
    expect(leaksIn([growthOf("leaks", over(1.2), 0.3)])).toEqual([
      expect.stringMatching(/^leaks: heapMb grow by 1\.\d+ a minute$/),
    ]);
  });
});

describe.skipIf(SECONDS === 0)("a hub under questions, acts, files, feeds and reloads", () => {
  let town: Town;
  let crowd: Crowd;
  beforeAll(async () => {
    town = await startTown({ households: 300 });
    const sql = rawClient(town.urls.population.owner, { max: 1 });
    const rows = await sql`select lpad(nik::text, 16, '0') as nik from person order by id limit 200`;
    await sql.end();
    const niks = rows.map(({ nik }) => String(nik));
    const mixed = (mark: string) => {
      const { wide, homes, figures, act } = asksOf(niks, mark);
      return [wide, homes, figures, wide, homes, wide, homes, act];
    };
    await until("the hub answers", async () => (await fetch(`${town.url}/ready`)).ok);
    const pauseMs = await halfOf(town, { asks: mixed("Sebelum ketahanan"), clients: 8 });
    crowd = gather(town, { asks: mixed(MARK), clients: 8, pauseMs });
  }, 900_000);
  afterAll(() => town?.close(), 120_000);

  test(
    "answers everybody, has each answer on record, and grows neither in memory nor in descriptors",
    async () => {
      const [files, feeds] = [exporting(town, crowd), following(town, crowd, 3)];
      const end = performance.now() + SECONDS * 1000;
      const isOver = () => performance.now() > end;
      const reloads = (async () => {
        let count = 0;
        for (; !isOver(); count += 1) {
          await sleep(Math.min(20_000, SECONDS * 100));
          for (const part of [town.gateway, ...town.slices.values()]) part.signal("SIGHUP");
        }
        return count;
      })();
      const those = [town.gateway, town.log, ...town.slices.values()];
      const samples = await sampling(
        [
          ...those.map((part) => ({ name: part.name, held: () => part.held() })),
          { name: "PostgreSQL, connections", held: () => connections(town) },
        ],
        { everyMs: 5000, isOver },
      );
      await files.end();
      const [opened, reloaded] = [await feeds.end(), await reloads];
      const outcomes = await crowd.end();
      const growths = [...samples].map(([name, list]) => growthOf(name, list, 0.4));
      say(
        `${SECONDS} s, ${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)}\n${tableOf(growths)}`,
      );
      await town.log.end("SIGTERM");
      const accounts = { urls: town.urls, outcomes, mark: MARK, figures: ["figures"], since: BEGAN, said: town.said() };
      const { broken, ...counts } = await standingOf(accounts);
      say(`${JSON.stringify(counts)}, ${reloaded} reloads, files ${JSON.stringify(files.ended)}, feeds ${opened}`);
      expect(Object.fromEntries(Object.entries(broken).filter(([, what]) => what.length > 0))).toEqual({});
      const other = outcomes.filter(({ status, codes }) => status !== 200 && !codes.some((code) => STALLED.has(code)));
      expect(other.map(({ name, status, codes }) => `${name} ${status} ${codes}`)).toEqual([]);
      expect(files.wrong).toEqual([]);
      expect(leaksIn(growths)).toEqual([]);
    },
    SECONDS * 1000 + 300_000,
  );
});

/** What a machine that stalls is told at half load; on one that does not, nobody is. */
const STALLED = new Set(["OVERLOADED", "POLICY_UNAVAILABLE", "AUDIT_UNAVAILABLE", "OUTCOME_UNCONFIRMED"]);

/** Descriptors: connections of clients to the server. */
async function connections({ adminUrl, database }: Town): Promise<Held> {
  const sql = rawClient(adminUrl, { max: 1 });
  const [row] = await sql`select count(*)::int as count from pg_stat_activity where backend_type = 'client backend'`;
  await sql.end();
  return { ...outsideOf(database.pid), descriptors: Number(row?.["count"]), heapMb: 0, handles: 0 };
}
