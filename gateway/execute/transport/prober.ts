import { randomUUID } from "node:crypto";
import type { Caller } from "../../../schema/caller.ts";

/** Nobody: an envelope in this name opens no row, no field, no claim. */
const NOBODY: Omit<Caller, "requestId"> = {
  ...{ client: "hub", agency: "HUB", officer: null, citizen: null },
  ...{ agreement: "HUB-PROBE", version: 0, purpose: "PROBE", case: null, epoch: 0, table: "" },
  rows: { regions: [], programs: [], decileMax: 0 },
  verification: { floor: 100, attemptsOnSubject: 0, attemptsOfClient: 0, persons: 0 },
};

/** Who asks a source whether it is back. */
export const prober = (): Caller => ({ ...NOBODY, requestId: randomUUID() });
