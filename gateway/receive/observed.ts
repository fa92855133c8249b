import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Observer, Trail } from "../types/trail.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Undefined: nobody observes. */
    trail: Trail | undefined;
  }
}

/** The client had left when its answer was there. */
const LEFT = 499;

interface Observed {
  readonly observer?: Observer;
  readonly metrics?: () => Promise<string>;
}

/** Follows each request from its first line to its last byte, or to its client's leaving. `idOf`: its id, by its header. */
export function addObserved(
  app: FastifyInstance,
  { observer, metrics }: Observed,
  idOf: (request: FastifyRequest) => string,
): void {
  if (metrics) addMetrics(app, metrics);
  if (!observer) return;
  app.decorateRequest("trail", undefined);
  app.addHook("onRequest", (request, reply, done) => {
    const { traceparent } = request.headers;
    request.trail = observer.begin({ requestId: idOf(request), traceparent, method: request.method });
    if (request.trail.traceparent !== undefined) reply.header("traceparent", request.trail.traceparent);
    done();
  });
  app.addHook("onResponse", (request, reply, done) => {
    if (request.trail) observer.end(request.trail, { route: routeOf(request), status: statusOf(reply), ms: reply.elapsedTime });
    done();
  });
}

/** A pattern of ours: what no route knows is one. */
const routeOf = ({ routeOptions }: FastifyRequest): string => routeOptions.url ?? "none";
const statusOf = ({ raw, statusCode }: FastifyReply): number => (raw.writableFinished ? statusCode : LEFT);

function addMetrics(app: FastifyInstance, metrics: () => Promise<string>): void {
  app.get("/metrics", async (_, reply) =>
    reply
      .header("cache-control", "no-store")
      .type("text/plain; version=0.0.4; charset=utf-8")
      .send(await metrics()),
  );
}
