import type { Severity, Words } from "../changes/kinds.ts";
import { adviceOn } from "./advice.ts";
import type { Touched } from "./touched.ts";

const HEADS: Readonly<Record<Severity, Words>> = {
  BREAKING: { id: "Memutus", en: "Breaking" },
  DANGEROUS: { id: "Perlu diperhatikan", en: "To look at" },
  SAFE: { id: "Untuk diketahui", en: "To know" },
};

/** What an agreement is told, in Markdown: Indonesian first. Coordinates and documents only, nothing of anybody. */
export function notice(agreement: string, touched: readonly Touched[]): string {
  const parts = (["id", "en"] as const).map((language) => partOf(language, touched));
  return `# ${agreement}\n\n${parts.join("\n---\n\n")}`;
}

const INTRODUCTIONS: Words = {
  id: "Skema API berubah. Perubahan berikut menyentuh perjanjian ini.",
  en: "The schema of the API changes. These changes touch this agreement.",
};

function partOf(language: keyof Words, touched: readonly Touched[]): string {
  const groups = (["BREAKING", "DANGEROUS", "SAFE"] as const).flatMap((severity) => {
    const lines = touched.filter(({ change }) => change.severity === severity).map((one) => lineOf(one, language));
    return lines.length === 0 ? [] : [`## ${HEADS[severity][language]}\n\n${lines.join("")}\n`];
  });
  return `${INTRODUCTIONS[language]}\n\n${groups.join("")}`;
}

function lineOf({ change, documents }: Touched, language: keyof Words): string {
  const word = language === "id" ? "Dokumen" : "Documents";
  const used = documents.length > 0 ? ` ${word}: ${documents.join(", ")}.` : "";
  return `- ${change.words[language]}${used} ${adviceOn(change)[language]}\n`;
}
