import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { GatewayConfig } from "../../runtime/config.ts";
import type { Held } from "../../runtime/reload/current.ts";
import type { Facade } from "../dci/types.ts";
import type { AddressRules } from "./address.ts";
import { deliver } from "./sender.ts";
import { webhookHeaders } from "./sign.ts";
import { Ledger } from "./store.ts";

export interface HeraldOptions {
  /** The hub that a subscription is delivered with until it parts; then the next takes over where it ended. */
  readonly hold: () => Held;
  readonly config: Pick<GatewayConfig, "databaseUrl" | "env" | "eventsKey" | "webhookRetryMs" | "webhookAttempts">;
  readonly log: { warn(fields: object, text: string): void };
  readonly resolve?: AddressRules["resolve"];
  /** How messages of the DCI standard are signed; undefined: it is not served. */
  readonly signed?: Facade["signed"] | undefined;
}

const LOOK_MS = 1_000;
const GOOD_BYE_MS = 2_000;
/** Subscriptions one gateway is at. */
const MOST = 50;

export interface Herald {
  /** Lets messages under way end or break off; who is next sends them again. */
  close(): Promise<void>;
}

/** Delivers webhooks as long as the gateway runs. Any number of gateways: each takes what nobody is at. A database that is away is waited for. */
export function startHerald({ hold, config, log, resolve, signed }: HeraldOptions): Herald {
  const ledger = new Ledger(config.databaseUrl, randomUUID());
  const closing = new AbortController();
  const { signal } = closing;
  const busy = new Set<Promise<void>>();
  const rules = { isDev: config.env === "dev", ...(resolve && { resolve }) };
  const sending = {
    ledger,
    sign: webhookHeaders(config.eventsKey),
    signed,
    retryMs: config.webhookRetryMs,
    attempts: config.webhookAttempts,
    signal,
    ...rules,
  };
  const failed = (error: unknown) => void (signal.aborted || log.warn({ err: error }, "webhooks cannot be delivered"));
  const look = async (): Promise<void> => {
    for (const leased of busy.size < MOST ? await ledger.lease(MOST - busy.size) : []) {
      const { hub, release } = hold();
      const work = deliver(leased, { ...sending, hub })
        .catch(failed)
        .finally(() => {
          release();
          busy.delete(work);
        });
      busy.add(work);
    }
  };
  const looking = (async () => {
    while (!signal.aborted) {
      await look().catch(failed);
      await pause(LOOK_MS, undefined, { signal, ref: false }).catch(() => {});
    }
  })();
  return {
    async close() {
      closing.abort();
      await Promise.race([Promise.all([looking, ...busy]), pause(GOOD_BYE_MS, undefined, { ref: false })]);
      await ledger.close(); // also when the database is silent: whoever is next waits for the lease to end
    },
  };
}
