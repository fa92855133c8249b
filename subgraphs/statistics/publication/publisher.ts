import { setTimeout as sleep } from "node:timers/promises";
import { openLoadPool } from "../../../drizzle/copy.ts";
import type { AttestationKeys, Attesting } from "../../../schema/attestation.ts";
import type { Signer } from "../../../schema/policy/keys.ts";
import type { Desk } from "./books.ts";
import { createRounds } from "./round.ts";

export interface PublisherOptions {
  /** Database of the statistics, as the role that publishes. */
  readonly url: string;
  /** Slices that are released here, each as the role of its workers, with the key it signs by. */
  readonly slices: readonly { readonly slice: Desk["slice"]; readonly url: string; readonly signer: Signer }[];
  readonly keys: AttestationKeys;
  /** Codes of all regions there are, in order. */
  readonly regions: readonly string[];
  readonly now?: () => Date;
  readonly note: (text: string) => void;
}

export interface Publisher {
  /** Resolves after its first round, whatever came of it. */
  readonly isReady: Promise<void>;
  /** Ends after the release under way. */
  stop(): Promise<void>;
}

const SECOND = 1000;
const ROUND = 10 * SECOND;
/** A release holds one while its slice is asked by another. */
const CONNECTIONS = 3;

/**
 * Publishes until stopped: a look every ten seconds, which costs a few statements where nothing is due. Any number of these. Throws where statistics would
 * not believe a slice: each release that is refused on arrival would have used up one of the six.
 */
export function startPublisher({ url, slices, keys, regions, now = () => new Date(), note }: PublisherOptions): Publisher {
  for (const { slice, signer } of slices) mustBelieve(slice, signer, keys);
  const statistics = openLoadPool(url, { max: CONNECTIONS });
  const desks = slices.map((one): Desk => ({ ...one, pool: openLoadPool(one.url, { max: CONNECTIONS }) }));
  const stopping = new AbortController();
  const { signal } = stopping;
  const round = createRounds({ desks, statistics, keys, regions, note });
  const first = round(now(), signal);
  const working = again(first, () => round(now(), signal), signal);
  return {
    isReady: first,
    async stop() {
      stopping.abort();
      await working;
      await Promise.all([statistics, ...desks.map(({ pool }) => pool)].map((pool) => pool.end()));
    },
  };
}

function mustBelieve(slice: Attesting, { publicKey }: Signer, keys: AttestationKeys): void {
  if (keys[slice] !== publicKey)
    throw new Error(
      `HUB_ATTESTATION_PUBLIC_KEYS names another key of ${slice} than HUB_ATTESTATION_KEY_${slice.toUpperCase()} makes`,
    );
}

async function again(first: Promise<void>, work: () => Promise<void>, signal: AbortSignal): Promise<void> {
  await first;
  while (!signal.aborted) {
    await sleep(ROUND, undefined, { signal }).catch(() => {});
    if (!signal.aborted) await work();
  }
}
