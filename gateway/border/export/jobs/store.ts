import { rawClient } from "../../../../drizzle/client.ts";
import { Refusal } from "../../../../schema/errors.ts";
import type { Order } from "./order.ts";
import type { Attempt } from "./vault.ts";

/** What a file is to hold and how it is written, as it was asked for; columns and guard as they were found to be. */
export interface Kept extends Pick<Order, "name" | "format" | "filter"> {
  readonly columns: readonly string[];
  /** Asked for, and not open. */
  readonly denied: readonly string[];
  readonly written: Order["written"] & { readonly guard: boolean };
}

/** Who may know of a job. */
export interface Asker {
  readonly client: string;
  readonly officer: string | null;
}

export interface Placing extends Asker {
  readonly id: string;
  readonly agreement: string;
  readonly version: number;
  readonly caseNumber: string | null;
  readonly note: string | null;
  readonly address: string;
  readonly wanted: Kept;
}

/** What is told of a file once it is whole. */
export type Manifest = Readonly<Record<string, unknown>> & { readonly rows: number; readonly bytes: number };

export interface Job extends Placing {
  readonly state: "queued" | "running" | "ready" | "expired" | "failed";
  readonly code: string | null;
  readonly rows: number;
  readonly askedAt: string;
  readonly manifest: Manifest | null;
  readonly expiresAt: string | null;
}

/** A job this gateway is at. */
export type Leased = Placing & Attempt;

/** A gateway that fell silent holds a job up no longer. */
const LEASE = "30 seconds";
/** A job that ends its gateways ends itself. */
const MOST_ATTEMPTS = 3;
/** How long a file is there. */
const KEPT = "24 hours";
/** How long a job that has ended is told of. The database lets none go sooner. */
const REMEMBERED = "400 days";
/** Jobs told of in a list. */
const MOST_LISTED = 100;

type Sql = ReturnType<typeof rawClient>;

/** Exports in governance's database. An attempt has its job by a lease; of one that has lost it no statement changes anything. */
export class Jobs {
  private readonly sql: Sql;

  constructor(databaseUrl: string) {
    this.sql = rawClient(databaseUrl, { max: 4, connect_timeout: 2, max_lifetime: null });
  }

  /** Throws QUOTA_EXCEEDED when too many of the asker's are open, or of the client's under the agreement. */
  async place(job: Placing): Promise<void> {
    const { id, client, officer, agreement, version, caseNumber, note, address, wanted } = job;
    try {
      await this.sql`insert into governance.export_job
          (id, client_id, officer_id, agreement_number, version, case_number, note, address, wanted)
        values (${id}, ${client}, ${officer}, ${agreement}, ${version}, ${caseNumber}, ${note}, ${address}, ${this.sql.json(wanted as never)})`;
    } catch (error) {
      if ((error as { code?: unknown }).code !== "HB003") throw error;
      throw new Refusal({ code: "QUOTA_EXCEEDED", reason: TOO_MANY }, { cause: error });
    }
  }

  async find(id: string, asker: Asker): Promise<Job | null> {
    if (!UUID.test(id)) return null;
    const [job] = await this.sql<
      Job[]
    >`select ${this.told} from governance.export_job j where j.id = ${id} and ${this.of(asker)}`;
    return job ?? null;
  }

  /** The newest first. */
  async list(asker: Asker, agreement: string): Promise<Job[]> {
    return this.sql<Job[]>`select ${this.told} from governance.export_job j
      where ${this.of(asker)} and j.agreement_number = ${agreement} order by j.asked_at desc limit ${MOST_LISTED}`;
  }

  /** What the file of a job is opened with; null: there is none, or no longer. */
  async attemptOf(id: string): Promise<Attempt | null> {
    const [found] = await this.sql<Attempt[]>`select attempt, key from governance.export_job
      where id = ${id} and state = 'ready' and expires_at > clock_timestamp()`;
    return found ?? null;
  }

  /** Takes a job that nobody is at; of clients with fewer under way first. */
  async lease({ attempt, key }: Attempt): Promise<Leased | null> {
    const [leased] = await this.sql<Omit<Leased, keyof Attempt>[]>`
      update governance.export_job j set state = 'running', attempt = ${attempt}, key = ${key}, rows = 0, attempts = attempts + 1,
        leased_until = clock_timestamp() + ${LEASE}::interval
      where j.id = (
        select d.id from governance.export_job d where d.state = 'queued' or (d.state = 'running' and d.leased_until < clock_timestamp() and d.attempts < ${MOST_ATTEMPTS})
        order by (select count(*) from governance.export_job o
          where o.client_id = d.client_id and o.state = 'running' and o.leased_until > clock_timestamp()), d.asked_at
        limit 1 for update skip locked)
      returning ${this.told}`;
    return leased ? { ...leased, attempt, key } : null;
  }

