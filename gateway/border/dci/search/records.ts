import { REG_TYPE, type RegistryName } from "../types.ts";
import type { Entity } from "./attributes.ts";

type Row = Readonly<Record<string, unknown>>;
type Made = Readonly<Record<string, unknown>>;

/** An object of the standard without what there is nothing to say of: what is not open, null or empty is absent, never guessed. */
function object(members: Made): Made | undefined {
  const kept = Object.entries(members).filter(([, value]) => value != null && !(Array.isArray(value) && value.length === 0));
  return kept.some(([name]) => name !== "@type") ? Object.fromEntries(kept) : undefined;
}
const list = (...items: readonly (Made | undefined)[]): Made[] => items.filter((item) => item !== undefined);
const rowOf = (value: unknown): Row | null => (typeof value === "object" && value !== null ? (value as Row) : null);
const rowsOf = (value: unknown): Row[] => (Array.isArray(value) ? (value as Row[]) : []);
const lower = (value: unknown): string | undefined => (typeof value === "string" ? value.toLowerCase() : undefined);

const identifier = (type: string, value: unknown): Made | undefined =>
  value == null ? undefined : { "@type": "Identifier", identifier_type: type, identifier_value: value };

const address = ({ address: street, region }: Row): Made | undefined => {
  const { code, name } = rowOf(region) ?? {};
  return object({ "@type": "Address", street_address: street, locality: name, area_code: code });
};

/** Names are single ones: the whole name stands as given name, and no surname is made of it. */
function person(row: Row | null): Made | undefined {
  if (row === null) return undefined;
  const { id, nik, fullName, sex, birthDate, birthPlace, isAlive, disability } = row;
  return object({
    "@type": "SRPerson",
    "@id": id,
    identifier: list(identifier("NIK", nik), identifier("PERSON_ID", id)),
    name: object({ "@type": "Name", given_name: fullName }),
    sex: lower(sex),
    birth_date: birthDate,
    birth_place: birthPlace,
    address: address(row),
    is_alive: isAlive,
    is_disabled: disability == null ? undefined : disability !== "NONE",
    disability_type: disability === "NONE" ? undefined : lower(disability),
  });
}

const member = ({ id, relation, state, person: who }: Row): Made | undefined =>
  object({
    "@type": "Member",
    "@id": id,
    member_identifier: list(identifier("MEMBER_ID", id)),
    demographic_info: person(rowOf(who)),
    relationship_to_head: lower(relation),
    membership_status: lower(state),
  });

function group(row: Row): Made | undefined {
  const decile = rowsOf(row["deciles"])[0]?.["decile"];
  return object({
    "@type": "Group",
    "@id": row["id"],
    group_identifier: list(identifier("HOUSEHOLD_ID", row["id"])),
    group_type: "household",
    address: address(row),
    poverty_score: decile,
    poverty_score_type: decile == null ? undefined : "DTSEN_DECILE",
    group_size: row["memberCount"],
    member_list: list(...rowsOf(row["members"]).map(member)),
    last_surveyed: row["surveyedOn"],
  });
}

function beneficiary({ id, state, startedOn, endedOn, program, person: who, region }: Row): Made | undefined {
  const { code, name } = rowOf(program) ?? {};
  const of = rowOf(who);
  return object({
    "@type": "Beneficiary",
    "@id": id,
    member: object({
      "@type": "Member",
      member_identifier: list(identifier("NIK", of?.["nik"]), identifier("PERSON_ID", of?.["id"])),
      demographic_info: person(of),
      programme_identifier: object({
        programme: object({ programme_identifier: code, programme_name: name }),
        enrolment_date: startedOn,
        enrolment_status: lower(state),
        enrolment_end_date: endedOn,
        address: address({ region }),
      }),
    }),
  });
}

const MAKERS: Readonly<Record<Entity, (row: Row) => Made | undefined>> = { person, household: group, enrolment: beneficiary };
const TYPES: Readonly<Record<Entity, string>> = { person: "SRPerson", household: "Group", enrolment: "Beneficiary" };

/** `data` of a search response. */
export const dataOf = (registry: RegistryName, entity: Entity, rows: readonly Row[]): Made => ({
  version: "1.0.0",
  reg_type: REG_TYPE[registry],
  reg_record_type: TYPES[entity],
  reg_records: list(...rows.map(MAKERS[entity])),
});
