import { createHmac, createSecretKey, hkdfSync, type KeyObject } from "node:crypto";

/** Key of the marks of documents and variables out of the year's record key. */
export const variablesKey = (recordKey: string): KeyObject =>
  createSecretKey(Buffer.from(hkdfSync("sha256", recordKey, "", "hub-record/v1|variables", 32)));

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
