import { parseArgs } from "node:util";
import { startAllocator } from "../../../subgraphs/programs/worker.ts";
import { openServerDatabase } from "../../data/databases.ts";
import { stopSignal } from "../../run/ending.ts";
import { showWorker } from "../../run/workerMetrics.ts";

export const help = `
Usage: npx hub allocator

Works for the aid programs until Ctrl-C or SIGTERM: selects beneficiaries, simulates, opens payment periods, and does what the calendar does by itself.
Run as many as you like, on any hosts that reach the database; what one leaves unfinished, even by kill -9, another takes over within half a minute.

Settings: the databases as for every command; where each slice has an address of its own, HUB_DATABASE_URL_ALLOCATION, PostgreSQL of programs as
the role hub_programs_jobs, directly and not through a pooler. HUB_METRICS_PORT: port of /metrics and /health.
Exit codes: 0 stopped, 1 cannot run, 2 wrong usage.
`;

/** `argv`: what follows `allocator`. */
export async function allocator(argv: readonly string[]): Promise<number> {
  parseArgs({ args: [...argv], options: {} });
  const stop = stopSignal();
  const { url, close } = await openServerDatabase("allocation", process.env, note);
  try {
    const shown = await showWorker("programs", url, process.env);
    const worker = await startAllocator({ url, note });
    note("waits for the programs' work");
    await stop;
    await worker.stop();
    await shown?.close();
    return 0;
  } finally {
    await close();
  }
}

function note(text: string): void {
  process.stderr.write(`hub allocator: ${text}\n`);
}
