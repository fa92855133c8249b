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

/**
 * The definition as the schema has it. Its meaning is English there; of what is only named, the Indonesian definition is what it names, said of what it
 * stands on: `writtenId` of that, where somebody has written it, else its term. Pure.
 */
export const definitionOf = (said: Said, about: Said, writtenId: string | null = null): Definition => ({
  id: said.meaning === "" && said.concept !== about.concept ? `${said.concept}: ${writtenId ?? `${about.concept}.`}` : null,
  en: meaningOf(said, about),
});
