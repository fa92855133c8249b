import { DATA_SUBJECT_RIGHTS, RECIPIENT_CHECKING } from "../../schema/policy/words.ts";
import type { Ceilings } from "../types/chain.ts";

/** Rows of subjects that one question of these purposes may touch: each is about one person and their household. Their longest, the copy of all data, touches 207. */
export const NARROW: Readonly<Record<string, number>> = { [DATA_SUBJECT_RIGHTS]: 1_000, [RECIPIENT_CHECKING]: 100 };

/** What an agreement may ask at most in one question, beside the hub's limits: by its purpose and its persons a day, which both are signed. */
export const ceilingsOf = (purpose: string, persons: number | null): Ceilings => ({
  ...(Object.hasOwn(NARROW, purpose) && { subjects: NARROW[purpose] }),
  ...(persons !== null && { persons }),
});
