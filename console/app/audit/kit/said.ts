import type { Language } from "../../kit/text.tsx";

/** A sentence of the hub in both languages. */
export interface Said {
  readonly indonesian: string | null;
  readonly english: string | null;
}

export const saidIn = (language: Language, said: Said | null | undefined): string =>
  (language === "id" ? said?.indonesian : said?.english) ?? "";
