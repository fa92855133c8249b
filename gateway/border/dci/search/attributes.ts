import { dayInWib } from "../../../../schema/values/wib.ts";
import type { Json } from "../types.ts";
import { badCriteria, own, rejected } from "./refusal.ts";

/** What is searched: persons and households of the social registry, enrolments of the beneficiary registry. */
export type Entity = "person" | "household" | "enrolment";

/** One condition, from an expression or a predicate. All of a search hold at once, of the same row. */
export interface Condition {
  readonly attribute: string;
  readonly operator: "eq" | "lt" | "le" | "gt" | "ge";
  readonly value: Json;
}

type Filter = Readonly<Record<string, string | number>>;
/** The filter that a condition is; null: the schema has none for this operator. */
type Meaning = (condition: Condition) => Filter | null;

const words = (name: string, known: Readonly<Record<string, string>>): Meaning => {
  return ({ operator, value }) => {
    const word = typeof value === "string" ? own(known, value.toLowerCase()) : undefined;
    if (operator !== "eq" || word === undefined) return null;
    return { [name]: word };
  };
};
const same = (...codes: readonly string[]) => Object.fromEntries(codes.map((code) => [code.toLowerCase(), code]));

const region: Meaning = ({ operator, value }) =>
  operator === "eq" && typeof value === "string" && /^\d{2,10}$/.test(value) ? { region: value } : null;

const atMost =
  (name: string, lowest: number, asText: boolean): Meaning =>
  ({ operator, value }) => {
    const bound = wholeOf(value);
    if (bound === null || (operator !== "lt" && operator !== "le")) return null;
    const most = operator === "lt" ? bound - 1 : bound;
    return most < lowest ? null : { [name]: asText ? String(most) : most };
  };

function wholeOf(value: Json): number | null {
  const number = typeof value === "string" && /^\d{1,12}$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) && number >= 0 ? number : null;
}

const bornOn: Meaning = ({ operator, value }) => {
  const day = typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value)) ? value : null;
  if (day === null) return null;
  if (operator === "eq") return { bornFrom: day, bornTo: day };
  if (operator === "ge" || operator === "gt") return { bornFrom: operator === "ge" ? day : daysFrom(day, 1) };
  return { bornTo: operator === "le" ? day : daysFrom(day, -1) };
};

/** Who is at least n today was born on this day n years ago or earlier. */
const age: Meaning = ({ operator, value }) => {
  const years = wholeOf(value);
  if (years === null || years > 150) return null;
  const [youngest, older] = [yearsAgo(years), yearsAgo(years + 1)];
  if (operator === "ge") return { bornTo: youngest };
  if (operator === "gt") return { bornTo: older };
  if (operator === "lt") return { bornFrom: daysFrom(youngest, 1) };
  return operator === "le" ? { bornFrom: daysFrom(older, 1) } : { bornFrom: daysFrom(older, 1), bornTo: youngest };
};

const daysFrom = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);

/** On 29 February that of a year without one is the 28th: whoever was born on 1 March has their birthday tomorrow. */
function yearsAgo(years: number): string {
  const [year = "", month, day] = dayInWib(new Date()).split("-");
  const then = String(Number(year) - years).padStart(4, "0");
  const has29 = !Number.isNaN(Date.parse(`${then}-02-29`)) && new Date(`${then}-02-29`).getUTCDate() === 29;
  return month === "02" && day === "29" && !has29 ? `${then}-02-28` : `${then}-${month}-${day}`;
}

const SEX = words("sex", { male: "MALE", m: "MALE", female: "FEMALE", f: "FEMALE" });
const PROGRAMS = same("BPNT", "BST", "KIP", "KIP_KULIAH", "PBI_JK", "PKH");
const PROGRAM = words("program", PROGRAMS);
export const isProgramme = (code: string): boolean => Object.values(PROGRAMS).includes(code);
const STATE = words("state", same("ACTIVE", "CANDIDATE", "EXITED", "GRADUATED", "SUSPENDED", "WAITING"));
const MATCHED = same("ANOMALY", "DECEASED", "DUPLICATE", "INACTIVE", "MATCHED", "MISMATCHED", "NOT_FOUND", "NOT_YET_MATCHED");

/** What may be searched by. An attribute that has no filter behind it is not here, and a search by it is rejected. */
const MEANINGS: Readonly<Record<Entity, Readonly<Record<string, Meaning>>>> = {
  person: { sex: SEX, gender: SEX, birth_date: bornOn, age, location: region, region },
  household: {
    ...{ poverty_score: atMost("decileAtMost", 1, false), decile: atMost("decileAtMost", 1, false) },
    ...{ income: atMost("incomeAtMost", 0, true), match_status: words("matchStatus", MATCHED) },
    ...{ location: region, region },
  },
  enrolment: {
    ...{ programme: PROGRAM, program: PROGRAM, programme_identifier: PROGRAM },
    ...{ enrolment_status: STATE, location: region, region },
  },
};

/** Entities of which every one of these attributes can be searched by. */
export const entitiesOf = (conditions: readonly Condition[]): Entity[] =>
  (Object.keys(MEANINGS) as Entity[]).filter((entity) =>
    conditions.every(({ attribute }) => Object.hasOwn(MEANINGS[entity], attribute)),
  );

/** All conditions as one filter. Throws a Rejection for one the schema has no filter for, and for two of the same: nothing is left out or widened. */
export function filterOf(entity: Entity, conditions: readonly Condition[]): Filter {
  const filter: Record<string, string | number> = {};
  for (const condition of conditions) {
    const known = own(MEANINGS[entity], condition.attribute);
    if (!known) throw badCriteria("an attribute cannot be searched by");
    const means = known(condition);
    if (!means) throw badCriteria(`${condition.attribute}: not with this operator and value`);
    if (Object.keys(means).some((name) => name in filter))
      throw rejected("rjct.filter.invalid", `${condition.attribute}: said twice`);
    Object.assign(filter, means);
  }
  return filter;
}
