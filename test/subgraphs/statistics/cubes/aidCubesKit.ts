import { cubeOf } from "../../../../schema/statistics/cubes.ts";
import type { asRole } from "../../../kit/database.ts";
import { type Counted, leavesOf } from "../rollups/rollupKit.ts";

type Sql = Parameters<Parameters<typeof asRole>[1]>[0];

/** A family or a member of the delivery in force. */
interface Unit {
  readonly id: string;
  readonly family: string;
  readonly person: string | null;
  readonly region: string;
  readonly decile: number | null;
  readonly isServable: boolean;
  readonly isMerged: boolean;
}
interface Enrolment {
  readonly person: string;
  readonly unit: string | null;
  readonly program: string;
  readonly state: string;
  readonly region: string;
}
/** What the cubes of the aid programs count. */
export interface AidRows {
  /** Without an end. */
  readonly running: readonly Enrolment[];
  readonly families: readonly Unit[];
  readonly members: readonly Unit[];
  readonly quotas: readonly { readonly program: string; readonly region: string; readonly seats: number }[];
  /** Of each national program: whether it is of families, and the units that the rule finds entitled. */
  readonly entitled: ReadonlyMap<string, { readonly isOfFamilies: boolean; readonly units: ReadonlySet<string> }>;
  readonly recordKeys: ReadonlyMap<string, bigint>;
}

export const NATIONAL = cubeOf("BENEFICIARIES")?.dimensions[0]?.codes ?? [];

/** Rows as they are, and entitlement as the one rule has it on a day. */
export async function aidRows(sql: Sql, { day, month }: { day: string; month: string }): Promise<AidRows> {
  const running = await sql<
    Enrolment[]
  >`select person_id as person, unit_id as unit, program, state, region from enrolment where ended_on is null`;
  const families = await sql<
    Unit[]
  >`select family_id as id, family_id as family, person_id as person, region, decile, true as "isServable", false as "isMerged"
    from candidate_family where delivery = delivery_in_force()`;
  const members = await sql<Unit[]>`select member_id as id, family_id as family, person_id as person, region, decile,
    state <> 'MERGED' and not 'DUPLICATE_BENEFIT' = any (barred) as "isServable", state = 'MERGED' as "isMerged" from candidate_member where delivery = delivery_in_force()`;
  const quotas = await sql<
    AidRows["quotas"][number][]
  >`select program, region, seats from quota where state = 'IN_FORCE' and allots(period, ${month})`;
  const judged = await sql<{ program: string; isOfFamilies: boolean; units: string[] }[]>`
    select p.code as program, p.unit = 'FAMILY' as "isOfFamilies", array(select j.unit_id from judge(p.code, ${day}, delivery_in_force(), 'infinity', null, '', null) j where j.is_eligible) as units
    from program p where p.code = any (${[...NATIONAL]})`;
  const keys = await sql<
    { id: string; key: string }[]
  >`select distinct x.id, record_key(x.id)::text as key from (select person_id as id from enrolment
    union all select unnest(array[person_id, family_id]) from candidate_family union all select unnest(array[person_id, member_id]) from candidate_member) x where x.id is not null`;
  return {
    ...{ running, families, members, quotas },
    entitled: new Map(judged.map(({ program, isOfFamilies, units }) => [program, { isOfFamilies, units: new Set(units) }])),
    recordKeys: new Map(keys.map(({ id, key }) => [id, BigInt(key)])),
  };
}

const isServed = ({ state }: Enrolment): boolean => state === "ACTIVE" || state === "SUSPENDED";

const waiting = ({ running }: AidRows) =>
  running.filter(({ state }) => state === "WAITING").map(({ person, program, region }) => ({ region, key: [program], person }));

const beneficiaries = (rows: AidRows) =>
  [...rows.entitled].flatMap(([program, { isOfFamilies }]) => {
    const { served, alone } = servedBy(rows, program, isOfFamilies);
    const units = (isOfFamilies ? rows.families : rows.members).filter(({ id }) => served.has(id));
    return [
      ...units.map(({ id, person, region }) => ({ region, key: [program], person: person ?? id })),
      ...alone.map(({ person, region }) => ({ region, key: [program], person })),
    ];
  });

