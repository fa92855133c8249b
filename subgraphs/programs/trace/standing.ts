import type { State } from "./walk.ts";

/** What welfare says of the person today. Null or absent: it does not know, or was not asked. */
export interface Standing {
  readonly isRegistered?: boolean | null;
  readonly isActive?: boolean | null;
  readonly isMatched?: boolean | null;
  readonly isRanked?: boolean | null;
  /** First day of the newest month the person was determined for. */
  readonly determinedFor?: string | null;
}

const claimed = (claim: boolean | null | undefined): State => (claim == null ? "UNKNOWN" : claim ? "PASSED" : "BLOCKED");

/** How the first three steps stand with their owner today. Unknown stays unknown: only a no of the owner blocks. */
export const today = {
  REGISTRY: ({ isRegistered, isActive }: Standing): State => claimed(isRegistered === true ? isActive : isRegistered),
  MATCH: ({ isRegistered, isMatched }: Standing): State => (isRegistered === false ? "NOT_REACHED" : claimed(isMatched)),
  /** That there is a rank says nothing of the program's limit: where there is one the program's own judgement stands. */
  RANK: ({ isRegistered, isRanked }: Standing, judged: State): State =>
    isRegistered === false ? "NOT_REACHED" : isRanked === true ? judged : claimed(isRanked),
} as const;
