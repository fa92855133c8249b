import type { rawClient } from "../../../../drizzle/client.ts";

interface Step {
  readonly of: string;
  readonly from: string;
  readonly to: string;
  readonly officer: string;
  readonly citizen: string;
}
/** Whether the database lets somebody take a step from a state; undone afterwards. */
export async function isTaken(
  sql: ReturnType<typeof rawClient>,
  { of, from, to, officer, citizen: who }: Step,
): Promise<boolean> {
  const undo = new Error("undo");
  const outcome = await sql
    .begin(async (tx) => {
      await tx`select set_config('hub.now', '2026-03-03T00:00:00Z', true), set_config('hub.agency', '{DINSOS_X}', true)`;
      await tx`alter table objection disable trigger objection_moves`;
      await tx`update objection set state = ${from} where id = ${of}`;
      await tx`alter table objection enable trigger objection_moves`;
      await tx`select set_config('hub.officer', ${officer && `{${officer}}`}, true), set_config('hub.citizen', ${who && `{${who}}`}, true)`;
      const first = from !== "APPEALED" && (to === "UPHELD" || to === "REJECTED") ? "x" : null;
      const last = from === "APPEALED" && (to === "UPHELD" || to === "CLOSED") ? "x" : null;
      await tx`update objection set state = ${to}, decision_reason = ${first}, closing_reason = ${last},
        appeal_reason = ${to === "APPEALED" ? "x" : null} where id = ${of}`;
      throw undo;
    })
    .catch((error: unknown) => error);
  return outcome === undo;
}
