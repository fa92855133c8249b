import { nameForms, phoneticOf } from "./nameForms.ts";

/**
 * How a whole name sounds, however it is written: one text for all cases, marks, titles, old spellings and partings of it (an H that
 * ends a word is silent: there two words and one may differ). Blind to what stands behind BIN or ALIAS, never to the order of the words. Empty without
 * letters. Pure.
 */
export const soundOfName = (raw: string): string => phoneticOf(nameForms(raw).phonetic.join(""));
