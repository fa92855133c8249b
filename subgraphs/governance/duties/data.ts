import { and, desc, eq, isNull, or, type SQL, sql } from "drizzle-orm";
import type { Db } from "../../../drizzle/client.ts";
import { agreement, agreementVersion, resolvedCoordinate } from "../../../drizzle/tables/governance/agreement.ts";
import {
  accessRequest,
  glassBreak,
  issuedPseudonym,
  quotaCounter,
  semesterReport,
  trustedDocument,
} from "../../../drizzle/tables/governance/duty.ts";
import { coordinate, policyEvent, purpose, steward } from "../../../drizzle/tables/governance/governance.ts";
import { isOneOf } from "../../kit/data.ts";

export type ReportRow = typeof semesterReport.$inferSelect;
export type DocumentRow = typeof trustedDocument.$inferSelect;
type NewRequest = typeof accessRequest.$inferInsert;
type NewGlass = Pick<
  typeof glassBreak.$inferInsert,
  "id" | "agreementNumber" | "version" | "caseNumber" | "reason" | "requestedBy" | "requestedAt"
>;

const OF_MONTHS_WIB = (column: SQL, months: string) =>
  sql`((${column} at time zone 'Asia/Jakarta') + ${sql.raw(`interval '${months}'`)}) at time zone 'Asia/Jakarta'`;

/** Persons counted on a day; an agreement that asked for none that day is absent. */
export const countersOf = (db: Db, numbers: readonly string[], day: string) =>
  db
    .select()
    .from(quotaCounter)
    .where(and(isOneOf(quotaCounter.agreementNumber, numbers, "text"), eq(quotaCounter.day, day)));

/** Reports of agreements, newest first. */
export const reportsOf = (db: Db, numbers: readonly string[]): Promise<ReportRow[]> =>
  db
    .select()
    .from(semesterReport)
    .where(isOneOf(semesterReport.agreementNumber, numbers, "text"))
    .orderBy(desc(semesterReport.toDay));

/** JSON text of what the record says of an agreement's use on these days (governance.usage_of); null: not the asker's to know. */
export async function usageText(db: Db, number: string, { from, to }: { from: string; to: string }): Promise<string | null> {
  const [row] = await db.execute<{ usage: string | null }>(
    sql`select governance.usage_of(${number}, ${from}::date, ${to}::date)::text as usage`,
  );
  return row?.usage ?? null;
}

/** The report an agreement owes: due when, taken from which day, about which days. All days WIB. */
export interface Owed extends Record<string, unknown> {
  readonly consumer: string;
  readonly due: string | null;
  readonly opens: string;
  readonly from: string;
  readonly to: string;
}

/** Six months up to the due day or yesterday, after what was reported before. Undefined: no such agreement. */
export async function reportOwed(db: Db, number: string, today: string): Promise<Owed | undefined> {
  const [row] = await db.execute<Owed>(sql`
    select a.consumer_agency as consumer, a.report_due::text as due, (d.day - interval '1 month')::date::text as opens,
      coalesce((select max(r.to_day) + 1 from governance.semester_report r where r.agreement_number = a.number),
        (d.day - interval '6 months')::date)::text as "from",
      least(d.day - 1, ${today}::date - 1)::text as "to"
    from governance.agreement a, lateral (select (a.report_due at time zone 'Asia/Jakarta')::date as day) d
    where a.number = ${number}`);
  return row;
}

/** Moves the due day one semester on, unless somebody else just did: false. */
export async function moveDue(db: Db, number: string, due: string): Promise<boolean> {
  const moved = await db
    .update(agreement)
    .set({ reportDue: OF_MONTHS_WIB(sql`${agreement.reportDue}`, "6 months") })
    .where(and(eq(agreement.number, number), sql`${agreement.reportDue} = ${due}::timestamptz`))
    .returning({ number: agreement.number });
  return moved.length > 0;
}

export const insertReport = (db: Db, row: typeof semesterReport.$inferInsert): Promise<ReportRow[]> =>
  db.insert(semesterReport).values(row).returning();

