import type { LoadPool } from "../../../drizzle/copy.ts";

/** Searches a regency (four digits) anew for who is served wrongly; answers how many rows of the queue changed. */
export async function findErrorsTask(pool: LoadPool, regency: string, now: Date): Promise<number> {
  const [row] = await pool.load(async (loader) => {
    await loader.query("select set_config('hub.now', $1, true)", [now.toISOString()]);
    return loader.query<{ n: number }>("select programs.find_errors($1) as n", [regency]);
  });
  return row?.n ?? 0;
}
