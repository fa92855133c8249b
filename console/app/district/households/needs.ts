import type { Act, Field, Option, Seen } from "../acts/act.ts";
import { familiesIn, type Home, membersIn } from "../kit/homes.ts";
import { REGISTER_NEED } from "./questions.ts";

/** Kinds of need, in the order of the regulation. A test holds these lists against the registry's own. */
export const OF_PERSONS = [
  ...["NEGLECTED_TODDLER", "NEGLECTED_CHILD", "CHILD_IN_CONFLICT_WITH_LAW", "STREET_CHILD", "CHILD_WITH_DISABILITY"],
  ...["CHILD_VICTIM_OF_VIOLENCE", "CHILD_NEEDING_PROTECTION", "NEGLECTED_ELDER", "PERSON_WITH_DISABILITY", "SEX_WORKER"],
  ...["HOMELESS", "BEGGAR", "SCAVENGER", "MINORITY_GROUP", "FORMER_PRISONER", "PERSON_WITH_HIV", "DRUG_VICTIM"],
  ...["TRAFFICKING_VICTIM", "VIOLENCE_VICTIM", "TROUBLED_MIGRANT_WORKER", "NATURAL_DISASTER_VICTIM"],
  ...["SOCIAL_DISASTER_VICTIM", "VULNERABLE_WOMAN", "POOR", "TROUBLED_FAMILY", "REMOTE_COMMUNITY"],
];
export const OF_FAMILIES = ["NATURAL_DISASTER_VICTIM", "SOCIAL_DISASTER_VICTIM", "POOR", "TROUBLED_FAMILY"];
export const OF_GROUPS = OF_PERSONS.filter((kind) => kind !== "TROUBLED_FAMILY");
export const OF_COMMUNITIES = ["MINORITY_GROUP", "NATURAL_DISASTER_VICTIM", "SOCIAL_DISASTER_VICTIM", "REMOTE_COMMUNITY"];

const BY = ["VERIFIER", "HEAD_OF_OFFICE"];
const kindOf = (values: readonly string[], more: Pick<Field, "when"> = {}): Field => ({
  ...{ name: "needKind", kind: "choice", type: "NeedKind", values },
  ...more,
});
const SINCE: Field = { name: "since", kind: "date" };
const options = (listed: readonly { readonly id: string; readonly label: string }[]): readonly Option[] =>
  listed.map(({ id, label }) => ({ value: id, label }));

/** Puts a need of somebody who lives there, or of a family, on record. */
export const needActs = (home: Home): readonly Act<Home>[] => [
  {
    ...{ name: "registerNeed", document: REGISTER_NEED, by: BY, fits: () => true },
    fields: [{ name: "member", kind: "pick", options: options(membersIn(home)) }, kindOf(OF_PERSONS), SINCE],
    variables: (_, { needKind, member, since }) => ({ input: { kind: needKind, member, since } }),
  },
  {
    ...{ name: "registerFamilyNeed", document: REGISTER_NEED, by: BY, fits: () => true },
    fields: [{ name: "family", kind: "pick", options: options(familiesIn(home)) }, kindOf(OF_FAMILIES), SINCE],
    variables: (_, { needKind, family, since }) => ({ input: { kind: needKind, family, since } }),
  },
];

const isCommunity = (values: Readonly<Record<string, string>>): boolean => values["groupKind"] === "COMMUNITY";

/** Puts a need of people who are not named on record. */
export const GROUP_NEED: Act<Seen> = {
  ...{ name: "registerGroupNeed", document: REGISTER_NEED, by: BY, fits: () => true },
  fields: [
    { name: "groupKind", kind: "choice", type: "NeedSubject", values: ["GROUP", "INSTITUTION", "COMMUNITY"] },
    { name: "groupName", kind: "line" },
    { name: "size", kind: "number" },
    { name: "village", kind: "village" },
    kindOf(OF_COMMUNITIES, { when: isCommunity }),
    kindOf(OF_GROUPS, { when: (values) => !isCommunity(values) }),
    SINCE,
  ],
  variables: (_, { groupKind, groupName, size, village, needKind, since }) => ({
    input: { kind: needKind, since, group: { kind: groupKind, name: groupName, size: Number(size), village } },
  }),
};
