import { readFileSync } from "node:fs";
import { Pool } from "undici";

/** One target of a bench: an address, the body it is asked, and the process that answers. */
export interface Target {
  readonly name: string;
  readonly url: string;
  readonly pid: number;
  readonly headers: () => Promise<Record<string, string>>;
}

export interface Round {
  readonly requests: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** CPU of the answering process, user and system, milliseconds a request. */
  readonly cpuMs: number;
}

const TICKS_PER_SECOND = 100; // USER_HZ; fixed on Linux

/** CPU milliseconds a process has used so far. Linux only. */
export function cpuOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
}

/** Asks `body` from `connections` sides at once for `seconds`. Throws on the first answer that is not 200 with data. */
export async function load(
  target: Target,
  { body, connections, seconds }: { body: string; connections: number; seconds: number },
): Promise<Round> {
  const url = new URL(target.url);
  const pool = new Pool(url.origin, { connections, pipelining: 1 });
  const headers = { "content-type": "application/json", accept: "application/json", ...(await target.headers()) };
  const latencies: number[] = [];
  const ask = async () => {
    const startedAt = performance.now();
    const response = await pool.request({ path: url.pathname, method: "POST", headers, body });
    const text = await response.body.text();
    latencies.push(performance.now() - startedAt);
    if (response.statusCode !== 200 || !text.includes(`"data":{`) || text.startsWith(`{"errors"`))
      throw new Error(`${target.name} answered ${response.statusCode}: ${text.slice(0, 200)}`);
  };
  await ask();
  latencies.length = 0;
  const [cpuBefore, startedAt] = [cpuOf(target.pid), performance.now()];
  const until = startedAt + seconds * 1000;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (performance.now() < until) await ask();
    }),
  );
  const elapsed = performance.now() - startedAt;
  const cpuMs = (cpuOf(target.pid) - cpuBefore) / latencies.length;
  await pool.close();
  latencies.sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? Number.NaN;
  return { requests: latencies.length, perSecond: (latencies.length * 1000) / elapsed, p50: at(0.5), p99: at(0.99), cpuMs };
}

export const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
