import { createHmac } from "node:crypto";
import type { LogClient } from "./read.ts";

/** Where alerts are sent, and what they are signed with. */
export interface Webhook {
  readonly url: string;
  readonly secret: string;
}

export const SIGNATURE_HEADER = "hub-alert-signature";
/** The tree waits for it. */
const TIMEOUT_MS = 2_000;
const ALERTS_A_TICK = 20;

interface Waiting {
  readonly id: string;
  readonly at: Date;
  readonly kind: string;
  readonly agency: string | null;
  readonly client: string | null;
  readonly agreement: string | null;
  readonly detail: unknown;
}

/**
 * Sends alerts nobody took yet, oldest first. Each at least once, until a 2xx answer: a receiver knows one it has seen by `id`. After a
 * failure all wait 1, 2, 4 … seconds, an hour at most: who is deaf to one is deaf to the next. Never rejects because of the receiver.
 */
export async function deliver(sql: LogClient, webhook: Webhook): Promise<void> {
  const waiting = await sql<Waiting[]>`
    select id, at, kind, agency_code as agency, client, agreement, detail from governance.watch_alert
    where delivered_at is null and next_attempt_at <= clock_timestamp() order by id limit ${ALERTS_A_TICK}`;
  for (const alert of waiting) {
    if (!(await sent(alert, webhook))) return postpone(sql, alert.id);
    await sql`update governance.watch_alert set delivered_at = clock_timestamp(), attempts = attempts + 1 where id = ${alert.id}`;
  }
}

const postpone = async (sql: LogClient, failed: string): Promise<void> =>
  void (await sql`
    with tried as (update governance.watch_alert set attempts = attempts + 1,
        next_attempt_at = clock_timestamp() + make_interval(secs => least(power(2, least(attempts, 12)), 3600)) where id = ${failed} returning id, next_attempt_at)
    update governance.watch_alert a set next_attempt_at = t.next_attempt_at from tried t
    where a.delivered_at is null and a.id <> t.id and a.next_attempt_at < t.next_attempt_at`);

function sent(alert: Waiting, { url, secret }: Webhook): Promise<boolean> {
  const body = JSON.stringify(alert);
  const headers = { "content-type": "application/json", [SIGNATURE_HEADER]: signatureOf(body, secret) };
  return fetch(url, { method: "POST", body, headers, redirect: "error", signal: AbortSignal.timeout(TIMEOUT_MS) }).then(
    async (response) => {
      await response.body?.cancel();
      return response.ok;
    },
    () => false,
  );
}

/** `sha256=<hex>`: HMAC over the bytes of the body. */
export const signatureOf = (body: string, secret: string): string =>
  `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
