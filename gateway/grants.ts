import { BlockList, isIP } from "node:net";
import { NO_DECILE_LIMIT, rawClient } from "../drizzle/client.ts";
import type { RowScope } from "../schema/caller.ts";
import { type Ceiling, compileTable } from "../schema/decisionTable.ts";
import { Refusal } from "../schema/errors.ts";
import { pseudonymKey, transformOf } from "../schema/masks.ts";
import type { GrantRow } from "../schema/policy.ts";
import type { Catalogue } from "../schema/sdl/catalogue.ts";
import { mergeRanges, parseRegionCode, regionRange } from "../schema/values/regionCode.ts";
import type { Agreement, AgreementVersion, Policy, PolicyClient, Terms } from "./types.ts";

const SECOND = 1000;
const POLL_MS = 250;
const POLL_TIMEOUT_MS = 1 * SECOND;
/** Policy not seen to be current for this long counts as unknown: everything is refused. */
const LEASE_MS = 1 * SECOND;

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
 * Follows governance's policy: reloads it whole on NOTIFY and when a poll finds a new epoch. MUST have a direct connection: a
 * transaction pooler swallows notices. Resolves after the first try, whether or not it found the database.
 */
export async function followGrants(options: GrantsOptions): Promise<Grants> {
  const follower = new Follower(options);
  await follower.poll();
  return follower;
}

class Follower implements Grants {
  private readonly options: GrantsOptions;
  private readonly compile: (rows: Rows) => Policy;
  private connection: ReturnType<typeof connect>;
  private policy: Policy | undefined;
  private confirmedAt = Number.NEGATIVE_INFINITY;
  private reading = Promise.resolve();
  private queued: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(options: GrantsOptions) {
    this.options = options;
    this.compile = createCompiler(options);
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
      const fresh = await withDeadline(readRows(this.connection.sql, this.policy?.epoch), POLL_TIMEOUT_MS);
      if (fresh) this.policy = this.compile(fresh);
      this.confirmedAt = startedAt;
    } catch (error) {
      if (this.isClosed) return;
      this.options.log.warn({ err: error }, "policy cannot be read");
      this.connection.drop(); // it may hang for minutes; a new one finds the database as soon as it is back
      this.connection = this.connect();
    }
  }

  private connect() {
    return connect(this.options.databaseUrl, () => void this.refresh());
  }
}

