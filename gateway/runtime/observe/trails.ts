import { readTraceparent, traceparentOf } from "../../../schema/observe/traceparent.ts";
import type { Span, Tracer } from "../../../schema/observe/tracer.ts";
import type { Telemetry } from "../../types/telemetry.ts";
import type { Leg, Observer, Stage, Trail } from "../../types/trail.ts";

interface ObserverOptions {
  readonly telemetry: Telemetry;
  readonly log: { info(fields: object, text: string): void; debug(fields: object, text: string): void };
  /** Undefined: no spans; a client's own trace is passed on as it came. */
  readonly tracer: Tracer | undefined;
}

/** Asked by machines every few seconds: their lines would hide the others. */
const QUIET: ReadonlySet<string> = new Set(["/health", "/ready", "/readiness", "/metrics"]);
/** Nobody took the answer. */
const CLIENT_LEFT = 499;

/** Counts each request, writes its line and, where spans are sent, its span. */
export function createObserver({ telemetry, log, tracer }: ObserverOptions): Observer & { readonly inFlight: number } {
  let inFlight = 0;
  return {
    get inFlight() {
      return inFlight;
    },
    begin({ requestId, traceparent }) {
      inFlight += 1;
      const known = readTraceparent(traceparent);
      const given = known === null ? undefined : traceparentOf(known);
      if (!tracer) return new Followed(requestId, given);
      return new Traced(requestId, tracer, tracer.start("request", { kind: "server", parent: given }));
    },
    end(trail, { route, status, ms }) {
      inFlight -= 1;
      telemetry.answered({ route, status, ms });
      const line = { requestId: trail.requestId, route, status, ms: Math.round(ms * 10) / 10, ...(trail as Followed).fields };
      if (QUIET.has(route)) log.debug(line, "answered");
      else log.info(line, status === CLIENT_LEFT ? "the client left" : "answered");
      if (trail instanceof Traced) trail.finish(route, status);
    },
  };
}

const NO_LEG: Leg = { traceparent: undefined, end: () => {} };

class Followed implements Trail {
  readonly requestId: string;
  readonly traceparent: string | undefined;
  private who: { readonly client: string; readonly agreement: string } | undefined;

  constructor(requestId: string, traceparent: string | undefined) {
    this.requestId = requestId;
    this.traceparent = traceparent;
  }

  /** What its line says beside what HTTP knows. */
  get fields(): object {
    return this.who ?? {};
  }

  knows({ client, agreement }: { readonly client: string; readonly agreement: string }): void {
    this.who = { client, agreement };
  }
  reads(_: { readonly type: string; readonly name: string | null }): void {}
  enters(_: Stage): void {}
  leg(_: string): Leg {
    return this.traceparent === undefined ? NO_LEG : { traceparent: this.traceparent, end: () => {} };
  }
}

class Traced extends Followed {
  private readonly tracer: Tracer;
  private readonly root: Span;
  private stage: Span | undefined;
  private type = "";

  constructor(requestId: string, tracer: Tracer, root: Span) {
    super(requestId, root.traceparent);
    this.tracer = tracer;
    this.root = root;
  }

  override get fields(): object {
    return { traceId: this.root.traceparent.slice(3, 35), ...super.fields };
  }

  override reads({ type, name }: { readonly type: string; readonly name: string | null }): void {
    this.type = type;
    this.root.rename(type);
    this.root.set({ "graphql.operation.type": type, ...(name !== null && { "graphql.operation.name": name }) });
  }

  override enters(stage: Stage): void {
    this.stage?.end();
    this.stage = this.tracer.start(stage, { parent: this.root });
  }

  override leg(service: string): Leg {
    const span = this.tracer.start(service, {
      parent: this.stage ?? this.root,
      kind: "client",
      attributes: { "hub.subgraph": service, ...(this.type && { "graphql.operation.type": this.type }) },
    });
    return { traceparent: span.traceparent, end: (outcome) => span.end(outcome === "ok" ? undefined : outcome) };
  }

  finish(route: string, status: number): void {
    this.stage?.end();
    this.root.set({ "http.route": route, "http.response.status_code": status });
    this.root.end(status >= 500 ? String(status) : undefined);
  }
}
