import { rawClient } from "../../../../drizzle/client.ts";
import { inTransaction } from "../../../../drizzle/transaction.ts";
import { Refusal } from "../../../../schema/errors.ts";
import type { DCI_ACTIONS, DCI_STATES } from "../../../../schema/values/dci.ts";
import type { RegistryName, Status } from "../types.ts";

export type Action = (typeof DCI_ACTIONS)[number];

/** Whose messages: nobody else knows of them. */
export interface Owner {
  readonly client: string;
  readonly agreement: string;
}

/** Where a partner's callbacks lie, as stewards of both sides agreed. */
export interface Channel {
  readonly id: string;
  readonly url: string;
  /** Where this once, in development (callbacks.ts); absent: at `url`. */
  readonly at?: string;
}

/** What became of one item, by the partner's own number. */
export interface Outcome {
  readonly reference_id: string;
  readonly status: Status;
  readonly status_reason_code?: string;
}

export interface Placing extends Owner {
  /** Correlation id. */
  readonly id: string;
  readonly version: number;
  readonly caseNumber: string | null;
  /** Null: the answer is fetched. */
  readonly channel: string | null;
  readonly registry: RegistryName;
  readonly action: Action;
  readonly transactionId: string;
  readonly sealed: Uint8Array;
}

export interface Kept extends Omit<Placing, "sealed" | "channel"> {
  readonly state: (typeof DCI_STATES)[number];
  readonly code: string | null;
  readonly sealed: Uint8Array | null;
  readonly outcome: readonly Outcome[] | null;
}

/** A message this gateway is at. */
export interface Leased extends Omit<Placing, "channel"> {
  readonly lease: string;
  /** With this one. */
  readonly attempts: number;
  readonly url: string;
}

/** A gateway that fell silent holds a message up no longer. */
const LEASE = "30 seconds";
/** How long a message waits for its answer to be taken. */
const KEPT = "24 hours";
/** How long one that has ended is told of. The database lets none go sooner. */
const REMEMBERED = "30 days";

type Sql = ReturnType<typeof rawClient>;
type Within = Parameters<Parameters<Sql["begin"]>[1]>[0];

/** Messages that are answered later, in governance's database. An attempt has its message by a lease; of one that has lost it no statement changes anything. */
export class Transactions {
  private readonly sql: Sql | Within;

  constructor(database: string | Within) {
    this.sql = typeof database === "string" ? rawClient(database, { max: 3, connect_timeout: 2, max_lifetime: null }) : database;
  }

  /** All of it or nothing. */
  async whole<Done>(work: (store: Transactions) => Promise<Done>): Promise<Done> {
    const within = (sql: Within) => work(new Transactions(sql));
    return (await ("begin" in this.sql ? inTransaction(this.sql, within) : this.sql.savepoint(within))) as Done;
  }

  /** False: a search of that number was asked before. Throws QUOTA_EXCEEDED where too many of the client's are open. */
  async place({ id, client, agreement, version, caseNumber, channel, registry, action, ...rest }: Placing): Promise<boolean> {
    const state = channel === null ? "waiting" : "queued";
    const placed = await this.sql`insert into governance.dci_transaction
        (id, client_id, agreement_number, version, case_number, channel_id, registry, action, transaction_id, sealed, state, expires_at)
      values (${id}, ${client}, ${agreement}, ${version}, ${caseNumber}, ${channel}, ${registry}, ${action}, ${rest.transactionId},
        ${Buffer.from(rest.sealed)}, ${state}, clock_timestamp() + ${KEPT}::interval)
      on conflict do nothing returning id`.catch(asTooMany);
    return placed.length > 0;
  }

  /** Channels of a client under an agreement that were approved, the oldest first. */
  async channels({ client, agreement }: Owner): Promise<Channel[]> {
    return this.sql<Channel[]>`select id, url from governance.event_subscription
      where client_id = ${client} and agreement_number = ${agreement} and format = 'DCI' and state in ('ACTIVE', 'PAUSED')
      order by made_at, id`;
  }

