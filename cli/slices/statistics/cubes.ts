import { createReadStream, existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";
import { inOneLoad } from "../../../drizzle/copy.ts";
import { MONTH } from "../../../schema/statistics/cubes.ts";
import { releaseUniverse } from "../../../subgraphs/kit/figures/released.ts";
import { type Attempt, countUp, type Rebuilt, rebuild } from "../../../subgraphs/statistics/publication/books.ts";
import { beginningOf, monthAt } from "../../../subgraphs/statistics/publication/calendar.ts";
import { mustBeTogether, type Taken, takeRelease } from "../../../subgraphs/statistics/publication/intake.ts";
import { UNIVERSES, type Universe } from "../../../subgraphs/statistics/publication/schedule.ts";
import { Untaken } from "../../../subgraphs/statistics/publication/wire.ts";
import { type Databases, openDatabases } from "../../data/databases.ts";
import { writeWhole } from "../../data/whole.ts";
import { atDesks, publicationUrl, regionCodes, slicesOf } from "./desks.ts";
import { standing } from "./status.ts";

export const help = `
Usage: npx hub cubes export --universe NAME [--month YYYY-MM] --out FOLDER
       npx hub cubes import FILE... [--json]
       npx hub cubes rebuild [--json]
       npx hub cubes status [--json]

Figures by hand; npx hub publisher does all of it by the calendar.
export   releases the cubes of a universe for a month (this one): counts what changed, suppresses, rounds, signs, and writes a file for each cube into
         FOLDER, readable by you alone. It uses up one of the month's six releases. Universes: ${UNIVERSES.map(({ code }) => code).join(", ")}.
import   puts files in force at statistics, all of them or none: each line is held against the registered cube and the slice's attestation; cubes of one
         universe and month only together, as they were released. A release in force already changes nothing, one that is older is refused.
rebuild  counts all open months anew and says in how many cells that differs from what the events had left.
status   what is counted, waiting, released and in force, cube by cube.

Settings: as for npx hub publisher.
Exit codes: 0 fine, 1 not taken, or counts that differ, 2 wrong usage.
`;

const OPTIONS = {
  universe: { type: "string" },
  month: { type: "string" },
  out: { type: "string" },
  json: { type: "boolean", default: false },
} as const;

interface Said {
  readonly universe?: string;
  readonly month?: string;
  readonly out?: string;
  readonly json: boolean;
}

/** `argv`: what follows `cubes`. */
export async function cubes(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...argv], allowPositionals: true, options: OPTIONS });
  const [verb, ...files] = positionals;
  const work = workOf(verb, files, values);
  if (typeof work === "string") {
    note(work);
    return 2;
  }
  const databases = await openDatabases(process.env, note);
  try {
    return await work(databases.urls);
  } finally {
    await databases.close();
  }
}

type Urls = Databases["urls"];
type Work = (urls: Urls) => Promise<number>;

/** What is to be done, or why it cannot be. */
function workOf(verb: string | undefined, files: readonly string[], said: Said): Work | string {
  if (verb === "import") {
    const missing = files.filter((file) => !existsSync(file));
    if (files.length === 0 || missing.length > 0)
      return missing.length > 0 ? `there is no ${missing.join(", ")}` : "import which files?";
    return (urls) => take(urls, files, said.json);
  }
  if (files.length > 0) return `${verb} takes no files`;
  if (verb === "export") return exportOf(said);
  if (verb === "rebuild") return (urls) => rebuildAll(urls, said.json);
  return verb === "status" ? (urls) => status(urls, said.json) : "say cubes export, import, rebuild or status";
}

function exportOf({ universe: name, month = monthAt(new Date()), out }: Said): Work | string {
  const universe = UNIVERSES.find(({ code }) => code === name);
  if (!universe) return `--universe is one of ${UNIVERSES.map(({ code }) => code).join(", ")}`;
  if (!MONTH.test(month)) return `--month ${month} is no month: 2026-11`;
  return out === undefined ? "--out FOLDER is missing" : (urls) => write(urls, { universe, month, out });
}

interface Writing {
  readonly universe: Universe;
  readonly month: string;
  readonly out: string;
}

const write = (urls: Urls, { universe, month, out }: Writing): Promise<number> =>
  atDesks(process.env, urls, async (desks) => {
    const desk = desks.find(({ slice }) => slice === universe.slice);
    if (!desk) throw new Error(`the database of ${universe.slice}'s workers is not named`);
    const now = new Date();
    await countUp(desk, now);
    const isFinal = beginningOf(month, 1) <= now;
    const asked = { ...desk, universe: universe.code, month, now, isFinal, regions: await regionCodes() };
    for (const { said, lines } of await releaseUniverse(asked)) {
      const file = join(out, `${said.cube}-${month}-${said.number}.jsonl`);
      await writeWhole(file, (to) => pipeline(ended(lines()), to));
      process.stdout.write(`${file}\n`);
    }
    return 0;
  });

function* ended(lines: Iterable<string>): Generator<string> {
  for (const line of lines) yield `${line}\n`;
}

async function take(urls: Urls, files: readonly string[], isJson: boolean): Promise<number> {
  const { keys } = slicesOf(process.env, urls);
  try {
    const taken = await inOneLoad(publicationUrl(urls), async (loader) => {
      const all: Taken[] = [];
      for (const file of files)
        all.push(await takeRelease(loader, linesOf(file), keys).catch((error: unknown) => refused(file, error)));
      mustBeTogether(all);
      return all;
    });
    for (const one of taken) process.stdout.write(`${isJson ? JSON.stringify(one) : told(one)}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof Untaken)) throw error;
    note(`${error.message}. Nothing was taken.`);
    return 1;
  }
}

function refused(file: string, error: unknown): never {
  throw error instanceof Untaken ? new Untaken(`${file}: ${error.message}`) : error;
}

/** Opened when it is first read: what readline emits before that is lost. */
async function* linesOf(path: string): AsyncGenerator<string> {
  yield* createInterface({ input: createReadStream(path, "utf8"), crlfDelay: Number.POSITIVE_INFINITY });
}

const told = ({ cube, period, number, cells, isNew }: Taken): string =>
  `${cube} ${period}: release ${number}, ${cells} cells, ${isNew ? "in force" : "in force already"}`;

const rebuildAll = (urls: Urls, isJson: boolean): Promise<number> =>
  atDesks(process.env, urls, async (desks) => {
    let isWhole = true;
    const attempt: Attempt = (what, work) =>
      work().catch((error: unknown) => {
        note(`${what}: ${error instanceof Error ? error.message : String(error)}`);
        isWhole = false;
        return undefined;
      });
    const now = new Date();
    const rebuilt = (await Promise.all(desks.map((desk) => rebuild(desk, { now, before: now, attempt })))).flat();
    for (const one of rebuilt) process.stdout.write(`${isJson ? JSON.stringify(one) : foundIn(one)}\n`);
    return isWhole && rebuilt.every(({ found }) => !found) ? 0 : 1;
  });

const foundIn = ({ cube, period, found }: Rebuilt): string =>
  `${cube} ${period}: ${found === null ? "rows changed meanwhile" : `${found} cells differ`}`;

const status = (urls: Urls, isJson: boolean): Promise<number> =>
  atDesks(process.env, urls, async (desks) => {
    for (const one of await inOneLoad(publicationUrl(urls), (statistics) => standing(desks, statistics)))
      process.stdout.write(`${isJson ? JSON.stringify(one) : one.sentence}\n`);
    return 0;
  });

function note(text: string): void {
  process.stderr.write(`hub cubes: ${text}\n`);
}
