/** Five classes from light to dark. */
export interface Scale {
  /** 1 to 5; null: no figure. */
  classOf(value: number | null): number | null;
  /** Lower and upper bound of each class that somebody is in. */
  readonly classes: readonly { readonly number: number; readonly from: number; readonly to: number }[];
}

const CLASSES = [1, 2, 3, 4, 5];

/** Shares in fifths, so that two regions or months can be laid beside each other. */
export const shareScale: Scale = {
  classOf: (value) => (value === null ? null : Math.min(5, Math.floor(value * 5) + 1)),
  classes: CLASSES.map((number) => ({ number, from: (number - 1) / 5, to: number / 5 })),
};

/** Counts in classes of as many regions each as can be, equal figures in one class. */
export function countScale(values: readonly (number | null)[]): Scale {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  const bounds = [...new Set(CLASSES.map((number) => sorted[Math.ceil((number * sorted.length) / 5) - 1]))].filter(
    (bound) => bound !== undefined,
  );
  const numberAt = (at: number): number => (bounds.length === 1 ? 3 : 1 + Math.round((at * 4) / (bounds.length - 1)));
  return {
    classOf: (value) => (value === null ? null : numberAt(bounds.findIndex((bound) => value <= bound))),
    classes: bounds.map((to, at) => ({
      number: numberAt(at),
      from: sorted.find((one) => one > (bounds[at - 1] ?? -1)) ?? to,
      to,
    })),
  };
}
