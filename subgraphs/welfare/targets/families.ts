import type { TargetFamily, TargetMember } from "../../../schema/targets.ts";
import { allBroughtBy } from "../changes/preview/components.ts";
import type { Facts, Relation } from "../changes/preview/shape.ts";
import type { DecisionRow, HomeRow, MemberRow } from "./data.ts";

/** What is known of a batch of households. */
export interface Known {
  readonly members: readonly MemberRow[];
  readonly decisions: readonly DecisionRow[];
  readonly firstOn: ReadonlyMap<string, string>;
  readonly factsOf: (member: MemberRow) => Facts;
  readonly on: string;
}

/** The families of households as the programs get them, in the order of the households. Pure. */
export function familiesOf(homes: readonly (HomeRow & { readonly rank: number | null })[], known: Known): TargetFamily[] {
  const byHome = groupsOf(known.members, (row) => row.householdId);
  return homes.flatMap((home) => {
    const families = groupsOf(byHome.get(home.id) ?? [], (row) => row.familyId);
    return [...families].map(([id, members]) => familyOf(id, home, { ...known, members }));
  });
}

function groupsOf<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return groups;
}

function familyOf(id: string, home: HomeRow & { readonly rank: number | null }, known: Known): TargetFamily {
  const served = known.members.filter(({ match, state }) => match === "MATCHED" && state === "ACTIVE");
  const members = known.members.map((row) => targetOf(row, known));
  const brought = served.map((row) => members.find((one) => one.id === row.id)?.components[0]);
  const own = new Set(known.members.map((row) => row.id));
  return {
    id,
    region: home.region,
    drawer: drawerOf(served)?.personId ?? null,
    decile: home.decile,
    rank: home.rank,
    firstOn: known.firstOn.get(home.id) ?? null,
    components: brought.filter((component) => component !== undefined),
    barred: barsOf(known.members),
    members,
    decisions: known.decisions.filter(({ memberId }) => own.has(memberId)).map(({ memberId, ...decision }) => decision),
  };
}

/** Who of a family draws its aid: the spouse, else the head. */
const drawerOf = (served: readonly MemberRow[]): MemberRow | undefined =>
  served.find(({ relation }) => relation === "SPOUSE") ?? served.find(({ relation }) => relation === "HEAD");

function targetOf(row: MemberRow, { factsOf, on }: Known): TargetMember {
  const { id, suffix, personId, match, state, isWorkforce, householdId, familyId } = row;
  const kin = {
    id,
    suffix,
    state,
    personId,
    householdId,
    familyId,
    relation: row.relation as Relation,
    fromMemberId: null,
    facts: factsOf(row),
  };
  const components = match === "MATCHED" && state === "ACTIVE" ? allBroughtBy(kin, on).map(({ component }) => component) : [];
  return { id, suffix, person: personId, match, state, components, barred: isWorkforce ? ["SOCIAL_WORKFORCE"] : [] };
}

/** What bars a family whoever of it brings it, and that nobody of it is left in the registry. */
function barsOf(members: readonly MemberRow[]): string[] {
  const living = members.filter(({ match, state }) => match !== "DECEASED" && state !== "DECEASED");
  const isAwake = living.some(({ state }) => state === "ACTIVE");
  return [
    ...(living.length === 0 ? ["DECEASED"] : []),
    ...(living.length > 0 && !isAwake ? ["NOT_REGISTERED"] : []),
    ...(living.some(({ isWorkforce, state }) => isWorkforce && state === "ACTIVE") ? ["SOCIAL_WORKFORCE"] : []),
  ];
}
