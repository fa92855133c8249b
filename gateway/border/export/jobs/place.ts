import { randomUUID } from "node:crypto";
import { type Failure, Refusal } from "../../../../schema/errors.ts";
import { type Admitted, admitted, asQuestion, type Hub } from "../../../answer.ts";
import type { Entry } from "../../../audit/entry.ts";
import { underAgreement } from "../../../authenticate/agreement.ts";
import { authenticate } from "../../../authenticate/authenticate.ts";
import { receive } from "../../../receive/receive.ts";
import type { Disclosure, Incoming, Known } from "../../../types/chain.ts";
import { type Order, orderOf } from "./order.ts";
import type { Placing } from "./store.ts";
import { columnsOf, type Opened, openedBy, questionOf, takes } from "./table.ts";

/**
 * An order as a job, judged as its first question would be: agreement, case, columns, filter. A column that the agreement does not open is left out
 * and named. Throws the Refusal that says why there is no such file for whoever asks.
 */
export async function judged(
  request: Incoming,
  entry: Entry,
  hub: Hub,
): Promise<{ readonly job: Placing; readonly planned: Admitted }> {
  const order = orderOf(request.body);
  const asking = withCase(request, order.caseNumber);
  const known = await standing(asking, entry, hub);
  const opened = openedBy(known.decisions, columnsOf(order.dataset, hub.supergraph.api));
  const { columns, denied } = chosen(order, opened, known);
  const { dataset, filter, name, format, written } = order;
  if (filter !== null && !takes(dataset, filter, hub.supergraph.api))
    throw new Refusal({ code: "BAD_REQUEST", detail: `filter: only what ${dataset.field} takes` });
  const question = questionOf({ dataset, columns, filter }, hub.supergraph.api, `${dataset.operation}Asked`);
  const planned = await admitted(asQuestion({ ...asking, isPaced: true }, question(null)), entry, hub).catch(asForbidden);
  if (planned.denials.length > 0) throw new Refusal([{ code: "FORBIDDEN" }, ...planned.denials]);
  const { client, officer, agreement, version, case: caseNumber } = planned.caller;
  const wanted = { name, format, filter, columns: columns.map((one) => one.name), denied };
  const guard = written.guard ?? officer !== null;
  const who = { client, officer, agreement, version, caseNumber, address: request.address };
  const job = { id: randomUUID(), ...who, note: order.note, wanted: { ...wanted, written: { ...written, guard } } };
  return { job, planned };
}

/** Who asks, under what, in the turn of their question: known before it is, for it is made of what they may see. */
async function standing(request: Incoming, entry: Entry, hub: Hub): Promise<Known> {
  const stub = { operation: "ExportAsked", document: "query ExportAsked { __typename }", variables: {} };
  const identified = entry.saw(await authenticate(entry.saw(await receive(asQuestion(request, stub))), hub));
  if (identified.citizen !== null || identified.tryAs !== null) throw new Refusal({ code: "FORBIDDEN" });
  return hub.rates.passing().of(entry.saw(underAgreement(identified, hub.grants.current(), hub)));
}

function withCase(request: Incoming, caseNumber: string | null): Incoming {
  if (caseNumber === null) return request;
  const header = request.headers["hub-case"];
  if (header !== undefined && header !== caseNumber)
    throw new Refusal({ code: "BAD_REQUEST", detail: "caseNumber: another than in the header Hub-Case" });
  return { ...request, headers: { ...request.headers, "hub-case": caseNumber } };
}

function chosen({ name, dataset: { each }, columns: named }: Order, { open, denied }: Opened, { rejectsDenied }: Known) {
  const names = [...open, ...denied].map((one) => one.name);
  const unknown = named?.some((one) => !names.includes(one));
  if (unknown) throw new Refusal({ code: "BAD_REQUEST", detail: `columns: only those of ${name}` });
  const isOfRow = ({ path }: { readonly path: readonly string[] }) => !each || path[0] === each.list;
  const wanted = (one: { readonly name: string }) => named === null || named.includes(one.name);
  const [columns, left] = [open.filter(wanted), denied.filter(wanted)];
  if (![...columns, ...left].some(isOfRow))
    throw new Refusal({ code: "BAD_REQUEST", detail: `columns: at least one of ${each?.list}` });
  const isRefused = !columns.some(isOfRow) || (rejectsDenied && named !== null && left.length > 0);
  if (isRefused) throw new Refusal([{ code: "FORBIDDEN" }, ...left.map(failureOf)]);
  const inOrder = named === null ? columns : named.flatMap((one) => columns.find((column) => column.name === one) ?? []);
  return { columns: inOrder, denied: left.map((one) => one.name) };
}

const failureOf = ({ coordinates }: Opened["denied"][number]): Failure => ({
  code: "FIELD_NOT_GRANTED",
  coordinate: coordinates.at(-1) ?? "",
});

/** The question is ours, and good: what of it is not there is hidden from whoever asks. */
export function asForbidden(error: unknown): never {
  const isHidden = error instanceof Refusal && error.failures[0]?.code === "GRAPHQL_VALIDATION_FAILED";
  throw isHidden ? new Refusal({ code: "FORBIDDEN" }) : error;
}

/** What an answer about jobs discloses: nothing of anybody. */
export const nothingShown = ({ lookups }: Admitted): Disclosure => ({
  ...{ data: null, errors: [], denied: [], transformed: [], inSomeRows: [], shown: [] },
  ...{ subjects: [], persons: [], lookups, verdicts: {}, fetches: [] },
});
