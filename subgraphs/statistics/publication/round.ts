import type { LoadPool } from "../../../drizzle/copy.ts";
import type { AttestationKeys } from "../../../schema/attestation.ts";
import { releaseUniverse } from "../../kit/figures/released.ts";
import { type Attempt, countUp, type Desk, isUncounted, lastEvent, rebuild, standingsOf } from "./books.ts";
import { lastNight } from "./calendar.ts";
import { type Taken, takeRelease } from "./intake.ts";
import { type Due, dueOf, UNIVERSES, type Universe } from "./schedule.ts";

/** What a publisher works with. */
export interface Press {
  readonly desks: readonly Desk[];
  /** Database of the statistics, as the role that publishes. */
  readonly statistics: LoadPool;
  readonly keys: AttestationKeys;
  /** Codes of all regions there are, of every level, in order: those with few persons are listed as withheld, and those with none alike. */
  readonly regions: readonly string[];
  readonly note: (text: string) => void;
}

interface At extends Omit<Press, "desks"> {
  readonly desk: Desk;
  readonly now: Date;
  /** Each cube by itself: one whose count fails keeps back no other. */
  readonly attempt: Attempt;
}

/**
 * Rounds of a publisher: releases what is due, and counts anew what was not since last night. Any number of publishers; one at a time is at a universe. What
 * fails is noted, tried again ever later, and keeps back nothing else: a round never rejects.
 */
export function createRounds({ desks, ...press }: Press): (now: Date, signal?: AbortSignal) => Promise<void> {
  const trying = patience(press.note);
  const roundAt = async (at: At, signal: AbortSignal | undefined) => {
    const { slice } = at.desk;
    const works = [
      ...((await trying(`figures of ${slice}`, at.now, () => universesDue(at))) ?? []).map(
        (universe) => [`release of ${universe.code}`, () => publish(universe, at)] as const,
      ),
      [`nightly count of ${slice}`, () => countAnew(at)] as const,
    ];
    for (const [what, work] of works) if (!signal?.aborted) await trying(what, at.now, work);
  };
  return async (now, signal) => {
    await Promise.all(
      desks.map((desk) => roundAt({ desk, now, attempt: (what, work) => trying(what, now, work), ...press }, signal)),
    );
  };
}

interface Wait {
  readonly failures: number;
  readonly until: Date;
}

const MINUTE = 60 * 1000;
/** A release that is refused on arrival has used up a number. */
const LONGEST_WAIT = 60 * MINUTE;

/** Does what is not to be waited with; undefined where it is, or failed. */
function patience(note: Press["note"]) {
  const waits = new Map<string, Wait>();
  return async <T>(what: string, now: Date, work: () => Promise<T>): Promise<T | undefined> => {
    const wait = waits.get(what);
    if (wait && now < wait.until) return undefined;
    try {
      const done = await work();
      waits.delete(what);
      return done;
    } catch (error) {
      const failures = (wait?.failures ?? 0) + 1;
      const until = new Date(now.getTime() + Math.min(2 ** (failures - 1) * MINUTE, LONGEST_WAIT));
      waits.set(what, { failures, until });
      note(`${what}: ${error instanceof Error ? error.message : String(error)}; tries again after ${until.toISOString()}`);
      return undefined;
    }
  };
}

/** Universes with a month to be released. Where there are any, all that changed is counted first. */
async function universesDue(at: At): Promise<readonly Universe[]> {
  const { desk, now, attempt } = at;
  if (await isUncounted(desk, now)) await countUp(desk, now, attempt);
  const due: Universe[] = [];
  for (const universe of UNIVERSES.filter(({ slice }) => slice === desk.slice))
    if ((await monthsDue(universe, at)).length > 0) due.push(universe);
  if (due.length > 0) await countUp(desk, now, attempt);
  return due;
}

async function monthsDue(universe: Universe, { desk, statistics, now }: At): Promise<Due[]> {
  const event = await lastEvent(desk, universe);
  const standings = await statistics.load((loader) => standingsOf(desk, universe, loader));
  return dueOf(universe, { standings, event, now });
}

/** The newest month that is due; others have their turn in later rounds, so that what is current waits for no history. */
async function publish(universe: Universe, at: At): Promise<void> {
  const newest = (await monthsDue(universe, at)).at(-1);
  if (newest)
    for (const { cube, number, cells } of await publishMonth(universe, newest.month, at))
      at.note(`${cube} ${newest.month}: release ${number} in force, ${cells} cells`);
}

/** All cubes of a universe for a month, in force together or not at all. Whoever is second finds it no longer due. */
const publishMonth = (universe: Universe, month: string, { desk, statistics, keys, regions, now }: At): Promise<Taken[]> =>
  statistics.load(async (loader) => {
    const [lock] = await loader.query<{ mine: boolean }>("select pg_try_advisory_xact_lock(7312, hashtext($1)) as mine", [
      universe.code,
    ]);
    if (!lock?.mine) return [];
    const event = await lastEvent(desk, universe);
    const standings = await standingsOf(desk, universe, loader);
    const due = dueOf(universe, { standings, event, now }).find((one) => one.month === month);
    if (!due) return [];
    const { slice, pool, signer } = desk;
    const released = await releaseUniverse({ pool, slice, universe: universe.code, ...due, signer, now, regions });
    const taken: Taken[] = [];
    for (const one of released) taken.push(await takeRelease(loader, one.lines(), keys));
    return taken;
  });

async function countAnew({ desk, now, attempt, note }: At): Promise<void> {
  for (const { cube, period, found } of await rebuild(desk, { now, before: lastNight(now), attempt }))
    if (found)
      note(
        `WRONG: ${cube} ${period}, counted anew, differs in ${found} cells: rows changed and nobody told (docs/statistics/rollups.md)`,
      );
}
