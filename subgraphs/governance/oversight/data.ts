import { and, asc, desc, eq, gte, isNull, lt, ne, or, type SQL, sql } from "drizzle-orm";
import type { Db } from "../../../drizzle/client.ts";
import { resolvedCoordinate } from "../../../drizzle/tables/governance/agreement.ts";
import { client, coordinate, steward } from "../../../drizzle/tables/governance/governance.ts";
import { breachCase, breachSubject, canary, sanction, watchAlert } from "../../../drizzle/tables/governance/oversight.ts";
import type { DataClass } from "../../../schema/policy/words.ts";
import { isBehind, isOneOf } from "../../kit/data.ts";
import type { Window } from "../../kit/page.ts";

export type SanctionRow = typeof sanction.$inferSelect;
export type AlertRow = typeof watchAlert.$inferSelect;
export type CanaryRow = typeof canary.$inferSelect;
export type BreachRow = typeof breachCase.$inferSelect;
export type AffectedRow = Pick<typeof breachSubject.$inferSelect, "type" | "subjectId">;

export interface CountRow extends Pick<AffectedRow, "type"> {
  readonly breachId: string;
  readonly subjects: number;
}

/** Agency of a client; null: there is no such client. */
export async function agencyOfClient(db: Db, id: string): Promise<string | null> {
  const [row] = await db.select({ agency: client.agencyCode }).from(client).where(eq(client.id, id));
  return row?.agency ?? null;
}

/** Sanctions, newest first; `agency` null: all. */
export const sanctionsOf = (db: Db, { agency, first }: { agency: string | null; first: number }): Promise<SanctionRow[]> =>
  db
    .select()
    .from(sanction)
    .where(agency === null ? undefined : eq(sanction.agencyCode, agency))
    .orderBy(desc(sanction.imposedAt), sanction.id)
    .limit(first);

/** Sanctions imposed within [since, before), newest first. */
export const sanctionsWithin = (db: Db, { since, before }: { since: string; before: string }): Promise<SanctionRow[]> =>
  db
    .select()
    .from(sanction)
    .where(and(gte(sanction.imposedAt, since), lt(sanction.imposedAt, before)))
    .orderBy(desc(sanction.imposedAt), sanction.id);

export const insertSanction = (db: Db, row: typeof sanction.$inferInsert): Promise<SanctionRow[]> =>
  db.insert(sanction).values(row).returning();

/** Empty: there is none of that id that is not lifted. */
export const liftSanction = (
  db: Db,
  id: string,
  set: { readonly liftedBy: string; readonly liftedAt: string; readonly liftReason: string },
): Promise<SanctionRow[]> =>
  db
    .update(sanction)
    .set(set)
    .where(and(eq(sanction.id, id), isNull(sanction.liftedAt)))
    .returning();

interface AlertsWanted {
  /** Null: of all. */
  readonly agency: string | null;
  readonly kind: AlertRow["kind"] | null;
  readonly first: number;
}

/** Alerts, newest first: about an agency's clients, or agreements that open data it controls in the newest schema, `supergraph`. It learns of no canary. */
export const alertsFor = (db: Db, supergraph: string, { agency, kind, first }: AlertsWanted): Promise<AlertRow[]> => {
  const owns = sql`exists (select from ${resolvedCoordinate} r join ${coordinate} c on c.coordinate = r.coordinate
    where c.supergraph_hash = ${supergraph} and r.agreement_number = ${watchAlert.agreement} and c.class <> 'PUBLIC' and ${agency} = any(c.owners))`;
  return db
    .select()
    .from(watchAlert)
    .where(
      and(
        agency === null ? undefined : and(ne(watchAlert.kind, "CANARY_TOUCHED"), or(eq(watchAlert.agencyCode, agency), owns)),
        kind === null ? undefined : eq(watchAlert.kind, kind),
      ),
    )
    .orderBy(desc(watchAlert.id))
    .limit(first);
};

