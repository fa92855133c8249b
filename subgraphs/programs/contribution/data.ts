import { and, asc, count, desc, eq, type SQL, sql } from "drizzle-orm";
import type { Db } from "../../../drizzle/client.ts";
import { pbiReplacement, pbiReplacementLine, pbiRequest } from "../../../drizzle/tables/programs/contribution.ts";
import { enrolment } from "../../../drizzle/tables/programs/programs.ts";
import type { RegionRange } from "../../../schema/values/regionCode.ts";
import { isBehind, isInRegions, isOneOf, uuids } from "../../kit/data.ts";
import type { Window } from "../../kit/page.ts";

export type MembershipRow = typeof enrolment.$inferSelect;
export type PbiRequestRow = typeof pbiRequest.$inferSelect;
export type ReplacementRow = typeof pbiReplacement.$inferSelect;
export type ReplacementLineRow = typeof pbiReplacementLine.$inferSelect;

const MAX_OF_A_LIST = 100;
const OF_PBI = eq(enrolment.program, "PBI_JK");

export interface MembershipList {
  readonly regions: readonly RegionRange[];
  /** Null: every state that runs. */
  readonly state: MembershipRow["state"] | null;
}

const isMember = ({ regions, state }: MembershipList): SQL | undefined =>
  and(
    OF_PBI,
    isInRegions(enrolment.region, regions),
    state === null ? sql`${enrolment.state} not in ('GRADUATED', 'EXITED')` : eq(enrolment.state, state),
  );

/** One window of the members, in order of id. No region, no member: answered without SQL. */
export async function listMemberships(db: Db, list: MembershipList, { limit, after }: Window): Promise<MembershipRow[]> {
  if (list.regions.length === 0) return [];
  return db
    .select()
    .from(enrolment)
    .where(and(isMember(list), isBehind([enrolment.id], after)))
    .orderBy(asc(enrolment.id))
    .limit(limit);
}

/** How many there are. */
export async function countMemberships(db: Db, list: MembershipList): Promise<number> {
  if (list.regions.length === 0) return 0;
  const [row] = await db.select({ n: count() }).from(enrolment).where(isMember(list));
  return row?.n ?? 0;
}

/** Memberships of a person, newest first. */
export const membershipsOf = (db: Db, person: string): Promise<MembershipRow[]> =>
  db
    .select()
    .from(enrolment)
    .where(and(OF_PBI, eq(enrolment.personId, person)))
    .orderBy(desc(enrolment.startedOn), enrolment.id)
    .limit(MAX_OF_A_LIST);

export interface ContributionRow extends Record<string, unknown> {
  readonly id: string;
  readonly months: number;
  readonly amount: string;
}

/** Contributions due for memberships from one month to another (`YYYY-MM-01`). One statement. */
export const contributionsOf = async (
  db: Db,
  ids: readonly string[],
  { from, to }: { readonly from: string; readonly to: string },
): Promise<ContributionRow[]> => [
  ...(await db.execute<ContributionRow>(
    sql`select enrolment_id as id, months, amount::text as amount from programs.contributions(${sql.param(uuids(ids))}::uuid[], ${from}::date, ${to}::date)`,
  )),
];

/** Proposals by id. Any order; what is unknown, or the asker's to know nothing of, is absent. */
export const requestsById = (db: Db, ids: readonly string[]): Promise<PbiRequestRow[]> =>
  db
    .select()
    .from(pbiRequest)
    .where(isOneOf(pbiRequest.id, uuids(ids), "uuid"));

/** Proposals about a person, newest first. */
export const requestsOf = (db: Db, person: string): Promise<PbiRequestRow[]> =>
  db
    .select()
    .from(pbiRequest)
    .where(eq(pbiRequest.personId, person))
    .orderBy(desc(pbiRequest.proposedAt), pbiRequest.id)
    .limit(MAX_OF_A_LIST);

/** States as they are told: an emergency that is active for now, or was, is a proposal like others. */
const WAITING: readonly PbiRequestRow["state"][] = ["PROPOSED", "PROVISIONAL", "LAPSED"];
export type ToldState = "PROPOSED" | "VERIFIED" | "REJECTED";
export const toldState = (state: PbiRequestRow["state"]): ToldState =>
  state === "VERIFIED" || state === "REJECTED" ? state : "PROPOSED";

export interface RequestList {
  readonly regions: readonly RegionRange[];
  readonly kind: PbiRequestRow["kind"] | null;
  readonly state: ToldState | null;
}

const isAsked = ({ regions, kind, state }: RequestList): SQL | undefined =>
  and(
    isInRegions(pbiRequest.region, regions),
    kind === null ? undefined : eq(pbiRequest.kind, kind),
    state === null ? undefined : isOneOf(pbiRequest.state, state === "PROPOSED" ? WAITING : [state], "text"),
  );

