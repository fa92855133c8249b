import { rawClient } from "../../../drizzle/client.ts";
import { inTransaction } from "../../../drizzle/transaction.ts";
import type { Wish } from "../dci/later/notices.ts";

/** A subscription this gateway is at. */
export interface Leased {
  readonly id: string;
  /** Of this one delivery: whoever takes the subscription after it has another, and what this one still says is not heard. */
  readonly lease: string;
  readonly agreement: string;
  readonly client: string;
  readonly url: string;
  readonly format: "WEBHOOK" | "DCI";
  readonly programs: readonly string[];
  readonly kinds: readonly string[];
  /** Null: nothing was asked yet. */
  readonly position: string | null;
  readonly pendingUntil: string | null;
  readonly attempts: number;
  readonly givenUp: number;
}

/** Places of one message: behind `after`, up to `until`. */
export interface Places {
  readonly after: string;
  readonly until: string;
}
export interface Dead extends Places {
  readonly id: string;
  readonly attempts: number;
}

/** A gateway that fell silent holds nobody up for longer. */
const LEASE = "30 seconds";
/** Messages given up in a row before a subscription is paused. */
const MOST_GIVEN_UP = 3;

/** How far webhooks are delivered, in governance's database. One delivery at a time is at a subscription: by a lease, without which no statement changes anything. */
export class Ledger {
  private readonly sql: ReturnType<typeof rawClient>;
  private readonly me: string;

  constructor(databaseUrl: string, me: string) {
    this.sql = rawClient(databaseUrl, { max: 3, connect_timeout: 2, max_lifetime: null });
    this.me = me;
  }

  /** Takes subscriptions that are due and nobody is at, at most so many. */
  lease(most: number): Promise<Leased[]> {
    return this.sql<Leased[]>`
      update governance.event_progress p set leased_by = ${this.me}, lease = gen_random_uuid(), leased_until = clock_timestamp() + ${LEASE}::interval
      from governance.event_subscription s
      where s.id = p.subscription_id and p.subscription_id in (
        select d.subscription_id from governance.event_progress d join governance.event_subscription a on a.id = d.subscription_id
        where a.state = 'ACTIVE' and d.next_at <= clock_timestamp() and (d.leased_until is null or d.leased_until < clock_timestamp())
        order by d.next_at limit ${most} for update of d skip locked)
      returning s.id, p.lease, s.agreement_number as agreement, s.client_id as client, s.url, s.format, s.programs, s.kinds, p.position::text,
        p.pending_until::text as "pendingUntil", p.attempts, p.given_up as "givenUp"`;
  }

  /** Keeps the lease. False: it is lost, or the subscription is no longer active. */
  async renew(lease: string): Promise<boolean> {
    const kept = await this.sql`update governance.event_progress p set leased_until = clock_timestamp() + ${LEASE}::interval
      where p.lease = ${lease} and exists (select from governance.event_subscription s where s.id = p.subscription_id and s.state = 'ACTIVE')
      returning p.subscription_id`;
    return kept.length > 0;
  }

  /** Everything up to a place is done with; `isSent`: by a message that was taken. */
  async advance(lease: string, position: string, isSent: boolean): Promise<void> {
    await this
      .sql`update governance.event_progress set position = greatest(position, ${position}), pending_until = null, attempts = 0, failing_since = null,
        given_up = case when ${isSent} then 0 else given_up end, code = null,
        delivered_at = case when ${isSent} then clock_timestamp() else delivered_at end
      where lease = ${lease}`;
  }

  /** The message was not taken: it is tried again, the same, after a while. */
  async failed(
    lease: string,
    { after, until, code, waitMs }: Places & { readonly code: string; readonly waitMs: number },
  ): Promise<void> {
    await this
      .sql`update governance.event_progress set position = ${after}, pending_until = ${until}, attempts = attempts + 1, code = ${code},
        failing_since = coalesce(failing_since, clock_timestamp()), next_at = clock_timestamp() + ${waitMs} * interval '1 millisecond', ${this.freed}
      where lease = ${lease}`;
  }

