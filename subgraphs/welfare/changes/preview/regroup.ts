import { assignSuffixes } from "../../registry/suffix.ts";
import type { Entry, NewFamily, NewHome, Plan } from "./plan.ts";
import {
  type Change,
  type Destination,
  type Families,
  type Family,
  type Kin,
  type Mover,
  presentIn,
  type Relation,
} from "./shape.ts";
import { relationTo, successorOf } from "./succession.ts";

/** What a plan is made from. `idOf` names new rows: the same name, the same id. */
export interface Planning {
  readonly now: Families;
  /** Day of the event, WIB. */
  readonly on: string;
  readonly idOf: (name: string) => string;
}
/** Some people, and the family they come to be in. */
export interface Regrouping {
  readonly movers: readonly Mover[];
  readonly to: Destination;
}
type Moved = Mover & { readonly kin: Kin };
interface Target {
  readonly family: Pick<Family, "id" | "householdId">;
  readonly homes: readonly NewHome[];
  readonly families: readonly NewFamily[];
}

const MARRIED_INTO: Readonly<Partial<Record<Relation, Relation>>> = { HEAD: "SPOUSE", CHILD: "CHILD_IN_LAW" };

/** Who goes where by a change; null: nobody does. Whom it names must be there. Pure. */
export function regroupingOf(change: Change, { members }: Families): Regrouping | null {
  switch (change.kind) {
    case "MOVE":
    case "SPLIT":
      return change;
    case "MERGE": {
      const said = new Map(change.relations.map((one) => [one.memberId, one.relation]));
      const movers = presentIn(members, change.familyId).map(({ id }) => ({ memberId: id, relation: said.get(id) ?? null }));
      return { movers, to: { familyId: change.intoFamilyId } };
    }
    case "MARRIAGE":
      return married(change, members);
    case "DIVORCE":
      return divorced(change);
    default:
      return null;
  }
}

function married({ memberIds: [one, other], to }: Change & { readonly kind: "MARRIAGE" }, members: readonly Kin[]): Regrouping {
  const host =
    "familyId" in to ? members.find((kin) => [one, other].includes(kin.id) && kin.familyId === to.familyId) : undefined;
  if (host)
    return { movers: [{ memberId: host.id === one ? other : one, relation: MARRIED_INTO[host.relation] ?? "OTHER" }], to };
  return {
    movers: [
      { memberId: one, relation: "HEAD" },
      { memberId: other, relation: "SPOUSE" },
    ],
    to,
  };
}

/** Who founds a family heads it, with the children; who goes back to another one stands there as its head says. */
function divorced({ memberId, childIds, to }: Change & { readonly kind: "DIVORCE" }): Regrouping {
  const isFounding = !("familyId" in to);
  const children = childIds.map((id): Mover => ({ memberId: id, relation: isFounding ? "CHILD" : null }));
  return { movers: [{ memberId, relation: isFounding ? "HEAD" : null }, ...children], to };
}

const NOTHING: Plan = { homes: [], relocations: [], families: [], entries: [], amendments: [] };

/** The rows a regrouping makes; null when a family has no number left. Pure. */
export function regrouped({ movers, to }: Regrouping, planning: Planning): Plan | null {
  const { members } = planning.now;
  const rows = new Map(members.map((kin) => [kin.id, kin]));
  const moved = movers.flatMap(({ memberId, relation }): Moved[] => {
    const kin = rows.get(memberId);
    return kin ? [{ memberId, relation, kin }] : [];
  });
  const [first] = moved;
  if (first === undefined) return NOTHING;
  if ("address" in to && isWholeHousehold(moved, members))
    return { ...NOTHING, relocations: [{ householdId: first.kin.householdId, region: to.region, address: to.address }] };
  const target = targetOf(to, first.kin, planning);
  const ranked = target.families.length > 0 ? asFounders(moved, planning.on) : moved.map((one) => related(one, "OTHER"));
  const entries = numbered(ranked.sort(asNumbered), target.family, planning);
  return entries && { ...NOTHING, homes: target.homes, families: target.families, entries };
}

