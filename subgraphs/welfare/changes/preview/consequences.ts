import type { PkhComponent } from "../../../../schema/aid/pkh.ts";
import { type Brought, pkhOf } from "./components.ts";
import { applied, type Plan } from "./plan.ts";
import { touchedBy } from "./planOf.ts";
import { type Seat, seatOf } from "./seats.ts";
import { type Families, isPresent, type Kin, presentIn, type Relation } from "./shape.ts";
import { isWithoutAdult } from "./succession.ts";

/** Something a change brings with it. `member`: id of the row before, of the new row for a newborn; `suffix`: number in the family after it. */
export type Consequence = { readonly member: string | null; readonly family: string | null } & (
  | {
      readonly code:
        | "FAMILY_FOUNDED"
        | "FAMILY_EMPTIED"
        | "WITHOUT_ADULT"
        | "HOUSEHOLD_FOUNDED"
        | "HOUSEHOLD_MOVES"
        | "MATCHED_AGAIN"
        | "DIES";
    }
  | { readonly code: "ENTERS" | "HEADS"; readonly suffix: string; readonly relation: Relation }
  | { readonly code: "RELATION_CHANGES"; readonly from: Relation; readonly to: Relation }
  | { readonly code: "COMPONENT_GAINED" | "COMPONENT_LOST"; readonly component: PkhComponent; readonly isAssumed: boolean }
  | { readonly code: "COMPONENT_NOT_COUNTED"; readonly component: PkhComponent; readonly why: string }
  | { readonly code: "SEAT_GAINED" | "SEAT_LOST" | "SEAT_UNDECIDED" }
);
export type ConsequenceCode = Consequence["code"];

/** What a plan does to a family card: families and numbers, components of PKH, seats of PBI-JK. Pure; in that order, by family and number. */
export function consequencesOf(now: Families, { plan, on }: { readonly plan: Plan; readonly on: string }): Consequence[] {
  const then = applied(now, plan);
  const roots = new Map(plan.entries.map((entry) => [entry.id, entry.fromMemberId ?? entry.id]));
  const rootOf = (id: string) => roots.get(id) ?? id;
  const touched = [...touchedBy(plan, now.members)];
  return [
    ...ofHouses(now, plan),
    ...touched.flatMap((family) => ofFamily(family, { now, then, on })),
    ...ofMembers(now, { then, plan }),
    ...ofComponents({ now, then, on }, { touched, rootOf }),
    ...ofSeats({ now, then }, rootOf),
  ];
}

interface Both {
  readonly now: Families;
  readonly then: Families;
}

function ofHouses(now: Families, { homes, relocations }: Plan): Consequence[] {
  const familiesOf = (householdId: string) => now.families.filter((one) => one.householdId === householdId);
  return [
    ...homes.map(() => ({ code: "HOUSEHOLD_FOUNDED", member: null, family: null }) as const),
    ...relocations.flatMap(({ householdId }) =>
      familiesOf(householdId).map(({ id }) => ({ code: "HOUSEHOLD_MOVES", member: null, family: id }) as const),
    ),
  ];
}

function ofFamily(family: string, { now, then, on }: Both & { readonly on: string }): Consequence[] {
  const [before, after] = [presentIn(now.members, family), presentIn(then.members, family)];
  const is = (code: "FAMILY_FOUNDED" | "FAMILY_EMPTIED" | "WITHOUT_ADULT"): Consequence => ({ code, member: null, family });
  return [
    ...(now.families.some(({ id }) => id === family) ? [] : [is("FAMILY_FOUNDED")]),
    ...(before.length > 0 && after.length === 0 ? [is("FAMILY_EMPTIED")] : []),
    ...(isWithoutAdult(after, on) ? [is("WITHOUT_ADULT")] : []),
  ];
}