/** One connection to read and one to listen. Without notices the poll still finds every change, a quarter of a second later. */
function connect(databaseUrl: string, onNotice: () => void) {
  const sql = rawClient(databaseUrl, { max: 1, connect_timeout: 1, backoff: () => 0.1, max_lifetime: null, fetch_types: false });
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

// ---- rows -----------------------------------------------------------------------------------------------------------

interface AgreementRow {
  readonly number: string;
  readonly agency: string;
  readonly purpose: string;
  readonly needsCase: boolean;
  readonly ipAllow: readonly string[];
}
interface VersionRow {
  readonly number: string;
  readonly version: number;
  readonly state: AgreementVersion["state"];
  readonly validFrom: Date;
  readonly validTo: Date;
  readonly rowScope: unknown;
  readonly onDenied: string;
}
interface Rows {
  readonly epoch: number;
  readonly clients: readonly { readonly id: string; readonly agency: string; readonly status: string }[];
  readonly agreements: readonly AgreementRow[];
  readonly versions: readonly VersionRow[];
  readonly grants: readonly (GrantRow & { readonly number: string; readonly version: number })[];
  readonly ceilings: readonly Ceiling[];
}

/** All of policy as of one instant, or null when the epoch is still the one known. */
async function readRows(sql: Sql, known: number | undefined): Promise<Rows | null> {
  const [poll] = await sql<{ n: string }[]>`select n from governance.epoch`;
  if (poll && Number(poll.n) === known) return null;
  return await sql.begin("isolation level repeatable read read only", async (tx) => {
    const [epoch] = await tx<{ n: string }[]>`select n from governance.epoch`;
    if (!epoch) throw new Error("governance.epoch is empty: run `npx hub migrate`");
    return {
      epoch: Number(epoch.n),
      clients: await tx<Rows["clients"][number][]>`select id, agency_code as agency, status from governance.client`,
      agreements: await tx<AgreementRow[]>`
        select a.number, a.consumer_agency as agency, a.purpose_code as purpose, p.needs_case as "needsCase", to_json(a.ip_allow) as "ipAllow"
        from governance.agreement a join governance.purpose p on p.code = a.purpose_code`,
      versions: await tx<VersionRow[]>`
        select agreement_number as number, version, state, valid_from as "validFrom", valid_to as "validTo", row_scope as "rowScope",
          on_denied as "onDenied"
        from governance.agreement_version`,
      grants: await tx<Rows["grants"][number][]>`
        select agreement_number as number, version, selector_kind as kind, selector, topic, use, effect, mask_fn as "maskFn",
          params, clause, widen_reason as "widenReason"
        from governance.grant_row order by agreement_number, version, position`,
      ceilings: await tx<Ceiling[]>`select class, topic, ceiling from governance.class_ceiling order by class, topic`,
    };
  });
}

// ---- compiling ------------------------------------------------------------------------------------------------------

/** Compiles policy, keeping the terms of versions that have not changed: a revocation must not wait for all other tables. */
function createCompiler(options: GrantsOptions): (rows: Rows) => Policy {
  let kept = new Map<string, Terms>();
  return (rows) => {
    const used = new Map<string, Terms>();
    const termsOf = (agreement: AgreementRow, version: VersionRow): Terms => {
      const grants = rows.grants.filter((row) => row.number === version.number && row.version === version.version).map(grantOf);
      const parts = { agreement, version, grants, ceilings: rows.ceilings };
      const key = JSON.stringify(parts);
      const terms = kept.get(key) ?? compileTerms(parts, options);
      used.set(key, terms);
      return terms;
    };
    const policy = policyOf(rows, (agreement, version) =>
      closedOnFault(() => termsOf(agreement, version), { version, log: options.log }),
    );
    kept = used;
    return policy;
  };
}

type TermsOf = (agreement: AgreementRow, version: VersionRow) => Terms | null;

function policyOf(rows: Rows, termsOf: TermsOf): Policy {
  const clients = new Map<string, PolicyClient>(
    rows.clients.map(({ id, agency, status }) => [id, { agency, isActive: status === "ACTIVE" }]),
  );
  const agreementsOf = new Map<string, Agreement[]>();
  for (const row of rows.agreements) {
    const versions = rows.versions
      .filter(({ number }) => number === row.number)
      .map(
        (version): AgreementVersion => ({
          version: version.version,
          state: version.state,
          validFrom: version.validFrom.getTime(),
          validTo: version.validTo.getTime(),
          terms: version.state === "active" ? termsOf(row, version) : null,
        }),
      );
    const { number, purpose, needsCase } = row;
    const agreement = { number, purpose, needsCase, admits: admission(row.ipAllow), versions };
    agreementsOf.set(row.agency, [...(agreementsOf.get(row.agency) ?? []), agreement]);
  }
  return Object.freeze({ epoch: rows.epoch, clients, agreementsOf });
}

/** A version that cannot be compiled is closed, and only it: policy that is not understood opens nothing. */
function closedOnFault(make: () => Terms, { version, log }: { version: VersionRow; log: GrantsOptions["log"] }): Terms | null {
  try {
    return make();
  } catch (error) {
    log.error(
      { agreement: version.number, version: version.version, err: error },
      "agreement closed: its policy cannot be compiled",
    );
    return null;
  }
}

interface TermsParts {
  readonly agreement: AgreementRow;
  readonly version: VersionRow;
  readonly grants: readonly GrantRow[];
  readonly ceilings: readonly Ceiling[];
}

function compileTerms(
  { agreement, version, grants, ceilings }: TermsParts,
  { catalogue, pseudonymMaster }: GrantsOptions,
): Terms {
  const table = compileTable(grants, ceilings, catalogue);
  const key = pseudonymKey(pseudonymMaster, { agency: agreement.agency, purpose: agreement.purpose, period: "1" });
  return {
    rows: scopeOf(version.rowScope),
    rejectsDenied: version.onDenied === "reject",
    decisions: {
      key: table.hash,
      hidden: table.hidden,
      verdict: (coordinate) => table.verdict(coordinate),
      transform: transformOf(key),
    },
  };
}

/** The rule alone: whose it is must not enter the table's hash, or equal policies would have different keys. */
const grantOf = ({ number: _, version: __, ...row }: Rows["grants"][number]): GrantRow => row;

// ---- row scope ------------------------------------------------------------------------------------------------------

const WHOLE_COUNTRY = "0";
const MAX_RANGES = 4;

/** Row scope as governance writes it, in the form that envelope and database take. Throws on anything it does not understand. */
export function scopeOf(written: unknown): RowScope {
  const { regions, programs, decileMax } = (written ?? {}) as { regions?: unknown; programs?: unknown; decileMax?: unknown };
  if (!isWords(regions) || !(programs === null || isWords(programs))) throw new Error("row scope is malformed");
  if (!(decileMax === null || (Number.isInteger(decileMax) && Number(decileMax) >= 0)))
    throw new Error("row scope has a malformed decile");
  return { regions: rangesOf(regions), programs, decileMax: decileMax === null ? NO_DECILE_LIMIT : Number(decileMax) };
}

const isWords = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((word) => typeof word === "string");

function rangesOf(codes: readonly string[]): RowScope["regions"] {
  const ranges = mergeRanges(
    codes.map((code) => {
      const known = code === WHOLE_COUNTRY ? code : parseRegionCode(code);
      if (known === null) throw new Error("row scope has a malformed region code");
      return regionRange(known);
    }),
  );
  if (ranges.length > MAX_RANGES) throw new Error(`row scope has ${ranges.length} separate region ranges, at most ${MAX_RANGES}`);
  return ranges;
}

// ---- addresses ------------------------------------------------------------------------------------------------------

/** Admission by address: networks and single addresses; an empty list admits all, a malformed one nobody. */
export function admission(allowed: readonly string[]): (address: string) => boolean {
  if (allowed.length === 0) return () => true;
  const list = new BlockList();
  for (const entry of allowed) {
    const [, address = "", prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(entry) ?? [];
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    try {
      if (prefix === undefined) list.addAddress(address, family);
      else list.addSubnet(address, Number(prefix), family);
    } catch {
      return () => false;
    }
  }
  return (address) => {
    const plain = address.replace(/^::ffff:(?=\d+\.)/i, "");
    const family = isIP(plain);
    return family !== 0 && list.check(plain, family === 6 ? "ipv6" : "ipv4");
  };
}
