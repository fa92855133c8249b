import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { BorderRoute } from "../../types/border.ts";
import type { HttpAnswer, Incoming } from "../../types/chain.ts";

interface BorderOptions {
  readonly routes: readonly BorderRoute[];
  readonly handled: (
    work: (asked: Incoming, request: FastifyRequest) => Promise<HttpAnswer>,
  ) => (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;
}

/** Addresses of other standards; each counts as a question for the room it takes. */
export function addBorder(app: FastifyInstance, { routes, handled }: BorderOptions): void {
  for (const { method, path, answer } of routes)
    app.route({
      method,
      url: path.replaceAll(/\{(\w+)\}/g, ":$1"),
      handler: handled((asked, { params, url }) => {
        const { searchParams: query } = new URL(url, "http://hub");
        return answer({ asked, params: params as Readonly<Record<string, string>>, query });
      }),
    });
}
