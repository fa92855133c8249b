import type { PersonElement } from "../generated.ts";
import { comparisonNames } from "../matching/compare/compile.ts";
import { levelCount } from "../matching/compare/kinds.ts";
import { PEMADANAN } from "../matching/pemadanan.ts";
import type { CaseRow } from "./data.ts";
import { SAME_NAME } from "./merge/contradictions.ts";

const ELEMENTS: Readonly<Record<string, PersonElement>> = {
  name: "FULL_NAME",
  birth: "BIRTH_DATE",
  nik: "NIK",
  mother: "MOTHER_NAME",
  village: "REGION",
  familyCard: "FAMILY_CARD_NUMBER",
  birthPlace: "BIRTH_PLACE",
  sex: "SEX",
};

/** The comparisons of a merge, in the order of a case's levels. */
const COMPARED = comparisonNames(PEMADANAN).map((name, i) => {
  const [field, comparison] = [ELEMENTS[name], PEMADANAN.comparisons[i]];
  if (!field || !comparison) throw new Error(`no element of a person is compared as ${name}`);
  return { field, top: levelCount(comparison) - 1 };
});

export interface ToldComparison {
  readonly field: PersonElement;
  readonly level: number;
  /** The level of equal values. */
  readonly of: number;
}

/** How row and person of a case agree. Of the mother's name only whether it fits: elsewhere it serves as a password. Null: other comparisons. */
export function comparisonsOf({ levels }: Pick<CaseRow, "levels">): ToldComparison[] | null {
  if (levels.length !== COMPARED.length) return null;
  return COMPARED.map(({ field, top }, i) => {
    const level = levels[i] as number;
    return field === "MOTHER_NAME" ? { field, level: fits(level), of: fits(top) } : { field, level, of: top };
  });
}

const fits = (level: number): number => (level === 0 ? 0 : level < SAME_NAME ? 1 : 2);
