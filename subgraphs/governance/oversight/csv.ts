import { csvLine } from "../../../schema/values/csv.ts";

/** A table as CSV with a line of names. */
export const csvOf = (names: readonly string[], rows: readonly (readonly unknown[])[]): string =>
  [names, ...rows].map(csvLine).join("");
