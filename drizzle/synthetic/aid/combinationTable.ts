/** Which programs go together. `program` is the smaller code. */
export interface CombinationRow {
  readonly program: string;
  readonly otherProgram: string;
  readonly unit: "PERSON" | "FAMILY";
  readonly verdict: "LEGAL" | "EXCLUSIVE";
  readonly validFrom: string;
  readonly legalBasis: string;
  readonly source: string;
}

const OF_FAMILIES = ["BPNT", "PKH"];
const OF_PERSONS = ["KIP", "KIP_KULIAH", "PBI_JK"];
const TOGETHER = [...OF_FAMILIES, ...OF_PERSONS].sort();
const CASH = "BST";
const PUBLISHED = "Complementarity as published; secondary sources (domain reference, section 4.6).";

type Pair = readonly [string, string];
const rule = ([a, b]: Pair, rest: Pick<CombinationRow, "unit" | "verdict" | "validFrom" | "legalBasis">): CombinationRow => ({
  program: a < b ? a : b,
  otherProgram: a < b ? b : a,
  source: PUBLISHED,
  ...rest,
});

const legal = { verdict: "LEGAL", validFrom: "2007-07-01", legalBasis: "Permensos 1/2018; Perpres 63/2017" } as const;
const once = { verdict: "EXCLUSIVE", validFrom: "2007-07-01", legalBasis: "Permensos 3/2021; Kepmensos 150/HUK/2022" } as const;
const notBoth = { verdict: "EXCLUSIVE", validFrom: "2020-04-01", legalBasis: "Kepmensos 54/HUK/2020" } as const;

const pairs = TOGETHER.flatMap((a, at) => TOGETHER.slice(at + 1).map((b): Pair => [a, b]));
const itself = (codes: readonly string[]) => codes.map((code): Pair => [code, code]);
const UNITS = ["PERSON", "FAMILY"] as const;

/** The matrix, by person and by family. What is not here is for review. Brothers and sisters may each have what is given to persons. */
export const COMBINATIONS: readonly CombinationRow[] = [
  ...UNITS.flatMap((unit) => pairs.map((pair) => rule(pair, { unit, ...legal }))),
  ...UNITS.flatMap((unit) => OF_FAMILIES.map((program) => rule([CASH, program], { unit, ...notBoth }))),
  ...itself([...TOGETHER, CASH]).map((pair) => rule(pair, { unit: "PERSON", ...once })),
  ...itself([...OF_FAMILIES, CASH]).map((pair) => rule(pair, { unit: "FAMILY", ...once })),
  ...itself(OF_PERSONS).map((pair) => rule(pair, { unit: "FAMILY", ...legal })),
];