  /** The newest of an owner's messages of a kind, by the partner's number or ours; null: they have none such. */
  async find(
    owner: Owner,
    { registry, actions, by }: { readonly registry: RegistryName; readonly actions: readonly Action[]; readonly by: By },
  ): Promise<Kept | null> {
    if (by.correlationId !== undefined && !UUID.test(by.correlationId)) return null;
    const named =
      by.correlationId === undefined
        ? this.sql`t.transaction_id = ${by.transactionId}`
        : this.sql`t.id = ${by.correlationId}::uuid`;
    const [found] = await this.sql<Kept[]>`select ${this.told}, t.state, t.code, t.outcome from governance.dci_transaction t
      where t.client_id = ${owner.client} and t.agreement_number = ${owner.agreement} and t.registry = ${registry}
        and t.action = any(${[...actions]}::text[]) and ${named}
      order by t.asked_at desc limit 1`;
    return found ?? null;
  }

  /** Takes messages that are due, nobody is at and were tried less often than `attempts`, at most so many; of clients with fewer under way first. */
  lease(most: number, attempts: number): Promise<Leased[]> {
    return this.sql<Leased[]>`
      update governance.dci_transaction t set state = 'running', attempts = t.attempts + 1, lease = gen_random_uuid(),
        leased_until = clock_timestamp() + ${LEASE}::interval
      from governance.event_subscription s
      where s.id = t.channel_id and t.id in (
        select d.id from governance.dci_transaction d join governance.event_subscription a on a.id = d.channel_id
        where a.state = 'ACTIVE' and d.attempts < ${attempts} and d.next_at <= clock_timestamp() and d.expires_at > clock_timestamp()
          and (d.state = 'queued' or (d.state = 'running' and d.leased_until < clock_timestamp()))
        order by (select count(*) from governance.dci_transaction o
          where o.client_id = d.client_id and o.state = 'running' and o.leased_until > clock_timestamp()), d.next_at
        limit ${most} for update of d skip locked)
      returning ${this.told}, t.lease, t.attempts, s.url`;
  }

  /** Keeps the lease. False: it is lost, or nothing may be sent to its channel any more. */
  async renew(lease: string): Promise<boolean> {
    const kept = await this.sql`update governance.dci_transaction t set leased_until = clock_timestamp() + ${LEASE}::interval
      where t.lease = ${lease} and exists (select from governance.event_subscription s where s.id = t.channel_id and s.state = 'ACTIVE')
      returning t.id`;
    return kept.length > 0;
  }

  /** The partner took the answer: what was asked is gone. */
  async delivered(lease: string, outcome: readonly Outcome[]): Promise<void> {
    await this
      .sql`update governance.dci_transaction set state = 'delivered', code = null, outcome = ${this.sql.json(outcome as never)}, ${this.gone}
      where lease = ${lease}`;
  }

  /** Who asked has fetched the whole answer, and is not told it twice. */
  async fetched(id: string, outcome: readonly Outcome[]): Promise<void> {
    await this
      .sql`update governance.dci_transaction set state = 'delivered', outcome = ${this.sql.json(outcome as never)}, ${this.gone}
      where id = ${id} and state = 'waiting'`;
  }

  /** What was asked is under a key of before: nobody will answer it. Whoever is at it says so themselves, by their lease. */
  async unreadable(id: string, lease: string | null): Promise<void> {
    await this.sql`update governance.dci_transaction set state = 'expired', ${this.gone}
      where id = ${id} and sealed is not null and lease is not distinct from ${lease}::uuid`;
  }

  /** It is tried again after a while. */
  async failed(lease: string, { code, waitMs }: { readonly code: string; readonly waitMs: number }): Promise<void> {
    await this.sql`update governance.dci_transaction set state = 'queued', code = ${code}, ${this.freed},
        next_at = clock_timestamp() + ${waitMs} * interval '1 millisecond'
      where lease = ${lease}`;
  }

  async giveUp(lease: string, code: string): Promise<void> {
    await this.sql`update governance.dci_transaction set state = 'failed', code = ${code}, ${this.gone} where lease = ${lease}`;
  }

  /** Somebody else may go on at once; it was no fault of the message's. */
  async release(lease: string): Promise<void> {
    await this
      .sql`update governance.dci_transaction set state = 'queued', attempts = attempts - 1, ${this.freed} where lease = ${lease}`;
  }

  /** Ends what is past its time, or whose gateways it ended more often than `most`; what was asked is gone with it. */
  async expire(most: number): Promise<void> {
    await this
      .sql`update governance.dci_transaction set state = 'expired', ${this.gone} where sealed is not null and expires_at <= clock_timestamp()
      and (leased_until is null or leased_until < clock_timestamp())`;
    await this.sql`update governance.dci_transaction set state = 'failed', code = 'INTERNAL_SERVER_ERROR', ${this.gone}
      where state = 'running' and leased_until < clock_timestamp() and attempts >= ${most}`;
    await this.sql`update governance.dci_transaction t set state = 'failed', code = 'CHANNEL_REVOKED', ${this.gone}
      from governance.event_subscription s where s.id = t.channel_id and s.state = 'REVOKED' and t.sealed is not null
        and (t.leased_until is null or t.leased_until < clock_timestamp())`;
  }

