import { levelOf } from "../../../schema/values/regionCode.ts";
import type { NeedKind } from "../generated.ts";
import { type Count, releaseCounts } from "../release.ts";

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
  /** Kinds that tell neither a stigma nor a disability. */
  readonly plain: readonly NeedKind[];
}

/**
 * Persons on record by kind, made fit to publish. Below the regency the kinds that stigmatise or tell a disability are left out, of the total, too:
 * in a village everybody knows whom ten persons are. Pure.
 */
export function releaseNeeds({ key, region, counts, plain }: NeedsCounted): ReleasedNeeds {
  const isSmall = levelOf(region) === "DISTRICT" || levelOf(region) === "VILLAGE";
  const told = counts.filter(({ of }) => !isSmall || plain.includes(of));
  const { total, cells } = releaseCounts(key, (of) => `need/${region}/${of}`, told);
  return { region, total, byKind: cells.map(({ of, n, isSuppressed }) => ({ kind: of, persons: n, isSuppressed })) };
}
