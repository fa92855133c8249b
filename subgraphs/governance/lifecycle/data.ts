import { and, asc, desc, eq, gt, inArray, isNull, lte, max, ne, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import type { Db } from "../../../drizzle/client.ts";
import type { Which } from "../../../drizzle/policy/compile.ts";
import {
  agreement,
  agreementVersion,
  approval,
  grantRow,
  pendingCoordinate,
  resolvedCoordinate,
} from "../../../drizzle/tables/governance/agreement.ts";
import { policyEvent, purpose, steward, stewardKey } from "../../../drizzle/tables/governance/governance.ts";
import type { Grant } from "../../../schema/policy/policy.ts";
import type { AgreementState, DataTopic } from "../../../schema/policy/words.ts";
import { isBehind, isOneOf } from "../../kit/data.ts";
import type { Window } from "../../kit/page.ts";
import type { ApprovalCapacity } from "../generated.ts";
import type { Draft } from "./draft/draft.ts";

export type GovernedRow = typeof agreement.$inferSelect;
export type VersionRow = typeof agreementVersion.$inferSelect;
export type ApprovalRow = typeof approval.$inferSelect;
export type EventRow = typeof policyEvent.$inferSelect;
export type PendingRow = typeof pendingCoordinate.$inferSelect;
export type KeyRow = typeof stewardKey.$inferSelect;
type OfVersion = Pick<VersionRow, "agreementNumber" | "version">;

/** A version as one key, for loaders. */
export const keyOf = ({ agreementNumber, version }: OfVersion): string => `${agreementNumber} ${version}`;
const isOneVersion = (
  table: { readonly agreementNumber: SQLWrapper; readonly version: SQLWrapper },
  keys: readonly string[],
): SQL => isOneOf(sql`(${table.agreementNumber} || ' ' || ${table.version})`, keys, "text");
const isVersion = ({ agreement: number, version }: Which) =>
  and(eq(agreementVersion.agreementNumber, number), eq(agreementVersion.version, version));

/** Agreements by number. Any order. */
export const governedByNumber = (db: Db, numbers: readonly string[]): Promise<GovernedRow[]> =>
  db
    .select()
    .from(agreement)
    .where(isOneOf(agreement.number, numbers, "text"));

export const listGoverned = (db: Db, { limit, after }: Window): Promise<GovernedRow[]> =>
  db
    .select()
    .from(agreement)
    .where(isBehind([agreement.number], after))
    .orderBy(asc(agreement.number))
    .limit(limit);

export const countGoverned = (db: Db): Promise<number> => db.$count(agreement);

/** Versions of agreements, newest first within each. */
export const versionsOf = (db: Db, numbers: readonly string[]): Promise<VersionRow[]> =>
  db
    .select()
    .from(agreementVersion)
    .where(isOneOf(agreementVersion.agreementNumber, numbers, "text"))
    .orderBy(agreementVersion.agreementNumber, desc(agreementVersion.version));

/** Versions by keyOf. Any order. */
export const versionsByKey = (db: Db, keys: readonly string[]): Promise<VersionRow[]> =>
  db.select().from(agreementVersion).where(isOneVersion(agreementVersion, keys));

/** Submitted versions, in the order of their making. */
export const versionsInReview = (db: Db): Promise<VersionRow[]> =>
  db.select().from(agreementVersion).where(eq(agreementVersion.state, "in_review")).orderBy(asc(agreementVersion.createdAt));

/** Versions in force at `now` that end before `before`, the first to end first. */
export const versionsEnding = (db: Db, now: Date, before: Date): Promise<VersionRow[]> =>
  db
    .select()
    .from(agreementVersion)
    .where(
      and(
        inArray(agreementVersion.state, ["active", "suspended"]),
        lte(agreementVersion.validFrom, now.toISOString()),
        gt(agreementVersion.validTo, now.toISOString()),
        lte(agreementVersion.validTo, before.toISOString()),
      ),
    )
    .orderBy(asc(agreementVersion.validTo));

/** Versions of one agency's agreements that are in force at `now` and not suspended. */
export async function versionsOpenTo(db: Db, agencyCode: string, now: Date): Promise<VersionRow[]> {
  const rows = await db
    .select({ version: agreementVersion })
    .from(agreementVersion)
    .innerJoin(agreement, eq(agreement.number, agreementVersion.agreementNumber))
    .where(
      and(
        eq(agreement.consumerAgency, agencyCode),
        eq(agreementVersion.state, "active"),
        lte(agreementVersion.validFrom, now.toISOString()),
        gt(agreementVersion.validTo, now.toISOString()),
      ),
    );
  return rows.map(({ version }) => version);
}

/** When the clock suspends agreements, by number; agreements that it never does are there too. Any order. */
export const suspensionsOf = (db: Db, numbers: readonly string[]) =>
  db
    .select({ number: agreement.number, suspendsAt: sql<string | null>`governance.suspends_at(${agreement.number})` })
    .from(agreement)
    .where(isOneOf(agreement.number, numbers, "text"));

/** One version, locked until the transaction ends; undefined when there is none. */
export async function lockVersion(db: Db, which: Which): Promise<VersionRow | undefined> {
  const [row] = await db.select().from(agreementVersion).where(isVersion(which)).for("update");
  return row;
}

/** Decisions about versions, oldest first. */
export const approvalsOf = (db: Db, keys: readonly string[]): Promise<ApprovalRow[]> =>
  db.select().from(approval).where(isOneVersion(approval, keys)).orderBy(asc(approval.at));

/** Whom a version concerns: the consumer, and the controllers of everything it pins that is not public. */
export interface Parties {
  readonly consumer: string;
  readonly owners: readonly string[];
}

export async function partiesOf(db: Db, { agreementNumber: number, version }: OfVersion): Promise<Parties> {
  const [row] = await db.execute<{ consumer: string; owners: string }>(
    sql`select ${agreement.consumerAgency} as consumer,
      (select coalesce(json_agg(o order by o collate "C"), '[]')::text from governance.owners_asked(${number}, ${version}) o) as owners
      from ${agreement} where ${agreement.number} = ${number}`,
  );
  return { consumer: row?.consumer ?? "", owners: JSON.parse(row?.owners ?? "[]") as string[] };
}

export interface Missing {
  readonly agencyCode: string;
  readonly capacity: ApprovalCapacity;
}

/** Who has not approved the content a version has now, owners first. Only what is in review waits for anybody. */
export const missingApprovals = async (db: Db, { agreementNumber, version }: OfVersion): Promise<Missing[]> => [
  ...(await db.execute<Missing & Record<string, unknown>>(
    sql`select l.agency as "agencyCode", l.capacity from governance.agreement_version v, governance.approvals_lacking(v) l
      where v.agreement_number = ${agreementNumber} and v.version = ${version}`,
  )),
];

/** Coordinates pinned when versions were submitted, in order. */
export const pinnedOf = (db: Db, keys: readonly string[]): Promise<(typeof resolvedCoordinate.$inferSelect)[]> =>
  db.select().from(resolvedCoordinate).where(isOneVersion(resolvedCoordinate, keys)).orderBy(asc(resolvedCoordinate.coordinate));

/** Grants of versions, in order. */
export const grantsOf = (db: Db, keys: readonly string[]): Promise<(typeof grantRow.$inferSelect)[]> =>
  db.select().from(grantRow).where(isOneVersion(grantRow, keys)).orderBy(asc(grantRow.position), asc(grantRow.id));

/** Coordinates that wait, of versions, in order. */
export const pendingOf = (db: Db, keys: readonly string[]): Promise<PendingRow[]> =>
  db.select().from(pendingCoordinate).where(isOneVersion(pendingCoordinate, keys)).orderBy(asc(pendingCoordinate.coordinate));

/** Everything that waits for anybody, in order of coordinate. */
export const listPending = (db: Db): Promise<PendingRow[]> =>
  db.select().from(pendingCoordinate).orderBy(asc(pendingCoordinate.coordinate), asc(pendingCoordinate.agreementNumber));

/** Newest first; the position is the id. */
export const listEvents = (db: Db, number: string | null, { limit, after }: Window): Promise<EventRow[]> =>
  db
    .select()
    .from(policyEvent)
    .where(and(isAbout(number), after === null ? undefined : sql`${policyEvent.id} < ${after[0]}`))
    .orderBy(desc(policyEvent.id))
    .limit(limit);

export const countEvents = (db: Db, number: string | null): Promise<number> => db.$count(policyEvent, isAbout(number));

const isAbout = (number: string | null) => (number === null ? undefined : eq(policyEvent.agreementNumber, number));

/** Keys in use of stewards. */
export const keysOf = (db: Db, stewardIds: readonly string[]): Promise<KeyRow[]> =>
  db
    .select()
    .from(stewardKey)
    .where(and(isOneOf(stewardKey.stewardId, stewardIds, "text"), isNull(stewardKey.retiredAt)))
    .orderBy(asc(stewardKey.addedAt));

/** A key that is still in use; undefined when there is none of that id. */
export async function keyInUse(db: Db, keyId: string): Promise<KeyRow | undefined> {
  const [row] = await db
    .select()
    .from(stewardKey)
    .where(and(eq(stewardKey.keyId, keyId), isNull(stewardKey.retiredAt)));
  return row;
}

export async function isPurpose(db: Db, code: string): Promise<boolean> {
  return (await db.$count(purpose, eq(purpose.code, code))) > 0;
}

export const insertAgreement = async (db: Db, row: typeof agreement.$inferInsert): Promise<GovernedRow | undefined> =>
  (await db.insert(agreement).values(row).returning())[0];

/** Makes the next number of an agreement, or replaces the content of a draft and its author. Undefined when there is no such draft. */
export async function writeDraft(db: Db, written: Written): Promise<VersionRow | undefined> {
  const { version, draft } = written;
  const row = version === null ? await addVersion(db, written) : await replaceVersion(db, written, version);
  if (row && draft.grants.length > 0)
    await db
      .insert(grantRow)
      .values(draft.grants.map((grant, position) => ({ ...grantColumns(grant), ...which(row), position })));
  return row;
}

const which = ({ agreementNumber, version }: OfVersion): OfVersion => ({ agreementNumber, version });

const grantColumns = ({ kind, topic, home, ...grant }: Grant) => ({
  ...grant,
  selectorKind: kind,
  topic: topic as DataTopic | null,
  home: home && [...home],
});

export interface Written {
  readonly agreement: string;
  /** Null: the next number. */
  readonly version: number | null;
  readonly author: string;
  readonly draft: Draft;
}

const columnsOf = ({ rowScope, verification, armed, addresses, limits, ...draft }: Draft) => ({
  ...{ rowScope, quota: draft.quota, validFrom: draft.validFrom, validTo: draft.validTo, limits: limits ?? null },
  ...{ documents: draft.documents, onDenied: draft.onDenied, ipAllow: [...addresses] },
  ...{ armedMinutes: armed?.minutes ?? null, armedPersons: armed?.persons ?? null },
  similarityFloor: verification.floor,
  attemptsOnSubject: verification.attemptsOnSubject,
  attemptsOfClient: verification.attemptsOfClient,
});

async function addVersion(db: Db, { agreement: number, author, draft }: Written) {
  await db.select().from(agreement).where(eq(agreement.number, number)).for("update"); // of two at once, one after the other
  const [last] = await db
    .select({ version: max(agreementVersion.version) })
    .from(agreementVersion)
    .where(eq(agreementVersion.agreementNumber, number));
  const values = { agreementNumber: number, version: (last?.version ?? 0) + 1, author, ...columnsOf(draft) };
  return (await db.insert(agreementVersion).values(values).returning())[0];
}

async function replaceVersion(db: Db, { agreement: number, author, draft }: Written, version: number) {
  const content = { author, ...columnsOf(draft) };
  const [row] = await db
    .update(agreementVersion)
    .set(content)
    .where(isVersion({ agreement: number, version }))
    .returning();
  await db.delete(grantRow).where(and(eq(grantRow.agreementNumber, number), eq(grantRow.version, version)));
  return row;
}

/** Pins what a draft reaches, instead of what it may have reached before. */
export async function pin(db: Db, { agreement: number, version }: Which, reach: readonly string[]): Promise<void> {
  const { agreementNumber, version: column } = resolvedCoordinate;
  await db.delete(resolvedCoordinate).where(and(eq(agreementNumber, number), eq(column, version)));
  if (reach.length > 0)
    await db.insert(resolvedCoordinate).values(reach.map((coordinate) => ({ agreementNumber: number, version, coordinate })));
}

/** Moves a version to another state. Undefined when it stands there already; what the life cycle forbids, the database refuses. */
export async function moveTo(
  db: Db,
  { agreementNumber, version }: OfVersion,
  to: { readonly state: AgreementState } & Partial<Pick<VersionRow, "suspensionReason" | "resumeAskedBy">>,
): Promise<VersionRow | undefined> {
  const isThis = isVersion({ agreement: agreementNumber, version });
  const [row] = await db
    .update(agreementVersion)
    .set(to)
    .where(and(isThis, ne(agreementVersion.state, to.state)))
    .returning();
  return row;
}

/** Notes the first of two who resume. */
export async function noteAsked(db: Db, { agreementNumber, version }: OfVersion, by: string): Promise<VersionRow | undefined> {
  const isThis = isVersion({ agreement: agreementNumber, version });
  return (await db.update(agreementVersion).set({ resumeAskedBy: by }).where(isThis).returning())[0];
}

/** Versions of the same agreement whose validity meets this one's and that are active or suspended, locked. */
export const inTheWayOf = (db: Db, { agreementNumber, version, validFrom, validTo }: VersionRow): Promise<VersionRow[]> =>
  db
    .select()
    .from(agreementVersion)
    .where(
      and(
        eq(agreementVersion.agreementNumber, agreementNumber),
        ne(agreementVersion.version, version),
        inArray(agreementVersion.state, ["active", "suspended"]),
        sql`${agreementVersion.validFrom} < ${validTo} and ${agreementVersion.validTo} > ${validFrom}`,
      ),
    )
    .for("update");

export const insertApproval = async (db: Db, row: typeof approval.$inferInsert): Promise<void> =>
  void (await db.insert(approval).values(row));

/** Puts an act with its reason beside the state changes that the database itself writes down. */
export const noteEvent = async (db: Db, row: typeof policyEvent.$inferInsert): Promise<void> =>
  void (await db.insert(policyEvent).values(row));

export async function insertSteward(db: Db, row: typeof steward.$inferInsert): Promise<void> {
  await db.insert(steward).values(row).onConflictDoNothing();
}

export const insertKey = async (db: Db, row: typeof stewardKey.$inferInsert): Promise<void> =>
  void (await db.insert(stewardKey).values(row));

/** Retires a key in use. Answers whose it was; null when there is none. */
export async function retireKey(db: Db, keyId: string, at: Date): Promise<string | null> {
  const [row] = await db
    .update(stewardKey)
    .set({ retiredAt: at.toISOString() })
    .where(and(eq(stewardKey.keyId, keyId), isNull(stewardKey.retiredAt)))
    .returning({ stewardId: stewardKey.stewardId });
  return row?.stewardId ?? null;
}
