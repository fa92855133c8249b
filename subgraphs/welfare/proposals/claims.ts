import { parseNik } from "../../../schema/nik.ts";
import { isAtLeast } from "../../../schema/values/age.ts";
import { badInput } from "../../kit/errors.ts";
import type { CandidateInput } from "../generated.ts";

const ADULT = 18;
const MAX_CANDIDATES = 30;
const MAX_AT_ONCE = 500;
const SHA256 = /^[0-9a-f]{64}$/;
const DEGREES = /^-?\d{1,3}(?:\.\d{1,6})?$/;

/** Faults of an input, each a sentence that names the field and never the value. */
export type Faults = string[];

/** Refuses an input with all its faults at once. */
export function mustBeSound(faults: Faults): void {
  if (faults.length > 0) throw badInput(faults.join("; "));
}

export function textFault(
  faults: Faults,
  [field, text, max]: readonly [field: string, text: string | null | undefined, max: number],
): void {
  if (text != null && (text.trim() === "" || text.length > max)) faults.push(`${field} must have 1 to ${max} characters`);
}

export const hashFault = (faults: Faults, field: string, text: string): void => {
  if (!SHA256.test(text)) faults.push(`${field} must be a SHA-256 in hex`);
};

export function degreesFault(faults: Faults, [field, text, max]: readonly [field: string, text: string, max: number]): void {
  if (!DEGREES.test(text) || Math.abs(Number(text)) > max)
    faults.push(`${field} must be from -${max} to ${max} with at most 6 decimals`);
}

export const villageFault = (faults: Faults, code: string): void => {
  if (code.length !== 10) faults.push("village must be a code of 10 digits");
};

export const candidatesFaults = (faults: Faults, candidates: readonly CandidateInput[]): void => {
  if (candidates.length < 1 || candidates.length > MAX_CANDIDATES) faults.push(`candidates must be 1 to ${MAX_CANDIDATES}`);
  for (const [i, candidate] of candidates.entries()) claimFaults(faults, `candidates[${i}]`, candidate);
};

export function claimFaults(faults: Faults, at: string, claim: CandidateInput): void {
  textFault(faults, [`${at}.claimedName`, claim.claimedName, 100]);
  textFault(faults, [`${at}.claimedNik`, claim.claimedNik, 20]);
  textFault(faults, [`${at}.claimedBirthPlace`, claim.claimedBirthPlace, 100]);
  textFault(faults, [`${at}.claimedCardNumber`, claim.claimedCardNumber, 20]);
}

/** One act moves up to 500 rows, each once. */
export function manyFault(faults: Faults, field: string, ids: readonly string[]): void {
  if (ids.length < 1 || ids.length > MAX_AT_ONCE) faults.push(`${field} must be 1 to ${MAX_AT_ONCE}`);
  if (new Set(ids).size < ids.length) faults.push(`${field} must name each once`);
}

/** Whether a claim is a child's on a day: by its birth date, else by its NIK; false when neither tells. */
export function isChild(claimedBirthDate: string | null, claimedNik: string | null, today: string): boolean {
  if (claimedBirthDate !== null) return !isAtLeast(claimedBirthDate, ADULT, today);
  const parsed = parseNik(claimedNik ?? "", { referenceDate: today, allowSynthetic: true });
  return "nik" in parsed && !isAtLeast(parsed.nik.birthDate, ADULT, today);
}
