import { hashText } from "./hash.ts";
import { phoneticOf } from "./nameForms.ts";
import { isNickname } from "./nicknames.ts";
import { osaDistance } from "./osaDistance.ts";
import { type ReadName, readName } from "./readName.ts";
import { LONGEST_SHORT_FORM } from "./vocabulary.ts";

/** In the order in which they are reported. ABBREVIATION: an initial, a short form (Moh.), a word or BIN part left out. */
const CLASSES = ["TITLE", "SPELLING", "ABBREVIATION", "ORDER", "SINGLE_NAME", "SPACING", "NICKNAME", "TYPO"] as const;

/** Why two names that are judged the same are not written the same. */
export type NameDifference = (typeof CLASSES)[number];

interface Word {
  readonly written: string;
  readonly token: string;
  readonly sound: string;
}

interface Side {
  readonly words: readonly Word[];
  /** Places of the words that have found a partner. */
  readonly paired: Set<number>;
}

/** Two names, the pairs of words found so far (by place), and what sets the names apart. */
interface Comparison {
  readonly left: Side;
  readonly right: Side;
  readonly pairs: (readonly [left: number, right: number])[];
  readonly found: Set<NameDifference>;
}

const SHORTEST_PREFIX = 3;
const SHORTEST_TAIL = 4;
const WIDEST_RUN = 4;
const TYPO_EDITS = 2;

const codesOf = (text: string): Uint16Array => Uint16Array.from(text, (_, at) => text.charCodeAt(at));
const oldSound = (token: string): string => phoneticOf(token.replace(/(?<![DTSN])J/g, "Y"));

function isCut(one: string, other: string): boolean {
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  return (short.length === 1 || short.length >= SHORTEST_PREFIX) && long.startsWith(short);
}

function isCalled(one: string, other: string): boolean {
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  return (short.length >= SHORTEST_TAIL && long.endsWith(short)) || isNickname(hashText(one), hashText(other));
}

function isMistyped(one: string, other: string): boolean {
  const allowed = Math.min(TYPO_EDITS, Math.floor(Math.min(one.length, other.length) / 2));
  return osaDistance(codesOf(one), 0, one.length, codesOf(other), 0, other.length, allowed) <= allowed;
}

/** The difference between two forms of one word, null for none. */
function ofExpansion(one: Word, other: Word): NameDifference | null {
  if (one.written === other.written) return null;
  return Math.min(one.written.length, other.written.length) <= LONGEST_SHORT_FORM &&
    phoneticOf(one.written) !== phoneticOf(other.written)
    ? "ABBREVIATION"
    : "SPELLING";
}

type Rule = readonly [isPair: (one: Word, other: Word) => boolean, difference: (one: Word, other: Word) => NameDifference | null];

/** Before and after words written together are looked for: surest first. */
const SURE: readonly Rule[] = [
  [(one, other) => one.token === other.token, ofExpansion],
  [(one, other) => one.sound === other.sound, () => "SPELLING"],
  [(one, other) => oldSound(one.token) === other.sound || one.sound === oldSound(other.token), () => "SPELLING"],
];
const LIKELY: readonly Rule[] = [
  [(one, other) => isCut(one.token, other.token), () => "ABBREVIATION"],
  [(one, other) => isCalled(one.sound, other.sound), () => "NICKNAME"],
  [(one, other) => isMistyped(one.sound, other.sound), () => "TYPO"],
];

function link(comparison: Comparison, i: number, j: number): void {
  comparison.left.paired.add(i);
  comparison.right.paired.add(j);
  comparison.pairs.push([i, j]);
}

function pairBy([isPair, difference]: Rule, comparison: Comparison): void {
  const { left, right, found } = comparison;
  for (const [i, one] of left.words.entries()) {
    if (left.paired.has(i)) continue;
    const j = right.words.findIndex((word, at) => !right.paired.has(at) && isPair(one, word));
    const other = right.words[j];
    if (other === undefined) continue;
    link(comparison, i, j);
    const kind = difference(one, other);
    if (kind !== null) found.add(kind);
  }
}

