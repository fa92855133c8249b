import type { PersonElement, WeightPartKind } from "../generated.ts";
import { comparisonNames } from "../matching/compare/compile.ts";
import { levelCount } from "../matching/compare/kinds.ts";
import { PEMADANAN } from "../matching/pemadanan.ts";
import type { CaseRow } from "./data.ts";
import { fitOf } from "./merge/contradictions.ts";

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
    return field === "MOTHER_NAME" ? { field, level: fitOf(level), of: fitOf(top) } : { field, level, of: top };
  });
}

export interface ToldPart {
  readonly of: WeightPartKind;
  readonly field: PersonElement | null;
  readonly bits: number;
}

/** What the weight of a case is made of, in the order of its sum. Null: not kept, or by other comparisons. */
export function weightPartsOf({ bits }: Pick<CaseRow, "bits">): ToldPart[] | null {
  const [prior, ...rest] = bits;
  const [rarity, lookAlikes] = rest.slice(COMPARED.length);
  if (prior === undefined || rarity === undefined || lookAlikes === undefined) return null;
  return [
    { of: "PRIOR", field: null, bits: prior },
    ...COMPARED.map(({ field }, i): ToldPart => ({ of: "ELEMENT", field, bits: rest[i] as number })),
    { of: "RARITY", field: null, bits: rarity },
    { of: "LOOK_ALIKES", field: null, bits: lookAlikes },
  ];
}
