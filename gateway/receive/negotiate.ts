import type { Language } from "../../schema/errors.ts";
import type { Asked } from "../types/chain.ts";

/** Entries of a weighted header (`Accept`, `Accept-Language`), best first; equal weights keep the client's order, weight 0 is left out. */
function weighted(header: string): { readonly value: string; readonly q: number }[] {
  return header
    .split(",")
    .map((part) => {
      const [value = "", ...parameters] = part.split(";").map((piece) => piece.trim().toLowerCase());
      const weight = parameters.find((parameter) => parameter.startsWith("q="));
      return { value, q: weight === undefined ? 1 : Number(weight.slice(2)) };
    })
    .filter(({ value, q }) => value !== "" && q > 0)
    .sort((a, b) => b.q - a.q);
}

const JSON_TYPE = "application/json";
const MEDIA_TYPES: Readonly<Record<string, Asked["mediaType"]>> = {
  "application/graphql-response+json": "application/graphql-response+json",
  [JSON_TYPE]: JSON_TYPE,
  "application/*": JSON_TYPE,
  "*/*": JSON_TYPE,
};

/** Media type of the answer, or null when the client takes neither. No `Accept` means JSON. */
export function mediaTypeOf(accept: string | undefined): Asked["mediaType"] | null {
  if (accept === undefined || accept.trim() === "") return JSON_TYPE;
  const best = weighted(accept).find(({ value }) => Object.hasOwn(MEDIA_TYPES, value));
  return best ? (MEDIA_TYPES[best.value] ?? null) : null;
}

/** Language of messages: the better weighted of Indonesian and English; Indonesian when neither is asked for. */
export function languageOf(acceptLanguage: string | undefined): Language {
  const languages = weighted(acceptLanguage ?? "").map(({ value }) => value.split("-")[0]);
  return languages.find((language) => language === "id" || language === "en") === "en" ? "en" : "id";
}

/** A header that must not repeat: the first value, if there is one. */
export const single = (header: string | readonly string[] | undefined): string | undefined =>
  typeof header === "string" ? header : header?.[0];

/** Does whoever asks hold what has this tag already? By `If-None-Match`, whose comparison is the weak one (RFC 9110, 13.1.2). */
export function isHeld(ifNoneMatch: string | readonly string[] | undefined, etag: string): boolean {
  const tags = [ifNoneMatch ?? []].flat().join(",").trim();
  return tags === "*" || tags.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag);
}
