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

export const FIND_REGIONS = /* GraphQL */ `
  query FindRegions($parent: RegionCode, $search: String!, $first: Int!) {
    regions(parent: $parent, search: $search, first: $first) {
      nodes { code name parent { code name parent { code name parent { code name } } } }
    }
  }
`;

const KEPT_MS = 60 * 60 * 1000;
/** As many as there are regions with others below them. */
const MOST = 8000;
/** Regions that a search shows at the most. */
export const MOST_FOUND = 40;
/** Of a search, as the hub takes them. */
const MOST_WORDS = 5;
/** Lists asked of the hub at one time; and those that may wait for their turn. */
const MOST_AT_ONCE = 8;
const MOST_WAITING = 1000;

/** From its province down to a region. */
export type Trail = readonly Place[];

export interface Regions {
  /** Directly below a region, or the provinces; by name. Empty: a village, or none of that code. Throws Unread. */
  below(visit: Visit, parent: string | null): Promise<readonly Place[]>;
  /** From its province down to the region itself; null: there is none. Throws Unread. */
  trail(visit: Visit, code: string): Promise<readonly Place[] | null>;
  /** At any depth below a region, or in the whole country, by name and where it lies. At most 40, each with its trail from the province. Throws Unread. */
  find(visit: Visit, within: string | null, words: string): Promise<readonly Trail[]>;
}

/** Something cannot be read at the moment, which is not the reader's doing. */
export class Unread extends Error {}

/** Regions as the hub tells them, each list kept an hour: they change by decree, and busy days are no time to ask again. */
export function createRegions(now: () => number = Date.now): Regions {
  const inTurn = createQueue();
  const lists = createShelf<readonly Place[]>(now);
  const searches = createShelf<readonly Trail[]>(now);
  const below = (visit: Visit, parent: string | null) => lists(parent ?? "", () => inTurn(() => read(visit, parent)));
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
      const search =
        words
          .toLowerCase()
          .match(/[\p{L}\p{M}\p{N}]+/gu)
          ?.slice(0, MOST_WORDS)
          .join(" ") ?? "";
      return search === "" ? [] : searches(`${within ?? ""} ${search}`, () => inTurn(() => look(visit, within, search)));
    },
  };
}

/** Keeps what was read for an hour, for all who ask; nothing of what is empty, or could not be read. */
function createShelf<T extends readonly unknown[]>(now: () => number): (key: string, fetch: () => Promise<T>) => Promise<T> {
  const kept = new Map<string, { readonly at: number; readonly list: Promise<T> }>();
  return (key, fetch) => {
    const held = kept.get(key);
    if (held && now() - held.at < KEPT_MS) return held.list;
    const list = fetch();
    if (kept.size >= MOST) kept.delete(kept.keys().next().value ?? "");
    kept.set(key, { at: now(), list });
    const forget = () => kept.delete(key);
    list.then((some) => some.length === 0 && forget(), forget);
    return list;
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

interface Found extends Place {
  readonly parent?: Found | null;
}

async function look(visit: Visit, parent: string | null, search: string): Promise<readonly Trail[]> {
  const { data } = await visit.ask(FIND_REGIONS, { parent, search, first: MOST_FOUND });
  if (!data?.["regions"]) throw new Unread();
  return data["regions"].nodes.map(trailOf);
}

const trailOf = ({ code, name, parent }: Found): Place[] => [...(parent ? trailOf(parent) : []), { code, name: placeOf(name) }];
