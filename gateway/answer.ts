import type { GraphQLSchema } from "graphql";
import { Refusal } from "../schema/errors.ts";
import type { createAlarms } from "./audit/alarms.ts";
import type { AccessRecord } from "./audit/audit.ts";
import type { Entry } from "./audit/entry.ts";
import { countOfPersons } from "./audit/subjects.ts";
import { openTo, underAgreement } from "./authenticate/agreement.ts";
import { authenticate } from "./authenticate/authenticate.ts";
import { refuseLong } from "./authenticate/ceilings.ts";
import { type OwnDocuments, withDocument } from "./authenticate/document.ts";
import type { Rates, Turn } from "./authenticate/rates.ts";
import type { TokenVerifier } from "./authenticate/token.ts";
import { authorize } from "./authorize/authorize.ts";
import type { Grants } from "./authorize/grants/grants.ts";
import { byPlainIds, triedIn } from "./authorize/lookups.ts";
import { execute } from "./execute/execute.ts";
import { mask } from "./mask/mask.ts";
import { outlineOf } from "./plan/outline/outline.ts";
import { plan } from "./plan/plan.ts";
import { loadSupergraph, type SupergraphOptions } from "./plan/supergraph.ts";
import { bytesIn, receive } from "./receive/receive.ts";
import { outlineAnswer, refuse, respond, sdlAnswer } from "./receive/respond.ts";
import { untilTick } from "./receive/tick.ts";
import { Operation, read } from "./runtime/observe/operation.ts";
import type { Habits } from "./runtime/reload/habits.ts";
import type {
  Answered,
  Disclosure,
  Errand,
  HttpAnswer,
  Incoming,
  Known,
  Outcome,
  Permitted,
  Planned,
  Question,
} from "./types/chain.ts";
import type { Streams, Transport } from "./types/sources.ts";
import type { Supergraph } from "./types/supergraph.ts";
import type { Telemetry } from "./types/telemetry.ts";

/** What all requests share. */
export interface Hub {
  readonly verify: TokenVerifier;
  readonly grants: Grants;
  readonly supergraph: Supergraph;
  readonly sources: Transport;
  readonly streams: Streams;
  readonly record: AccessRecord;
  readonly alarms: ReturnType<typeof createAlarms>;
  /** Told of each operation; undefined: nobody is. */
  readonly telemetry?: Telemetry;
  readonly rates: Rates;
  /** What the hub's own pages ask, where agreements of no rule of their own take trusted documents only; null: those take any. */
  readonly ownDocuments: OwnDocuments | null;
  /** What is asked most, for the next supergraph to read ahead; undefined: there is no next. */
  readonly habits?: Habits;
  /** Aborted when whoever serves this makes room for another: what has no end of its own ends, and whoever follows it comes back. */
  readonly parting?: AbortSignal;
  /** The population is made up: stewards may try other agreements. */
  readonly isSandbox: boolean;
}

/** The life of a request, from `admitted` on. Each line is a folder; a stage that is skipped does not compile. Never rejects. */
export async function answer(request: Incoming, hub: Hub): Promise<HttpAnswer> {
  const startedAt = performance.now();
  const operation = new Operation(request, hub.telemetry);
  const entry = hub.record.open();
  const turn = hub.rates.open();
  try {
    const planned = operation.asks(await admitted(request, entry, { ...hub, turn }));
    const answered = heardOf(await execute(planned, hub.sources), entry);
    const shown = operation.shows(mask(answered, hub.supergraph));
    const { found, missed } = triedIn(shown, planned, hub.supergraph);
    const lookups = hub.alarms.lookedUp(planned.caller, { found, missed, lookups: planned.lookups });
    const receipt = await entry.close(shown, found, lookups); // durable, and the grants still in force: only then may a byte leave
    const told = respond(planned, { ...shown, counted: countOfPersons(shown, found) }, receipt);
    if (lookups) {
      await untilTick(startedAt); // found and not found leave at the same time
      entry.stands();
    }
    operation.answered(shown);
    return told;
  } catch (error) {
    return refuse(operation.refused(await entry.fail(error)), request);
  } finally {
    turn.end();
  }
}

