import type { Loader, LoadPool } from "../../../drizzle/copy.ts";
import { STOOD_OTHERWISE } from "./difference.ts";
import { ROWS_THAT_DIFFER, rootOf, VILLAGES_THAT_DIFFER } from "./hashes.ts";
import { inputsOf } from "./inputs.ts";

/** What came of computing a determination again. */
export interface Verdict {
  readonly id: string;
  readonly basis: string;
  readonly month: string;
  readonly decreeNumber: string;
  readonly hash: string;
  /** Sentences; none: it is as it was determined. */
  readonly faults: readonly string[];
}

const DETERMINED = `select id, basis::text, to_char(month, 'YYYY-MM') as month, decree_number as "decreeNumber", hash
  from welfare.determination where state = 'DETERMINED' and ($1::uuid is null or id = $1) order by basis, month`;
const PARTS = "select region from welfare.determination_part where determination_id = $1 and not is_preview order by region";
/** Rows named of a village that differs. */
const NAMED = 10;

/** What is computed again. `withInputs`: who stands, too, from the registry as it was known then; twice the work. */
interface Asked {
  readonly id?: string | undefined;
  readonly withInputs?: boolean;
}

/** Computes determinations' hashes again, from the values of their rows up: all, or one. Reads every row in force once a determination. */
export async function verifyDeterminations(pool: LoadPool, { id, withInputs = false }: Asked = {}): Promise<Verdict[]> {
  const rows = await pool.load((loader) => loader.query<Omit<Verdict, "faults">>(DETERMINED, [id ?? null]));
  const verdicts: Verdict[] = [];
  for (const row of rows) verdicts.push({ ...row, faults: await faultsOf(pool, row, withInputs) });
  return verdicts;
}

async function faultsOf(pool: LoadPool, { id, hash }: Pick<Verdict, "id" | "hash">, withInputs: boolean): Promise<string[]> {
  const faults: string[] = [];
  const root = await pool.load((loader) => rootOf(loader, id));
  if (root.hash !== hash) faults.push("the villages' hashes do not give the determination's");
  const parts = await pool.load((loader) => loader.query<{ region: string }>(PARTS, [id]));
  for (const { region } of parts) {
    faults.push(...(await pool.load((loader) => faultsOfRegency(loader, id, region))));
    if (withInputs) faults.push(...(await pool.load((loader) => stoodOtherwise(loader, id, region))));
  }
  return faults;
}

async function stoodOtherwise(loader: Loader, id: string, regency: string): Promise<string[]> {
  await loader.query("set local enable_seqscan = off");
  const rows = await loader.query<{ member_id: string }>(STOOD_OTHERWISE, [id, regency, ...(await inputsOf(loader, id))]);
  const named = rows.slice(0, NAMED).map((row) => row.member_id);
  return rows.length === 0
    ? []
    : [`regency ${regency}: by the registry as known ${rows.length} stood otherwise: members ${named.join(", ")}`];
}

async function faultsOfRegency(loader: Loader, id: string, regency: string): Promise<string[]> {
  const faults: string[] = [];
  for (const { region } of await loader.query<{ region: string }>(VILLAGES_THAT_DIFFER, [id, regency])) {
    const rows = await loader.query<{ member_id: string }>(ROWS_THAT_DIFFER, [id, region]);
    const named = rows.slice(0, NAMED).map((row) => row.member_id);
    faults.push(
      `village ${region} is not as determined${named.length > 0 ? `: members ${named.join(", ")} were changed` : ": members are missing or too many"}`,
    );
  }
  return faults;
}
