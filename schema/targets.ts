/** Data sasaran on its way from the registry to the programs: a file of lines, a family each in the order of need, and a last one that attests them. */

/** A member of a family. No name, no number, no address, no birth date. */
export interface TargetMember {
  readonly id: string;
  readonly suffix: string;
  readonly person: string | null;
  readonly match: string;
  readonly state: string;
  /** All the member would bring, the dearest first. */
  readonly components: readonly string[];
  readonly barred: readonly string[];
}

/** What the registry decided of a person; `program` null: every one. */
export interface TargetDecision {
  readonly id: string;
  readonly person: string;
  readonly program: string | null;
  readonly reason: string;
  readonly on: string;
}

/** A family. `components`: one of each member that brings any, in order of suffix. `rank`: 1 is the poorest of the country; equals share one. */
export interface TargetFamily {
  readonly id: string;
  readonly region: string;
  readonly drawer: string | null;
  readonly decile: number | null;
  readonly rank: number | null;
  readonly firstOn: string | null;
  readonly components: readonly string[];
  readonly barred: readonly string[];
  readonly members: readonly TargetMember[];
  readonly decisions: readonly TargetDecision[];
}

/** What the registry attests of a file. `sha256`: of all lines before the last, line ends included, hex. */
export interface TargetsSaid {
  readonly basis: "DTKS" | "DTSEN";
  readonly version: string;
  readonly determinedOn: string;
  readonly families: number;
  readonly members: number;
  readonly sha256: string;
}

/** Kind of the attestation in the last line, `{"attestation": …}`. */
export const TARGETS = "TARGETS";
