import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { BorderRequest, BorderRoute, InRoom } from "../../types/border.ts";
import type { HttpAnswer, Incoming } from "../../types/chain.ts";
import { single } from "../negotiate.ts";
import { cutWhenSlow } from "./events.ts";
import { handlerOf, type JobOptions, NO_HEAD } from "./jobs.ts";

interface BorderOptions extends Pick<JobOptions, "incoming"> {
  readonly routes: readonly BorderRoute[];
  readonly inRoom: InRoom;
  readonly handled: (
    work: (asked: Incoming, request: FastifyRequest) => Promise<HttpAnswer>,
  ) => (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;
}

const NDJSON = /^\s*application\/x-ndjson\b/i;
/** Who takes nothing of a list for so long gives the place to another. */
const SLOWEST_MS = 120_000;

/** Addresses of other standards; each counts as a question for the room it takes. A list by rows has room of its own, as all streams, and each of its pages is such a question. */
export function addBorder(app: FastifyInstance, { routes, handled, inRoom, incoming }: BorderOptions): void {
  const streamed = handlerOf({ incoming });
  for (const { method, path, answer, rows } of routes) {
    const whole = handled((asked, request) => answer(borderRequest(asked, request)));
    const byRows =
      rows &&
      streamed(async (asked, request, reply) => {
        const told = await rows(borderRequest(asked, request), inRoom);
        if ("pieces" in told) cutWhenSlow(reply, SLOWEST_MS);
        return told;
      });
    app.route({
      ...{ method, url: path.replaceAll(/\{(\w+)\}/g, ":$1"), ...NO_HEAD },
      handler: (request, reply) =>
        byRows && NDJSON.test(single(request.headers.accept) ?? "") ? byRows(request, reply) : whole(request, reply),
    });
  }
}

function borderRequest(asked: Incoming, { params, url }: FastifyRequest): BorderRequest {
  const { searchParams: query } = new URL(url, "http://hub");
  return { asked, params: params as Readonly<Record<string, string>>, query };
}
