import { setImmediate } from "node:timers/promises";
import { sha256Hex } from "../../../schema/policy/content.ts";
import type { InsightGround } from "../../../schema/policy/insight/ground.ts";
import { standingUnder } from "../../../schema/policy/insight/standing.ts";
import { EFFECTS, type Effect, USES, type Use } from "../../../schema/policy/words.ts";
import type { CatalogueEntry } from "../../../schema/sdl/catalogue.ts";
import { badInput } from "../../kit/errors.ts";
import type { Asking } from "../../kit/serve/context.ts";
import { type AgreementRow, everyAgreement } from "../data.ts";
import { everyCoordinate, type Listed } from "../lifecycle/desk/coordinates.ts";
import { stewardAsking } from "../steward.ts";
import { type Seen, seenBy } from "./seen.ts";

/** How the whole catalogue stands under every agreement. */
export interface Matrix {
  readonly coordinates: readonly Listed[];
  readonly agreements: readonly Row[];
}

export interface Row {
  readonly agreement: AgreementRow;
  readonly groups: readonly Group[];
}

export interface Group {
  readonly effect: Effect;
  /** Places in the catalogue, from 0. */
  readonly positions: readonly number[];
}

/** For stewards. Costs a statement an agreement, and the first time it is asked for about 9 ms more (2,313 fields). */
export const matrix =
  (asking: Asking) =>
  async (word: string): Promise<Matrix> => {
    const { db, caller, now } = asking;
    await stewardAsking(db, caller);
    const use = USES.find((one) => one === word);
    if (!use) throw badInput(`use must be one of ${USES.join(", ")}`);
    const seen = seenBy(asking);
    const ground = await seen.ground();
    const coordinates = await everyCoordinate(db);
    const fields = coordinates.flatMap(({ coordinate }) => ground.catalogue.entries.get(coordinate) ?? []);
    const groupsOf = kept(use, ground, fields);
    const agreements: Row[] = [];
    for (const agreement of await everyAgreement(db, now)) {
      const version = await seen.version(agreement.number, agreement.current.version);
      if (version) agreements.push({ agreement, groups: await groupsOf(version) });
    }
    return { coordinates, agreements };
  };

/** Groups by what they are made of, the newest last: equal contents on equal ground stand equally, and what was submitted never changes. */
const GROUPS = new Map<string, readonly Group[]>();
const MOST_KEPT = 2_000;

const kept = (use: Use, ground: InsightGround, fields: readonly CatalogueEntry[]) => {
  const standsOn = `${use} ${ground.catalogue.hash} ${sha256Hex(JSON.stringify(ground.ceilings))}`;
  return async ({ text, content }: Seen): Promise<readonly Group[]> => {
    const key = `${sha256Hex(text)} ${standsOn}`;
    const known = GROUPS.get(key);
    if (known) return known;
    await setImmediate(); // hundreds of them in one go would hold up every other request
    const standing = standingUnder(content, ground);
    const groups = grouped(fields.map((field) => standing(field, use)));
    GROUPS.set(key, groups);
    for (const oldest of GROUPS.keys()) {
      if (GROUPS.size <= MOST_KEPT) break;
      GROUPS.delete(oldest);
    }
    return groups;
  };
};

function grouped(effects: readonly (Effect | null)[]): Group[] {
  const positions = new Map<Effect, number[]>(EFFECTS.map((effect) => [effect, []]));
  for (const [at, effect] of effects.entries()) if (effect !== null) positions.get(effect)?.push(at);
  return [...positions].flatMap(([effect, at]) => (at.length > 0 ? [{ effect, positions: at }] : []));
}
