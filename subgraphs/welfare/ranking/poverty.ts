export const INDICATORS = [
  "HEAD_WITHOUT_WORK",
  "FOOD_WORRY",
  "FOOD_OVER_HALF",
  "NO_CLOTHES",
  "POOR_FLOOR",
  "POOR_WALLS",
  "NO_TOILET",
  "LITTLE_ELECTRICITY",
] as const;
export type IndicatorCode = (typeof INDICATORS)[number];
export type Category = "POOR" | "UNABLE_TO_CONTRIBUTE" | "NEITHER" | "UNDETERMINED";

/** Answers in force, by code of the variable; what is not answered is absent. */
export type AnswersInForce = Readonly<Record<string, string>>;

/**
 * Answers that meet an indicator, by variable (Kepmensos 262/HUK/2022, with the codes of the instrument). The same rows stand in welfare.poverty_rule:
 * a test holds the two together.
 */
export const MEETS: Readonly<Record<IndicatorCode | "NO_SHELTER", Readonly<Record<string, readonly string[]>>>> = {
  NO_SHELTER: { Sta_bangunan: ["6"] },
  HEAD_WITHOUT_WORK: { Kepala_bekerja: ["2"] },
  FOOD_WORRY: { Khawatir_pangan: ["1"] },
  FOOD_OVER_HALF: { Belanja_pangan_dominan: ["1"] },
  NO_CLOTHES: { Beli_pakaian: ["2"] },
  POOR_FLOOR: { Lantai: ["6", "8"] },
  POOR_WALLS: { Dinding: ["2", "3", "4", "5", "6", "7"] },
  NO_TOILET: { Fasbab: ["4"] },
  LITTLE_ELECTRICITY: { Sumber_penerangan: ["3"], Daya: ["1"] },
};

/** Whether answers meet an indicator: one to any of its variables does; without one, and with a variable unanswered, it is not known. */
function meets(indicator: keyof typeof MEETS, answers: AnswersInForce): boolean | null {
  const told = Object.entries(MEETS[indicator]).map(([variable, met]) => {
    const answer = answers[variable];
    return answer === undefined ? null : met.includes(answer);
  });
  return told.includes(true) ? true : told.includes(null) ? null : false;
}

export interface Rule {
  /** Indicators that make a household poor: the decree joins them by "and/or". */
  readonly threshold: number;
  /** Monthly rupiah a head below which a household that is not poor cannot pay the insurance contribution; null: not judged. */
  readonly incomeBelow: bigint | null;
}

export interface Income {
  /** Monthly rupiah of the household; null: not known. */
  readonly rupiah: bigint | null;
  /** Members alive. */
  readonly heads: number;
}

export interface Judged {
  readonly category: Category;
  readonly met: number;
  readonly unknown: number;
  readonly hasShelter: boolean | null;
  readonly indicators: readonly {
    readonly code: IndicatorCode;
    readonly isMet: boolean | null;
    readonly variables: readonly string[];
  }[];
}

/** Poor, unable to contribute, neither, or not to be told by what is known (Kepmensos 262/HUK/2022). Pure. */
export function judgePoverty(answers: AnswersInForce, income: Income, rule: Rule): Judged {
  const indicators = INDICATORS.map((code) => ({ code, isMet: meets(code, answers), variables: Object.keys(MEETS[code]) }));
  const count = (value: boolean | null) => indicators.filter(({ isMet }) => isMet === value).length;
  const without = meets("NO_SHELTER", answers);
  const counts = { met: count(true), unknown: count(null), hasShelter: without === null ? null : !without };
  return { ...counts, indicators, category: categoryOf(counts, income, rule) };
}

function categoryOf(
  { met, unknown, hasShelter }: Pick<Judged, "met" | "unknown" | "hasShelter">,
  income: Income,
  rule: Rule,
): Category {
  if (hasShelter === false || met >= rule.threshold) return "POOR";
  if (hasShelter === null || met + unknown >= rule.threshold) return "UNDETERMINED";
  if (rule.incomeBelow === null) return "NEITHER";
  if (income.rupiah === null || income.heads === 0) return "UNDETERMINED";
  return income.rupiah < rule.incomeBelow * BigInt(income.heads) ? "UNABLE_TO_CONTRIBUTE" : "NEITHER";
}
