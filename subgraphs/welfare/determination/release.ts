import { CHANGE_KINDS, CHANGE_REASONS } from "../../../drizzle/tables/welfare/determination.ts";
import { roundKeyed } from "../../kit/figures/release.ts";
import { release } from "../release.ts";
import type { DeterminationRow, TallyRow } from "./data.ts";

export interface ReleasedCount {
  readonly kind: TallyRow["kind"];
  readonly reason: TallyRow["reason"];
  readonly members: number | null;
  readonly isSuppressed: boolean;
}
export interface ReleasedFigures {
  readonly members: number | null;
  readonly households: number | null;
  readonly changes: readonly ReleasedCount[];
}

const placeOf = ({ kind, reason }: TallyRow): number =>
  CHANGE_KINDS.indexOf(kind) * CHANGE_REASONS.length + CHANGE_REASONS.indexOf(reason);

/** Figures of a determination made fit to publish, by the rule of registryStatistics. Null before it is determined. Pure. */
export function releaseOf(key: Uint8Array, determination: DeterminationRow, tally: readonly TallyRow[]): ReleasedFigures | null {
  const { id, members, households } = determination;
  if (members === null || households === null) return null;
  const released = release(
    key,
    `determination/${id}`,
    tally.map((row) => ({ decile: placeOf(row), households: row.members })),
  );
  const cells = new Map(released.byDecile.map((cell) => [cell.decile, cell]));
  const changes = tally.map((row) => {
    const cell = cells.get(placeOf(row));
    return { kind: row.kind, reason: row.reason, members: cell?.households ?? null, isSuppressed: cell?.isSuppressed ?? true };
  });
  const total = (name: string, n: number) => (n < SMALLEST ? null : roundKeyed(key, `determination/${id}/${name}`, n));
  return { members: total("members", members), households: total("households", households), changes };
}

const SMALLEST = 10;
