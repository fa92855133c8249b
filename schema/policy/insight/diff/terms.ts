import type { Text } from "../../../errors.ts";
import { intersectRanges, mergeRanges, type RegionRange } from "../../../values/regionCode.ts";
import type { Content } from "../../content.ts";
import { LIMIT_NAMES } from "../../questionLimits.ts";
import { scopeOf } from "../../rowScope.ts";
import { DOCUMENT_RULES } from "../../words.ts";
import * as words from "../words/termWords.ts";
import { text } from "../words/verdicts.ts";

/** One term: how it reads, and whether `some` opens anything that `other` does not. */
export interface Term {
  readonly name: Text;
  words(content: Content): Text;
  exceeds(some: Content, other: Content): boolean;
}

const scope = words.scopeOfContent;
const limit = (value: number | null): number => value ?? Number.POSITIVE_INFINITY;
/** An empty or missing list is no limit. */
const reaches = (some: readonly string[] | null, other: readonly string[] | null): boolean =>
  other !== null && (some === null || some.some((one) => !other.includes(one)));
const listed = (addresses: readonly string[]) => (addresses.length === 0 ? null : addresses);

/** Every term of a version beside its grants, by its name in Content and its scope. */
export const TERMS: Readonly<Record<string, Term>> = {
  regions: {
    name: { id: "Wilayah", en: "Regions" },
    words: (content) => words.regionWords(scope(content)),
    exceeds: (some, other) => !isWithin(scopeOf(some.rowScope).regions, scopeOf(other.rowScope).regions),
  },
  programs: {
    name: { id: "Program", en: "Programs" },
    words: (content) => words.programWords(scope(content)),
    exceeds: (some, other) => reaches(scope(some).programs, scope(other).programs),
  },
  decileMax: {
    name: { id: "Desil", en: "Deciles" },
    words: (content) => words.decileWords(scope(content)),
    exceeds: (some, other) => limit(scope(some).decileMax) > limit(scope(other).decileMax),
  },
  validFrom: {
    name: { id: "Berlaku sejak", en: "Valid from" },
    words: ({ validFrom }) => words.instantWords(validFrom),
    exceeds: (some, other) => Date.parse(some.validFrom) < Date.parse(other.validFrom),
  },
  validTo: {
    name: { id: "Berlaku sampai", en: "Valid until" },
    words: ({ validTo }) => words.instantWords(validTo),
    exceeds: (some, other) => Date.parse(some.validTo) > Date.parse(other.validTo),
  },
  quota: { name: { id: "Kuota", en: "Quota" }, words: words.quotaWords, exceeds: (a, b) => limit(a.quota) > limit(b.quota) },
  verification: {
    name: { id: "Verifikasi", en: "Verification" },
    words: words.verificationWords,
    exceeds: ({ verification: a }, { verification: b }) =>
      a.floor < b.floor || a.attemptsOnSubject > b.attemptsOnSubject || a.attemptsOfClient > b.attemptsOfClient,
  },
  onDenied: {
    name: { id: "Bagian yang tertutup", en: "Closed parts" },
    words: words.deniedWords,
    exceeds: (some, other) => some.onDenied === "null" && other.onDenied === "reject",
  },
  addresses: {
    name: { id: "Alamat", en: "Addresses" },
    words: words.addressWords,
    exceeds: (some, other) => reaches(listed(some.addresses), listed(other.addresses)),
  },
  documents: {
    name: { id: "Dokumen", en: "Documents" },
    words: words.documentWords,
    exceeds: (some, other) => DOCUMENT_RULES.indexOf(some.documents) < DOCUMENT_RULES.indexOf(other.documents),
  },
  limits: {
    name: { id: "Batas satu pertanyaan", en: "Limits of one question" },
    words: words.limitsWords,
    exceeds: ({ limits: a }, { limits: b }) => LIMIT_NAMES.some((name) => limit(a?.[name] ?? null) > limit(b?.[name] ?? null)),
  },
  armed: {
    name: { id: "Keadaan darurat", en: "Emergency" },
    words: words.armedWords,
    exceeds: ({ armed: a }, { armed: b }) => b !== null && (a === null || a.minutes > b.minutes || a.persons > b.persons),
  },
  purpose: { name: { id: "Tujuan", en: "Purpose" }, words: ({ purpose }) => text`${purpose}`, exceeds: () => false },
  consumer: { name: { id: "Pengguna", en: "Consumer" }, words: ({ consumer }) => text`${consumer}`, exceeds: () => false },
};

const isWithin = (some: readonly RegionRange[], other: readonly RegionRange[]): boolean =>
  JSON.stringify(intersectRanges(some, other)) === JSON.stringify(mergeRanges(some));
