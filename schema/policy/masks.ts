import { createHmac, hkdfSync } from "node:crypto";
import type { RegionRange } from "../values/regionCode.ts";

/** One star a character; of eight or fewer the last four would be half of them or all. */
function last4(text: string): string {
  const characters = [...text];
  const hidden = characters.length > 8 ? characters.length - 4 : characters.length;
  return "*".repeat(hidden) + characters.slice(hidden).join("");
}

const initials = (text: string): string =>
  text
    .split(/\s+/)
    .filter(Boolean)
    .map(([first]) => `${first}.`)
    .join(" ");

/** Mask registry: text in, text out, never a value that could be taken for data. Null and empty stay as they are. */
const MASKS = new Map<string, (text: string) => string | null>([
  ["null", () => null],
  ["last4", last4],
  ["initials", initials],
]);

export const isMask = (name: string): boolean => MASKS.has(name);

/** Key of the pairwise pseudonyms of one agency for one purpose and period (policy.md §16). */
export const pseudonymKey = (master: string | Uint8Array, scope: { agency: string; purpose: string; period: string }): Buffer =>
  Buffer.from(hkdfSync("sha256", master, "", `hub-pseudonym/v1|${scope.agency}|${scope.purpose}|${scope.period}`, 32));

export const pseudonym = (key: Uint8Array, id: string): string =>
  createHmac("sha256", key).update(id).digest().subarray(0, 16).toString("base64url");

/** The transform of one caller. Holds its pseudonym key: make it per caller, never keep it in anything shared. Unknown kinds close. */
export const transformOf =
  (key: Uint8Array) =>
  (kind: string, value: unknown): unknown => {
    if (value === null || value === undefined || value === "") return value ?? null;
    if (kind === "pseudonym") return pseudonym(key, String(value));
    return MASKS.get(kind)?.(String(value)) ?? null;
  };

/** Why a row's data count as specific whatever their column says. The words of the SDL's SubjectFlag, in its order. */
export const SUBJECT_FLAGS = ["CHILD", "DISABILITY", "STIGMA"] as const;
export type SubjectFlag = (typeof SUBJECT_FLAGS)[number];

/** A mask by name, `pseudonym`, or CLOSED. */
export type MaskKind = string;
/** What closes a value in one row: null, without an error. */
export const CLOSED: MaskKind = "null";

/**
 * What of a verdict hangs on the row: `kind` holds where the row's subject has the flag, if one is named, and the row lies in none of the
 * ranges of region codes, if they are. Never more open than the verdict it stands beside. JSON: it travels in signed tables.
 */
export interface RowRule {
  readonly kind: MaskKind;
  readonly flag?: SubjectFlag;
  readonly home?: readonly RegionRange[];
}

/** What is known of a row; null: not known, so every rule about it holds. */
export interface RowFacts {
  readonly region: string | null;
  readonly flags: readonly string[] | null;
}

export const NOTHING_KNOWN: RowFacts = { region: null, flags: null };

/**
 * What kinds come to together, null being plain: a pseudonym is stricter than a mask, and two different masks close whatever stands beside
 * them. Give it all of them at once: what some of them come to forgets masks that others would close with.
 */
export function kindOfAll(kinds: readonly (MaskKind | null)[]): MaskKind | null {
  let mask: MaskKind | null = null;
  let isPseudonym = false;
  for (const kind of kinds) {
    if (kind === "pseudonym") isPseudonym = true;
    else if (kind !== null && kind !== mask) mask = mask === null ? kind : CLOSED;
  }
  return isPseudonym && mask !== CLOSED ? "pseudonym" : mask;
}

/** The kind that holds in one row: what the verdict's own (null: plain) and those of every rule that meets the row come to. Pure. */
export function kindInRow(own: MaskKind | null, rules: readonly RowRule[], row: RowFacts): MaskKind | null {
  const kinds = [own];
  for (const rule of rules) if (meets(rule, row)) kinds.push(rule.kind);
  return kindOfAll(kinds);
}

function meets({ flag, home }: RowRule, { region, flags }: RowFacts): boolean {
  const isFlagged = flag === undefined || flags === null || flags.includes(flag);
  return (
    isFlagged && (home === undefined || region === null || !home.some(([from, before]) => from <= region && region < before))
  );
}
