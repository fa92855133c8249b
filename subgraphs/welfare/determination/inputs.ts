import type { Loader } from "../../../drizzle/copy.ts";

const INPUTS = `select d.basis, d.month::text, d.registry_version, d.known_at::text, d.poverty_threshold
  from welfare.determination d where d.id = $1`;

/** What a determination stands on, as the parameters $3 to $7 of its statements. */
export async function inputsOf(loader: Loader, id: string): Promise<unknown[]> {
  const [row] = await loader.query(INPUTS, [id]);
  return row ? ["basis", "month", "registry_version", "known_at", "poverty_threshold"].map((name) => row[name]) : [];
}
