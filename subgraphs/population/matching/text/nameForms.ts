import { readName } from "./readName.ts";

/** A name in the forms it is compared and looked up by (matching.md §3). The three lists go together, one entry a token. */
export interface NameForms {
  readonly tokens: readonly string[];
  readonly phonetic: readonly string[];
  readonly skeletons: readonly string[];
  /** The part from BIN, BINTI or ALIAS on, with that word; null without one. */
  readonly side: string | null;
  /** Honorifics and degrees taken off, in their order, without dots. */
  readonly titles: readonly string[];
}

/** In this order: old and Arabic spellings of one sound. Only A–Z is touched. */
const SOUNDS: readonly (readonly [RegExp, string])[] = [
  [/OE|OO/g, "U"],
  [/DJ/g, "J"],
  [/TJ/g, "C"],
  [/SJ/g, "S"],
  [/NJ/g, "NY"],
  [/[CK]H/g, "H"],
  [/S[YH]/g, "S"],
  [/TH/g, "T"],
  [/DH/g, "D"],
  [/PH|V/g, "F"],
  [/F/g, "P"],
  [/Q/g, "K"],
  [/X/g, "KS"],
  [/Z/g, "J"],
  [/IY|Y/g, "I"],
  [/IE/g, "I"],
  [/UW/g, "W"],
  [/([A-Z])\1+/g, "$1"],
  [/H$|(?<=[AEIOU])H(?=[B-DF-HJ-NP-TV-Z])/g, ""],
];

/** How a token sounds; a token that would vanish (H) stays as it is. */
export function phoneticOf(token: string): string {
  let sound = token;
  for (const [spelling, letters] of SOUNDS) sound = sound.replace(spelling, letters);
  return sound === "" ? token : sound;
}

const skeletonOf = (sound: string): string => sound.charAt(0) + sound.slice(1).replace(/[AEIOUH]/g, "");

/** Few tokens make up most names: known ones are looked up, in a memory that is emptied when full. */
const MOST_KNOWN = 50_000;
const known = new Map<string, readonly [phonetic: string, skeleton: string]>();

function soundsOf(token: string): readonly [phonetic: string, skeleton: string] {
  const before = known.get(token);
  if (before !== undefined) return before;
  const phonetic = phoneticOf(token);
  const sounds = [phonetic, skeletonOf(phonetic)] as const;
  if (known.size === MOST_KNOWN) known.clear();
  known.set(token, sounds);
  return sounds;
}

function formsOf(tokens: readonly string[], { side, titles }: Pick<NameForms, "side" | "titles">): NameForms {
  const sounds = tokens.map(soundsOf);
  return {
    tokens,
    phonetic: sounds.map(([phonetic]) => phonetic),
    skeletons: sounds.map(([, skeleton]) => skeleton),
    side,
    titles,
  };
}

/** Forms of one name, once per distinct text. Pure. A text without letters has no tokens; other scripts pass unchanged. */
export function nameForms(raw: string): NameForms {
  if (raw !== last.raw) {
    const name = readName(raw);
    last = { raw, forms: formsOf(name.tokens, name) };
  }
  return last.forms;
}

/** The name asked for last: the derivations of a word ask for the same one after another. */
let last: { readonly raw: string; readonly forms: NameForms } = { raw: "", forms: formsOf([], readName("")) };

export const firstSkeleton = (forms: NameForms): string | null => forms.skeletons[0] ?? null;

export const lastSkeleton = (forms: NameForms): string | null => forms.skeletons.at(-1) ?? null;

/** All skeletons, sorted and joined by a space: blind to order. Null without tokens. */
export const sortedSkeletons = (forms: NameForms): string | null =>
  forms.skeletons.length === 0 ? null : [...forms.skeletons].sort().join(" ");

/** Phonetic tokens joined by one space; empty without tokens. */
export const phoneticText = (forms: NameForms): string => forms.phonetic.join(" ");

/** The name with a bare J read as Y (Surjani → Suryani), as before 1972; null where nothing can be read so. For extra keys, never a rewrite. */
export function oldSpelling(forms: NameForms): NameForms | null {
  const tokens = forms.tokens.map((token) => token.replace(/(?<![DTSN])J/g, "Y"));
  return tokens.some((token, at) => token !== forms.tokens[at]) ? formsOf(tokens, forms) : null;
}

/** Extra key beside `sortedSkeletons`, in the same form: that of `oldSpelling`. Null without one, or where it is the same key. */
export function oldSpellingKey(forms: NameForms): string | null {
  const old = oldSpelling(forms);
  const key = old && sortedSkeletons(old);
  return key === sortedSkeletons(forms) ? null : key;
}
