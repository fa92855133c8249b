import { hash } from "node:crypto";
import { setTimeout as pause, setImmediate as turn } from "node:timers/promises";
import { rawClient } from "../drizzle/client.ts";
import type { VerificationTerms } from "../schema/caller.ts";
import { Refusal } from "../schema/errors.ts";
import { admission } from "../schema/policy/admission.ts";
import { type Ceiling, compileTable } from "../schema/policy/decisionTable.ts";
import { isInForce } from "../schema/policy/inForce.ts";
import { pseudonymKey, transformOf } from "../schema/policy/masks.ts";
import type { Grant } from "../schema/policy/policy.ts";
import { scopeOf } from "../schema/policy/rowScope.ts";
import type { AgreementState } from "../schema/policy/words.ts";
import type { Catalogue } from "../schema/sdl/catalogue.ts";
import type { Agreement, AgreementVersion, Policy, PolicyClient, Terms } from "./types/policy.ts";

const SECOND = 1000;
const POLL_MS = 250;
const POLL_TIMEOUT_MS = 1 * SECOND;
/** Policy not seen to be current for this long counts as unknown: everything is refused. */
const LEASE_MS = 1 * SECOND;
/** Terms are read this long before their version comes into force, so that even a slow reading is done by then. */
const HORIZON_MS = 60 * SECOND;
/** A change waits this long for the terms it needs: as a rule they are there by then, and nobody is refused in between. */
const GRACE_MS = 100;
/** Longest one reading of terms may take. The lease does not wait for it. */
const TERMS_TIMEOUT_MS = 30 * SECOND;
const TERMS_BATCH = 50;

export interface Grants {
  /** Policy in force. Throws POLICY_UNAVAILABLE while the lease is lost: an outage, never a denial. */
  current(): Policy;
  /** Is the lease good? */
  readonly isCurrent: boolean;
  close(): Promise<void>;
}

export interface GrantsOptions {
  readonly databaseUrl: string;
  readonly catalogue: Catalogue;
  /** Master key of the pairwise pseudonyms. */
  readonly pseudonymMaster: string;
  readonly log: { warn(fields: object, text: string): void; error(fields: object, text: string): void };
}

type Sql = ReturnType<typeof rawClient>;

/**
 * Follows governance's policy, on NOTIFY and by a poll of the epoch. MUST have a direct connection: a transaction pooler swallows
 * notices. Resolves after the first try, whether or not it found the database.
 *
 * A change is followed in two steps. Outlines (who, which versions, a digest of what each opens) are small and read at once: they keep
 * the lease, and a revocation bites with them. Terms are read only of versions in force or about to be, and only where the digest is
 * new; if they are not there soon, that agreement is closed until they are, and no other: nobody goes on under rules of before.
 */
export async function followGrants(options: GrantsOptions): Promise<Grants> {
  const follower = new Follower(options);
  await follower.poll();
  await follower.completed;
  return follower;
}

class Follower implements Grants {
  /** Settles when no terms are being read. */
  completed: Promise<void> = Promise.resolve();
  private readonly options: GrantsOptions;
  private connection: ReturnType<typeof connect>;
  private outline: Outline | undefined;
  private policy: Policy | undefined;
  /** By the key of what they were made of; null: not understood, closed. */
  private terms = new Map<string, Terms | null>();
  private confirmedAt = Number.NEGATIVE_INFINITY;
  private reading = Promise.resolve();
  private queued: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  /** Outline or terms are newer than the policy. */
  private isStale = false;
  private isCompleting = false;
  private isClosed = false;

  constructor(options: GrantsOptions) {
    this.options = options;
    this.connection = this.connect();
  }

  get isCurrent(): boolean {
    return this.policy !== undefined && performance.now() - this.confirmedAt <= LEASE_MS;
  }

  current(): Policy {
    if (!this.policy || !this.isCurrent) throw new Refusal({ code: "POLICY_UNAVAILABLE" });
    return this.policy;
  }

