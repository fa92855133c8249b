import { useText } from "../../kit/text.tsx";

/** Enums whose values are named as dimensions of the cubes. */
const DIMENSIONS: Readonly<Record<string, string>> = {
  ProgramCode: "program",
  PaymentState: "stage",
  MatchStatus: "match",
  PaymentFailure: "failure",
};

/** What a value of an enum is called; nothing of nothing. */
export function useNames() {
  const { enumLabel, dimensionLabel } = useText();
  return (type: string, value: string | null | undefined): string => {
    if (value == null) return "";
    const dimension = DIMENSIONS[type];
    return dimension === undefined ? enumLabel(type, value) : dimensionLabel(dimension, value);
  };
}
