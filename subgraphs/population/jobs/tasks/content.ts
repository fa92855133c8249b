import type { Part } from "../engine/match.ts";
import type { TaskContext } from "./context.ts";

/** A chunk as it was uploaded. */
export async function readChunk({ pool }: TaskContext, job: string, ordinal: number): Promise<Part> {
  const [chunk] = await pool.load((loader) =>
    loader.query<{ firstLine: number; content: Buffer | null }>(
      `select first_line as "firstLine", content from match.chunk where job = $1 and ordinal = $2`,
      [job, ordinal],
    ),
  );
  if (!chunk?.content) throw new Error(`chunk ${ordinal} of job ${job} is not there`);
  return { bytes: chunk.content, firstLine: chunk.firstLine, hasHeader: ordinal === 0 };
}