  /** Keeps the lease, and tells how far it is. False: it is lost. */
  async renew(attempt: string, rows: number): Promise<boolean> {
    const kept = await this
      .sql`update governance.export_job set rows = ${rows}, leased_until = clock_timestamp() + ${LEASE}::interval
      where attempt = ${attempt} and state = 'running' returning id`;
    return kept.length > 0;
  }

  /** The file is whole. False: somebody else is at it, or nobody wants it any more. */
  async ready(attempt: string, manifest: Manifest): Promise<boolean> {
    const made = await this.sql`update governance.export_job set state = 'ready', leased_until = null, rows = ${manifest.rows},
        manifest = ${this.sql.json(manifest as never)}, expires_at = clock_timestamp() + ${KEPT}::interval
      where attempt = ${attempt} and state = 'running' returning id`;
    return made.length > 0;
  }

  async failed(attempt: string, code: string): Promise<void> {
    await this.sql`update governance.export_job set state = 'failed', code = ${code}, ${this.freed}
      where attempt = ${attempt} and state = 'running'`;
  }

  /** Somebody else may begin it anew; it was no fault of the job's. */
  async release(attempt: string): Promise<void> {
    await this.sql`update governance.export_job set state = 'queued', rows = 0, attempts = attempts - 1, ${this.freed}
      where attempt = ${attempt} and state = 'running'`;
  }

  /** The asker does not want it any more. What has ended stays as it is. */
  async cancel(id: string): Promise<void> {
    await this.sql`update governance.export_job set state = case when state = 'ready' then 'expired' else 'failed' end,
        code = case when state = 'ready' then null else 'CANCELLED' end, ${this.freed}
      where id = ${id} and state in ('queued', 'running', 'ready')`;
  }

  /** Ends what is past its time; its key is gone with it. */
  async expire(): Promise<void> {
    await this
      .sql`update governance.export_job set state = 'expired', ${this.freed} where state = 'ready' and expires_at <= clock_timestamp()`;
    await this.sql`update governance.export_job set state = 'failed', code = 'INTERNAL_SERVER_ERROR', ${this.freed}
      where state = 'running' and leased_until < clock_timestamp() and attempts >= ${MOST_ATTEMPTS}`;
  }

  /** Forgets what ended long ago: filter, note, case and address with it. */
  async forget(): Promise<void> {
    await this.sql`delete from governance.export_job
      where state in ('expired', 'failed') and asked_at <= clock_timestamp() - ${REMEMBERED}::interval`;
  }

  /** Which of these have a file, or are making one. */
  async living(attempts: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.sql<
      Attempt[]
    >`select attempt from governance.export_job where attempt = any(${[...attempts]}::uuid[])`;
    return new Set(rows.map(({ attempt }) => attempt));
  }

  close(): Promise<void> {
    return this.sql.end({ timeout: 1 });
  }

  private of({ client, officer }: Asker) {
    return this.sql`j.client_id = ${client} and j.officer_id is not distinct from ${officer}`;
  }

  private get told() {
    return this.sql`j.id, j.client_id as client, j.officer_id as officer, j.agreement_number as agreement, j.version,
      j.case_number as "caseNumber", j.note, j.address, j.wanted, j.state, j.code, j.rows::float8 as rows,
      to_char(j.asked_at at time zone 'UTC', ${ISO}) as "askedAt", j.manifest,
      to_char(j.expires_at at time zone 'UTC', ${ISO}) as "expiresAt"`;
  }

  private get freed() {
    return this.sql`attempt = null, key = null, leased_until = null`;
  }
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const ISO = 'YYYY-MM-DD"T"HH24:MI:SS"Z"';
const TOO_MANY = {
  id: "Paling banyak 5 ekspor terbuka sekaligus bagi satu klien atau satu petugasnya, dan 50 bagi semua petugas di bawah satu perjanjian; hapus salah satunya dahulu.",
  en: "At most 5 exports of one client or one officer of it are open at one time, and 50 of all officers under one agreement; delete one first.",
};