  async poll(): Promise<void> {
    await this.refresh();
    if (!this.isClosed) this.timer = setTimeout(() => void this.poll(), POLL_MS);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.timer);
    await this.reading;
    await this.connection.end();
    await this.completed;
  }

  /** A notice that comes while a reading runs asks for one more after it; further ones ask for the same. */
  private refresh(): Promise<void> {
    this.queued ??= this.reading.then(() => {
      this.queued = undefined;
      this.reading = this.read();
      return this.reading;
    });
    return this.queued;
  }

  private async read(): Promise<void> {
    const startedAt = performance.now(); // what the answer says was true when we asked, not when it came
    try {
      const fresh = await withDeadline(readOutline(this.connection.sql, this.outline?.epoch), POLL_TIMEOUT_MS);
      if (fresh) this.adopt(fresh);
      if (!this.isCompleting && this.missing().length > 0) {
        this.completed = this.complete();
        if (fresh) await Promise.race([this.completed, pause(GRACE_MS, undefined, { ref: false })]);
      }
      this.publish();
      this.confirmedAt = startedAt;
    } catch (error) {
      if (this.isClosed) return;
      this.options.log.warn({ err: error }, "policy cannot be read");
      this.connection.drop(); // it may hang for minutes; a new one finds the database as soon as it is back
      this.connection = this.connect();
    }
  }

  /** Terms of versions that have not changed are kept, the very objects: a revocation must not wait for all other tables. */
  private adopt(outline: Outline): void {
    const keys = new Set(outline.versions.map((version) => version.key));
    this.terms = new Map([...this.terms].filter(([key]) => keys.has(key)));
    this.outline = outline;
    this.isStale = true;
  }

  /** Judges by the newest outline from now on, with the terms there are. */
  private publish(): void {
    if (!this.outline || !this.isStale) return;
    this.policy = policyOf(this.outline, ({ key }) => this.terms.get(key) ?? null);
    this.isStale = false;
  }

  /** Versions that open something now or soon, and whose terms are not known. */
  private missing(): OutlinedVersion[] {
    const now = Date.now();
    return (this.outline?.versions ?? []).filter((version) => isDue(version, now) && !this.terms.has(version.key));
  }

  /** Reads what is missing. Never rejects: what could not be read is asked for again by the next poll. */
  private async complete(): Promise<void> {
    this.isCompleting = true;
    try {
      for (let left = this.missing(); left.length > 0 && !this.isClosed; left = left.slice(TERMS_BATCH)) {
        const batch = left.slice(0, TERMS_BATCH);
        await this.learn(batch, await withDeadline(readContents(this.connection.sql, batch), TERMS_TIMEOUT_MS));
      }
    } catch (error) {
      if (!this.isClosed) this.options.log.warn({ err: error }, "terms of agreements cannot be read");
    } finally {
      this.isCompleting = false;
    }
  }

  private async learn(batch: readonly OutlinedVersion[], contents: ReadonlyMap<string, string>): Promise<void> {
    for (const version of batch) {
      await turn(); // requests go on in between
      const content = contents.get(idOf(version)) ?? "";
      const outline = this.outline;
      // both may have moved on while this was read: then a newer outline asks for it
      if (!outline?.versions.some(({ key }) => key === version.key) || hash("sha256", content) !== version.digest) continue;
      this.terms.set(version.key, closedOnFault(version, { content, outline, options: this.options }));
      this.isStale = true;
    }
    if (this.policy?.epoch === this.outline?.epoch) this.publish(); // else whoever adopted the outline will, when it is time
  }

  private connect() {
    return connect(this.options.databaseUrl, () => void this.refresh());
  }
}

