import { createHmac, hkdfSync } from "node:crypto";

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
