import type { Opens } from "./opens.ts";

const of = (type: string, ...fields: readonly string[]) => fields.map((field) => `${type}.${field}`);

/** What an entry says of itself: general to officers, named one by one to the person, who reads what was done and not by whom: the office answers. */
const ENTRY = [
  "Household.version",
  "Household.versions",
  ...of("Member", "version", "versions", "history", "bases", "lineage"),
  ...of("EntryChange", "fields", "validFrom", "validTo", "knownAt"),
  ...of("Registration", "basis", "controller", "since", "isCurrent"),
  ...of("MemberLineage", "from", "reason", "movedOn"),
  ...of("ExternalId", "id", "scheme", "validFrom", "validTo", "isDisputed"),
  ...of("Survey", "id", "visitedOn", "method"),
  "MemberSurvey.visitedOn",
];
const SPECIFICS = [
  "EntryChange.reason",
  "Household.survey",
  "Survey.answers",
  ...of("Member", "externalIds", "survey"),
  "ExternalId.value",
  "MemberSurvey.answers",
  ...of("SurveyAnswer", "value", "original", "confirmation", "correction"),
];

/** Health and disability answers are nobody's by default: the regency asks for them clause by clause. */
export const registry: Opens = {
  regency: SPECIFICS,
  ministry: SPECIFICS,
  ranking: SPECIFICS.filter((coordinate) => !/reason|xternalId/.test(coordinate)),
  citizen: [...ENTRY, ...SPECIFICS],
  notForPrograms: [
    ...ENTRY.filter((coordinate) => /versions|lineage/.test(coordinate)),
    ...SPECIFICS,
    "MemberSurvey.healthAnswers",
  ],
};
