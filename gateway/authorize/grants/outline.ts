import type { rawClient } from "../../../drizzle/client.ts";
import { atOneInstant } from "../../../drizzle/transaction.ts";
import type { AgreementState } from "../../../schema/policy/words.ts";
import type { PolicyOfficer } from "../../types/policy.ts";
import { type Restrictions, restrictionsSince } from "./restricted.ts";

export type Sql = ReturnType<typeof rawClient>;
export type TransactionSql = Parameters<Parameters<Sql["begin"]>[1]>[0];

export interface OutlinedAgreement {
  readonly number: string;
  readonly agency: string;
  readonly purpose: string;
  readonly needsOfficer: boolean;
}
export interface OutlinedVersion {
  readonly agreement: OutlinedAgreement;
  readonly version: number;
  readonly state: AgreementState;
  readonly validFrom: number;
  readonly validTo: number;
  readonly suspendsAt: number | null;
  readonly windows: readonly (readonly [from: number, before: number])[] | null;
  /** SHA-256 of its decision table over this gateway's supergraph, hex; null: it has none, or opens nothing any more. */
  readonly digest: string | null;
  /** All that its terms are made of. Equal key ⇒ equal terms. */
  readonly key: string;
}
/** Who may ask under what, without what it opens: small, and read at once. */
export interface Outline {
  readonly epoch: number;
  readonly clients: readonly { readonly id: string; readonly agency: string; readonly status: string }[];
  readonly officers: readonly (PolicyOfficer & { readonly id: string })[];
  /** Sanctions in force that shut out. */
  readonly sanctions: readonly Sanction[];
  /** Null: not what was known with what changed, so all must be read again. */
  readonly restrictions: Restrictions | null;
  readonly agreements: readonly OutlinedAgreement[];
  readonly versions: readonly OutlinedVersion[];
}

/** One that can be judged by. */
export type ReadOutline = Outline & { readonly restrictions: Restrictions };

export interface Sanction {
  readonly agency: string;
  /** Null: all of the agency. */
  readonly client: string | null;
  /** In ms of the Unix epoch; Infinity: until it is lifted. */
  readonly until: number;
}

export const idOf = ({ agreement, version }: OutlinedVersion): string => `${version} ${agreement.number}`;

interface StoredVersion extends Omit<OutlinedVersion, "agreement" | "key" | "validFrom" | "validTo" | "suspendsAt"> {
  readonly number: string;
  readonly validFrom: Date;
  readonly validTo: Date;
  readonly suspendsAt: Date | null;
}

interface Known {
  readonly known: number | undefined;
  readonly supergraph: string;
  readonly restrictions: Restrictions;
}

/** Policy as of one instant, over one supergraph; null when the epoch is still the one known. */
export async function readOutline(sql: Sql, { known, supergraph, restrictions }: Known): Promise<Outline | null> {
  const [poll] = await sql<{ n: string }[]>`select n from governance.epoch`;
  if (poll && Number(poll.n) === known) return null;
  return await atOneInstant(sql, async (tx) => {
    const [epoch] = await tx<{ n: string }[]>`select n from governance.epoch`;
    if (!epoch) throw new Error("governance.epoch is empty: run `npx hub migrate`");
    const agreements = await tx<OutlinedAgreement[]>`
      select a.number, a.consumer_agency as agency, a.purpose_code as purpose, p.needs_officer as "needsOfficer"
      from governance.agreement a join governance.purpose p on p.code = a.purpose_code`;
    const now = new Date();
    const versions = await tx<StoredVersion[]>`
      select v.agreement_number as number, v.version, v.state, v.valid_from as "validFrom", v.valid_to as "validTo",
        governance.suspends_at(v.agreement_number) as "suspendsAt", ${windows(tx)} as windows,
        case when v.state = 'active' and v.valid_to > ${now} then t.sha256 end as digest
      from governance.agreement_version v
      left join governance.decision_table t
        on t.agreement_number = v.agreement_number and t.version = v.version and t.supergraph_hash = ${supergraph}
      where v.state in ('approved', 'active', 'suspended') and v.valid_to > ${now} or ${ended(tx, "v", now)}
        and not exists (select from governance.agreement_version later
          where later.agreement_number = v.agreement_number and later.version > v.version and ${ended(tx, "later", now)})`;
    const clients = await tx<Outline["clients"][number][]>`select id, agency_code as agency, status from governance.client`;
    const officers = await tx<Outline["officers"][number][]>`
      select s.id, s.agency_code as agency, s.status = 'ACTIVE' and exists (select from governance.steward_key k
        where k.steward_id = s.id and k.retired_at is null and not k.roles <@ array['OFFICER', 'PROGRAM_OFFICER', 'ANALYST']) as governs,
      s.status = 'ACTIVE' and exists (select from governance.steward_key k
        where k.steward_id = s.id and k.retired_at is null and 'OFFICER' = any (k.roles)) as registers,
      s.status = 'ACTIVE' and exists (select from governance.steward_key k
        where k.steward_id = s.id and k.retired_at is null and 'PROGRAM_OFFICER' = any (k.roles)) as administers,
      s.status = 'ACTIVE' and exists (select from governance.steward_key k
        where k.steward_id = s.id and k.retired_at is null and 'ANALYST' = any (k.roles)) as analyses from governance.steward s`;
    const shut = { sanctions: await readSanctions(tx, now), restrictions: await restrictionsSince(tx, restrictions) };
    return { epoch: Number(epoch.n), clients, officers, ...shut, agreements, versions: outlined(versions, agreements) };
  });
}

