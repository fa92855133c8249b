import { levelOf, parentOf } from "../../../schema/values/regionCode.ts";
import { placeOf } from "../format.ts";
import type { Visit } from "../types.ts";

export interface Place {
  /** Digits only. */
  readonly code: string;
  readonly name: string;
}

export const REGIONS = /* GraphQL */ `
  query Regions($parent: RegionCode, $after: String) {
    regions(parent: $parent, first: 100, after: $after) {
      nodes { code name }
      pageInfo { hasNextPage endCursor }
    }
  }
`;

const KEPT_MS = 60 * 60 * 1000;
/** As many as there are regions with others below them. */
const MOST = 8000;
/** Lists asked of the hub at one time; and those that may wait for their turn. */
const MOST_AT_ONCE = 8;
const MOST_WAITING = 1000;

export interface Regions {
  /** Directly below a region, or the provinces; by name. Empty: a village, or none of that code. Throws Unread. */
  below(visit: Visit, parent: string | null): Promise<readonly Place[]>;
  /** From its province down to the region itself; null: there is none. Throws Unread. */
  trail(visit: Visit, code: string): Promise<readonly Place[] | null>;
  /** Below a regency or, without one, in the country down to regencies: those whose name holds all the words. At most 40, each with its trail. Throws Unread. */
  find(visit: Visit, within: string | null, words: string): Promise<readonly (readonly Place[])[]>;
}

/** Something cannot be read at the moment, which is not the reader's doing. */
export class Unread extends Error {}

/** Regions as the hub tells them, each list kept an hour: they change by decree, and busy days are no time to ask again. */
export function createRegions(now: () => number = Date.now): Regions {
  const kept = new Map<string, { readonly at: number; readonly places: Promise<readonly Place[]> }>();
  const inTurn = createQueue();
  function below(visit: Visit, parent: string | null): Promise<readonly Place[]> {
    const key = parent ?? "";
    const held = kept.get(key);
    if (held && now() - held.at < KEPT_MS) return held.places;
    const places = inTurn(() => read(visit, parent));
    if (kept.size >= MOST) kept.delete(kept.keys().next().value ?? "");
    kept.set(key, { at: now(), places });
    const forget = () => kept.delete(key);
    places.then((list) => list.length === 0 && forget(), forget); // of a code there is not, nothing is kept
    return places;
  }
  return {
    below,
    async trail(visit, code) {
      const places: Place[] = [];
      for (const one of [...ancestors(code), code]) {
        const place = (await below(visit, parentOf(one))).find((candidate) => candidate.code === one);
        if (place === undefined) return null; // below what is not there nothing is asked
        places.push(place);
      }
      return places;
    },
    async find(visit, within, words) {
      const wanted = words.toLowerCase().split(/\s+/).filter(Boolean).slice(0, 5);
      const above = await below(visit, within);
      const trails = await Promise.all(
        above.map(async (one) => [[one], ...(await below(visit, one.code)).map((place) => [one, place])]),
      );
      return trails
        .flat()
        .filter((trail) => wanted.every((word) => trail.at(-1)?.name.toLowerCase().includes(word)))
        .slice(0, 40);
    },
  };
}

/** Some at a time, the others in turn; throws Unread when too many wait already. */
function createQueue(): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (waiting.length >= MOST_WAITING) throw new Unread();
    if (running < MOST_AT_ONCE) running += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve)); // takes the place of whoever is done
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}

function ancestors(code: string): string[] {
  const above = levelOf(code) && parentOf(code);
  return above ? [...ancestors(above), above] : [];
}

async function read(visit: Visit, parent: string | null): Promise<readonly Place[]> {
  const places: Place[] = [];
  for (let after: string | null = null; ; ) {
    const { data } = await visit.ask(REGIONS, { parent, after });
    const page = data?.["regions"];
    if (!page) throw new Unread();
    places.push(...page.nodes.map(({ code, name }: Place) => ({ code, name: placeOf(name) })));
    if (!page.pageInfo.hasNextPage) return places.sort((a, b) => a.name.localeCompare(b.name, "id"));
    after = page.pageInfo.endCursor;
  }
}
