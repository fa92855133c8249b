import { randomUUID } from "node:crypto";
import type { RowScope } from "../../../../schema/caller.ts";
import type { Errand, HttpAnswer } from "../../../types/chain.ts";
import { isObject } from "../envelope/envelope.ts";
import { withheld } from "../envelope/receive.ts";
import type { Asking, Facade, Json, JsonObject } from "../types.ts";
import { answered, answerOfItem, knownFor, type Run } from "./ask.ts";
import { isProgramme } from "./attributes.ts";
import { purposesOf } from "./criteria.ts";
import type { Row } from "./question.ts";
import { badCriteria, own } from "./refusal.ts";

/** A question of the standard that is answered by yes or no; null: that cannot be told, and is never guessed. */
export interface YesNo {
  readonly criteria: string;
  readonly response: string;
  readonly verdict: string;
  /** What may be asked besides whom. */
  readonly also: Readonly<Record<string, "programme">>;
  readonly errand: (by: readonly [field: string, argument: string]) => Errand;
  readonly decide: (person: Row | null, asked: AskedOf) => boolean | null;
}

interface AskedOf {
  readonly programme: string | null;
  /** What of all enrolments the asker may see. */
  readonly rows: RowScope;
}

const errandOf = (operation: string, selection: string): YesNo["errand"] => {
  return ([field, argument]) => ({
    operation,
    document: `query ${operation}($value: ${argument === "id" ? "ID!" : "String!"}) { ${field}(${argument}: $value) ${selection} }`,
    variables: {},
  });
};

/** Held up for a while is enrolled still; who waits, or has left, is not. */
const ENROLLED: ReadonlySet<unknown> = new Set(["ACTIVE", "SUSPENDED"]);

/** Whether an enrolment that is not among the rows is none: it may lie in another region, or be of another's programme. */
function seesAll({ regions, programs }: RowScope, programme: string | null): boolean {
  const isOfAll = programs === null || (programme !== null && programs.includes(programme));
  return isOfAll && regions.some(([from, before]) => from === "0" && before === "A");
}

export const IS_ENROLLED: YesNo = {
  criteria: "enrolled_criteria",
  response: "enrolled_response",
  verdict: "enrolled_status",
  also: { "programme_identifier.program.programme_identifier": "programme", programme_identifier: "programme" },
  errand: errandOf("DciEnrolled", "{ enrolments { state program { code } } }"),
  decide(person, { programme, rows }) {
    const enrolments = (person?.["enrolments"] ?? null) as readonly Row[] | null;
    const codeOf = ({ program }: Row) => (program as { readonly code?: unknown } | null)?.code ?? null;
    const meant = enrolments?.filter((one) => programme === null || [programme, null].includes(codeOf(one) as string | null));
    if (!meant) return null;
    if (meant.some((one) => ENROLLED.has(one["state"]) && (programme === null || codeOf(one) === programme))) return true;
    const isHidden = meant.some((one) => one["state"] === null || (programme !== null && codeOf(one) === null));
    return isHidden || !seesAll(rows, programme) ? null : false;
  },
};

export const IS_DISABLED: YesNo = {
  criteria: "disabled_criteria",
  response: "disabled_response",
  verdict: "disabled_status",
  also: {},
  errand: errandOf("DciDisabled", "{ disability }"),
  decide(person) {
    const disability = person?.["disability"] ?? null;
    return disability === null ? null : disability !== "NONE";
  },
};

const WHO: ReadonlySet<string> = new Set(["person_identifier", "member_identifier", "member.member_identifier"]);
const MEMBERS: ReadonlySet<string> = new Set(["query_type", "response_entity", "query", "consent", "authorize"]);

interface Meant {
  readonly who: string;
  readonly programme: string | null;
  readonly purposes: readonly string[];
}

/** Whom a criteria object is about, and in which programme. Throws a Rejection for any condition that is not known. */
function meantBy(message: JsonObject, { criteria: name, also }: YesNo): Meant {
  const criteria = message[name];
  const query = isObject(criteria) ? criteria["query"] : undefined;
  if (!isObject(criteria) || !isObject(query) || Object.keys(criteria).some((one) => !MEMBERS.has(one)))
    throw badCriteria(`${name}: an object with a query`);
  const said = Object.entries(query).map(([attribute, wanted]) => [roleOf(attribute, also), equalTo(wanted)] as const);
  const { who, programme: code } = Object.fromEntries(said) as Partial<Record<Role, string>>;
  if (new Set(said.map(([role]) => role)).size !== said.length) throw badCriteria("query: a condition is said twice");
  if (who === undefined) throw badCriteria("query.person_identifier: whom it is about");
  const programme = code?.toUpperCase() ?? null;
  if (programme !== null && !isProgramme(programme)) throw badCriteria("query: the programme is not known");
  return { who, programme, purposes: purposesOf(criteria) };
}

type Role = "who" | "programme";

function roleOf(attribute: string, also: YesNo["also"]): Role {
  const role = WHO.has(attribute) ? "who" : own(also, attribute);
  if (role === undefined) throw badCriteria("query: a condition is not known");
  return role;
}

function equalTo(wanted: Json): string {
  const [[operator, value] = [], ...more] = Object.entries(isObject(wanted) ? wanted : { eq: wanted });
  const isEqual = (operator === "eq" || operator === "$eq") && more.length === 0;
  if (isEqual && typeof value === "string" && value !== "" && value.length <= 64) return value;
  throw badCriteria("query: conditions are of one text: { eq: … }");
}

/** `POST /registry/sync/enrolled`, `/registry/sync/disabled`: the least that answers is asked, and no more is told than yes or no. */
export async function syncYesNo(asking: Asking, facade: Facade, question: YesNo): Promise<HttpAnswer> {
  const received = await facade.receive(asking, "search");
  if ("refused" in received) return received.refused;
  const { header, message, transactionId } = received;
  const reference = { reference_id: header.message_id }; // the standard's question has none of its own
  const { item, status, receipt, refusal } = await answerOfItem(reference, asking, (run) => decided(message, question, run));
  const late = refusal ?? (await withheld(received, asking));
  if (late) return late;
  const telling = { action: "on-search", status, total: 1, completed: 1, receiver: header.sender_id, receipts: [receipt] };
  const body = { transaction_id: transactionId, correlation_id: randomUUID(), [question.response]: [item] };
  return facade.told(facade.signed(telling, body), asking.request, [receipt]);
}

const NIK = /^\d{16}$/;

async function decided(message: JsonObject, question: YesNo, run: Run): Promise<Readonly<Record<string, string>>> {
  const { who, programme, purposes } = meantBy(message, question);
  const { caller } = await knownFor(purposes, run);
  const by = NIK.test(who) ? (["personByNik", "nik"] as const) : (["person", "id"] as const);
  const data = await answered({ ...question.errand(by), variables: { value: who } }, run);
  const verdict = question.decide((data[by[0]] ?? null) as Row | null, { programme, rows: caller.rows });
  if (verdict === null) throw badCriteria("this is not told, or not known: neither yes nor no");
  return { [question.verdict]: verdict ? "yes" : "no" };
}