/** Places of the first run of words without partner that together sound like `whole`; empty for none. */
function runLike(whole: Word, { words, paired }: Side): readonly number[] {
  for (let from = 0; from < words.length; from++) {
    for (let width = 2; width <= WIDEST_RUN && from + width <= words.length; width++) {
      const places = Array.from({ length: width }, (_, k) => from + k);
      const text = places.map((at) => words[at]?.token).join("");
      if (phoneticOf(text) === whole.sound && !places.some((at) => paired.has(at))) return places;
    }
  }
  return [];
}

/** Links words of `wholes` with runs of `parts`: written as one on one side and apart on the other. */
function pairRuns(wholes: Side, parts: Side, linkPlaces: (whole: number, part: number) => void): boolean {
  let hasRun = false;
  for (const [at, whole] of wholes.words.entries()) {
    const run = wholes.paired.has(at) ? [] : runLike(whole, parts);
    for (const place of run) linkPlaces(at, place);
    hasRun ||= run.length > 0;
  }
  return hasRun;
}

function explainSpacing(comparison: Comparison): void {
  const { left, right, found } = comparison;
  const isJoinedLeft = pairRuns(left, right, (i, j) => link(comparison, i, j));
  const isJoinedRight = pairRuns(right, left, (j, i) => link(comparison, i, j));
  if (isJoinedLeft || isJoinedRight) found.add("SPACING");
}

/** Words without partner: as many as both sides have are one mistyped word each, the rest was left out. */
function explainRest({ left, right, found }: Comparison): void {
  const restLeft = left.words.length - left.paired.size;
  const restRight = right.words.length - right.paired.size;
  if (restLeft > 0 && restRight > 0) found.add("TYPO");
  if (restLeft === restRight) return;
  found.add(Math.min(left.words.length, right.words.length) === 1 ? "SINGLE_NAME" : "ABBREVIATION");
}

function explainOrder({ pairs, found }: Comparison): void {
  const places = pairs.toSorted(([one], [other]) => one - other).map(([, place]) => place);
  if (places.some((place, k) => place < (places[k - 1] ?? 0))) found.add("ORDER");
}

function explainSide(one: string | null, other: string | null, found: Set<NameDifference>): void {
  if (one === other) return;
  if (one === null || other === null) found.add("ABBREVIATION");
  else found.add(one.split(" ").map(phoneticOf).join(" ") === other.split(" ").map(phoneticOf).join(" ") ? "SPELLING" : "TYPO");
}

const sideOf = ({ written, tokens }: ReadName): Side => ({
  words: tokens.map((token, at) => ({ written: written[at] ?? token, token, sound: phoneticOf(token) })),
  paired: new Set(),
});

const together = ({ words }: Side): string => words.map(({ sound }) => sound).join("");

function explainWords(comparison: Comparison): void {
  const { left, right, found } = comparison;
  for (const rule of SURE) pairBy(rule, comparison);
  const isPaired = left.words.length === left.paired.size && right.words.length === right.paired.size;
  if (!isPaired && together(left) === together(right)) {
    found.add("SPACING");
    return;
  }
  explainSpacing(comparison);
  for (const rule of LIKELY) pairBy(rule, comparison);
  explainRest(comparison);
  explainOrder(comparison);
}

/**
 * The classes of difference that explain two names judged the same; it does not judge whether they are. Each once, in the order of
 * the type; the same for (a, b) and (b, a). Empty for names equal but for case, dots and spaces, and where one has no letters.
 */
export function nameDifferences(a: string, b: string): readonly NameDifference[] {
  // partners are sought from the left: the same left either way makes the answer symmetric
  const [one, other] = a < b ? [readName(a), readName(b)] : [readName(b), readName(a)];
  if (one.tokens.length === 0 || other.tokens.length === 0) return [];
  const found = new Set<NameDifference>();
  if (one.titles.join(" ") !== other.titles.join(" ")) found.add("TITLE");
  explainSide(one.side, other.side, found);
  explainWords({ left: sideOf(one), right: sideOf(other), pairs: [], found });
  return CLASSES.filter((kind) => found.has(kind));
}