export const isPurpose = async (db: Db, code: string): Promise<boolean> =>
  (await db.select({ code: purpose.code }).from(purpose).where(eq(purpose.code, code))).length > 0;

/** A request with what the table says of the version that answers it. */
export type RequestRow = typeof accessRequest.$inferSelect & { readonly answer: AnswerRow | null };
export type AnswerRow = Pick<typeof agreementVersion.$inferSelect, "state" | "validFrom" | "validTo"> & {
  readonly suspendsAt: string | null;
};

const requests = (db: Db) =>
  db
    .select({
      request: accessRequest,
      answer: { state: agreementVersion.state, validFrom: agreementVersion.validFrom, validTo: agreementVersion.validTo },
      suspendsAt: sql<string | null>`governance.suspends_at(${accessRequest.agreementNumber})`,
    })
    .from(accessRequest)
    .leftJoin(
      agreementVersion,
      and(
        eq(agreementVersion.agreementNumber, accessRequest.agreementNumber),
        eq(agreementVersion.version, accessRequest.version),
      ),
    );

const withAnswer = ({ request, answer, suspendsAt }: Awaited<ReturnType<typeof requests>>[number]): RequestRow => ({
  ...request,
  answer: answer && { ...answer, suspendsAt },
});

/** Requests of an agency and, where `asOwner` names the newest schema, those that concern data it controls. Newest first. */
export async function requestsFor(
  db: Db,
  { agency, asOwner, first }: { readonly agency: string; readonly asOwner: string | null; readonly first: number },
): Promise<RequestRow[]> {
  const owns = sql`exists (select from ${coordinate} c where c.supergraph_hash = ${asOwner}
    and c.coordinate = any(${accessRequest.coordinates}) and ${agency} = any(c.owners))`;
  const rows = await requests(db)
    .where(asOwner === null ? eq(accessRequest.agencyCode, agency) : sql`(${accessRequest.agencyCode} = ${agency} or ${owns})`)
    .orderBy(desc(accessRequest.createdAt), accessRequest.id)
    .limit(first);
  return rows.map(withAnswer);
}

export async function requestById(db: Db, id: string): Promise<RequestRow | undefined> {
  const [row] = await requests(db).where(eq(accessRequest.id, id));
  return row && withAnswer(row);
}

export const insertRequest = (db: Db, row: NewRequest) => db.insert(accessRequest).values(row).onConflictDoNothing();

/** Empty, and nothing done: the request has its answer. */
export const settleRequest = (
  db: Db,
  id: string,
  set: Partial<Pick<NewRequest, "agreementNumber" | "version" | "declinedBy" | "declineReason">>,
) =>
  db
    .update(accessRequest)
    .set(set)
    .where(and(eq(accessRequest.id, id), isNull(accessRequest.agreementNumber), isNull(accessRequest.declinedBy)))
    .returning({ id: accessRequest.id });

/** A version with its agreement's consumer; in a transaction that writes, nobody else decides about it until the end. */
export async function versionOf(db: Db, number: string, version: number) {
  const [row] = await db
    .select({
      consumer: agreement.consumerAgency,
      state: agreementVersion.state,
      validFrom: agreementVersion.validFrom,
      validTo: agreementVersion.validTo,
      suspendsAt: sql<string | null>`governance.suspends_at(${agreement.number})`,
      armedMinutes: agreementVersion.armedMinutes,
    })
    .from(agreementVersion)
    .innerJoin(agreement, eq(agreement.number, agreementVersion.agreementNumber))
    .where(and(eq(agreement.number, number), eq(agreementVersion.version, version)))
    .for("no key update");
  return row;
}

/** False: the version is not active. */
export async function suspendForIncident(db: Db, number: string, version: number): Promise<boolean> {
  const stopped = await db
    .update(agreementVersion)
    .set({ state: "suspended", suspensionReason: "INCIDENT" })
    .where(
      and(
        eq(agreementVersion.agreementNumber, number),
        eq(agreementVersion.version, version),
        eq(agreementVersion.state, "active"),
      ),
    )
    .returning({ version: agreementVersion.version });
  return stopped.length > 0;
}

