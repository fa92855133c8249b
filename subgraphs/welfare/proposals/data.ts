import { and, asc, count, desc, eq, or, type SQL, sql } from "drizzle-orm";
import type { Db } from "../../../drizzle/client.ts";
import {
  calendarWindow,
  deliberation,
  deliberationDecision,
  fieldPresence,
  fieldVerification,
  proposal,
  proposalCandidate,
  responsibilityStatement,
} from "../../../drizzle/tables/welfare/proposals.ts";
import { member } from "../../../drizzle/tables/welfare/welfare.ts";
import type { RegionRange } from "../../../schema/values/regionCode.ts";
import { isBehind, isInRegions, isOneOf, uuids } from "../../kit/data.ts";
import type { Window } from "../../kit/page.ts";

export type ProposalRow = typeof proposal.$inferSelect;
export type CandidateRow = typeof proposalCandidate.$inferSelect;
export type DeliberationRow = typeof deliberation.$inferSelect;
export type DecisionRow = typeof deliberationDecision.$inferSelect;
export type StatementRow = typeof responsibilityStatement.$inferSelect;
export type VisitRow = typeof fieldVerification.$inferSelect;
export type PresenceRow = typeof fieldPresence.$inferSelect;
export type WindowRow = typeof calendarWindow.$inferSelect;
type MemberRow = typeof member.$inferSelect;
type Ids = readonly string[];

/** A row as somebody saw it. */
export interface Seen {
  readonly id: string;
  readonly version: number;
}

/** Proposals by id. Any order. */
export const proposalsById = (db: Db, ids: Ids): Promise<ProposalRow[]> =>
  db
    .select()
    .from(proposal)
    .where(isOneOf(proposal.id, uuids(ids), "uuid"));

export interface ProposalList {
  readonly regions: readonly RegionRange[];
  readonly state: ProposalRow["state"] | null;
  readonly channel: ProposalRow["channel"] | null;
}

const isListed = ({ regions, state, channel }: ProposalList): SQL | undefined =>
  and(
    isInRegions(proposal.region, regions),
    state === null ? undefined : eq(proposal.state, state),
    channel === null ? undefined : eq(proposal.channel, channel),
  );

/** One window of a list, by number. */
export async function listProposals(db: Db, list: ProposalList, { limit, after }: Window): Promise<ProposalRow[]> {
  if (list.regions.length === 0) return [];
  return db
    .select()
    .from(proposal)
    .where(and(isListed(list), isBehind([proposal.number], after)))
    .orderBy(asc(proposal.number))
    .limit(limit);
}

export async function countProposals(db: Db, list: ProposalList): Promise<number> {
  if (list.regions.length === 0) return 0;
  const [row] = await db.select({ n: count() }).from(proposal).where(isListed(list));
  return row?.n ?? 0;
}

/** Proposals a person made, newest first; at most 100. */
export const proposalsOfCitizen = (db: Db, person: string): Promise<ProposalRow[]> =>
  db.select().from(proposal).where(eq(proposal.proposerCitizen, person)).orderBy(desc(proposal.number)).limit(100);

export const candidatesById = (db: Db, ids: Ids): Promise<CandidateRow[]> =>
  db
    .select()
    .from(proposalCandidate)
    .where(isOneOf(proposalCandidate.id, uuids(ids), "uuid"));

/** Candidates of proposals, in order of entry within each. */
export const candidatesOf = (db: Db, proposals: Ids): Promise<CandidateRow[]> =>
  db
    .select()
    .from(proposalCandidate)
    .where(isOneOf(proposalCandidate.proposalId, uuids(proposals), "uuid"))
    .orderBy(asc(proposalCandidate.proposalId), asc(proposalCandidate.position));

