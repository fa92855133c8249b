import type { Loader } from "../../../drizzle/copy.ts";

/** Works off some of what changed in the roll-ups of a slice, and opens its month; answers how much was done. */
export const foldRollups =
  (slice: "population" | "welfare" | "programs") =>
  async (loader: Loader, now: Date): Promise<number> => {
    const [row] = await loader.query<{ done: number }>(`select ${slice}.fold_touched($1) as done`, [now.toISOString()]);
    return row?.done ?? 0;
  };