export type GlassState = "WAITING" | "LAPSED" | "OPEN" | "UNREVIEWED" | "REVIEWED";

const stateOfGlass = (now: Date) => sql<GlassState>`case when ${glassBreak.reviewedAt} is not null then 'REVIEWED'
  when ${glassBreak.closesAt} <= ${now.toISOString()}::timestamptz then 'UNREVIEWED' when ${glassBreak.closesAt} is not null then 'OPEN'
  when ${glassBreak.requestedAt} <= ${now.toISOString()}::timestamptz - interval '1 hour' then 'LAPSED' else 'WAITING' end`;

const glasses = (db: Db, now: Date) =>
  db
    .select({
      row: glassBreak,
      state: stateOfGlass(now),
      reviewDue: sql<string | null>`${glassBreak.closesAt} + interval '72 hours'`,
      consumer: agreement.consumerAgency,
    })
    .from(glassBreak)
    .innerJoin(agreement, eq(agreement.number, glassBreak.agreementNumber));

/** A breaking of the glass as it stands at an instant. */
export type GlassRow = typeof glassBreak.$inferSelect & {
  readonly state: GlassState;
  readonly reviewDue: string | null;
  readonly consumer: string;
};
const flat = ({ row, ...rest }: Awaited<ReturnType<typeof glasses>>[number]): GlassRow => ({ ...row, ...rest });

/** Newest first; `state` null: all. */
export async function glassesIn(
  db: Db,
  now: Date,
  { state, first }: { readonly state: GlassState | null; readonly first: number },
): Promise<GlassRow[]> {
  const rows = await glasses(db, now)
    .where(state === null ? undefined : sql`${stateOfGlass(now)} = ${state}`)
    .orderBy(desc(glassBreak.requestedAt), glassBreak.id)
    .limit(first);
  return rows.map(flat);
}

export async function glassById(db: Db, now: Date, id: string): Promise<GlassRow | undefined> {
  const [row] = await glasses(db, now).where(eq(glassBreak.id, id));
  return row && flat(row);
}

/** Breakings of a version that wait or are open. */
export async function glassesAlive(
  db: Db,
  now: Date,
  { agreementNumber, version }: { readonly agreementNumber: string; readonly version: number },
): Promise<GlassRow[]> {
  const rows = await glasses(db, now).where(
    and(
      eq(glassBreak.agreementNumber, agreementNumber),
      eq(glassBreak.version, version),
      sql`${stateOfGlass(now)} in ('WAITING', 'OPEN')`,
    ),
  );
  return rows.map(flat);
}

export const insertGlass = (db: Db, row: NewGlass) => db.insert(glassBreak).values(row);

/** Opens it, unless it was confirmed before. */
export const openGlass = (
  db: Db,
  id: string,
  set: { readonly confirmedBy: string; readonly openedAt: string; readonly closesAt: string },
) =>
  db
    .update(glassBreak)
    .set(set)
    .where(and(eq(glassBreak.id, id), isNull(glassBreak.confirmedBy)))
    .returning({ id: glassBreak.id });

/** Closes the case, unless it was reviewed before. */
export const closeGlass = (
  db: Db,
  id: string,
  set: { readonly reviewedBy: string; readonly reviewedAt: string; readonly finding: "JUSTIFIED" | "VIOLATION" },
) =>
  db
    .update(glassBreak)
    .set(set)
    .where(and(eq(glassBreak.id, id), isNull(glassBreak.reviewedAt)))
    .returning({ id: glassBreak.id });

const ALERT_KINDS = ["GLASS_OPENED", "GLASS_REVIEWED", "REIDENTIFIED", "EVENTS_PAUSED"] as const;
/** Events about a steward, whose id is the first word of the detail (lifecycle/enrol.ts). */
const STEWARD_KINDS = ["steward_enrolled", "steward_key_retired"] as const;
export interface Alert {
  readonly actor: string;
  readonly kind: (typeof ALERT_KINDS)[number];
  readonly agreementNumber: string;
  readonly version: number;
  readonly detail: string;
}
export const raise = (db: Db, alert: Alert) => db.insert(policyEvent).values(alert);

