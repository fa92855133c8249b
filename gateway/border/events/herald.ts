import { randomUUID } from "node:crypto";
import type { GatewayConfig } from "../../runtime/config.ts";
import type { Held } from "../../runtime/reload/current.ts";
import type { Facade } from "../dci/types.ts";
import { Rounds, type RoundsLog } from "../rounds.ts";
import type { AddressRules } from "./address.ts";
import { deliver } from "./sender.ts";
import { webhookHeaders } from "./sign.ts";
import { Ledger } from "./store.ts";

export interface HeraldOptions {
  /** The hub that a subscription is delivered with until it parts; then the next takes over where it ended. */
  readonly hold: () => Held;
  readonly config: Pick<GatewayConfig, "databaseUrl" | "env" | "eventsKey" | "webhookRetryMs" | "webhookAttempts">;
  readonly log: RoundsLog;
  readonly resolve?: AddressRules["resolve"];
  /** How messages of the DCI standard are signed; undefined: it is not served. */
  readonly signed?: Facade["signed"] | undefined;
}

/** Subscriptions one gateway is at. */
const MOST = 50;

export interface Herald {
  /** Lets messages under way end or break off; who is next sends them again. */
  close(): Promise<void>;
}

/** Delivers webhooks as long as the gateway runs. Any number of gateways: each takes what nobody is at. A database that is away is waited for. */
export function startHerald({ hold, config, log, resolve, signed }: HeraldOptions): Herald {
  const ledger = new Ledger(config.databaseUrl, randomUUID());
  const rounds = new Rounds(log, "webhooks cannot be delivered");
  const rules = { isDev: config.env === "dev", ...(resolve && { resolve }) };
  const sending = {
    ledger,
    sign: webhookHeaders(config.eventsKey),
    signed,
    retryMs: config.webhookRetryMs,
    attempts: config.webhookAttempts,
    signal: rounds.signal,
    ...rules,
  };
  rounds.look(MOST, async (room) => {
    for (const leased of await ledger.lease(room)) rounds.begin(hold, (hub) => deliver(leased, { ...sending, hub }));
  });
  return {
    async close() {
      await rounds.close();
      await ledger.close(); // also when the database is silent: whoever is next waits for the lease to end
    },
  };
}
