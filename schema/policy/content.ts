import { hash } from "node:crypto";
import type { Grant } from "./policy.ts";
import { areLimits, type QuestionLimits } from "./questionLimits.ts";
import type { DocumentRule } from "./words.ts";

/**
 * All that an agreement version says, as the database writes it out (`governance.content_of`): what stewards sign, gateways judge by and files
 * carry. Instants are RFC 3339 in UTC.
 */
export interface Content {
  readonly v: 1;
  readonly agreement: string;
  readonly version: number;
  readonly consumer: string;
  readonly purpose: string;
  /** Of the purpose: a question names the case it is asked for; only stewards ask. */
  readonly needsCase: boolean;
  readonly needsOfficer: boolean;
  readonly validFrom: string;
  readonly validTo: string;
  /** A WrittenScope; schema/policy/rowScope.ts reads it. */
  readonly rowScope: unknown;
  /** Distinct persons a day; null: no quota. */
  readonly quota: number | null;
  readonly verification: { readonly floor: number; readonly attemptsOnSubject: number; readonly attemptsOfClient: number };
  readonly onDenied: "null" | "reject";
  readonly addresses: readonly string[];
  readonly documents: DocumentRule;
  /** Longest time and most persons of one breaking of the glass; null: the version is not armed. */
  readonly armed: { readonly minutes: number; readonly persons: number } | null;
  readonly author: string | null;
  readonly grants: readonly Grant[];
  /** Coordinates pinned on submission, sorted. */
  readonly coordinates: readonly string[];
  /** Limits of one question; absent: it has none of its own, and what was signed before there were any reads on unchanged. */
  readonly limits?: QuestionLimits;
}

/** SHA-256 of a text, hex: of a content it is what an approval signs. */
export const sha256Hex = (text: string): string => hash("sha256", text);

/** Throws on anything that is no content of version 1. */
export function readContent(text: string): Content {
  const content = JSON.parse(text) as Content;
  const flags = [content.needsCase, content.needsOfficer]; // one that is missing must not read as false
  const isWhole =
    Array.isArray(content.grants) && Array.isArray(content.coordinates) && flags.every((flag) => typeof flag === "boolean");
  const isLimited = content.limits === undefined || areLimits(content.limits); // what is no number would hold nobody back
  if (content.v !== 1 || !isWhole || !isLimited) throw new Error("not the content of an agreement version");
  return content;
}