/** Those in use first, then the newest. */
export const listCanaries = (db: Db): Promise<CanaryRow[]> =>
  db.select().from(canary).orderBy(sql`${canary.retiredAt} desc nulls first`, desc(canary.plantedAt));

/** Empty: it is planted already. */
export const insertCanary = (db: Db, row: typeof canary.$inferInsert): Promise<CanaryRow[]> =>
  db.insert(canary).values(row).onConflictDoNothing().returning();

export const canaryOf = (db: Db, personId: string): Promise<CanaryRow[]> =>
  db.select().from(canary).where(eq(canary.personId, personId));

/** Empty: there is none in use. */
export const retireCanary = (db: Db, personId: string, retiredAt: string): Promise<CanaryRow[]> =>
  db
    .update(canary)
    .set({ retiredAt })
    .where(and(eq(canary.personId, personId), isNull(canary.retiredAt)))
    .returning();

export const insertBreach = (db: Db, row: typeof breachCase.$inferInsert): Promise<BreachRow[]> =>
  db.insert(breachCase).values(row).returning();

/** Cases of an agency's officers and about its clients; null: all. Newest first. */
export const breachesOf = (db: Db, { agency, first }: { agency: string | null; first: number }): Promise<BreachRow[]> =>
  db
    .select()
    .from(breachCase)
    .where(agency === null ? undefined : isOfAgency(agency))
    .orderBy(desc(breachCase.number))
    .limit(first);

const isOfAgency = (
  agency: string,
): SQL => sql`(exists (select from ${steward} s where s.id = ${breachCase.openedBy} and s.agency_code = ${agency})
  or exists (select from ${client} c where c.id = ${breachCase.clientId} and c.agency_code = ${agency}))`;

export async function breachByNumber(db: Db, number: string, agency: string | null): Promise<BreachRow | undefined> {
  const [row] = await db
    .select()
    .from(breachCase)
    .where(and(eq(breachCase.number, number), agency === null ? undefined : isOfAgency(agency)));
  return row;
}

/** The same wish of the same officer, while it is not closed. */
export async function sameBreach(db: Db, wanted: Recognised): Promise<BreachRow | undefined> {
  const { windowFrom, windowTo, detectedAt, title, openedBy, clientId, closedAt } = breachCase;
  const [row] = await db
    .select()
    .from(breachCase)
    .where(
      and(
        ...[eq(openedBy, wanted.openedBy), eq(title, wanted.title), isNull(closedAt)],
        wanted.clientId === null ? isNull(clientId) : eq(clientId, wanted.clientId),
        sql`(${windowFrom}, ${windowTo}, ${detectedAt}) = (${wanted.windowFrom}::timestamptz, ${wanted.windowTo}::timestamptz, ${wanted.detectedAt}::timestamptz)`,
        sql`${breachCase.coordinates} = ${sql.param([...wanted.coordinates])}::text[]`,
      ),
    );
  return row;
}
type Recognised = Pick<BreachRow, "title" | "windowFrom" | "windowTo" | "detectedAt" | "clientId" | "coordinates" | "openedBy">;

/** What happens to a case; empty: it was so before. */
export const moveBreach = (
  db: Db,
  id: string,
  set: Partial<Pick<BreachRow, "handling" | "subjectsNotifiedAt" | "authorityNotifiedAt" | "closedAt" | "closedBy">>,
): Promise<BreachRow[]> => db.update(breachCase).set(set).where(eq(breachCase.id, id)).returning();

/** Stands in place of a type where a tag leads back to nobody (drizzle/watch/breaches.ts). */
export const UNNAMED = "lookup";

/** How many rows of which type cases affected, in order of type within each; UNNAMED among them. */
export const affectedByType = (db: Db, breachIds: readonly string[]): Promise<CountRow[]> =>
  db
    .select({ breachId: breachSubject.breachId, type: breachSubject.type, subjects: sql<number>`count(*)::int` })
    .from(breachSubject)
    .where(isOneOf(breachSubject.breachId, breachIds, "uuid"))
    .groupBy(breachSubject.breachId, breachSubject.type)
    .orderBy(asc(breachSubject.breachId), asc(breachSubject.type));

