import { type Change, type Destination, type Families, isPresent, type Kin, presentIn } from "./shape.ts";

type Of<K extends Change["kind"]> = Extract<Change, { readonly kind: K }>;
interface Ground {
  readonly now: Families;
  readonly on: string;
  readonly look: ReturnType<typeof lookInto>;
}

/** Everything that keeps a change from being planned, each naming its field; empty: nothing does. No value is repeated. Pure. */
export function faultsOf(change: Change, now: Families, on: string): string[] {
  const ground = { now, on, look: lookInto(now) };
  switch (change.kind) {
    case "BIRTH":
      return ofBirth(change, ground);
    case "DEATH":
      return ground.look.member(change.memberId, { field: "memberId", orDead: true });
    case "CORRECTION":
      return ofCorrection(change, ground);
    case "MERGE":
      return ofMerge(change, ground);
    case "MARRIAGE":
      return ofMarriage(change, ground);
    case "DIVORCE":
      return ofDivorce(change, ground);
    default:
      return ofMovers(change, ground);
  }
}

const ofBirth = ({ familyId, birthDate, relation }: Of<"BIRTH">, { look, on }: Ground): string[] => [
  ...look.family(familyId, "familyId"),
  ...(birthDate > on ? ["birthDate must not be after effectiveOn"] : []),
  ...(relation === "HEAD" ? ["relation: a newborn heads no family"] : []),
];

const ofCorrection = ({ memberId, name, nik, relation }: Of<"CORRECTION">, { look }: Ground): string[] => [
  ...look.member(memberId, { field: "memberId" }),
  ...(name === null && nik === null && relation === null ? ["one of name, nik and relation must be given"] : []),
];

const ofMerge = ({ familyId, intoFamilyId, relations }: Of<"MERGE">, { look }: Ground): string[] => [
  ...look.family(familyId, "familyId"),
  ...look.family(intoFamilyId, "intoFamilyId"),
  ...(familyId === intoFamilyId ? ["intoFamilyId must be another family"] : []),
  ...look.members(
    relations.map(({ memberId }) => memberId),
    "relations",
  ),
];

function ofMarriage({ memberIds, to }: Of<"MARRIAGE">, { look, now }: Ground): string[] {
  const isHost = (kin: Kin) => "familyId" in to && kin.familyId === to.familyId && memberIds.includes(kin.id);
  const hosts = now.members.filter(isHost).length;
  return [
    ...look.members(memberIds, "memberIds"),
    ...look.destination(to),
    ...("familyId" in to && hosts !== 1 ? ["to.familyId must be the family of one of the two"] : []),
  ];
}

function ofDivorce({ memberId, childIds, to }: Of<"DIVORCE">, { look, now }: Ground): string[] {
  const leaving = [memberId, ...childIds];
  return [
    ...look.members(leaving, "memberId and childIds"),
    ...look.destination(to),
    ...leavesSomebody(leaving, now.members),
    ...livesThere(leaving, { to, now }),
  ];
}

function ofMovers(change: Of<"MOVE" | "SPLIT">, { look, now }: Ground): string[] {
  const ids = change.movers.map(({ memberId }) => memberId);
  const heads = change.movers.filter(({ relation }) => relation === "HEAD").length;
  return [
    ...look.members(ids, "movers"),
    ...look.destination(change.to),
    ...(ids.length === 0 ? ["movers must name somebody"] : []),
    ...(heads > 1 ? ["movers: one heads a family"] : []),
    ...(change.kind === "SPLIT" ? leavesSomebody(ids, now.members) : []),
    ...goesNowhere(change, now),
  ];
}

function lookInto({ families, members }: Families) {
  const rows = new Map(members.map((kin) => [kin.id, kin]));
  const family = (id: string, field: string) =>
    families.some((one) => one.id === id) ? [] : [`${field} is of no family you may change`];
  const member = (id: string, { field, orDead = false }: { readonly field: string; readonly orDead?: boolean }) => {
    const kin = rows.get(id);
    const isThere = kin !== undefined && (isPresent(kin) || (orDead && kin.state === "DECEASED"));
    return isThere ? [] : [`${field} is of no member you may change`];
  };
  return {
    family,
    member,
    members: (ids: readonly string[], field: string) => [
      ...ids.flatMap((id, at) => member(id, { field: `${field}[${at}]` })),
      ...(new Set(ids).size < ids.length ? [`${field}: each of them once`] : []),
    ],
    destination: (to: Destination) => ("familyId" in to ? family(to.familyId, "to.familyId") : []),
  };
}

function leavesSomebody(ids: readonly string[], members: readonly Kin[]): string[] {
  const leaving = new Set(ids);
  const families = new Set(members.filter((kin) => leaving.has(kin.id)).map((kin) => kin.familyId));
  const isEmptied = (familyId: string) => presentIn(members, familyId).every((kin) => leaving.has(kin.id));
  return [...families].some(isEmptied) ? ["somebody must stay in the family that is left"] : [];
}

function goesNowhere({ kind, movers, to }: Of<"MOVE" | "SPLIT">, now: Families): string[] {
  if (!("familyId" in to)) return kind === "MOVE" && "here" in to ? ["to must be a family or an address"] : [];
  const isHeaded = presentIn(now.members, to.familyId).length > 0;
  return [
    ...livesThere(
      movers.map(({ memberId }) => memberId),
      { to, now },
    ),
    ...(isHeaded && movers.some(({ relation }) => relation === "HEAD") ? ["movers: the family they go to has a head"] : []),
  ];
}

function livesThere(ids: readonly string[], { to, now }: { readonly to: Destination; readonly now: Families }): string[] {
  const there = "familyId" in to ? presentIn(now.members, to.familyId) : [];
  return there.some(({ id }) => ids.includes(id)) ? ["to.familyId: some of them live there already"] : [];
}
