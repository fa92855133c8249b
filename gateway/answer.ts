import type { GraphQLSchema } from "graphql";
import { Refusal } from "../schema/errors.ts";
import type { AccessRecord } from "./audit/audit.ts";
import { underAgreement } from "./authenticate/agreement.ts";
import { authenticate } from "./authenticate/authenticate.ts";
import type { TokenVerifier } from "./authenticate/token.ts";
import { authorize } from "./authorize/authorize.ts";
import { execute } from "./execute/execute.ts";
import type { Grants } from "./grants.ts";
import { mask } from "./mask/mask.ts";
import { plan } from "./plan/plan.ts";
import { loadSupergraph, type SupergraphOptions } from "./plan/supergraph.ts";
import { receive } from "./receive/receive.ts";
import { refuse, respond } from "./receive/respond.ts";
import type { HttpAnswer, Incoming, Known, Outcome, Permitted, Question } from "./types/chain.ts";
import type { Transport } from "./types/sources.ts";
import type { Supergraph } from "./types/supergraph.ts";

/** What all requests share. */
export interface Hub {
  readonly verify: TokenVerifier;
  readonly grants: Grants;
  readonly supergraph: Supergraph;
  readonly sources: Transport;
  readonly record: AccessRecord;
}

/** The life of a request. Each line is a folder; a stage that is skipped does not compile. Never rejects. */
export async function answer(request: Incoming, hub: Hub): Promise<HttpAnswer> {
  const entry = hub.record.open();
  try {
    const asked = entry.saw(await receive(request));
    const identified = entry.saw(await authenticate(asked, hub));
    const known = entry.saw(underAgreement(identified, hub.grants.current()));
    const permitted = wholeOrNothing(authorize(known, hub.supergraph));
    const planned = await entry.intend(plan(permitted, hub.supergraph)); // a mutation is on record before it runs
    const answered = await execute(planned, hub.sources);
    const shown = mask(answered);
    const receipt = await entry.close(shown); // durable, and the grants still in force: only then may a byte leave
    return respond(known, shown, receipt);
  } catch (error) {
    return refuse(await entry.fail(error), request);
  }
}

/** Agreements written so (`on_denied: reject`) refuse a question of which any part is denied. */
function wholeOrNothing<Q extends Known & Permitted>(permitted: Q): Q {
  if (permitted.rejectsDenied && permitted.denials.length > 0) throw new Refusal([{ code: "FORBIDDEN" }, ...permitted.denials]);
  return permitted;
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
        return { kind: "answered", ...mask(answered) };
      } catch (error) {
        if (error instanceof Refusal) return { kind: "refused", errors: error.failures };
        onFault?.(error);
        return { kind: "refused", errors: [{ code: "INTERNAL_SERVER_ERROR" }] };
      }
    },
    close: () => transport.close(),
  };
}