  /** The message is given up: it lies with the dead, and the next one is tried; after some in a row the subscription is paused. */
  async giveUp(
    lease: string,
    { after, until, code, attempts }: Places & { readonly code: string; readonly attempts: number },
  ): Promise<void> {
    await inTransaction(this.sql, async (sql) => {
      const [given] =
        await sql`update governance.event_progress set position = ${until}, pending_until = null, attempts = 0, failing_since = null,
          code = ${code}, given_up = given_up + 1, next_at = clock_timestamp(), ${this.freed}
        where lease = ${lease} returning subscription_id as id, given_up`;
      if (!given) return; // somebody else is at it by now
      const id = String(given["id"]);
      await sql`insert into governance.dead_event (subscription_id, after, until, code, attempts) values (${id}, ${after}, ${until}, ${code}, ${attempts})`;
      if (Number(given["given_up"]) >= MOST_GIVEN_UP) await sql`select governance.pause_events(${id}, ${code})`;
    });
  }

  /** Nothing is sent any more until a steward resumes. */
  async pause(lease: string, code: string): Promise<void> {
    await this
      .sql`select governance.pause_events(p.subscription_id, ${code}) from governance.event_progress p where p.lease = ${lease}`;
    await this.release(lease, { code, waitMs: 0 });
  }

  /** What lies up to a place is no longer kept: it stands among the dead, and resumed the subscription goes on from there. False: its place lies behind. */
  async gap(lease: string, until: string, code: string): Promise<boolean> {
    const moved = await this.sql`with lost as (
        insert into governance.dead_event (subscription_id, after, until, code, attempts)
        select p.subscription_id, p.position, ${until}::bigint, ${code}, 0 from governance.event_progress p where p.lease = ${lease} and p.position < ${until}::bigint
        returning subscription_id)
      update governance.event_progress p set position = ${until}::bigint, pending_until = null, attempts = 0 from lost
      where p.subscription_id = lost.subscription_id returning p.subscription_id`;
    if (moved.length > 0) await this.pause(lease, code);
    return moved.length > 0;
  }

  /** Nobody knows where the receiver is; after a day of that the subscription is paused. */
  async astray(lease: string, { code, waitMs }: { readonly code: string; readonly waitMs: number }): Promise<void> {
    await this.sql`select governance.pause_events(p.subscription_id, ${code}) from governance.event_progress p
      where p.lease = ${lease} and p.failing_since < clock_timestamp() - interval '1 day'`;
    await this
      .sql`update governance.event_progress set failing_since = coalesce(failing_since, clock_timestamp()) where lease = ${lease}`;
    await this.release(lease, { code, waitMs });
  }

  /** Whoever is next may go on after a while. */
  async release(lease: string, { code, waitMs }: { readonly code: string | null; readonly waitMs: number }): Promise<void> {
    await this.sql`update governance.event_progress set code = coalesce(${code}, code), ${this.freed},
        next_at = clock_timestamp() + ${waitMs} * interval '1 millisecond'
      where lease = ${lease}`;
  }

  /** Which of its events the partner asked for by the DCI standard; none: it hears nothing. */
  wishes(id: string): Promise<Wish[]> {
    return this.sql<
      Wish[]
    >`select d.id as code, coalesce(d.sender, s.client_id) as sender, d.registry, d.event_type as "eventType", d.record_type as "recordType",
        d.programs, d.kinds, d.codes
      from governance.dci_subscription d join governance.event_subscription s on s.id = d.channel_id
      where d.channel_id = ${id} and d.ended_at is null order by d.made_at, d.id`;
  }

  /** Messages to be sent once more, the oldest first. */
  queued(id: string): Promise<Dead[]> {
    return this.sql<Dead[]>`select id, after::text, until::text, attempts from governance.dead_event
      where subscription_id = ${id} and state = 'QUEUED' order by after limit 100`;
  }

  /** What became of one: null, it was taken. */
  async resent({ id, attempts }: Dead, code: string | null): Promise<void> {
    await this
      .sql`update governance.dead_event set state = ${code === null ? "DELIVERED" : "DEAD"}, code = coalesce(${code}, code), attempts = ${attempts + 1}
      where id = ${id}`;
  }

  private get freed() {
    return this.sql`leased_by = null, lease = null, leased_until = null`;
  }

  close(): Promise<void> {
    return this.sql.end({ timeout: 1 });
  }
}
