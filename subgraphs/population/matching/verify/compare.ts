import { canonicalText } from "../text/canonicalText.ts";
import { jaroWinkler } from "../text/jaroWinkler.ts";
import { type NameForms, nameForms, phoneticText } from "../text/nameForms.ts";
import { nameLevel } from "../text/nameLevel.ts";
import { type NamePool, writeName } from "../text/namePool.ts";
import { osaDistance } from "../text/osaDistance.ts";

/** What a comparison finds: whether two texts can mean the same at all, and how alike they are, 0 to 100. */
export interface Likeness {
  readonly isAlike: boolean;
  readonly similarity: number;
}

/** Least level (matching.md §6) at which two names may be one: below it they share a token or a nickname, as sisters do. */
const LEAST_NAME_LEVEL = 4;

/** Two names by sound, in whatever order of tokens is the more alike. */
export function compareNames(stored: string, claimed: string): Likeness {
  const [ours, theirs] = [nameForms(stored), nameForms(claimed)];
  const similarity = Math.max(
    likeness(phoneticText(ours), phoneticText(theirs)),
    likeness([...ours.phonetic].sort().join(" "), [...theirs.phonetic].sort().join(" ")),
  );
  return { isAlike: nameLevel(poolOf(ours, theirs), 1, 2) >= LEAST_NAME_LEVEL, similarity };
}

/** A pool of two names, entries 1 and 2. */
function poolOf(...names: readonly [NameForms, NameForms]): NamePool {
  const entries = names.length + 1;
  const pool = {
    codes: new Uint16Array(names.reduce((sum, forms) => sum + phoneticText(forms).length, 0)),
    start: new Uint32Array(entries),
    length: new Uint16Array(entries),
    tokens: new Uint8Array(entries),
    skeletons: new Int32Array(entries),
    firstSkeleton: new Int32Array(entries),
    lastSkeleton: new Int32Array(entries),
  };
  names.reduce((at, forms, index) => writeName(pool, index + 1, at, forms), 0);
  return pool;
}

const KINDS_OF_REGENCY = /^(?:KABUPATEN|KAB|KOTAMADYA|KODYA|KOTA)(?: ADM(?:INISTRASI)?)? (?=.)/;
/** Letters that may hold one slip of the pen: a short name with one slip is another place. */
const LETTERS_A_SLIP = 5;
const MOST_SLIPS = 2;

/** Two places of birth: the same but for slips of the pen, and for what kind of regency they are said to be. */
export function comparePlaces(stored: string, claimed: string): Likeness {
  const [ours, theirs] = [stored, claimed].map((text) => wordsOf(text).replace(KINDS_OF_REGENCY, "")) as [string, string];
  const slips = Math.min(MOST_SLIPS, Math.floor(Math.min(ours.length, theirs.length) / LETTERS_A_SLIP));
  const [a, b] = [codesOf(ours), codesOf(theirs)];
  return {
    isAlike: osaDistance(a, 0, a.length, b, 0, b.length, slips) <= slips,
    similarity: likeness(ours, theirs),
  };
}

const SHORT_FORMS: Readonly<Record<string, string>> = {
  JALAN: "JL",
  JLN: "JL",
  NOMOR: "NO",
  NMR: "NO",
  GANG: "GG",
  DUSUN: "DSN",
  KAMPUNG: "KP",
  KAMP: "KP",
  BLOK: "BLK",
  PERUMAHAN: "PERUM",
};

/** Two street addresses: alike when every number claimed is one of the register's, for numbers tell houses of one street apart. */
export function compareAddresses(stored: string, claimed: string): Likeness {
  const [ours, theirs] = [stored, claimed].map(addressOf) as [string[], string[]];
  const numbers = theirs.filter((word) => /\d/.test(word));
  return {
    isAlike: numbers.every((number) => ours.includes(number)),
    similarity: likeness(ours.join(" "), theirs.join(" ")),
  };
}

const addressOf = (text: string): string[] =>
  wordsOf(text)
    .replace(/(?<=\d)(?=\p{L})|(?<=\p{L})(?=\d)/gu, " ") // RT02 is RT 02
    .split(" ")
    .map((word) => SHORT_FORMS[word] ?? word.replace(/^0+(?=\d)/, ""));

const wordsOf = (text: string): string =>
  canonicalText(text)
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, " ")
    .trim();

const codesOf = (text: string): Uint16Array => Uint16Array.from(text, (letter) => letter.charCodeAt(0));

/** Jaro–Winkler in hundredths. An empty text is like nothing. */
function likeness(ours: string, theirs: string): number {
  if (ours === "" || theirs === "") return 0;
  const [a, b] = [codesOf(ours), codesOf(theirs)];
  return Math.round(100 * jaroWinkler(a, 0, a.length, b, 0, b.length));
}