function ofMembers(now: Families, { then, plan }: { readonly then: Families; readonly plan: Plan }): Consequence[] {
  const was = new Map(now.members.map((kin) => [kin.id, kin]));
  const entered = plan.entries.map(({ id, fromMemberId, familyId, suffix, relation }): Consequence => {
    return { code: relation === "HEAD" ? "HEADS" : "ENTERS", member: fromMemberId ?? id, family: familyId, suffix, relation };
  });
  const amended = plan.amendments.flatMap((amendment) => {
    const [before, after] = [was.get(amendment.memberId), then.members.find(({ id }) => id === amendment.memberId)];
    return before && after ? ofAmended(before, after) : [];
  });
  return [...entered, ...amended];
}

function ofAmended(before: Kin, after: Kin): Consequence[] {
  const about = { member: before.id, family: before.familyId };
  const isHead = after.relation === "HEAD" && before.relation !== "HEAD";
  return [
    ...(isPresent(before) && !isPresent(after) ? [{ ...about, code: "DIES" } as const] : []),
    ...(isHead ? [{ ...about, code: "HEADS", suffix: after.suffix, relation: after.relation } as const] : []),
    ...(!isHead && after.relation !== before.relation
      ? [{ ...about, code: "RELATION_CHANGES", from: before.relation, to: after.relation } as const]
      : []),
    ...(before.personId !== null && after.personId === null ? [{ ...about, code: "MATCHED_AGAIN" } as const] : []),
  ];
}

interface Naming {
  readonly touched: readonly string[];
  readonly rootOf: (id: string) => string;
}

function ofComponents({ now, then, on }: Both & { readonly on: string }, { touched, rootOf }: Naming): Consequence[] {
  const inFamilies = ({ members }: Families) =>
    touched.map(
      (family) =>
        [
          family,
          pkhOf(
            members.filter((kin) => kin.familyId === family),
            on,
          ),
        ] as const,
    );
  const counted = (found: ReturnType<typeof inFamilies>) =>
    found.flatMap(([family, pkh]) => pkh.counted.map((one) => ({ ...one, family, memberId: rootOf(one.memberId) })));
  const [before, after] = [inFamilies(now), inFamilies(then)];
  const [had, has] = [counted(before), counted(after)];
  const isIn = (list: readonly Brought[]) => (one: Brought) =>
    list.some(({ memberId, component }) => memberId === one.memberId && component === one.component);
  const dropped = after.flatMap(([family, pkh]) =>
    pkh.dropped.map((one) => ({ ...one, family, memberId: rootOf(one.memberId) })),
  );
  const told =
    (code: "COMPONENT_GAINED" | "COMPONENT_LOST") =>
    (one: (typeof had)[number]): Consequence => {
      return { code, member: one.memberId, family: one.family, component: one.component, isAssumed: one.isAssumed };
    };
  return [
    ...had.filter((one) => !isIn(has)(one)).map(told("COMPONENT_LOST")),
    ...has.filter((one) => !isIn(had)(one)).map(told("COMPONENT_GAINED")),
    ...dropped.map(({ memberId, family, component, why }): Consequence => {
      return { code: "COMPONENT_NOT_COUNTED", member: memberId, family, component, why };
    }),
  ];
}

/** Seat of each person, by the row before. */
function seatsIn({ families, members }: Families, rootOf: Naming["rootOf"]): Map<string, readonly [Seat, Kin]> {
  const deciles = new Map(families.map((one) => [one.id, one.decile]));
  const present = members.filter(isPresent);
  return new Map(present.map((kin) => [rootOf(kin.id), [seatOf(kin, deciles.get(kin.familyId) ?? null), kin]]));
}

const SEAT_IS = { CANDIDATE: "SEAT_GAINED", NONE: "SEAT_LOST", UNDECIDED: "SEAT_UNDECIDED" } as const;

function ofSeats({ now, then }: Both, rootOf: Naming["rootOf"]): Consequence[] {
  const [before, after] = [seatsIn(now, rootOf), seatsIn(then, rootOf)];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((member): Consequence[] => {
    const [was, is] = [before.get(member)?.[0] ?? "NONE", after.get(member)?.[0] ?? "NONE"];
    const family = (after.get(member) ?? before.get(member))?.[1].familyId ?? null;
    return was === is ? [] : [{ code: SEAT_IS[is], member, family }];
  });
}