/** Candidates that wait for an answer of population, those of the oldest proposals first; for the exchange or a verifier. */
export async function candidatesWaiting(db: Db, limit: number): Promise<CandidateRow[]> {
  const rows = await db
    .select({ candidate: proposalCandidate })
    .from(proposalCandidate)
    .innerJoin(sql`welfare.candidates_waiting(${limit}) with ordinality w(id, n)`, sql`w.id = ${proposalCandidate.id}`)
    .orderBy(sql`w.n`);
  return rows.map(({ candidate }) => candidate);
}

/** Members that wait for an answer of population, by household. */
export const membersWaiting = (db: Db, limit: number): Promise<MemberRow[]> =>
  db
    .select()
    .from(member)
    .where(and(eq(member.matchStatus, "NOT_YET_MATCHED"), eq(member.state, "ACTIVE")))
    .orderBy(asc(member.householdId), asc(member.id))
    .limit(limit);

/** Members by id. Any order. */
export const membersClaiming = (db: Db, ids: Ids): Promise<MemberRow[]> =>
  db
    .select()
    .from(member)
    .where(isOneOf(member.id, uuids(ids), "uuid"));

/** Writes windows of the calendar; the rules of the database say who may. */
export const insertWindows = (db: Db, windows: (typeof calendarWindow.$inferInsert)[]): Promise<WindowRow[]> =>
  db.insert(calendarWindow).values(windows).returning();

/** Windows of the calendar that hold on a day, by step. */
export const windowsOn = (db: Db, day: string): Promise<WindowRow[]> =>
  db
    .selectDistinctOn([calendarWindow.step])
    .from(calendarWindow)
    .where(
      and(
        sql`${calendarWindow.validFrom} <= ${day}`,
        or(sql`${calendarWindow.validTo} is null`, sql`${day} < ${calendarWindow.validTo}`),
      ),
    )
    .orderBy(asc(calendarWindow.step), desc(calendarWindow.validFrom));

export const deliberationsById = (db: Db, ids: Ids): Promise<DeliberationRow[]> =>
  db
    .select()
    .from(deliberation)
    .where(isOneOf(deliberation.id, uuids(ids), "uuid"));

/** Decisions of deliberations, by the proposals' numbers. */
export async function decisionsOf(db: Db, deliberations: Ids): Promise<DecisionRow[]> {
  const rows = await db
    .select({ decision: deliberationDecision })
    .from(deliberationDecision)
    .innerJoin(proposal, eq(proposal.id, deliberationDecision.proposalId))
    .where(isOneOf(deliberationDecision.deliberationId, uuids(deliberations), "uuid"))
    .orderBy(asc(proposal.number));
  return rows.map(({ decision }) => decision);
}

export const statementsById = (db: Db, ids: Ids): Promise<StatementRow[]> =>
  db
    .select()
    .from(responsibilityStatement)
    .where(isOneOf(responsibilityStatement.id, uuids(ids), "uuid"));

/** Visits to proposed households, oldest first within each. */
export const visitsOf = (db: Db, proposals: Ids): Promise<VisitRow[]> =>
  db
    .select()
    .from(fieldVerification)
    .where(isOneOf(fieldVerification.proposalId, uuids(proposals), "uuid"))
    .orderBy(asc(fieldVerification.proposalId), asc(fieldVerification.visitedOn), asc(fieldVerification.id));

export const visitsById = (db: Db, ids: Ids): Promise<VisitRow[]> =>
  db
    .select()
    .from(fieldVerification)
    .where(isOneOf(fieldVerification.id, uuids(ids), "uuid"));

/** What was seen at visits, by the candidates' order of entry. */
export async function presencesOf(db: Db, visits: Ids): Promise<(PresenceRow & Pick<CandidateRow, "matchStatus">)[]> {
  const rows = await db
    .select({ presence: fieldPresence, matchStatus: proposalCandidate.matchStatus })
    .from(fieldPresence)
    .innerJoin(proposalCandidate, eq(proposalCandidate.id, fieldPresence.candidateId))
    .where(isOneOf(fieldPresence.visitId, uuids(visits), "uuid"))
    .orderBy(asc(proposalCandidate.position));
  return rows.map(({ presence, matchStatus }) => ({ ...presence, matchStatus }));
}