  /** Forgets what ended long ago. */
  async forget(): Promise<void> {
    for (const table of ["dci_transaction", "dci_subscription"])
      await this
        .sql`delete from ${this.sql(`governance.${table}`)} where ended_at <= clock_timestamp() - ${REMEMBERED}::interval`;
  }

  /** Makes a subscription. Not new: there was the same already. Throws QUOTA_EXCEEDED where the channel has too many. */
  async subscribe(
    channel: string,
    { sender, registry, eventType, recordType, programs, kinds, codes }: Subscribing & { readonly sender: string },
  ): Promise<{ readonly code: string; readonly madeAt: Date; readonly isNew: boolean }> {
    const [of, kind, code] = [[...programs].sort(), [...kinds].sort(), [...codes].sort()];
    const [made] = await this.whole(
      ({ sql }) => sql`insert into governance.dci_subscription
        (id, channel_id, sender, registry, event_type, record_type, programs, kinds, codes)
      values (gen_random_uuid(), ${channel}, ${sender}, ${registry}, ${eventType}, ${recordType}, ${of}, ${kind}, ${code})
      on conflict do nothing returning id, made_at`,
    ).catch(asTooMany);
    if (made) return { code: made["id"], madeAt: made["made_at"], isNew: true };
    const [had] = await this.sql`select id, made_at from governance.dci_subscription
      where channel_id = ${channel} and registry = ${registry} and event_type = ${eventType} and record_type = ${recordType}
        and programs = ${of} and kinds = ${kind} and codes = ${code} and ended_at is null`;
    if (!had) throw new Refusal({ code: "CONFLICT" }); // it ended in between
    return { code: had["id"], madeAt: had["made_at"], isNew: false };
  }

  /** Ends subscriptions of an owner; tells which of these are theirs, whether they ended now or before. */
  async unsubscribe({ client, agreement }: Owner, registry: RegistryName, codes: readonly string[]): Promise<string[]> {
    const ids = [...new Set(codes.filter((code) => UUID.test(code)))];
    const theirs = () => this.sql`d.id = any(${ids}::uuid[]) and d.registry = ${registry} and d.channel_id in (
      select id from governance.event_subscription where client_id = ${client} and agreement_number = ${agreement})`;
    await this
      .sql`update governance.dci_subscription d set ended_at = clock_timestamp() where d.ended_at is null and ${theirs()}`;
    return (await this.sql`select d.id from governance.dci_subscription d where ${theirs()}`).map((row) => String(row["id"]));
  }

  close(): Promise<void> {
    return "end" in this.sql ? this.sql.end({ timeout: 1 }) : Promise.resolve();
  }

  private get told() {
    return this
      .sql`t.id, t.client_id as client, t.agreement_number as agreement, t.version, t.case_number as "caseNumber", t.registry, t.action,
      t.transaction_id as "transactionId", t.sealed`;
  }

  private get freed() {
    return this.sql`lease = null, leased_until = null`;
  }

  private get gone() {
    return this.sql`sealed = null, ${this.freed}, ended_at = clock_timestamp()`;
  }
}

/** Which of a partner's messages: by their own number, or by the one they were given. */
export type By =
  | { readonly transactionId: string; readonly correlationId?: undefined }
  | { readonly correlationId: string; readonly transactionId?: undefined };

/** Of which of a channel's events somebody wants to be told; empty lists: of all. */
export interface Subscribing {
  readonly registry: RegistryName;
  /** In the partner's words. */
  readonly eventType: string;
  readonly recordType: string;
  readonly programs: readonly string[];
  readonly kinds: readonly string[];
  readonly codes: readonly string[];
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function asTooMany(error: unknown): never {
  if ((error as { code?: unknown }).code !== "HB003") throw error;
  throw new Refusal({ code: "QUOTA_EXCEEDED", reason: TOO_MANY }, { cause: error });
}

const TOO_MANY = {
  id: "Terlalu banyak yang masih terbuka: paling banyak 100 pesan bagi satu klien dan 20 langganan bagi satu alamat.",
  en: "Too many are open: at most 100 messages of one client, and 20 subscriptions of one address.",
};
