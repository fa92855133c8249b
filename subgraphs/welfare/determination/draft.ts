import { dayInWib } from "../../../schema/values/wib.ts";
import { badInput } from "../../kit/errors.ts";
import type { DetermineInput, PrepareDeterminationInput } from "../generated.ts";

const NOTE = 500;
const MOST_INDICATORS = 8;
const DECREE = /^[1-9]\d{0,4}\/HUK\/20\d{2}$/;
const SHA256 = /^[0-9a-f]{64}$/;

/** First day of the month that a day lies in. */
export const monthOf = (day: string): string => `${day.slice(0, 7)}-01`;

/** First day of the month after today's (WIB). */
function nextMonth(now: Date): string {
  const [year = 0, month = 0] = dayInWib(now).split("-").map(Number);
  return new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 10);
}

/** What a draft says of itself. Refusal BAD_USER_INPUT, which names the argument. */
export function draftOf({ month, basis, povertyThreshold, note }: PrepareDeterminationInput, now: Date) {
  const threshold = povertyThreshold ?? null;
  if (threshold !== null && (threshold < 1 || threshold > MOST_INDICATORS))
    throw badInput(`povertyThreshold must be from 1 to ${MOST_INDICATORS}`);
  if (note != null && note.length > NOTE) throw badInput(`note must have at most ${NOTE} characters`);
  if (monthOf(month) > nextMonth(now)) throw badInput("month must not be later than the next");
  return { basis, month: monthOf(month), povertyThreshold: threshold, note: note ?? null };
}

/** The decree a draft is signed with. Refusal BAD_USER_INPUT. */
export function decreeOf({ decreeNumber, decreeHash }: DetermineInput) {
  if (!DECREE.test(decreeNumber)) throw badInput("decreeNumber must be <n>/HUK/<year>");
  if (!SHA256.test(decreeHash)) throw badInput("decreeHash must be 64 hex digits");
  return { decreeNumber, decreeHash };
}
