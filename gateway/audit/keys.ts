import { createHmac, createSecretKey, hkdfSync, type KeyObject } from "node:crypto";
import { Refusal } from "../../schema/errors.ts";
import { subjectKey } from "../../schema/record/tags.ts";
import { type YearKeys, yearInWib } from "../../schema/record/yearKeys.ts";
import { dayInWib } from "../../schema/values/wib.ts";

/** Keys of one year's record. */
export interface RecordKeys {
  /** Of the tags of subjects. */
  readonly subjects: Uint8Array;
  /** Of the marks of documents and variables. */
  readonly variables: KeyObject;
}

/** The keys of an instant's year, the same object all year. Throws AUDIT_UNAVAILABLE where that year has none: what cannot be tagged is not shown. */
export function keyring(years: YearKeys): (at: Date) => RecordKeys {
  const derived = new Map<number, RecordKeys>();
  return (at) => {
    const year = yearInWib(at);
    const secret = years.get(year);
    if (secret === undefined)
      throw new Refusal({ code: "AUDIT_UNAVAILABLE" }, { cause: new Error(`HUB_RECORD_KEYS has no key for ${year}`) });
    const keys = derived.get(year) ?? { subjects: subjectKey(secret), variables: variablesKey(secret) };
    derived.set(year, keys);
    return keys;
  };
}

/** Years without a key that need one: this one, and in its last month the next. */
export function keylessYears(years: YearKeys, now: Date): number[] {
  const year = yearInWib(now);
  const needed = dayInWib(now).slice(5, 7) === "12" ? [year, year + 1] : [year];
  return needed.filter((one) => !years.has(one));
}

/** Key of the marks of documents and variables out of the year's record key. */
export const variablesKey = (recordKey: string): KeyObject =>
  createSecretKey(Buffer.from(hkdfSync("sha256", recordKey, "", "hub-record/v1|variables", 32)));

/** What a client sent, as far as the record knows it. */
export interface Marks {
  readonly document: string;
  readonly variables: string | null;
}

/** Keyed mark of the variables a client sent: who holds the key can tell whether given ones were asked, nobody what they were. Null: none. */
export function markOf(variables: Readonly<Record<string, unknown>>, key: KeyObject): string | null {
  if (Object.keys(variables).length === 0) return null;
  return createHmac("sha256", key).update(canonical(variables)).digest("hex");
}

/** Keyed mark of the document: a literal in it may be a NIK, which a plain hash would give away to whoever tries them all. */
export const markOfDocument = (document: string, key: KeyObject): string =>
  createHmac("sha256", key).update(document).digest("hex");

/** JSON with the keys of every object in order. Values are at most some thirty levels deep (gateway/receive/unstorable.ts). */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, inner]) => `${JSON.stringify(name)}:${canonical(inner)}`).join()}}`;
}
