import type { FileRow } from "../../../../drizzle/synthetic/files/fileRows.ts";
import type { RegisterPerson } from "../../../../drizzle/synthetic/register/register.ts";
import { csvLine } from "../../../../schema/values/csv.ts";
import type { Reads } from "../../../../subgraphs/population/matching/linkage/encoder.ts";

const COLUMNS = ["nik", "familyCard", "name", "sex", "birth", "birthPlace", "mother", "village"];

/** Where each column stands in every file of the bench, the register's too. */
export const READS: readonly Reads[] = COLUMNS.map((column, field) => ({ column, fields: [field] }));

/** How they are read: without headers. */
export const CSV = { delimiter: ",", part: { columns: COLUMNS, firstLine: 1 } };

export const lineOf = (row: RegisterPerson | FileRow): string =>
  csvLine([row.nik, row.familyCard, row.name, row.sex, row.birthDate, row.birthPlace, row.motherName, row.village]);
