import { fold } from "./canonicalText.ts";
import {
  ANYWHERE,
  DEGREES,
  DOTTED_DEGREES,
  DOTTED_HONORIFICS,
  DOUBTFUL_DEGREES,
  HONORIFICS,
  LEADING,
  SIDE_MARKS,
} from "./vocabulary.ts";

/** A name taken apart (matching.md §3, steps 1 to 3). `written` and `tokens` go in pairs: as it stands, and with short forms expanded. */
export interface ReadName {
  readonly written: readonly string[];
  readonly tokens: readonly string[];
  readonly side: string | null;
  readonly titles: readonly string[];
}

/** One run of letters, and how it hangs on what stands before it. */
interface Part {
  readonly text: string;
  /** A dot and nothing else stands before it. */
  readonly isDotted: boolean;
  readonly isBehindComma: boolean;
}

const WIDEST_DEGREE = 4;
// a letter of its own in Arabic names (NU'MAN, JUM'AT), not a border between words
const APOSTROPHE = /['’‘‛`´ʼʻʿʾ＇]/g;
const WORD = /[\p{L}\p{M}\p{Nl}]+/gu;

function partsOf(raw: string): Part[] {
  const text = fold(raw.replace(APOSTROPHE, "")).replace(/\p{Nd}/gu, "");
  const parts: Part[] = [];
  let end = 0;
  let isBehindComma = false;
  for (const word of text.matchAll(WORD)) {
    const gap = text.slice(end, word.index);
    isBehindComma ||= parts.length > 0 && gap.includes(",");
    parts.push({ text: word[0], isDotted: parts.length > 0 && gap === ".", isBehindComma });
    end = word.index + word[0].length;
  }
  return parts;
}

const joined = (parts: readonly Part[]): string => parts.map(({ text }) => text).join("");

/** Whether these parts together are one degree: "SPD", "S.Pd", "S. Pd"; letters with spaces between are initials, unless behind a comma. */
function isDegree(parts: readonly Part[]): boolean {
  const word = joined(parts);
  const [first, ...rest] = parts;
  const isDotted = rest.length > 0 && rest.every((part) => part.isDotted);
  const isSure = isDotted || parts.every((part) => part.isBehindComma);
  if ((isDotted && DOTTED_DEGREES.has(word)) || (isSure && DOUBTFUL_DEGREES.has(word))) return true;
  if (!DEGREES.has(word)) return false;
  return rest.length === 0 || isSure || (first?.text.length === 1 && rest.some(({ text }) => text.length > 1));
}

/** Takes degrees off the back of `parts`, of which `keep` stay; returns them as they stood. */
function takeDegrees(parts: Part[], keep: number): string[] {
  const taken: string[] = [];
  for (let width = Math.min(WIDEST_DEGREE, parts.length - keep); width > 0; width--) {
    const tail = parts.slice(-width);
    if (!isDegree(tail)) continue;
    taken.unshift(joined(tail));
    parts.length -= width;
    width = Math.min(WIDEST_DEGREE, parts.length - keep) + 1;
  }
  return taken;
}

/** How many parts from `at` on are one honorific; at least one part stays behind it. */
function honorificWidth(parts: readonly Part[], at: number): number {
  const [first, second, third] = parts.slice(at, at + 3);
  if (first === undefined || second === undefined) return 0;
  if (third !== undefined && second.isDotted && DOTTED_HONORIFICS.has(first.text + second.text)) return 2;
  return HONORIFICS.has(first.text) ? 1 : 0;
}

/** Takes honorifics off the front of `parts`, of which one stays; returns them as they stood. */
function takeHonorifics(parts: Part[]): string[] {
  const taken: string[] = [];
  let at = 0;
  for (let width = honorificWidth(parts, at); width > 0; width = honorificWidth(parts, at)) {
    taken.push(joined(parts.slice(at, at + width)));
    at += width;
  }
  parts.splice(0, at);
  return taken;
}

// one or two letters standing alone are an initial or a name, nothing to expand
const expanded = (word: string, at: number, count: number): string =>
  count === 1 && word.length <= 2 ? word : ((at === 0 ? LEADING.get(word) : undefined) ?? ANYWHERE.get(word) ?? word);

/** Takes a name apart. Pure; any text, also empty. */
export function readName(raw: string): ReadName {
  const name = partsOf(raw);
  const mark = name.findIndex(({ text }, at) => at > 0 && SIDE_MARKS.has(text));
  const side = mark < 0 ? [] : name.splice(mark);
  const titles = [...takeHonorifics(name), ...takeDegrees(name, 1), ...takeDegrees(side, 2)];
  const written = name.length > 1 && isDegree(name) ? [joined(name)] : name.map(({ text }) => text);
  return {
    written,
    tokens: written.map((word, at) => expanded(word, at, written.length)),
    side: side.length === 0 ? null : side.map(({ text }) => text).join(" "),
    titles,
  };
}
