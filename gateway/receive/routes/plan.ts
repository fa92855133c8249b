import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { HttpAnswer, Incoming } from "../../types/chain.ts";

export interface PlanOptions {
  /** How the question that a request brings would be fetched; MUST NOT reject. */
  readonly outline: (request: Incoming) => Promise<HttpAnswer>;
  readonly handled: (work: PlanOptions["outline"]) => (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;
}

/** POST /plan takes what POST /graphql takes. By POST alone: a question's variables stand in no address. */
export function addPlan(app: FastifyInstance, { outline, handled }: PlanOptions): void {
  app.post("/plan", handled(outline));
}