export type AlertRow = Pick<Alert, "actor" | "detail"> & {
  readonly at: string;
  readonly kind: Alert["kind"] | Uppercase<(typeof STEWARD_KINDS)[number]>;
  /** Null: it is about a steward. */
  readonly agreementNumber: string | null;
  readonly version: number | null;
};

/** Alerts about agreements an agency uses, or whose version opens data it controls, and about its own stewards. Newest first. */
export const alertsFor = (
  db: Db,
  { agency, supergraph, first }: { readonly agency: string; readonly supergraph: string; readonly first: number },
): Promise<AlertRow[]> => {
  const owns = sql`exists (select from ${resolvedCoordinate} r join ${coordinate} c on c.coordinate = r.coordinate
    where c.supergraph_hash = ${supergraph} and r.agreement_number = ${policyEvent.agreementNumber} and r.version = ${policyEvent.version}
      and c.class <> 'PUBLIC' and ${agency} = any(c.owners))`;
  const serves = sql`exists (select from ${steward} s where s.id = split_part(${policyEvent.detail}, ' ', 1) and s.agency_code = ${agency})`;
  return db
    .select({
      at: policyEvent.at,
      actor: policyEvent.actor,
      kind: sql<AlertRow["kind"]>`upper(${policyEvent.kind})`,
      agreementNumber: agreement.number,
      version: policyEvent.version,
      detail: policyEvent.detail,
    })
    .from(policyEvent)
    .leftJoin(agreement, eq(agreement.number, policyEvent.agreementNumber))
    .where(
      or(
        and(isOneOf(policyEvent.kind, ALERT_KINDS, "text"), sql`(${agreement.consumerAgency} = ${agency} or ${owns})`),
        and(isOneOf(policyEvent.kind, STEWARD_KINDS, "text"), serves),
      ),
    )
    .orderBy(desc(policyEvent.id))
    .limit(first);
};

const MAX_DOCUMENTS = 2000;

/** Those in use first, then the newest. */
export const documentsOf = (db: Db, number: string): Promise<DocumentRow[]> =>
  db
    .select()
    .from(trustedDocument)
    .where(eq(trustedDocument.agreementNumber, number))
    .orderBy(sql`${trustedDocument.retiredAt} desc nulls first`, desc(trustedDocument.registeredAt), trustedDocument.id)
    .limit(MAX_DOCUMENTS);

/** Documents of an agreement by id. Any order. */
export const documentsById = (db: Db, number: string, ids: readonly string[]): Promise<DocumentRow[]> =>
  db
    .select()
    .from(trustedDocument)
    .where(and(eq(trustedDocument.agreementNumber, number), isOneOf(trustedDocument.id, ids, "text")));

export const insertDocuments = (db: Db, rows: readonly (typeof trustedDocument.$inferInsert)[]) =>
  db
    .insert(trustedDocument)
    .values([...rows])
    .onConflictDoNothing();

export const retire = (db: Db, number: string, { id, at }: { readonly id: string; readonly at: string }) =>
  db
    .update(trustedDocument)
    .set({ retiredAt: at })
    .where(and(eq(trustedDocument.agreementNumber, number), eq(trustedDocument.id, id), isNull(trustedDocument.retiredAt)));

/** Subjects behind pseudonyms (hex) that an agency was given for a purpose; unknown ones are absent. */
export const subjectsBehind = (
  db: Db,
  {
    agency,
    purpose: code,
    pseudonyms,
  }: { readonly agency: string; readonly purpose: string; readonly pseudonyms: readonly string[] },
) =>
  db
    .select({ pseudonym: sql<string>`encode(${issuedPseudonym.pseudonym}, 'hex')`, subject: issuedPseudonym.subject })
    .from(issuedPseudonym)
    .where(
      and(
        eq(issuedPseudonym.agencyCode, agency),
        eq(issuedPseudonym.purposeCode, code),
        sql`${issuedPseudonym.pseudonym} in (select decode(given, 'hex') from unnest(${sql.param([...pseudonyms])}::text[]) given)`,
      ),
    );
