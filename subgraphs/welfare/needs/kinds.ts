import type { NeedCriterion, NeedKind, NeedSubject } from "../generated.ts";

/** Families of criteria of each kind (Permensos 8/2012, annex; UU 11/2009 art. 5). */
const CRITERIA: Readonly<Record<NeedKind, readonly NeedCriterion[]>> = {
  NEGLECTED_TODDLER: ["NEGLECT"],
  NEGLECTED_CHILD: ["NEGLECT"],
  CHILD_IN_CONFLICT_WITH_LAW: ["SOCIAL_DEVIANCE"],
  STREET_CHILD: ["NEGLECT", "SOCIAL_DEVIANCE"],
  CHILD_WITH_DISABILITY: ["DISABILITY"],
  CHILD_VICTIM_OF_VIOLENCE: ["VIOLENCE_EXPLOITATION_DISCRIMINATION"],
  CHILD_NEEDING_PROTECTION: ["NEGLECT", "VIOLENCE_EXPLOITATION_DISCRIMINATION"],
  NEGLECTED_ELDER: ["NEGLECT"],
  PERSON_WITH_DISABILITY: ["DISABILITY"],
  SEX_WORKER: ["SOCIAL_DEVIANCE"],
  HOMELESS: ["SOCIAL_DEVIANCE"],
  BEGGAR: ["SOCIAL_DEVIANCE"],
  SCAVENGER: ["SOCIAL_DEVIANCE"],
  MINORITY_GROUP: ["VIOLENCE_EXPLOITATION_DISCRIMINATION"],
  FORMER_PRISONER: ["SOCIAL_DEVIANCE"],
  PERSON_WITH_HIV: ["SOCIAL_DEVIANCE"],
  DRUG_VICTIM: ["SOCIAL_DEVIANCE"],
  TRAFFICKING_VICTIM: ["VIOLENCE_EXPLOITATION_DISCRIMINATION"],
  VIOLENCE_VICTIM: ["VIOLENCE_EXPLOITATION_DISCRIMINATION"],
  TROUBLED_MIGRANT_WORKER: ["VIOLENCE_EXPLOITATION_DISCRIMINATION"],
  NATURAL_DISASTER_VICTIM: ["DISASTER"],
  SOCIAL_DISASTER_VICTIM: ["DISASTER"],
  VULNERABLE_WOMAN: ["POVERTY"],
  POOR: ["POVERTY"],
  TROUBLED_FAMILY: ["NEGLECT"],
  REMOTE_COMMUNITY: ["REMOTENESS"],
};

/** Every kind, in the order of the regulation. */
export const NEED_KINDS = Object.keys(CRITERIA) as NeedKind[];

const DISASTERS: readonly NeedKind[] = ["NATURAL_DISASTER_VICTIM", "SOCIAL_DISASTER_VICTIM"];
/** Kinds that a whole family or community may have; persons, groups and institutions may have any but TROUBLED_FAMILY, which persons and families have. */
const OF_FAMILIES: readonly NeedKind[] = ["POOR", "TROUBLED_FAMILY", ...DISASTERS];
const OF_COMMUNITIES: readonly NeedKind[] = ["REMOTE_COMMUNITY", "MINORITY_GROUP", ...DISASTERS];

/** Families of criteria that a kind belongs to; at least one. Pure. */
export const criteriaOf = (kind: NeedKind): readonly NeedCriterion[] => CRITERIA[kind];

/** Whether subjects of this form have needs of this kind. Pure. */
export function isKindOf(kind: NeedKind, subject: NeedSubject): boolean {
  if (subject === "FAMILY") return OF_FAMILIES.includes(kind);
  if (subject === "COMMUNITY") return OF_COMMUNITIES.includes(kind);
  return subject === "PERSON" || kind !== "TROUBLED_FAMILY";
}
