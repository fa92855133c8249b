import type { Decisions } from "../../../types/policy.ts";

/** Fields of a type, each with what is wanted of it; null: the value itself. */
export interface Selection {
  readonly type: string;
  readonly fields: Readonly<Record<string, Selection | null>>;
}

const plain = (...names: readonly string[]): Readonly<Record<string, null>> =>
  Object.fromEntries(names.map((name) => [name, null]));

const REGION: Selection = { type: "Region", fields: plain("code", "name") };
const PROGRAM: Selection = { type: "Program", fields: plain("code", "name") };

export const PERSON: Selection = {
  type: "Person",
  fields: {
    ...plain("id", "nik", "fullName", "sex", "birthDate", "birthPlace", "address", "isAlive", "disability"),
    region: REGION,
  },
};

/** Who it is; nothing more of them than a programme needs to tell them apart. */
const RECIPIENT: Selection = { type: "Person", fields: plain("id", "nik", "fullName", "sex", "birthDate") };

const MEMBER: Selection = { type: "Member", fields: { ...plain("id", "relation", "state"), person: RECIPIENT } };

export const HOUSEHOLD: Selection = {
  type: "Household",
  fields: {
    ...plain("id", "address", "memberCount", "surveyedOn"),
    region: REGION,
    deciles: { type: "Decile", fields: plain("decile") },
    members: MEMBER,
  },
};

const AID: Selection = { type: "Enrolment", fields: { ...plain("id", "state", "startedOn", "endedOn"), program: PROGRAM } };
export const ENROLMENT: Selection = { ...AID, fields: { ...AID.fields, region: REGION, person: RECIPIENT } };

export const OF_PERSON: Selection = { ...RECIPIENT, fields: { ...RECIPIENT.fields, enrolments: AID } };
export const HOUSEHOLDS_OF_PERSON: Selection = {
  type: "Person",
  fields: { registryMembers: { type: "Member", fields: { household: HOUSEHOLD } } },
};

export const isOpen = (decisions: Deciding, coordinate: string): boolean =>
  !decisions.hidden.has(coordinate) && decisions.verdict(coordinate).effect !== "deny";
type Deciding = Pick<Decisions, "hidden" | "verdict">;

/**
 * What of a selection an agreement opens, as GraphQL: a question holds only what may be answered, so that nothing is denied that nobody asked for.
 * `needed` stays whatever it is: what a search rests on is denied by the hub, never left out.
 */
export function selected({ type, fields }: Selection, decisions: Deciding, needed: ReadonlySet<string> = NOTHING): string {
  const parts = Object.entries(fields).flatMap(([name, of]) => {
    const coordinate = `${type}.${name}`;
    if (!needed.has(coordinate) && !isOpen(decisions, coordinate)) return [];
    return of === null ? [name] : [`${name} ${selected(of, decisions, needed)}`];
  });
  return `{ ${parts.length > 0 ? parts.join(" ") : "__typename"} }`;
}

const NOTHING: ReadonlySet<string> = new Set();