type Claimed = Pick<
  CandidateRow,
  "relation" | "claimedName" | "claimedNik" | "claimedBirthDate" | "claimedSex" | "claimedBirthPlace" | "claimedCardNumber"
>;
/** One claim of a candidate. */
export type ClaimedCandidate = Pick<CandidateRow, "id"> & Claimed;
export type NewProposal = Pick<ProposalRow, "id" | "region" | "channel" | "aid" | "basis" | "address">;

/** Claims as one parameter, whatever their number. */
const claimsFrom = (claims: readonly ClaimedCandidate[]): SQL =>
  sql`jsonb_to_recordset(${JSON.stringify(claims.map((claim, i) => ({ ...claim, position: i + 1 })))}::jsonb) c(
    id uuid, position int, relation welfare.family_relation, "claimedName" text, "claimedNik" text, "claimedBirthDate" date,
    "claimedSex" text, "claimedBirthPlace" text, "claimedCardNumber" text)`;

/** Writes a draft with its candidates, in their order. */
export async function insertProposal(db: Db, row: NewProposal, claims: readonly ClaimedCandidate[]): Promise<void> {
  await db.execute(sql`insert into welfare.proposal (id, region, channel, aid, basis, address)
    values (${row.id}, ${row.region}, ${row.channel}, ${sql.param([...row.aid])}::text[], ${row.basis}, ${row.address})`);
  await db.execute(sql`insert into welfare.proposal_candidate (id, proposal_id, position, relation, claimed_name, claimed_nik, claimed_birth_date,
      claimed_sex, claimed_birth_place, claimed_card_number)
    select c.id, ${row.id}, c.position, c.relation, c."claimedName", c."claimedNik", c."claimedBirthDate", c."claimedSex", c."claimedBirthPlace", c."claimedCardNumber"
    from ${claimsFrom(claims)}`);
}

/** Writes new claims of candidates of one proposal; how many there were. */
export async function repairClaims(db: Db, proposalId: string, claims: readonly ClaimedCandidate[]): Promise<number> {
  const rows = await db.execute(sql`update welfare.proposal_candidate p
    set relation = c.relation, claimed_name = c."claimedName", claimed_nik = c."claimedNik", claimed_birth_date = c."claimedBirthDate",
      claimed_sex = c."claimedSex", claimed_birth_place = c."claimedBirthPlace", claimed_card_number = c."claimedCardNumber"
    from ${claimsFrom(claims)} where p.id = c.id and p.proposal_id = ${proposalId} returning p.id`);
  return rows.length;
}

const isSeen = (table: typeof proposal | typeof fieldVerification, seen: readonly Seen[]): SQL => {
  const ids = sql.param(seen.map(({ id }) => id));
  const versions = sql.param(seen.map(({ version }) => version));
  return sql`(${table.id}, ${table.version}) in (select * from unnest(${ids}::uuid[], ${versions}::int[]))`;
};

/** What an act writes besides its name: the papers it rests on. */
export type Papers = Partial<
  Pick<ProposalRow, "reason" | "address" | "deliberationId" | "statementId" | "letterNumber" | "letterSha256">
>;

/** Moves proposals by one act; those that are not as they were seen are left out. Any order. */
export const moveProposals = (
  db: Db,
  act: string,
  { seen, ...papers }: Papers & { readonly seen: readonly Seen[] },
): Promise<ProposalRow[]> =>
  db
    .update(proposal)
    .set({ reason: null, ...papers, act })
    .where(
      and(
        isOneOf(
          proposal.id,
          seen.map(({ id }) => id),
          "uuid",
        ),
        isSeen(proposal, seen),
      ),
    )
    .returning();

export type NewDeliberation = Omit<DeliberationRow, "recordedBy" | "recordedAt">;

