import type { GraphQLSchema } from "graphql";
import { Refusal } from "../schema/errors.ts";
import { authorize } from "./authorize/authorize.ts";
import { execute } from "./execute/execute.ts";
import { mask } from "./mask/mask.ts";
import { plan } from "./plan/plan.ts";
import { loadSupergraph, type SupergraphOptions } from "./plan/supergraph.ts";
import type { Outcome, Question, Supergraph, Transport } from "./types.ts";

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
