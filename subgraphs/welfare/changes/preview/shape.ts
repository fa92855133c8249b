export type Relation =
  | "HEAD"
  | "SPOUSE"
  | "CHILD"
  | "CHILD_IN_LAW"
  | "GRANDCHILD"
  | "PARENT_OR_IN_LAW"
  | "DOMESTIC_WORKER"
  | "OTHER";

export type SchoolLevel = "PRIMARY" | "JUNIOR" | "SENIOR";

/** What the registry knows of a member that programs look at; null: it does not know. */
export interface Facts {
  /** ISO day. */
  readonly birthDate: string | null;
  /** `NONE`: at no school. */
  readonly school: SchoolLevel | "NONE" | null;
  readonly isPregnant: boolean | null;
  readonly isSeverelyDisabled: boolean | null;
}

/** A member of a family, in the registry today or as a change would make it. */
export interface Kin {
  readonly id: string;
  readonly householdId: string;
  readonly familyId: string;
  /** Number in the family, `01` to `99`. */
  readonly suffix: string;
  readonly relation: Relation;
  readonly state: "ACTIVE" | "DORMANT" | "DECEASED" | "MERGED";
  /** The matched person; null: not matched. */
  readonly personId: string | null;
  /** Row this one goes on from; null: it began here. */
  readonly fromMemberId: string | null;
  readonly facts: Facts;
}

export interface Family {
  readonly id: string;
  readonly householdId: string;
  /** The registry's own number of the family. */
  readonly registryNumber: string;
  readonly numberInHousehold: number;
  readonly region: string;
  /** Newest decile of its household; null: never ranked. */
  readonly decile: number | null;
}

/** Some families with all their members, dead and gone ones too: their suffixes stay theirs. */
export interface Families {
  readonly families: readonly Family[];
  readonly members: readonly Kin[];
}

/** Where somebody goes: a family of the registry, or a new household at an address. */
export type Destination =
  | { readonly familyId: string }
  | { readonly region: string; readonly address: string }
  /** Another family in the household they live in. */
  | { readonly here: true };

/**
 * Somebody who changes families. `relation`: to the head there; null: follows from the relations before. Of those who found a family the HEAD is
 * who is said to be, else whom succession names.
 */
export interface Mover {
  readonly memberId: string;
  readonly relation: Relation | null;
}

/** One change of a family card. */
export type Change =
  | {
      readonly kind: "BIRTH";
      readonly familyId: string;
      readonly name: string;
      readonly nik: string | null;
      readonly birthDate: string;
      readonly relation: Relation;
    }
  | { readonly kind: "DEATH"; readonly memberId: string }
  | { readonly kind: "MOVE" | "SPLIT"; readonly movers: readonly Mover[]; readonly to: Destination }
  /** The first of the two heads the family they found; where one lives in the family they go to, the other enters it. */
  | { readonly kind: "MARRIAGE"; readonly memberIds: readonly [string, string]; readonly to: Destination }
  | { readonly kind: "DIVORCE"; readonly memberId: string; readonly childIds: readonly string[]; readonly to: Destination }
  | { readonly kind: "MERGE"; readonly familyId: string; readonly intoFamilyId: string; readonly relations: readonly Mover[] }
  | {
      readonly kind: "CORRECTION";
      readonly memberId: string;
      readonly name: string | null;
      readonly nik: string | null;
      readonly relation: Relation | null;
    };

/** A member who lives in the family: alive, and not gone on into another row. */
export const isPresent = ({ state }: Pick<Kin, "state">): boolean => state === "ACTIVE" || state === "DORMANT";

/** Those who live in a family, in order of suffix. */
export const presentIn = (members: readonly Kin[], familyId: string): Kin[] =>
  members.filter((kin) => kin.familyId === familyId && isPresent(kin)).sort((a, b) => (a.suffix < b.suffix ? -1 : 1));