export async function insertDeliberation(
  db: Db,
  row: NewDeliberation,
  decisions: readonly Omit<DecisionRow, "region" | "deliberationId">[],
): Promise<void> {
  await db.execute(sql`insert into welfare.deliberation (id, region, kind, minutes_number, held_on, attendees, quorum, document_sha256, list_sha256)
    values (${row.id}, ${row.region}, ${row.kind}, ${row.minutesNumber}, ${row.heldOn}, ${JSON.stringify(row.attendees)}::jsonb, ${row.quorum}, ${row.documentSha256}, ${row.listSha256})`);
  await db.execute(sql`insert into welfare.deliberation_decision (deliberation_id, proposal_id, decision, reason)
    select ${row.id}, d."proposalId", d.decision, d.reason
    from jsonb_to_recordset(${JSON.stringify(decisions)}::jsonb) d("proposalId" uuid, decision text, reason text)`);
}

export async function insertStatement(db: Db, row: Omit<StatementRow, "signedBy">): Promise<void> {
  await db.execute(sql`insert into welfare.responsibility_statement (id, region, statement_number, signed_on, document_sha256)
    values (${row.id}, ${row.region}, ${row.statementNumber}, ${row.signedOn}, ${row.documentSha256})`);
}

/** Holds candidates and members until the transaction ends, so that what is read of their claims stays so. */
export const holdClaims = (db: Db, about: Ids) => db.execute(sql`select welfare.hold_claims(${sql.param([...about])}::uuid[])`);

export interface Recorded {
  readonly about: string;
  readonly status: CandidateRow["matchStatus"];
  readonly person: string | null;
  readonly reasons: readonly string[];
  readonly at: string;
}

/** Writes answers of population; proposals whose last candidate is answered move on. */
export const recordAnswers = (db: Db, answers: readonly Recorded[]) =>
  db.execute(sql`select welfare.record_validation(${JSON.stringify(answers)}::jsonb)`);

export type NewVisit = Pick<
  VisitRow,
  "id" | "proposalId" | "visitedOn" | "result" | "method" | "latitude" | "longitude" | "photoSha256"
>;
export type SeenPresence = Pick<PresenceRow, "candidateId" | "presence" | "code">;

export async function insertVisit(db: Db, row: NewVisit): Promise<void> {
  await db.execute(sql`insert into welfare.field_verification (id, proposal_id, act, visited_on, result, method, latitude, longitude, photo_sha256)
    values (${row.id}, ${row.proposalId}, 'SAVE', ${row.visitedOn}, ${row.result}, ${row.method}, ${row.latitude}, ${row.longitude}, ${sql.param([...row.photoSha256])}::text[])`);
}

/** Writes what was seen at a visit; of a candidate seen at it before, anew. */
export async function writePresences(db: Db, visitId: string, presences: readonly SeenPresence[]): Promise<void> {
  await db.execute(sql`insert into welfare.field_presence (visit_id, candidate_id, presence, code)
    select ${visitId}, p."candidateId", p.presence, p.code
    from jsonb_to_recordset(${JSON.stringify(presences)}::jsonb) p("candidateId" uuid, presence text, code text)
    on conflict (visit_id, candidate_id) do update set presence = excluded.presence, code = excluded.code`);
}

/** Writes judgements on candidates of a visit. */
export async function writeJudgements(
  db: Db,
  visitId: string,
  judged: readonly Pick<PresenceRow, "candidateId" | "code">[],
): Promise<void> {
  await db.execute(sql`update welfare.field_presence f set code = p.code
    from jsonb_to_recordset(${JSON.stringify(judged)}::jsonb) p("candidateId" uuid, code text)
    where f.visit_id = ${visitId} and f.candidate_id = p."candidateId"`);
}

/** Moves a visit by one act; empty when it is not as it was seen. */
export const moveVisit = (
  db: Db,
  act: string,
  { seen, ...written }: { readonly seen: Seen } & Partial<VisitRow>,
): Promise<VisitRow[]> =>
  db
    .update(fieldVerification)
    .set({ reason: null, ...written, act })
    .where(isSeen(fieldVerification, [seen]))
    .returning();