function isWholeHousehold(moved: readonly Moved[], members: readonly Kin[]): boolean {
  const leaving = new Set(moved.map(({ kin }) => kin.id));
  const homes = new Set(moved.map(({ kin }) => kin.householdId));
  const isStaying = (kin: Kin) =>
    homes.has(kin.householdId) && (kin.state === "ACTIVE" || kin.state === "DORMANT") && !leaving.has(kin.id);
  return homes.size === 1 && !members.some(isStaying);
}

function targetOf(to: Destination, first: Kin, { now: { families }, idOf }: Planning): Target {
  const known = "familyId" in to ? families.find(({ id }) => id === to.familyId) : undefined;
  if (known) return { family: known, homes: [], families: [] };
  const homes = "address" in to ? [{ id: idOf("household"), region: to.region, address: to.address }] : [];
  const householdId = homes[0]?.id ?? first.householdId;
  const id = idOf("family");
  const numbers = families.filter((one) => one.householdId === householdId).map((one) => one.numberInHousehold);
  const family = {
    id,
    householdId,
    registryNumber: `K${id.replaceAll("-", "").slice(0, 15)}`,
    numberInHousehold: Math.max(0, ...numbers) + 1,
  };
  return { family, homes, families: [family] };
}

type Ranked = Moved & { readonly relation: Relation };
const related = (moved: Moved, otherwise: Relation): Ranked => ({ ...moved, relation: moved.relation ?? otherwise });

/** Relations in a family that is founded: to whom is said to head it, else to the head they had, else to whom succession names. */
function asFounders(moved: readonly Moved[], on: string): Ranked[] {
  const said = moved.find(({ relation }) => relation === "HEAD") ?? moved.find(({ kin }) => kin.relation === "HEAD");
  const head =
    said?.kin ??
    successorOf(
      moved.map(({ kin }) => kin),
      on,
    );
  return moved.map((one) => {
    if (one.kin.id === head?.id) return { ...one, relation: "HEAD" };
    return related(one, head?.familyId === one.kin.familyId ? relationTo(head.relation, one.kin.relation) : "OTHER");
  });
}

/** As they were numbered before; those of one number by id, so that a preview is the same each time. */
const asNumbered = (a: Ranked, b: Ranked): number => (`${a.kin.suffix} ${a.kin.id}` < `${b.kin.suffix} ${b.kin.id}` ? -1 : 1);

/** Rows of the newcomers, in the order of their numbers. */
function numbered(
  ranked: readonly Ranked[],
  { id: familyId, householdId }: Target["family"],
  { now, idOf }: Planning,
): Entry[] | null {
  const newcomers = ranked.map(({ kin, relation }) => ({ id: kin.id, relation, birthDate: kin.facts.birthDate }));
  const suffixes = suffixesFor(newcomers, { familyId, members: now.members });
  return (
    suffixes &&
    ranked
      .map(({ kin, relation }): Entry => {
        const suffix = suffixes.get(kin.id) ?? "";
        return { id: idOf(`member/${kin.id}`), householdId, familyId, suffix, relation, fromMemberId: kin.id, born: null };
      })
      .sort((a, b) => (a.suffix < b.suffix ? -1 : 1))
  );
}

/** Numbers of newcomers by id; null when the family has not enough left. The dead and the gone keep theirs, so `members` MUST hold them, too. */
export function suffixesFor(
  newcomers: Parameters<typeof assignSuffixes>[0],
  { familyId, members }: { readonly familyId: string; readonly members: readonly Kin[] },
): ReadonlyMap<string, string> | null {
  const used = members.filter((kin) => kin.familyId === familyId).map(({ suffix }) => suffix);
  try {
    return assignSuffixes(newcomers, used);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
