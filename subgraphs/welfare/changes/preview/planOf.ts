import { type Amendment, applied, type Plan } from "./plan.ts";
import { type Planning, regrouped, regroupingOf, suffixesFor } from "./regroup.ts";
import { type Change, type Kin, presentIn, type Relation } from "./shape.ts";
import { relationTo, successorOf } from "./succession.ts";

const NOTHING: Plan = { homes: [], relocations: [], families: [], entries: [], amendments: [] };

/**
 * What a change without faults writes: who comes where under which number, and who heads each family it touches. Null when a family has no number
 * left below 100. Pure, and the same for the same families and names.
 */
export function planOf(change: Change, planning: Planning): Plan | null {
  const regrouping = regroupingOf(change, planning.now);
  const plan = regrouping ? regrouped(regrouping, planning) : plainly(change, planning);
  return plan && settled(plan, planning);
}

/** Changes in which nobody changes families. */
function plainly(change: Change, { now, idOf }: Planning): Plan | null {
  if (change.kind === "DEATH") return { ...NOTHING, amendments: [{ memberId: change.memberId, state: "DECEASED" }] };
  if (change.kind === "CORRECTION") {
    const { memberId, relation, name, nik } = change;
    return { ...NOTHING, amendments: [{ memberId, ...(relation && { relation }), ...(name && { name }), ...(nik && { nik }) }] };
  }
  const family = change.kind === "BIRTH" ? now.families.find(({ id }) => id === change.familyId) : undefined;
  if (change.kind !== "BIRTH" || family === undefined) return NOTHING;
  const { relation, name, nik, birthDate } = change;
  const id = idOf("member");
  const suffix = suffixesFor([{ id, relation, birthDate }], { familyId: family.id, members: now.members })?.get(id);
  const home = { householdId: family.householdId, familyId: family.id };
  if (suffix === undefined) return null;
  const born = { name, nik, birthDate };
  return { ...NOTHING, entries: [{ id, ...home, suffix, relation, fromMemberId: null, born }] };
}

/** The plan with one head in every family it touches in which somebody lives. */
function settled(plan: Plan, planning: Planning): Plan {
  const { members } = applied(planning.now, plan);
  const amended = new Map(plan.amendments.map((one) => [one.memberId, one]));
  for (const familyId of touchedBy(plan, planning.now.members)) {
    const present = presentIn(members, familyId);
    const head = headOf(present, { plan, on: planning.on });
    if (head === null) continue;
    for (const [memberId, relation] of reheaded(present, head, planning.now.members))
      amended.set(memberId, { ...amended.get(memberId), memberId, relation });
  }
  return { ...plan, ...withRelations(plan, [...amended.values()]) };
}

/** Families that lose, get or change a member. */
export function touchedBy(plan: Plan, members: readonly Kin[]): Set<string> {
  const rows = new Map(members.map((kin) => [kin.id, kin.familyId]));
  const left = [...plan.entries.map((one) => one.fromMemberId), ...plan.amendments.map((one) => one.memberId)];
  return new Set([...left.flatMap((id) => rows.get(id ?? "") ?? []), ...plan.entries.map((one) => one.familyId)]);
}

/** Who must head a family; null: nobody new. A head that the change itself names goes before one that was there. */
function headOf(present: readonly Kin[], { plan, on }: { readonly plan: Plan; readonly on: string }): Kin | null {
  const heads = present.filter(({ relation }) => relation === "HEAD");
  if (heads.length === 1 && !plan.amendments.some(({ relation }) => relation === "HEAD")) return null;
  const named = new Set(plan.amendments.flatMap(({ memberId, relation }) => (relation ? [memberId] : [])));
  const others = present.filter(({ id }) => !named.has(id));
  return heads.find(({ id }) => named.has(id)) ?? heads[0] ?? successorOf(others.length > 0 ? others : present, on);
}

/** Relations that change because of a new head. */
function reheaded(present: readonly Kin[], head: Kin, before: readonly Kin[]): (readonly [string, Relation])[] {
  const was = new Map(before.map((kin) => [kin.id, kin.relation]));
  const headWas = was.get(head.id) ?? head.relation;
  const after = (kin: Kin): Relation => {
    if (kin.id === head.id) return "HEAD";
    const stood = was.get(kin.id);
    if (stood === undefined) return kin.relation === "HEAD" ? "OTHER" : kin.relation;
    // whose relation this very change says keeps it
    return kin.relation !== "HEAD" && kin.relation !== stood ? kin.relation : relationTo(headWas, stood);
  };
  return present.filter((kin) => after(kin) !== kin.relation).map((kin) => [kin.id, after(kin)] as const);
}

/** Relations told of rows that the plan itself makes are written there. */
function withRelations(plan: Plan, amendments: readonly Amendment[]): Pick<Plan, "entries" | "amendments"> {
  const told = new Map(amendments.map((one) => [one.memberId, one.relation]));
  const made = new Set(plan.entries.map(({ id }) => id));
  return {
    entries: plan.entries.map((entry) => ({ ...entry, relation: told.get(entry.id) ?? entry.relation })),
    amendments: amendments.filter(({ memberId }) => !made.has(memberId)),
  };
}
