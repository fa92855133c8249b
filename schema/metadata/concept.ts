import type { Definition } from "./words.ts";

/** What a description says: the official Indonesian term, and what it means; empty where it names only. */
export interface Said {
  readonly concept: string;
  readonly meaning: string;
}

/** Descriptions open with the term, up to a dash or the end of the sentence. Pure. */
export function saidIn(description: string): Said {
  const text = description.replaceAll(/\s+/g, " ").trim();
  const [, concept = text, meaning = ""] = OPENING.exec(text) ?? [];
  return { concept: concept.replace(/\.$/, ""), meaning: meaning.trim() };
}

const OPENING = /^(.+?)(?: — |\.(?: |$))(.*)$/;

/** Meaning of an element; where its description only names it, what it gives or stands on is what it means. Never empty. */
export const meaningOf = ({ concept, meaning }: Said, about: Said): string =>
  meaning || (about.meaning ? `${concept}: ${about.meaning}` : `${concept} (${about.concept}).`);

/** The definition as the schema has it; nobody has written it in Indonesian. */
export const definitionOf = (said: Said, about: Said): Definition => ({ id: null, en: meaningOf(said, about) });