async function readSanctions(tx: TransactionSql, now: Date): Promise<Sanction[]> {
  const rows = await tx<(Omit<Sanction, "until"> & { readonly until: Date | null })[]>`
    select agency_code as agency, client_id as client, until from governance.sanction
    where kind in ('SUSPENSION', 'REVOCATION') and lifted_at is null and (until is null or until > ${now})`;
  return rows.map((row) => ({ ...row, until: row.until?.getTime() ?? Number.POSITIVE_INFINITY }));
}

/** Of versions that are over the newest is enough: it says that there was one. */
const ended = (tx: TransactionSql, version: "v" | "later", now: Date) =>
  tx`(${tx(version)}.state in ('revoked', 'superseded', 'expired') or ${tx(version)}.state in ('active', 'suspended') and ${tx(version)}.valid_to <= ${now})`;

const windows = (tx: Pick<Sql, "unsafe">) =>
  tx.unsafe(`case when v.armed_minutes is not null then (
    select coalesce(json_agg(json_build_array(extract(epoch from g.opened_at) * 1000, extract(epoch from g.closes_at) * 1000)), '[]')
    from governance.glass_break g where g.agreement_number = v.agreement_number and g.version = v.version and g.closes_at > now()) end`);

function outlined(rows: readonly StoredVersion[], agreements: readonly OutlinedAgreement[]): OutlinedVersion[] {
  const byNumber = new Map(agreements.map((agreement) => [agreement.number, agreement]));
  return rows.flatMap(({ number, ...row }): OutlinedVersion[] => {
    const agreement = byNumber.get(number);
    if (!agreement) return [];
    const [validFrom, validTo] = [row.validFrom.getTime(), row.validTo.getTime()];
    const { agency, purpose } = agreement;
    const key = JSON.stringify([number, agency, purpose, row.version, validFrom, validTo, row.digest]);
    return [{ ...row, agreement, validFrom, validTo, suspendsAt: row.suspendsAt?.getTime() ?? null, key }];
  });
}

/** Signed decision tables of versions by their id. */
export async function readTables(
  sql: Sql,
  versions: readonly OutlinedVersion[],
  supergraph: string,
): Promise<Map<string, { readonly body: string; readonly signature: string }>> {
  const rows = await sql<{ id: string; body: string; signature: string }[]>`
    select version || ' ' || agreement_number as id, body, signature from governance.decision_table
    where supergraph_hash = ${supergraph} and version || ' ' || agreement_number in ${sql(versions.map(idOf))}`;
  return new Map(rows.map(({ id, ...table }) => [id, table]));
}

/** Text of a document that an agreement trusts; null: it trusts none of this id. */
export async function readDocument(sql: Sql, agreement: string, id: string): Promise<string | null> {
  const [row] = await sql<{ document: string }[]>`
    select document from governance.trusted_document where agreement_number = ${agreement} and id = ${id} and retired_at is null`;
  return row?.document ?? null;
}

/** Ids of all documents that an agreement trusts, sorted. */
export async function readDocumentIds(sql: Sql, agreement: string): Promise<readonly string[]> {
  const rows = await sql<{ id: string }[]>`
    select id from governance.trusted_document where agreement_number = ${agreement} and retired_at is null order by id collate "C"`;
  return rows.map(({ id }) => id);
}