/** Two connections to read, so that the lease does not wait behind a long reading, and one to listen. Without notices the poll still finds every change. */
function connect(databaseUrl: string, onNotice: () => void) {
  const sql = rawClient(databaseUrl, { max: 2, connect_timeout: 1, backoff: () => 0.1, max_lifetime: null, fetch_types: false });
  sql.listen("policy", onNotice).catch(() => {});
  return {
    sql,
    drop: () => void sql.end({ timeout: 0 }).catch(() => {}),
    end: () => sql.end({ timeout: 1 }),
  };
}

async function withDeadline<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("the policy database did not answer in time")), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

// ---- reading --------------------------------------------------------------------------------------------------------

interface OutlinedAgreement {
  readonly number: string;
  readonly agency: string;
  readonly purpose: string;
  readonly needsCase: boolean;
  readonly ipAllow: readonly string[];
}
interface OutlinedVersion {
  readonly agreement: OutlinedAgreement;
  readonly version: number;
  readonly state: AgreementState;
  readonly validFrom: number;
  readonly validTo: number;
  /** SHA-256 of its content, hex; null: it opens nothing any more. */
  readonly digest: string | null;
  /** All that its terms are made of. Equal key ⇒ equal terms. */
  readonly key: string;
}
interface Outline {
  readonly epoch: number;
  readonly clients: readonly { readonly id: string; readonly agency: string; readonly status: string }[];
  readonly agreements: readonly OutlinedAgreement[];
  readonly versions: readonly OutlinedVersion[];
  readonly ceilings: readonly Ceiling[];
}
interface Content {
  readonly rowScope: unknown;
  readonly onDenied: string;
  readonly verification: VerificationTerms;
  readonly grants: readonly Grant[];
}

const idOf = ({ agreement, version }: OutlinedVersion): string => `${version} ${agreement.number}`;

const isDue = (version: OutlinedVersion, now: number): boolean =>
  version.state === "active" && version.validFrom <= now + HORIZON_MS && isInForce(version, Math.max(now, version.validFrom));

/** What a version `v` opens, as one JSON text: its digest and its content are of the same expression. */
const CONTENT = `json_build_object('rowScope', v.row_scope, 'onDenied', v.on_denied, 'verification', json_build_object(
    'floor', v.similarity_floor, 'attemptsOnSubject', v.attempts_on_subject, 'attemptsOfClient', v.attempts_of_client,
    'persons', v.quota), 'grants', coalesce((
    select json_agg(json_build_object('kind', selector_kind, 'selector', selector, 'topic', topic, 'use', use, 'effect', effect,
      'maskFn', mask_fn, 'params', params, 'clause', clause, 'widenReason', widen_reason) order by position, id)
    from governance.grant_row g where g.agreement_number = v.agreement_number and g.version = v.version), '[]'::json))::text`;

/** Policy as of one instant, without what versions open; null when the epoch is still the one known. */
async function readOutline(sql: Sql, known: number | undefined): Promise<Outline | null> {
  const [poll] = await sql<{ n: string }[]>`select n from governance.epoch`;
  if (poll && Number(poll.n) === known) return null;
  return await sql.begin("isolation level repeatable read read only", async (tx) => {
    const [epoch] = await tx<{ n: string }[]>`select n from governance.epoch`;
    if (!epoch) throw new Error("governance.epoch is empty: run `npx hub migrate`");
    const agreements = await tx<OutlinedAgreement[]>`
      select a.number, a.consumer_agency as agency, a.purpose_code as purpose, p.needs_case as "needsCase", to_json(a.ip_allow) as "ipAllow"
      from governance.agreement a join governance.purpose p on p.code = a.purpose_code`;
    const ceilings = await tx<Ceiling[]>`select class, topic, ceiling from governance.class_ceiling order by class, topic`;
    const versions = await tx<StoredVersion[]>`
      select agreement_number as number, version, state, valid_from as "validFrom", valid_to as "validTo",
        case when state = 'active' and valid_to > ${new Date()} then encode(sha256(convert_to(${tx.unsafe(CONTENT)}, 'UTF8')), 'hex') end as digest
      from governance.agreement_version v`;
    const clients = await tx<Outline["clients"][number][]>`select id, agency_code as agency, status from governance.client`;
    return { epoch: Number(epoch.n), clients, agreements, ceilings, versions: outlined(versions, { agreements, ceilings }) };
  });
}

