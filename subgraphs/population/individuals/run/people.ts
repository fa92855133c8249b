import { openLoadPool } from "../../../../drizzle/copy.ts";
import { learnSexes } from "../../jobs/engine/sex.ts";
import { registerStatement } from "../../jobs/engine/statements.ts";
import { readCsv } from "../../matching/csv/read.ts";
import { textOf } from "../../matching/csv/row.ts";
import { encoderOf } from "../../matching/linkage/encoder.ts";
import type { Frame } from "../../matching/linkage/prepared.ts";
import { type Lexica, Table } from "../../matching/table/table.ts";

/** The population register, before it is made ready to be searched: its lexica still take the words of files. */
export interface People {
  readonly table: Table;
  /** Row → id of the person. */
  readonly ids: readonly string[];
}

/** Columns of `registerStatement` behind the id and the state. */
const COLUMNS = ["nik", "familyCard", "name", "sex", "birth", "birthPlace", "mother", "village"];

/** Reads the whole register as it is at one moment, in the order of ids. For the jobs' role. Throws when nobody is in it. */
export async function readPeople(url: string, frame: Frame, lexica: Lexica): Promise<People> {
  learnSexes(lexica);
  const encode = encoderOf(frame, lexica, { reads: COLUMNS.map((column, i) => ({ column, fields: [i + 2] })), nulls: [] });
  const table = new Table(frame.layout);
  const ids: string[] = [];
  const pool = openLoadPool(url, { max: 1 });
  try {
    await pool.load(async (loader) => {
      const [found] = await loader.query<{ anybody: boolean }>("select exists (select from population.person) as anybody");
      if (!found?.anybody) throw new Error("the population register is empty: there is nobody to merge around");
      await readCsv(loader.csv(registerStatement), { delimiter: "," }, (row) => {
        const at = table.add();
        encode(row, table.cells, at);
        ids.push(textOf(row, 0));
      });
    });
  } finally {
    await pool.end();
  }
  return { table, ids };
}