const isAffected = (breachId: string, type: string | null) =>
  and(
    eq(breachSubject.breachId, breachId),
    ne(breachSubject.type, UNNAMED),
    type === null ? undefined : eq(breachSubject.type, type),
  );

/** In order of type and id. */
export const listAffected = (
  db: Db,
  breachId: string,
  { type, limit, after }: Window & { type: string | null },
): Promise<AffectedRow[]> =>
  db
    .select({ type: breachSubject.type, subjectId: breachSubject.subjectId })
    .from(breachSubject)
    .where(and(isAffected(breachId, type), isBehind([breachSubject.type, breachSubject.subjectId], after)))
    .orderBy(asc(breachSubject.type), asc(breachSubject.subjectId))
    .limit(limit);

export const countAffected = (db: Db, breachId: string, type: string | null): Promise<number> =>
  db.$count(breachSubject, isAffected(breachId, type));

/** JSON text of governance.accountability_of; days are WIB, both included. */
export async function accountabilityText(db: Db, from: string, to: string): Promise<string> {
  const [row] = await db.execute<{ told: string }>(
    sql`select governance.accountability_of(${from}::date, ${to}::date)::text as told`,
  );
  if (!row) throw new Error("governance.accountability_of answered nothing");
  return row.told;
}

/** An agreement in force with what its version opens in the newest schema. */
export interface ProcessedRow extends Record<string, unknown> {
  readonly number: string;
  readonly title: string;
  readonly version: number;
  readonly consumerAgency: string;
  readonly purposeCode: string;
  readonly dpiaId: string | null;
  readonly retentionDays: number | null;
  readonly controllers: string[];
  readonly coordinates: string[];
  readonly classes: { readonly class: DataClass; readonly coordinates: number }[];
  readonly requestsOfYear: number;
}

/** Agreements in force at `now`, by number. */
export const processedAt = (db: Db, now: Date, supergraph: string): Promise<ProcessedRow[]> =>
  db.execute<ProcessedRow>(sql`
    with pinned as (
      select v.agreement_number, v.version, c.coordinate, c.class, c.owners
      from governance.agreement_version v join governance.resolved_coordinate r on r.agreement_number = v.agreement_number and r.version = v.version
        join governance.coordinate c on c.supergraph_hash = ${supergraph} and c.coordinate = r.coordinate and c.kind = 'output'
      where v.state = 'active' and v.valid_from <= ${now.toISOString()}::timestamptz and v.valid_to > ${now.toISOString()}::timestamptz
    )
    select a.number, a.title, p.version, a.consumer_agency as "consumerAgency", a.purpose_code as "purposeCode", a.dpia_id as "dpiaId", u.retention_days as "retentionDays",
      array(select distinct o from pinned x, unnest(x.owners) o where x.agreement_number = a.number and x.class <> 'PUBLIC' order by o) as controllers,
      array_agg(p.coordinate order by p.coordinate) as coordinates,
      (select json_agg(json_build_object('class', x.class, 'coordinates', x.n) order by x.class) from
        (select class, count(*)::int as n from pinned where agreement_number = a.number group by class) x) as classes,
      (select coalesce(sum(d.requests), 0)::int from governance.usage_day d where d.agreement = a.number and d.disclosure <> 'SEALED'
        and d.day > (${now.toISOString()}::timestamptz at time zone 'Asia/Jakarta')::date - interval '12 months') as "requestsOfYear"
    from governance.agreement a join pinned p on p.agreement_number = a.number join governance.purpose u on u.code = a.purpose_code
    group by a.number, u.code, p.version order by a.number`) as Promise<ProcessedRow[]>;
