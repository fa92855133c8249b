import type { Text } from "../../../errors.ts";
import type { TableVerdict } from "../../decisionTable.ts";
import { CLOSED, type MaskKind, type RowRule, type SubjectFlag } from "../../masks.ts";

/** Joins texts of both languages word for word. */
export const text = (strings: TemplateStringsArray, ...parts: readonly (Text | string | number)[]): Text => ({
  id: strings.reduce((all, string, i) => `${all}${said(parts[i - 1], "id")}${string}`),
  en: strings.reduce((all, string, i) => `${all}${said(parts[i - 1], "en")}${string}`),
});

const said = (part: Text | string | number | undefined, language: keyof Text): string =>
  typeof part === "object" ? part[language] : String(part ?? "");

const DENIED = {
  FIELD_NOT_GRANTED: { id: "tidak diberikan", en: "not granted" },
  FIELD_PROHIBITED: { id: "tertutup", en: "closed" },
  USE_NOT_GRANTED: { id: "penggunaan tidak diberikan", en: "use not granted" },
} as const;

const FLAGS: Readonly<Record<SubjectFlag, Text>> = {
  CHILD: { id: "untuk anak", en: "for children" },
  DISABILITY: { id: "untuk penyandang disabilitas", en: "for persons with disabilities" },
  STIGMA: { id: "untuk kategori berstigma", en: "for stigmatised categories" },
};

/** How a value is shown through a mask, a pseudonym, or not. */
export function kindWords(kind: MaskKind): Text {
  if (kind === CLOSED) return { id: "tertutup", en: "closed" };
  if (kind === "pseudonym") return { id: "sebagai nama samaran", en: "as a pseudonym" };
  return { id: `disamarkan (${kind})`, en: `masked (${kind})` };
}

/** What a verdict does, as a phrase. */
export function verdictWords(verdict: TableVerdict): Text {
  if (verdict.effect === "deny") return DENIED[verdict.code];
  const whole = verdict.effect === "transform" ? kindWords(verdict.kind) : allowWords(verdict.values);
  return (verdict.rows ?? []).map(rowWords).reduce((all, row) => text`${all}; ${row}`, whole);
}

function allowWords(values: readonly (string | number)[] | undefined): Text {
  if (!values) return { id: "terbuka", en: "open" };
  if (values.length === 0) return { id: "terbuka tanpa nilai yang boleh ditanyakan", en: "open for no value" };
  return { id: `terbuka hanya untuk ${values.join(", ")}`, en: `open only for ${values.join(", ")}` };
}

function rowWords({ kind, flag, home }: RowRule): Text {
  const where = home && { id: ` di luar ${codesOf(home)}`, en: ` outside ${codesOf(home)}` };
  return text`${kindWords(kind)}${flag ? text` ${FLAGS[flag]}` : ""}${where ?? ""}`;
}

const codesOf = (home: NonNullable<RowRule["home"]>): string => home.map(([from]) => from).join(", ");