/** A question that may be fetched for. */
export type Admitted = Known & Planned;

/** As far as a question goes before anything is fetched for it. What keeps no place of its agreement's brings no turn of its own. */
export async function admitted(request: Incoming, entry: Entry, hub: Hub & { readonly turn?: Turn }): Promise<Admitted> {
  const asked = entry.saw(await receive(request));
  const identified = entry.saw(await authenticate(asked, hub));
  const under = entry.saw(underAgreement(identified, hub.grants.current(), hub));
  request.trail?.knows(under.caller);
  const inTurn = refuseLong(await (hub.turn ?? hub.rates.passing()).of(under));
  const known = entry.notes(entry.saw(await withDocument(inTurn, hub)), hub.supergraph);
  request.trail?.enters("authorize");
  const permitted = read(wholeOrNothing(authorize(known, hub.supergraph)));
  const named = await byPlainIds(permitted, hub.supergraph, hub.record.plainIds); // only persons the agency was shown
  const planned = plan(named, hub.supergraph);
  hub.habits?.note(planned);
  return entry.intend(planned); // on its way to the record before it is asked; a mutation is there before it runs
}

/** The schema as the caller's agreement sees it, in SDL. On record like any question. Never rejects. */
export async function describe(request: Incoming, hub: Hub): Promise<HttpAnswer> {
  const entry = hub.record.open();
  const turn = hub.rates.open();
  const question = asQuestion(request, { operation: "Schema", document: "query Schema { __typename }", variables: {} });
  try {
    const planned = await admitted(question, entry, { ...hub, turn });
    await entry.close(NOTHING_SHOWN);
    return sdlAnswer(planned, planned.reading.view);
  } catch (error) {
    return refuse(await entry.fail(error), question);
  } finally {
    turn.end();
  }
}

const NOTHING_SHOWN: Disclosure = {
  ...{ data: null, errors: [], denied: [], transformed: [], inSomeRows: [], shown: [] },
  ...{ subjects: [], persons: [], lookups: [], verdicts: {}, fetches: [] },
};

/**
 * How the question that is sent would be fetched under the caller's agreement: judged, priced and planned like any, and fetched of nobody. On record as
 * the schema's telling is. Never rejects.
 */
export async function outline(request: Incoming, hub: Hub): Promise<HttpAnswer> {
  const entry = hub.record.open();
  const turn = hub.rates.open();
  const question = asQuestion(request, { operation: "Plan", document: "query Plan { __typename }", variables: {} });
  try {
    const { document, documentId, operationName, variables } = await receive({ ...request, url: "/graphql" });
    const under = await admitted(question, entry, { ...hub, turn });
    const { isErrand: _, ...bare } = under; // the document is theirs, and what their agreement takes
    const asked = { ...bare, method: "POST" as const, document, documentId, operationName, variables };
    const permitted = wholeOrNothing(authorize(entry.saw(await withDocument(asked, hub)), hub.supergraph));
    const planned = plan(permitted, hub.supergraph);
    await entry.close(NOTHING_SHOWN);
    return outlineAnswer(planned, outlineOf(planned, { ...hub, seen: planned.reading.view, language: planned.language }));
  } catch (error) {
    return refuse(await entry.fail(error), request);
  } finally {
    turn.end();
  }
}

