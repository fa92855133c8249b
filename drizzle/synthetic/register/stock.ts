import type { Random } from "../random.ts";

/** Words in order of popularity, drawn by the law of Zipf and Mandelbrot. */
export interface Stock {
  readonly words: readonly string[];
  readonly flat: number;
  readonly low: number;
  readonly range: number;
}

const EXPONENT = 1.75;

/** Rank r (from 0) is drawn in proportion to 1 / (r + flat)^1.75: the larger `flat`, the more names share the top. */
export function createStock(words: readonly string[], flat: number): Stock {
  const low = flat ** (1 - EXPONENT);
  return { words: [...new Set(words)], flat, low, range: low - (words.length + flat) ** (1 - EXPONENT) };
}

/** By inverting the integral of the law: one power, no table. */
export function draw(random: Random, { words, flat, low, range }: Stock): string {
  const rank = (low - random.next() * range) ** (1 / (1 - EXPONENT)) - flat;
  return words[Math.floor(rank)] ?? words[0] ?? "";
}

/** Every first part with every second that can be spoken, those of early parts first: popular names are made of popular parts. */
export function composed(firsts: readonly string[], seconds: readonly string[]): string[] {
  const pairs = firsts.flatMap((first, i) => seconds.map((second, j) => ({ word: first + second, order: (i + 2) * (j + 2) })));
  return pairs
    .filter(({ word }) => !/[^AEIOU]{3}|[AEIOU]{3}/.test(word.replace(/N[DTG][RSGJ]|STR|RTR|NGK|NSY/, "N")))
    .sort((a, b) => a.order - b.order)
    .map(({ word }) => word);
}

/** The words of a text; a hyphen stands for a blank inside a name. */
export const wordsOf = (text: string): string[] => text.split(" ").map((word) => word.replace("-", " "));