/** One window of a list, the longest waiting first. No region, no proposal: answered without SQL. */
export async function listRequests(db: Db, list: RequestList, { limit, after }: Window): Promise<PbiRequestRow[]> {
  if (list.regions.length === 0) return [];
  return db
    .select()
    .from(pbiRequest)
    .where(and(isAsked(list), isBehind([pbiRequest.proposedAt, pbiRequest.id], after)))
    .orderBy(asc(pbiRequest.proposedAt), asc(pbiRequest.id))
    .limit(limit);
}

/** Length of a list. */
export async function countRequests(db: Db, list: RequestList): Promise<number> {
  if (list.regions.length === 0) return 0;
  const [row] = await db.select({ n: count() }).from(pbiRequest).where(isAsked(list));
  return row?.n ?? 0;
}

type Sent = "id" | "kind" | "personId" | "region" | "isEmergency" | "identityPaper" | "familyPaper" | "inabilityPaper" | "words";

/** Proposes; the basis, the clock and who did it are the database's to say. */
export const insertRequest = async (db: Db, row: Pick<PbiRequestRow, Sent>): Promise<PbiRequestRow | undefined> => {
  const filled = { program: "PBI_JK", proposedBy: "", proposedAgency: "", proposedAt: new Date(0).toISOString() };
  return (
    await db
      .insert(pbiRequest)
      .values({ ...row, ...filled })
      .returning()
  )[0];
};

export interface Seen {
  readonly id: string;
  readonly version: number;
}

/** Decides a proposal that is still as it was seen; undefined: it is not, or is not the asker's to see. */
export const moveRequest = async (
  db: Db,
  { id, version }: Seen,
  step: Pick<PbiRequestRow, "state" | "decisionReason">,
): Promise<PbiRequestRow | undefined> =>
  (
    await db
      .update(pbiRequest)
      .set(step)
      .where(and(isOneOf(pbiRequest.id, uuids([id]), "uuid"), eq(pbiRequest.version, version)))
      .returning()
  )[0];

/** Replacements by id. Any order. */
export const replacementsById = (db: Db, ids: readonly string[]): Promise<ReplacementRow[]> =>
  db
    .select()
    .from(pbiReplacement)
    .where(isOneOf(pbiReplacement.id, uuids(ids), "uuid"));

/** Replacements, newest first. */
export const listReplacements = (db: Db): Promise<ReplacementRow[]> =>
  db.select().from(pbiReplacement).orderBy(desc(pbiReplacement.madeAt), pbiReplacement.id).limit(MAX_OF_A_LIST);

const isOnSide = (batch: string, side: ReplacementLineRow["side"]): SQL | undefined =>
  and(eq(pbiReplacementLine.replacementId, batch), eq(pbiReplacementLine.side, side));

/** One window of one side of a replacement, in order of place. */
export const listLines = (
  db: Db,
  { batch, side }: { readonly batch: string; readonly side: ReplacementLineRow["side"] },
  { limit, after }: Window,
): Promise<ReplacementLineRow[]> =>
  db
    .select()
    .from(pbiReplacementLine)
    .where(and(isOnSide(batch, side), isBehind([pbiReplacementLine.place], after)))
    .orderBy(asc(pbiReplacementLine.place))
    .limit(limit);

/** Length of one side. */
export async function countLines(db: Db, batch: string, side: ReplacementLineRow["side"]): Promise<number> {
  const [row] = await db.select({ n: count() }).from(pbiReplacementLine).where(isOnSide(batch, side));
  return row?.n ?? 0;
}

/** Asks for a replacement and hands it to a job; who did it is the database's to say. */
export async function insertReplacement(
  db: Db,
  row: Pick<ReplacementRow, "id" | "region" | "most" | "reason">,
): Promise<ReplacementRow | undefined> {
  const filled = { program: "PBI_JK", madeBy: "", madeAt: new Date(0).toISOString() };
  const [made] = await db
    .insert(pbiReplacement)
    .values({ ...row, ...filled })
    .returning();
  await db.execute(sql`select programs.enqueue('aid_pbi_replacement', ${row.id})`);
  return made;
}

/** Moves a replacement that is still as it was seen; undefined: it is not, or is not the asker's to see. */
export const moveReplacement = async (
  db: Db,
  { id, version }: Seen,
  step: Partial<Pick<ReplacementRow, "state" | "decree">>,
): Promise<ReplacementRow | undefined> =>
  (
    await db
      .update(pbiReplacement)
      .set(step)
      .where(and(isOneOf(pbiReplacement.id, uuids([id]), "uuid"), eq(pbiReplacement.version, version)))
      .returning()
  )[0];
