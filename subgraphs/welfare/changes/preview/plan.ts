import type { Families, Family, Kin, Relation } from "./shape.ts";

/** A household that a change makes. It has no rank until the next version gives it one. */
export interface NewHome {
  readonly id: string;
  readonly region: string;
  readonly address: string;
}
/** A household that moves as a whole. */
export interface Relocation {
  readonly householdId: string;
  readonly region: string;
  readonly address: string;
}
export interface NewFamily {
  readonly id: string;
  readonly householdId: string;
  readonly registryNumber: string;
  readonly numberInHousehold: number;
}
/** A new row of a member: born, or come from another family, whose row then ends as MERGED. */
export interface Entry {
  readonly id: string;
  readonly householdId: string;
  readonly familyId: string;
  readonly suffix: string;
  readonly relation: Relation;
  readonly fromMemberId: string | null;
  /** What is claimed of the newborn; null: goes on from the row before. */
  readonly born: { readonly name: string; readonly nik: string | null; readonly birthDate: string } | null;
}
/** What changes in a row that stays. A new name or NIK is not matched yet. */
export interface Amendment {
  readonly memberId: string;
  readonly relation?: Relation;
  readonly state?: "DECEASED";
  readonly name?: string;
  readonly nik?: string;
}

/** Everything a change writes, and nothing it reads: the database applies it word by word. */
export interface Plan {
  readonly homes: readonly NewHome[];
  readonly relocations: readonly Relocation[];
  readonly families: readonly NewFamily[];
  readonly entries: readonly Entry[];
  readonly amendments: readonly Amendment[];
}

/** The families as a plan leaves them. Pure; what the database does, told without it. */
export function applied({ families, members }: Families, plan: Plan): Families {
  const homes = new Map<string, Pick<Family, "region" | "decile">>(families.map((one) => [one.householdId, one]));
  for (const { id, region } of plan.homes) homes.set(id, { region, decile: null });
  const relocated = new Map(plan.relocations.map((one) => [one.householdId, one.region]));
  const founded = plan.families.map((one): Family => {
    const { region = "", decile = null } = homes.get(one.householdId) ?? {};
    return { ...one, region, decile };
  });
  const rows = new Map(members.map((kin) => [kin.id, kin]));
  const left = new Set(plan.entries.flatMap(({ fromMemberId }) => fromMemberId ?? []));
  const amended = new Map(plan.amendments.map((one) => [one.memberId, one]));
  return {
    families: [...families, ...founded].map((one) => ({ ...one, region: relocated.get(one.householdId) ?? one.region })),
    members: [
      ...members.map((kin) => (left.has(kin.id) ? { ...kin, state: "MERGED" as const } : amendedBy(kin, amended.get(kin.id)))),
      ...plan.entries.map((entry) => entered(entry, rows.get(entry.fromMemberId ?? ""))),
    ],
  };
}

function amendedBy(kin: Kin, amendment: Amendment | undefined): Kin {
  if (amendment === undefined) return kin;
  const { relation, state, name, nik } = amendment;
  return {
    ...kin,
    relation: relation ?? kin.relation,
    state: state ?? kin.state,
    personId: name === undefined && nik === undefined ? kin.personId : null,
  };
}

const NOBODY = { state: "ACTIVE", personId: null } as const;

function entered({ born, ...entry }: Entry, from: Kin | undefined): Kin {
  const facts = from?.facts ?? { birthDate: born?.birthDate ?? null, school: null, isPregnant: null, isSeverelyDisabled: null };
  return { ...(from ?? NOBODY), ...entry, facts };
}
