import { and, count, desc, eq, gt, sql } from "drizzle-orm";
import type { Db } from "../../../drizzle/client.ts";
import { changeRequest, outbox } from "../../../drizzle/tables/welfare/changes.ts";
import { type Answers, memberLineage, survey, surveyMember } from "../../../drizzle/tables/welfare/registry.ts";
import { family, household, member } from "../../../drizzle/tables/welfare/welfare.ts";
import type { RegionRange } from "../../../schema/values/regionCode.ts";
import { isInRegions, isOneOf, uuids } from "../../kit/data.ts";
import type { Window } from "../../kit/page.ts";
import type { Plan } from "./preview/plan.ts";
import type { Family } from "./preview/shape.ts";

export type ChangeRequestRow = typeof changeRequest.$inferSelect;
export type NewChange = Pick<
  typeof changeRequest.$inferInsert,
  "id" | "kind" | "source" | "personId" | "householdId" | "effectiveOn" | "cardNumber" | "input" | "state"
>;
export type RegistryEventRow = typeof outbox.$inferSelect;

/** Household of each member and family, by its id; what is out of scope is absent. */
export async function householdsOf(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const known = uuids(ids);
  const [members, families] = await Promise.all([
    db
      .select({ id: member.id, home: member.householdId })
      .from(member)
      .where(isOneOf(member.id, known, "uuid")),
    db
      .select({ id: family.id, home: family.householdId })
      .from(family)
      .where(isOneOf(family.id, known, "uuid")),
  ]);
  return new Map([...members, ...families].map(({ id, home }) => [id, home]));
}

/** Households in which a person lives today. */
export const householdsOfPerson = async (db: Db, personId: string): Promise<string[]> =>
  (
    await db
      .selectDistinct({ id: member.householdId })
      .from(member)
      .where(and(eq(member.personId, personId), sql`${member.state} in ('ACTIVE', 'DORMANT')`))
  ).map(({ id }) => id);

/** Makes changes of the same households follow one another until the transaction ends. */
export const holdHouseholds = (db: Db, ids: readonly string[]) =>
  db.execute(sql`select welfare.hold_households(${sql.param([...ids])}::uuid[])`);

/** Families of households, by number within each. */
export const familiesIn = (db: Db, householdIds: readonly string[]): Promise<Family[]> =>
  db
    .select({
      id: family.id,
      householdId: family.householdId,
      registryNumber: family.registryNumber,
      numberInHousehold: family.numberInHousehold,
      region: family.region,
      decile: household.decile,
    })
    .from(family)
    .innerJoin(household, eq(household.id, family.householdId))
    .where(isOneOf(family.householdId, uuids(householdIds), "uuid"))
    .orderBy(family.householdId, family.numberInHousehold);

/** A member's sheet of a survey: variable → [original, confirmation, correction]. */
export interface Sheet extends Record<string, unknown> {
  readonly memberId: string;
  readonly answers: Answers;
}

/** Answers of members in their newest survey, also of the entries they go on from in families before. */
export const answersIn = (db: Db, householdIds: readonly string[]): Promise<readonly Sheet[]> =>
  db.execute<Sheet>(sql`with recursive line (member_id, source) as (
      select ${member.id}, ${member.id} from ${member} where ${isOneOf(member.householdId, uuids(householdIds), "uuid")}
      union select line.member_id, l.from_member_id from line join ${memberLineage} l on l.member_id = line.source
    )
    select distinct on (line.member_id) line.member_id as "memberId", a.answers from line join ${surveyMember} a on a.member_id = line.source
    join ${survey} s on s.id = a.survey_id order by line.member_id, s.visited_on desc, s.id desc`);

/** Changes by id. Any order. */
export const changesById = (db: Db, ids: readonly string[]): Promise<ChangeRequestRow[]> =>
  db
    .select()
    .from(changeRequest)
    .where(isOneOf(changeRequest.id, uuids(ids), "uuid"));

/** A list of changes. No region, no change: answered without SQL. */
export interface ChangeList {
  readonly regions: readonly RegionRange[];
  readonly state: ChangeRequestRow["state"] | null;
  readonly kind: ChangeRequestRow["kind"] | null;
}

const isListed = ({ regions, state, kind }: ChangeList) =>
  and(
    isInRegions(changeRequest.region, regions),
    state === null ? undefined : eq(changeRequest.state, state),
    kind === null ? undefined : eq(changeRequest.kind, kind),
  );

/** One window of a list, newest first. */
export const listChanges = async (db: Db, list: ChangeList, { limit, after }: Window): Promise<ChangeRequestRow[]> => {
  if (list.regions.length === 0) return [];
  const isNext = after && sql`(${changeRequest.madeAt}, ${changeRequest.id}) < (${after[0]}::timestamptz, ${after[1]}::uuid)`;
  return db
    .select()
    .from(changeRequest)
    .where(and(isListed(list), isNext ?? undefined))
    .orderBy(desc(changeRequest.madeAt), desc(changeRequest.id))
    .limit(limit);
};

/** Length of a list. */
export async function countChanges(db: Db, list: ChangeList): Promise<number> {
  if (list.regions.length === 0) return 0;
  const [row] = await db.select({ n: count() }).from(changeRequest).where(isListed(list));
  return row?.n ?? 0;
}

/** Changes about a person, newest first. */
export const changesAbout = (db: Db, personId: string, limit: number): Promise<ChangeRequestRow[]> =>
  db
    .select()
    .from(changeRequest)
    .where(eq(changeRequest.personId, personId))
    .orderBy(desc(changeRequest.madeAt), desc(changeRequest.id))
    .limit(limit);

/** Writes a new change; the rules of the database say who may, and fill in where and by whom. */
export async function insertChange(db: Db, change: NewChange): Promise<ChangeRequestRow | undefined> {
  const filled = { region: "", madeBy: "", madeAt: new Date(0).toISOString() };
  return (
    await db
      .insert(changeRequest)
      .values({ ...filled, ...change })
      .returning()
  )[0];
}

type Step = Partial<Pick<ChangeRequestRow, "state" | "reason" | "effectiveOn" | "cardNumber" | "input">>;

/** Takes a change a step further; undefined when it is not at this version any more, or not the asker's to see. */
export async function stepChange(
  db: Db,
  { id, version }: Pick<ChangeRequestRow, "id" | "version">,
  step: Step,
): Promise<ChangeRequestRow | undefined> {
  const [known] = uuids([id]);
  if (known === undefined) return undefined;
  return (
    await db
      .update(changeRequest)
      .set(step)
      .where(and(eq(changeRequest.id, known), eq(changeRequest.version, version)))
      .returning()
  )[0];
}

/** What the database is told of a plan: also which family the new card is of. */
export type Written = Plan & { readonly card: { readonly familyId: string; readonly number: string } | null };

/** Approves a change and writes its plan; false when it is not at this version any more. */
export async function applyChange(
  db: Db,
  { id, version }: Pick<ChangeRequestRow, "id" | "version">,
  plan: Written,
): Promise<boolean> {
  const rows = await db.execute<{ done: boolean }>(
    sql`select welfare.apply_change(${id}::uuid, ${version}, ${JSON.stringify(plan)}::jsonb) as done`,
  );
  return rows[0]?.done === true;
}

/** What programs must know behind a number, in order. */
export const eventsAfter = (db: Db, after: bigint, limit: number): Promise<RegistryEventRow[]> =>
  db.select().from(outbox).where(gt(outbox.id, after)).orderBy(outbox.id).limit(limit);
