import { saved } from "../../kit/use/saved.ts";

/** Hands a table to the reader as a file. The byte order mark lets Excel read UTF-8. */
export const download = (name: string, csv: string): void => saved(`\uFEFF${csv}`, name, "text/csv");
