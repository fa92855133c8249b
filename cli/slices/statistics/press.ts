import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { DatabaseUrls } from "../../../drizzle/cluster.ts";
import { openLoadPool } from "../../../drizzle/copy.ts";
import type { Env } from "../../../schema/settings.ts";
import type { Publisher } from "../../../subgraphs/statistics/publication/publisher.ts";
import { publicationUrl } from "./desks.ts";
import { followAgreements } from "./renewing.ts";
import type { Saying } from "./thread.ts";

interface PressOptions {
  readonly urls: DatabaseUrls;
  readonly env: Env;
  readonly note: (text: string) => void;
  /** In place of the publisher's thread. */
  readonly thread?: URL;
}

export interface Press extends Publisher {
  /** Rejects when the thread ends unasked, at its first round or later: nothing is published any more. Never resolves. */
  readonly failure: Promise<never>;
}

const RENEWAL_MS = 10_000;
const PUBLISHER = new URL("./thread.js", import.meta.url);

/**
 * Publishes figures in a thread of its own, where suppressing a country's cells holds up nobody, and meanwhile keeps the logins of BI tools open. `isReady`
 * and `failure` reject where the settings let nothing be published.
 */
export async function startPress({ urls, env, note, thread: of = PUBLISHER }: PressOptions): Promise<Press> {
  const agreements = await followAgreements(env, urls.gateway);
  const statistics = openLoadPool(publicationUrl(urls), { max: 1 });
  const thread = new Worker(of, { workerData: urls, env: { ...env } as NodeJS.ProcessEnv });
  const stopping = new AbortController();
  const exited = once(thread, "exit").catch(() => {}); // of an error `failure` tells
  const failure = failureOf(thread, stopping.signal);
  const isReady = Promise.race([readiness(thread, note), failure]);
  for (const one of [failure, isReady]) one.catch(() => {}); // it may fail while nobody waits for it
  const renewing = renewUntil(stopping.signal, () =>
    agreements.renew(statistics).catch((error: unknown) => note(error instanceof Error ? error.message : String(error))),
  );
  return {
    ...{ isReady, failure },
    async stop() {
      stopping.abort();
      thread.postMessage("stop");
      await Promise.all([exited, renewing]);
      await Promise.all([statistics.end(), agreements.close()]);
    },
  };
}

const readiness = (thread: Worker, note: PressOptions["note"]): Promise<void> =>
  new Promise((resolve) => {
    thread.on("message", (said: Saying) => ("note" in said ? note(said.note) : resolve()));
  });

const failureOf = (thread: Worker, asked: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    thread.on("error", (error) => reject(new Error(`the publisher ended, nothing is published any more: ${error.message}`)));
    thread.on("exit", (code) => {
      if (!asked.aborted) reject(new Error(`the publisher ended with ${code}, nothing is published any more`));
    });
  });

async function renewUntil(signal: AbortSignal, renew: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await renew();
    await sleep(RENEWAL_MS, undefined, { signal }).catch(() => {});
  }
}
