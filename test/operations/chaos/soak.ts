import { setTimeout as sleep } from "node:timers/promises";
import { slopeOf } from "./measures.ts";
import type { Held } from "./part.ts";

// What each process holds over a long time, and whether it grows.

export interface Sampled {
  readonly name: string;
  held(): Promise<Held>;
}
export interface Sample extends Held {
  readonly seconds: number;
}

/** Asks everybody what they hold, every so often, until it is over. */
export async function sampling(
  those: readonly Sampled[],
  { everyMs, isOver }: { everyMs: number; isOver: () => boolean },
): Promise<ReadonlyMap<string, readonly Sample[]>> {
  const samples = new Map<string, Sample[]>(those.map(({ name }) => [name, []]));
  const from = performance.now();
  while (!isOver()) {
    for (const { name, held } of those)
      samples.get(name)?.push({ seconds: (performance.now() - from) / 1000, ...(await held()) });
    await sleep(everyMs);
  }
  return samples;
}

export interface Growth {
  readonly name: string;
  /** Megabytes a minute, after the warm-up. */
  readonly heapMb: number;
  readonly residentMb: number;
  /** Of a minute. */
  readonly descriptors: number;
  readonly handles: number;
  /** First and last after the warm-up. */
  readonly from: Held;
  readonly to: Held;
}

/** `warmUp`: share of the time that does not count. */
export function growthOf(name: string, samples: readonly Sample[], warmUp: number): Growth {
  const counted = samples.filter(({ seconds }) => seconds >= (samples.at(-1)?.seconds ?? 0) * warmUp);
  const [from, to] = [counted[0], counted.at(-1)];
  if (!from || !to || counted.length < 3) throw new Error(`${name}: too few samples to tell`);
  const aMinute = (of: keyof Held) => 60 * slopeOf(counted.map((sample) => [sample.seconds, sample[of]]));
  return {
    ...{ name, from, to },
    ...{ heapMb: aMinute("heapMb"), residentMb: aMinute("residentMb") },
    ...{ descriptors: aMinute("descriptors"), handles: aMinute("handles") },
  };
}

/** What may grow, a minute: memory by a megabyte; descriptors by what clients who come and go make of noise. */
const ALLOWED = { heapMb: 1, residentMb: 1, descriptors: 1 } as const;

/** What grows, as sentences. */
export const leaksIn = (growths: readonly Growth[]): string[] =>
  growths.flatMap((growth) =>
    (Object.keys(ALLOWED) as (keyof typeof ALLOWED)[])
      .filter((of) => growth[of] > ALLOWED[of])
      .map((of) => `${growth.name}: ${of} grow by ${growth[of].toFixed(2)} a minute`),
  );

export function tableOf(growths: readonly Growth[]): string {
  const cell = (growth: Growth, of: keyof Held) =>
    `${growth.from[of].toFixed(0)} → ${growth.to[of].toFixed(0)}, ${growth[of].toFixed(2)}`;
  const rows = growths.map(
    (growth) =>
      `| ${growth.name} | ${(["heapMb", "residentMb", "descriptors", "handles"] as const).map((of) => cell(growth, of)).join(" | ")} |`,
  );
  return [
    "| process | heap MB, growth a minute | resident MB, growth | descriptors, growth | handles, growth |",
    "|---|---|---|---|---|",
    ...rows,
  ].join("\n");
}