/** Numbers of the agreements that whoever asks may ask under, at a rate of their own. No question yet and nothing of anybody, so nothing is put on record. Never rejects. */
export async function choices(request: Incoming, hub: Hub): Promise<HttpAnswer> {
  const question = asQuestion(request, { operation: "Choices", document: "query Choices { __typename }", variables: {} });
  const turn = hub.rates.choosing();
  try {
    const identified = turn.of(await authenticate(await receive(question), hub));
    const numbers = openTo(identified, hub.grants.current()).map(({ number }) => number);
    const headers = { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" };
    return {
      ...{ status: 200, body: JSON.stringify(numbers.sort()) },
      headers: { ...headers, "x-request-id": request.requestId },
    };
  } catch (error) {
    return refuse(error, question);
  }
}

/** Answers an address that is no GraphQL as the question it stands for. Never rejects. */
export const ask = (request: Incoming, errand: Errand, hub: Hub): Promise<HttpAnswer> => answer(asQuestion(request, errand), hub);

/** An address that is no GraphQL, as the question it stands for. */
export const asQuestion = (request: Incoming, { operation, document, variables }: Errand): Incoming => ({
  ...request,
  method: "POST",
  url: "/graphql",
  headers: { ...request.headers, "content-type": "application/json", accept: "application/graphql-response+json" },
  body: JSON.stringify({ query: document, operationName: operation, variables }),
  bodyBytes: bytesIn(request),
  isErrand: true,
});

/** Agreements written so (`on_denied: reject`) refuse a question of which any part is denied. */
function wholeOrNothing<Q extends Known & Permitted>(permitted: Q): Q {
  if (permitted.rejectsDenied && permitted.denials.length > 0) throw new Refusal([{ code: "FORBIDDEN" }, ...permitted.denials]);
  return permitted;
}

/**
 * Not one source of a mutation was heard of; any of them may have acted, so to time out is not enough to say. Unless none was asked (its circuit is
 * open): then nothing has been done, and it may be tried again.
 */
function heardOf<Q extends Answered>(answered: Q, entry: Entry): Q {
  const { reading, fetches } = answered;
  const isSilent = fetches.length > 0 && fetches.every(({ outcome }) => outcome !== "ok" && outcome !== "errors");
  if (reading.operation.operation !== "mutation" || !isSilent) return answered;
  const [first] = fetches;
  if (!first || !fetches.every(({ isUnsent }) => isUnsent)) throw new Refusal({ code: "GATEWAY_TIMEOUT" });
  entry.undone();
  throw new Refusal({ code: "SUBGRAPH_UNAVAILABLE", service: first.service }, { headers: { "retry-after": "1" } });
}

export interface SupergraphRuntime {
  /** SHA-256 of the SDL, hex. */
  readonly hash: string;
  /** The API schema. */
  readonly schema: GraphQLSchema;
  readonly supergraph: Supergraph;
  /** Never rejects. */
  execute(question: Question): Promise<Outcome>;
  close(): Promise<void>;
}

/**
 * The library door: from document and decisions to the answer, without HTTP, policy storage or record. Takes any valid supergraph
 * (federation 2.9 at most); throws one error that names all faults of one that is not.
 */
export function createSupergraphRuntime(
  options: SupergraphOptions & {
    readonly supergraphSdl: string;
    readonly transport: Transport;
    /** Told of what is thrown and is not a Refusal: our bugs. */
    readonly onFault?: (error: unknown) => void;
  },
): SupergraphRuntime {
  const { supergraphSdl, transport, onFault } = options;
  const supergraph = loadSupergraph(supergraphSdl, options);
  return {
    hash: supergraph.hash,
    schema: supergraph.api,
    supergraph,
    async execute(question) {
      try {
        const permitted = authorize(question, supergraph);
        const planned = plan(permitted, supergraph);
        const answered = await execute(planned, transport);
        return { kind: "answered", ...mask(answered, supergraph) };
      } catch (error) {
        if (error instanceof Refusal) return { kind: "refused", errors: error.failures };
        onFault?.(error);
        return { kind: "refused", errors: [{ code: "INTERNAL_SERVER_ERROR" }] };
      }
    },
    close: () => transport.close(),
  };
}
