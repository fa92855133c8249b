import type { Language } from "../../../kit/text.tsx";
import type { Sentence } from "../types.ts";

/** A sentence in the reader's language. */
export const said = (sentence: Sentence, language: Language): string =>
  language === "id" ? sentence.indonesian : sentence.english;
