import { plainDigits, scrub } from "../../../../schema/errors.ts";
import { parseNik } from "../../../../schema/nik.ts";
import type { Json } from "../types.ts";

/**
 * A number or word of the partner's own, 1 to 99 characters, which is kept and told back in plain: never one that holds a NIK. The hub's rule for
 * texts (sixteen digits, whatever stands between them) would refuse one in fifty of the numbers that are made of an instant and some letters.
 */
export const isPlainWord = (value: Json | undefined): value is string =>
  typeof value === "string" && value.length > 0 && value.length <= 99 && !holdsPlainNik(value);

/** A word as it may be kept: without the NIK that it holds. */
export function withoutNik(word: string): string {
  if (word === "" || isPlainWord(word)) return word;
  const scrubbed = scrub(word);
  return isPlainWord(scrubbed) ? scrubbed : "[NIK]";
}

const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;
/** Digits, and whatever stands between them but letters. */
const CHAIN = /\d+(?:[^\p{L}\p{N}]+\d+)*/gu;
/** Hyphens and low lines part numbers: what is made of an instant, a hyphen and chance is no number of sixteen digits. Other marks, and spaces, join digits. */
const PARTED = /[^\d]*[\p{Pd}\p{Pc}][^\d]*/u;
/** The parts of a NIK as it is written with hyphens: by fours, or by what they say. */
const SPELT =
  /(?<!\d)(?=((?:\d{4}-){3}\d{4}|(?:\d{6}|(?:\d{4}|\d\d-\d\d)-\d\d|\d\d-\d{4})-(?:\d{6}|\d\d-\d\d-\d\d)-\d{4})(?!\d))/g;
const LENGTH = 16;

function holdsPlainNik(text: string): boolean {
  const chains = plainDigits(text.replace(INVISIBLE, "")).match(CHAIN) ?? [];
  return chains.map((chain) => chain.split(PARTED)).some((numbers) => spelt(numbers) || numbers.some(joined));
}

/** What other marks join may be part of it, or stand beside it. */
const spelt = (numbers: readonly string[]): boolean =>
  ["", " "]
    .map((mark) => numbers.map((number) => number.replace(/\D+/g, mark)).join("-"))
    .flatMap((said) => [...said.matchAll(SPELT)])
    .some(([, found = ""]) => isNik(found.replaceAll("-", "")));

/** Sixteen digits that begin or end where any of these digits do. */
function joined(number: string): boolean {
  const edges = [0];
  for (const { length } of number.match(/\d+/g) ?? []) edges.push((edges.at(-1) ?? 0) + length);
  const digits = number.replace(/\D/g, "");
  return edges.some((at) => isNik(digits.slice(at, at + LENGTH)) || (at >= LENGTH && isNik(digits.slice(at - LENGTH, at))));
}

/** No province is below 11 or 20: a day, and an instant that is written as one, begin so. */
const isNik = (digits: string): boolean => /^(?!10|20)[1-9]/.test(digits) && "nik" in parseNik(digits, ANYBODY());

const ANYBODY = () => ({ referenceDate: new Date().toISOString().slice(0, 10), allowSynthetic: true });