type StoredVersion = Pick<OutlinedVersion, "version" | "state" | "digest"> & {
  readonly number: string;
  readonly validFrom: Date;
  readonly validTo: Date;
};

function outlined(rows: readonly StoredVersion[], { agreements, ceilings }: Pick<Outline, "agreements" | "ceilings">) {
  const byNumber = new Map(agreements.map((agreement) => [agreement.number, agreement]));
  const limits = hash("sha256", JSON.stringify(ceilings));
  return rows.flatMap(({ number, ...row }): OutlinedVersion[] => {
    const agreement = byNumber.get(number);
    if (!agreement) return [];
    const version = { ...row, agreement, validFrom: row.validFrom.getTime(), validTo: row.validTo.getTime() };
    return [{ ...version, key: JSON.stringify([version, limits]) }];
  });
}

/** Contents of versions by their id. */
async function readContents(sql: Sql, versions: readonly OutlinedVersion[]): Promise<Map<string, string>> {
  const rows = await sql<{ id: string; content: string }[]>`
    select v.version || ' ' || v.agreement_number as id, ${sql.unsafe(CONTENT)} as content
    from governance.agreement_version v
    where v.version || ' ' || v.agreement_number in ${sql(versions.map(idOf))}`;
  return new Map(rows.map(({ id, content }) => [id, content]));
}

// ---- compiling ------------------------------------------------------------------------------------------------------

function policyOf(outline: Outline, termsOf: (version: OutlinedVersion) => Terms | null): Policy {
  const clients = new Map<string, PolicyClient>(
    outline.clients.map(({ id, agency, status }) => [id, { agency, isActive: status === "ACTIVE" }]),
  );
  const agreementsOf = new Map<string, Agreement[]>();
  for (const row of outline.agreements) {
    const versions = outline.versions
      .filter(({ agreement }) => agreement === row)
      .map((one): AgreementVersion => {
        const { version, state, validFrom, validTo } = one;
        return { version, state, validFrom, validTo, terms: termsOf(one) };
      });
    const { number, purpose, needsCase } = row;
    const agreement = { number, purpose, needsCase, admits: admission(row.ipAllow), versions };
    agreementsOf.set(row.agency, [...(agreementsOf.get(row.agency) ?? []), agreement]);
  }
  return Object.freeze({ epoch: outline.epoch, clients, agreementsOf });
}

interface Compiling {
  readonly content: string;
  readonly outline: Outline;
  readonly options: GrantsOptions;
}

/** A version that cannot be compiled is closed, and only it: policy that is not understood opens nothing. */
function closedOnFault(version: OutlinedVersion, compiling: Compiling): Terms | null {
  try {
    return compileTerms(version, compiling);
  } catch (error) {
    const fields = { agreement: version.agreement.number, version: version.version, err: error };
    compiling.options.log.error(fields, "agreement closed: its policy cannot be compiled");
    return null;
  }
}

function compileTerms({ agreement }: OutlinedVersion, { content, outline, options }: Compiling): Terms {
  const { rowScope, onDenied, verification, grants } = JSON.parse(content) as Content;
  const table = compileTable(grants, outline.ceilings, options.catalogue);
  const { agency, purpose } = agreement;
  return {
    rows: scopeOf(rowScope),
    verification,
    rejectsDenied: onDenied === "reject",
    decisions: {
      key: table.hash,
      hidden: table.hidden,
      verdict: (coordinate) => table.verdict(coordinate),
      transform: transformOf(pseudonymKey(options.pseudonymMaster, { agency, purpose, period: "1" })),
    },
  };
}
