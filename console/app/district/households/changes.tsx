import { type Act, type Field, given, type Seen, seenOne, type Values, YES } from "../acts/act.ts";
import { familiesIn, type Home, membersIn, presentIn } from "../kit/homes.ts";
import { RELATIONS } from "../proposals/claim.ts";
import { Foresight } from "./Foresight.tsx";
import { COMPLETE_CHANGE, SUBMIT_CARD } from "./questions.ts";

/** How a change of one kind is asked for, and what of `ChangeInput` it becomes. */
interface Form {
  readonly part: string;
  readonly fields: (home: Home) => readonly Field[];
  /** Asked of everybody who lives there. */
  readonly each?: readonly Field[];
  readonly told: (values: Values, home: Home) => Readonly<Record<string, unknown>>;
}

const picked = (listed: readonly { readonly id: string; readonly label: string }[]) =>
  listed.map(({ id, label }) => ({ value: id, label }));
const member = (home: Home): Field => ({ name: "member", kind: "pick", options: picked(membersIn(home)) });
const family = (home: Home): Field => ({ name: "family", kind: "pick", options: picked(familiesIn(home)) });

const RELATION: Field = { name: "relation", kind: "choice", type: "FamilyRelation", values: RELATIONS, isOptional: true };
const GOES: readonly Field[] = [{ name: "goes", kind: "check" }, RELATION];
const at = (place: string) => (values: Values) => values["place"] === place;
const PLACE: readonly Field[] = [
  { name: "place", kind: "pick", options: ["HERE", "FAMILY", "ADDRESS"].map((value) => ({ value })) },
  { name: "into", kind: "family", when: at("FAMILY") },
  { name: "village", kind: "village", when: at("ADDRESS") },
  { name: "address", kind: "line", when: at("ADDRESS") },
];

/** Where to: nothing for a family of their own in the same household. */
function destination({ place, into, village, address }: Values) {
  if (place === "FAMILY") return { to: { familyId: into } };
  return place === "ADDRESS" ? { to: { region: village, address } } : {};
}

const goers = (values: Values, home: Home) => presentIn(home).filter(({ id }) => values[`${id}.goes`] === YES);
const moverOf = (values: Values, id: string) => {
  const relation = values[`${id}.relation`];
  return { memberId: id, ...(relation && { relation }) };
};
const regrouped = (values: Values, home: Home) => ({
  members: goers(values, home).map(({ id }) => moverOf(values, id)),
  ...destination(values),
});

const NIK: Field = { name: "claimedNik", kind: "line", isOptional: true };

const FORMS: Readonly<Record<string, Form>> = {
  BIRTH: {
    part: "birth",
    fields: (home) => [
      family(home),
      { name: "claimedName", kind: "line" },
      NIK,
      { name: "claimedBirthDate", kind: "date" },
      RELATION,
    ],
    told: ({ family, claimedName, claimedNik = "", claimedBirthDate, relation = "" }) => ({
      ...{ familyId: family, name: claimedName, birthDate: claimedBirthDate },
      ...given({ nik: claimedNik, relation }),
    }),
  },
  DEATH: { part: "death", fields: (home) => [member(home)], told: ({ member }) => ({ memberId: member }) },
  MOVE: { part: "move", fields: () => PLACE, each: GOES, told: regrouped },
  SPLIT: { part: "split", fields: () => PLACE, each: GOES, told: regrouped },
  MARRIAGE: {
    part: "marriage",
    fields: (home) => [member(home), { name: "partner", kind: "member" }, ...PLACE],
    told: ({ member, partner, ...values }) => ({ memberIds: [member, partner], ...destination(values) }),
  },
  DIVORCE: {
    part: "divorce",
    fields: (home) => [member(home), ...PLACE],
    each: [{ name: "childGoes", kind: "check" }],
    told: (values, home) => ({
      memberId: values["member"],
      childIds: presentIn(home)
        .map(({ id }) => id)
        .filter((id) => values[`${id}.childGoes`] === YES),
      ...destination(values),
    }),
  },
  MERGE: {
    part: "merge",
    fields: (home) => [family(home), { name: "into", kind: "family" }],
    each: [RELATION],
    told: (values, home) => ({
      ...{ familyId: values["family"], intoFamilyId: values["into"] },
      relations: presentIn(home)
        .map(({ id }) => moverOf(values, id))
        .filter(({ relation }) => relation),
    }),
  },
  CORRECTION: {
    part: "correction",
    fields: (home) => [member(home), { name: "claimedName", kind: "line", isOptional: true }, NIK, RELATION],
    told: ({ member, claimedName = "", claimedNik = "", relation = "" }) => ({
      memberId: member,
      ...given({ name: claimedName, nik: claimedNik, relation }),
    }),
  },
};

/** What happens to families, in the order of the registry's own list. */
export const CHANGE_KINDS = Object.keys(FORMS);

/** A change as the hub takes it. */
function inputOf(kind: string, home: Home, values: Values) {
  const form = FORMS[kind] as Form;
  const { effectiveOn, cardNumber = "" } = values;
  return { effectiveOn, ...given({ cardNumber }), [form.part]: form.told(values, home) };
}

/** What the forms of a kind have in common, whatever becomes of what is filled in. */
function formOf(kind: string, home: Home): Pick<Act<Seen>, "fields" | "each" | "parts" | "foretells" | "by"> {
  const { fields, each } = FORMS[kind] as Form;
  return {
    by: ["VILLAGE_OPERATOR"],
    fields: [{ name: "effectiveOn", kind: "date" }, ...fields(home)],
    ...(each && { each, parts: membersIn(home) }),
    foretells: (_, values) => <Foresight input={inputOf(kind, home, values)} />,
  };
}

/** What a new card of a household may tell. */
export const cardActs = (home: Home): readonly Act<Home>[] =>
  CHANGE_KINDS.map((kind) => {
    const { fields = [], ...form } = formOf(kind, home);
    return {
      ...form,
      ...{ name: `card.${kind}`, document: SUBMIT_CARD, fits: () => true },
      fields: [{ name: "cardNumber", kind: "line" }, ...fields],
      variables: (_, values) => ({ input: inputOf(kind, home, values) }),
    };
  });

/** Completes a draft of a civil event, and submits it. What it says already stands in the form. */
export const completing = (kind: string, home: Home, preset: Values): Act<Seen & { readonly region: Home["region"] }> => {
  const { fields = [], ...form } = formOf(kind, home);
  return {
    ...form,
    ...{ name: "completeChange", document: COMPLETE_CHANGE, fits: () => true, preset },
    fields: [{ name: "cardNumber", kind: "line", isOptional: true }, ...fields],
    variables: (rows, values) => ({ input: { ...seenOne(rows), change: inputOf(kind, home, values) } }),
  };
};
