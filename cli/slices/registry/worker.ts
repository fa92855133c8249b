import { parseArgs } from "node:util";
import { openLoadPool } from "../../../drizzle/copy.ts";
import { verifyDeterminations } from "../../../subgraphs/welfare/determination/verify.ts";
import { startRegistrar } from "../../../subgraphs/welfare/worker.ts";
import { openServerDatabase } from "../../data/databases.ts";
import { stopSignal } from "../../run/ending.ts";
import { showWorker } from "../../run/workerMetrics.ts";

export const help = `
Usage: npx hub registrar
       npx hub registrar verify [--inputs] [--json] [DETERMINATION]

Works for the registry until Ctrl-C or SIGTERM: writes determinations the Minister signed, ranks, keeps the scorecards fresh, and does what the
calendar does by itself (proposals expire, objections lapse). Run as many as you like, on any hosts that reach the database; what one leaves
unfinished, even by kill -9, another takes over within half a minute.

verify computes every determination's hash again, or that of one, from the values of its stored rows up; with --inputs also who stands in it, from
the registry as it was known when it was prepared (of DTKS deciles 1 to 4 alone: social needs and proposals have no past).

Settings: the databases as for every command; where each slice has an address of its own, HUB_DATABASE_URL_REGISTRY, PostgreSQL of welfare as
the role hub_welfare_jobs, directly and not through a pooler. HUB_METRICS_PORT: port of /metrics and /health.
Exit codes: 0 stopped or all is as it was determined, 1 cannot run or something differs, 2 wrong usage.
`;

/** `argv`: what follows `registrar`. */
export async function registrar(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    options: { json: { type: "boolean", default: false }, inputs: { type: "boolean", default: false } },
    allowPositionals: true,
  });
  const [verb, id, ...more] = positionals;
  if ((verb !== undefined && verb !== "verify") || more.length > 0) {
    note("knows registrar and registrar verify");
    return 2;
  }
  const stop = verb === undefined ? stopSignal() : undefined;
  const { url, close } = await openServerDatabase("registry", process.env, note);
  try {
    if (stop === undefined) return await verify(url, { id, json: values.json, withInputs: values.inputs });
    const shown = await showWorker("registry", url, process.env);
    const worker = await startRegistrar({ url, note });
    note("waits for the registry's work");
    await stop;
    await worker.stop();
    await shown?.close();
    return 0;
  } finally {
    await close();
  }
}

interface Verifying {
  readonly id: string | undefined;
  readonly json: boolean;
  readonly withInputs: boolean;
}

async function verify(url: string, { json, ...asked }: Verifying): Promise<number> {
  const pool = openLoadPool(url, { max: 2 });
  try {
    const verdicts = await verifyDeterminations(pool, asked);
    if (verdicts.length === 0) note("there is no such determination");
    for (const verdict of verdicts) {
      const { basis, month, decreeNumber, hash, faults } = verdict;
      const scope = asked.withInputs && basis === "DTKS" ? " (inputs of deciles 1-4 alone)" : "";
      const told = `${basis} ${month} ${decreeNumber}${scope}: ${faults.length === 0 ? `as determined, ${hash}` : faults.join("; ")}`;
      process.stdout.write(`${json ? JSON.stringify(verdict) : told}\n`);
    }
    return verdicts.length === 0 || verdicts.some(({ faults }) => faults.length > 0) ? 1 : 0;
  } finally {
    await pool.end();
  }
}

function note(text: string): void {
  process.stderr.write(`hub registrar: ${text}\n`);
}
