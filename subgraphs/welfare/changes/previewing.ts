import { createHash } from "node:crypto";
import type { Asking } from "../../kit/serve/context.ts";
import { householdsOf } from "./data.ts";
import { groundOf } from "./ground.ts";
import { pkhAmount, pkhOf } from "./preview/components.ts";
import { type Consequence, consequencesOf } from "./preview/consequences.ts";
import { faultsOf } from "./preview/faults.ts";
import { applied, type Plan } from "./preview/plan.ts";
import { planOf, touchedBy } from "./preview/planOf.ts";
import { type Change, type Families, type Kin, presentIn } from "./preview/shape.ts";

/** A change and its day, on behalf of a request whose id names its new rows. */
export interface Intended {
  readonly id: string;
  readonly change: Change;
  readonly on: string;
}
export interface ShownMember {
  readonly kin: Kin;
  /** Id of the row of today; null: a newborn. */
  readonly rowId: string | null;
  readonly enters: boolean;
}
export interface ShownFamily {
  readonly registryNumber: string;
  readonly isNew: boolean;
  readonly members: readonly ShownMember[];
}
export interface ShownConsequence {
  readonly consequence: Consequence;
  /** Id of the row of today; null: a family, or a newborn. */
  readonly rowId: string | null;
  readonly registryNumber: string | null;
}
export interface ShownChange {
  readonly plan: Plan;
  readonly digest: string;
  readonly families: readonly ShownFamily[];
  readonly told: readonly ShownConsequence[];
  /** Whole rupiah. */
  readonly pkhDifference: number;
}

/** Everybody and everything a change names. */
export function namedBy(change: Change): string[] {
  const to = "to" in change && "familyId" in change.to ? [change.to.familyId] : [];
  switch (change.kind) {
    case "BIRTH":
      return [change.familyId];
    case "DEATH":
    case "CORRECTION":
      return [change.memberId];
    case "MARRIAGE":
      return [...change.memberIds, ...to];
    case "DIVORCE":
      return [change.memberId, ...change.childIds, ...to];
    case "MERGE":
      return [change.familyId, change.intoFamilyId, ...change.relations.map(({ memberId }) => memberId)];
    default:
      return [...change.movers.map(({ memberId }) => memberId), ...to];
  }
}

export type Previewed = { readonly preview: ShownChange } | { readonly faults: readonly string[] };

/**
 * What changes would do to the registry as it stands in `db`, each for itself, in their order: a preview, or the faults for which it cannot be done, all
 * at once. Five statements, however many changes.
 */
export async function previewsOf(db: Asking["db"], changes: readonly Intended[]): Promise<Previewed[]> {
  const homes = await householdsOf(
    db,
    changes.flatMap(({ change }) => namedBy(change)),
  );
  const ground = await groundOf(db, [...new Set(homes.values())]);
  return changes.map((one) => {
    const own = new Set(namedBy(one.change).flatMap((id) => homes.get(id) ?? []));
    return previewed(ground(own, one.on), one);
  });
}

/** As previewsOf, of one change and families at hand. Pure. */
function previewed(now: Families, { id, change, on }: Intended): Previewed {
  const faults = faultsOf(change, now, on);
  if (faults.length > 0) return { faults };
  const plan = planOf(change, { now, on, idOf: (name) => idOf(id, name) });
  if (plan === null) return { faults: ["the family has used up its 99 numbers"] };
  const after = applied(now, plan);
  const touched = [...touchedBy(plan, now.members), ...relocated(plan, now)];
  const isOfNow = new Set(now.members.map((kin) => kin.id));
  const rowOf = (kin: Pick<Kin, "id" | "fromMemberId">) => (isOfNow.has(kin.id) ? kin.id : kin.fromMemberId);
  const numbers = new Map(after.families.map((one) => [one.id, one.registryNumber]));
  const known = new Set(now.families.map((one) => one.id));
  const families = touched.map((familyId): ShownFamily => {
    const members = presentIn(after.members, familyId).map((kin) => ({ kin, rowId: rowOf(kin), enters: !isOfNow.has(kin.id) }));
    return { registryNumber: numbers.get(familyId) ?? "", isNew: !known.has(familyId), members };
  });
  const told = consequencesOf(now, { plan, on }).map((consequence): ShownConsequence => {
    const { member, family } = consequence;
    return {
      consequence,
      rowId: member !== null && isOfNow.has(member) ? member : null,
      registryNumber: numbers.get(family ?? "") ?? null,
    };
  });
  const pkhDifference = quarterOf(after, touched, on) - quarterOf(now, touched, on);
  return { preview: { plan, digest: digestOf({ plan, told, families }), families, told, pkhDifference } };
}

const relocated = ({ relocations }: Plan, { families }: Families): string[] =>
  relocations.flatMap(({ householdId }) => families.filter((one) => one.householdId === householdId).map(({ id }) => id));

const QUARTER = 3;
const quarterOf = ({ members }: Families, touched: readonly string[], on: string): number =>
  touched.reduce((sum, familyId) => {
    const own = members.filter((kin) => kin.familyId === familyId);
    return sum + pkhAmount(pkhOf(own, on).counted, QUARTER);
  }, 0);

const digestOf = (shown: unknown): string => createHash("sha256").update(JSON.stringify(shown)).digest("base64url");

/** Id of a row that a request makes: the same each time it is previewed, and of no other request. A UUID of version 8 (RFC 9562). */
function idOf(request: string, name: string): string {
  const hex = createHash("sha256").update(`${request}/${name}`).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
