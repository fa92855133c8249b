import type { CommitmentKind } from "../generated.ts";

const OF_HEALTH: ReadonlySet<CommitmentKind> = new Set(["ANTENATAL_VISITS", "IMMUNISATION"]);

/** Verifications whose very kind tells health, or the others. */
export const checksOfHealth = <Row extends { readonly kind: CommitmentKind }>(rows: readonly Row[], isOfHealth: boolean): Row[] =>
  rows.filter(({ kind }) => OF_HEALTH.has(kind) === isOfHealth);
