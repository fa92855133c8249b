import type { Lexica } from "../../matching/table/table.ts";

/** How files write the sex; the first of each is how the register here does. */
const WRITTEN = [
  ["L", "LK", "LAKI", "LAKI-LAKI", "LAKI LAKI", "LELAKI", "PRIA", "M", "MALE", "1"],
  ["P", "PR", "PEREMPUAN", "WANITA", "F", "FEMALE", "2"],
] as const;

const lexiconOf = (lexica: Lexica) => {
  const lexicon = lexica.get("text");
  if (!lexicon) throw new Error("no lexicon for text");
  return lexicon;
};

/** MUST be called before the register is built: its words have ids that no thread forgets. */
export function learnSexes(lexica: Lexica): void {
  for (const text of WRITTEN.flat()) lexiconOf(lexica).idOfText(text);
}

/** Word as a file has it → word as the register has it; other words are not there. */
export function sexWords(lexica: Lexica): ReadonlyMap<number, number> {
  const id = (text: string) => lexiconOf(lexica).idOfText(text);
  return new Map(WRITTEN.flatMap((texts) => texts.map((text) => [id(text), id(texts[0])] as const)));
}
