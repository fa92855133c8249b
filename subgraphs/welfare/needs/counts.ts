import type { RowScope } from "../../../schema/caller.ts";
import { intersectRanges, levelOf, regionRange } from "../../../schema/values/regionCode.ts";
import { type Count, releaseCounts } from "../../kit/figures/release.ts";
import type { NeedKind } from "../generated.ts";

export interface ReleasedNeed {
  readonly kind: NeedKind;
  readonly persons: number | null;
  readonly isSuppressed: boolean;
}
export interface ReleasedNeeds {
  readonly region: string;
  readonly total: number | null;
  readonly byKind: readonly ReleasedNeed[];
}

export interface NeedsCounted {
  /** Rounds; the same key gives the same figures. */
  readonly key: Uint8Array;
  readonly region: string;
  readonly counts: readonly Count<NeedKind>[];
  /** Every kind there is, in the order they are answered. */
  readonly kinds: readonly NeedKind[];
  /** Kinds that tell neither a stigma nor a disability. */
  readonly plain: readonly NeedKind[];
}

/**
 * Persons on record by kind, made fit to publish. Below the regency the kinds that stigmatise or tell a disability are left out, of the total, too:
 * in a village everybody knows whom ten persons are. Which kinds are answered depends on the level alone: nobody reads from a missing one that nobody
 * has it. Pure.
 */
export function releaseNeeds({ key, region, counts, kinds, plain }: NeedsCounted): ReleasedNeeds {
  const isSmall = levelOf(region) === "DISTRICT" || levelOf(region) === "VILLAGE";
  const told = counts.filter(({ of, n }) => n > 0 && (!isSmall || plain.includes(of)));
  const { total, cells } = releaseCounts(key, (of) => `need/${region}/${of}`, told);
  // a kind that nobody has is no company for a lone small one: it is laid beside those released, as if withheld
  const released = new Map(cells.map(({ of, n, isSuppressed }) => [of, { kind: of, persons: n, isSuppressed }]));
  const byKind = kinds
    .filter((kind) => !isSmall || plain.includes(kind))
    .map((kind) => released.get(kind) ?? { kind, persons: null, isSuppressed: true });
  return { region, total, byKind };
}

/**
 * Whether an asker sees every row of a region: row security narrows what is counted, and the count of a part under the name of the whole would tell what
 * is kept back there. `duties`: of the officer who asks; null: no officer does. Pure.
 */
export function coversWhole(
  region: string,
  { regions }: RowScope,
  duties: readonly { readonly region: string }[] | null,
): boolean {
  const whole = regionRange(region);
  const [seen, ...apart] = intersectRanges(regions, [whole]);
  const isInScope = seen !== undefined && apart.length === 0 && seen[0] === whole[0] && seen[1] === whole[1];
  return isInScope && (duties === null || duties.some((duty) => region.startsWith(duty.region)));
}