function coverage(rows: AidRows) {
  return [...rows.entitled].flatMap(([program, { isOfFamilies, units }]) => {
    const { served, alone } = servedBy(rows, program, isOfFamilies);
    const standing = (id: string) =>
      units.has(id) ? (served.has(id) ? "ENTITLED_SERVED" : "ENTITLED_UNSERVED") : "NOT_ENTITLED_SERVED";
    return [
      ...(isOfFamilies ? rows.families : rows.members)
        .filter(({ id }) => units.has(id) || served.has(id))
        .map(({ id, person, region, decile }) => ({
          ...{ region, key: [program, `${decile ?? "NONE"}`, standing(id)], person: person ?? id },
        })),
      ...alone.map(({ person, region }) => ({ region, key: [program, "NONE", "NOT_ENTITLED_SERVED"], person })),
    ];
  });
}

/** Units that an aid reaches, and enrolments that reach none. */
function servedBy({ running, families, members }: AidRows, program: string, isOfFamilies: boolean) {
  const ids = new Set((isOfFamilies ? families : members).map(({ id }) => id));
  const alone: Enrolment[] = [];
  const served = new Set<string>();
  for (const enrolment of running.filter((row) => row.program === program && isServed(row))) {
    const stand = members.filter(({ person, isServable }) => isServable && person === enrolment.person);
    const reached = stand.map(({ id, family }) => (isOfFamilies ? family : id));
    if (enrolment.unit !== null && ids.has(enrolment.unit)) reached.push(enrolment.unit);
    if (reached.length === 0) alone.push(enrolment);
    for (const unit of reached) served.add(unit);
  }
  return { served, alone };
}

const FOUR = ["PKH", "BPNT", "PBI_JK", "KIP"];

function overlap({ running, families, members }: AidRows) {
  const served = running.filter(isServed);
  return families.flatMap(({ id, person, region }) => {
    const own = members.filter(({ family, isMerged }) => family === id && !isMerged);
    const ids = new Set([id, ...own.flatMap((member) => [member.id, ...(member.person === null ? [] : [member.person])])]);
    const got = new Set(served.filter((row) => ids.has(row.person) || ids.has(row.unit ?? "")).map(({ program }) => program));
    if (got.size === 0) return [];
    return [{ region, key: [FOUR.filter((code) => got.has(code)).join("+") || "OTHER"], person: person ?? id }];
  });
}

const OF_PEOPLE = { BENEFICIARIES: beneficiaries, WAITING_LIST: waiting, COVERAGE: coverage, OVERLAP: overlap } as const;

/** The leaves of a cube as the rows have them, one line each, as rollupKit writes them. Without SQL. */
export function aidLeaves(cube: keyof typeof OF_PEOPLE | "QUOTA", rows: AidRows): string[] {
  if (cube === "QUOTA") return seatsOf(rows);
  const counted = OF_PEOPLE[cube](rows)
    .filter(({ key: [code = ""] }) => cube === "OVERLAP" || NATIONAL.includes(code))
    .map(
      (row): Counted => ({
        ...{ ...row, region: row.region.slice(0, 6), recordKey: rows.recordKeys.get(row.person) ?? -1n, amount: 0n },
      }),
    );
  return leavesOf(counted);
}

function seatsOf({ quotas }: AidRows): string[] {
  const seats = new Map<string, number>();
  for (const { program, region, seats: more } of quotas) {
    const leaf = `${region || "0"} ${program}`;
    if (NATIONAL.includes(program)) seats.set(leaf, (seats.get(leaf) ?? 0) + more);
  }
  return [...seats]
    .filter(([, n]) => n > 0)
    .map(([leaf, n]) => `${leaf} 0 ${n} 0 0 0 0`)
    .sort();
}
