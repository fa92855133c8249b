import type { Work } from "../../kit/worker.ts";

/** Drafts the pairs of a replacement; run twice, once. A batch that is discarded meanwhile is left alone. */
export async function replacementTask({ pool, now, note }: Work, batch: string): Promise<void> {
  const [row] = await pool.load((loader) =>
    loader.query<{ pairs: number }>("select programs.fill_pbi_replacement($1, $2) as pairs", [batch, now().toISOString()]),
  );
  note(`replacement ${batch}: ${row?.pairs ?? 0} pairs`);
}

/** Applies a replacement that is signed, in one transaction; run twice, once. */
export async function exchangeTask({ pool, now, note }: Work, batch: string): Promise<void> {
  const [row] = await pool.load((loader) =>
    loader.query<{ pairs: number }>("select programs.apply_pbi_replacement($1, $2) as pairs", [batch, now().toISOString()]),
  );
  note(`replacement ${batch}: ${row?.pairs ?? 0} pairs exchanged`);
}
