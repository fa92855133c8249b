import { badInput } from "../../kit/errors.ts";

const MAX_CHARACTERS = 60;
const MAX_WORDS = 5;

/** Words somebody looks for a region by: letters and digits, in order. BAD_USER_INPUT without any, and with more than five. */
export function wordsOf(search: string): string[] {
  const words = search.slice(0, MAX_CHARACTERS + 1).match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  if (search.length > MAX_CHARACTERS || words.length < 1 || words.length > MAX_WORDS)
    throw badInput(`search: must hold 1 to ${MAX_WORDS} words in at most ${MAX_CHARACTERS} characters`);
  return words;
}
