import { parseArgs } from "node:util";
import { startWorker } from "../../../subgraphs/population/jobs/worker.ts";
import { openServerDatabase } from "../../data/databases.ts";
import { stopSignal } from "../../run/ending.ts";
import { showWorker } from "../../run/workerMetrics.ts";

export const help = `
Usage: npx hub matcher [--workers N]

Works on matching jobs, whoever made them (npx hub match, or a program over HTTP), until Ctrl-C or SIGTERM. Run as many as you like, on any
hosts that reach the database: they share the work chunk by chunk, and what one leaves unfinished, even by kill -9, another takes over
within half a minute. Each holds the population register in memory.

  --workers N   chunks matched at a time by this one, 1 to 8 (1)

Settings: the databases as for every command; where each slice has an address of its own, HUB_DATABASE_URL_JOBS, PostgreSQL of population as
the role hub_population_jobs, directly and not through a pooler. HUB_METRICS_PORT: port of /metrics and /health.
Exit codes: 0 stopped, 1 cannot run, 2 wrong usage.
`;

/** `argv`: what follows `matcher`. */
export async function matcher(argv: readonly string[]): Promise<number> {
  const options = { workers: { type: "string", default: "1" } } as const;
  const { values } = parseArgs({ args: [...argv], options });
  const threads = Number(values.workers);
  if (!Number.isInteger(threads) || threads < 1 || threads > 8) {
    note("--workers is a whole number from 1 to 8");
    return 2;
  }
  const stop = stopSignal();
  const { url, close } = await openServerDatabase("jobs", process.env, note);
  try {
    const shown = await showWorker("matching", url, process.env);
    const worker = await startWorker({ url, threads, note });
    note(`waits for jobs, ${threads} ${threads === 1 ? "chunk" : "chunks"} at a time`);
    await stop;
    await worker.stop();
    await shown?.close();
    return 0;
  } finally {
    await close();
  }
}

function note(text: string): void {
  process.stderr.write(`hub matcher: ${text}\n`);
}
