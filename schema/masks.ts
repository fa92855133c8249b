import { createHmac, hkdfSync } from "node:crypto";

/** Mask registry: scalar in, same scalar out, never a value that could be taken for data. Null and empty stay as they are. */
const MASKS: Readonly<Record<string, (value: unknown) => unknown>> = {
  null: () => null,
  last4: (value) => String(value).replace(/.(?=.{4})/g, "*"),
  initials: (value) =>
    String(value)
      .split(/\s+/)
      .filter(Boolean)
      .map((word) => `${word[0]}.`)
      .join(" "),
};

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
    return (MASKS[kind] ?? MASKS["null"])?.(value);
  };
