import type { Pool } from "../../../drizzle/client.ts";
import type { SessionObserver } from "../../../drizzle/observer.ts";
import { EnvelopeRefused, type OpenedEnvelope } from "../../../schema/caller.ts";
import { type Listening, listenForScrapes } from "../../../schema/observe/listener.ts";
import { Meter, type Sample } from "../../../schema/observe/meter.ts";
import { openTracer, type Span, type Tracer } from "../../../schema/observe/tracer.ts";

export interface ObserveOptions {
  readonly host?: string;
  /** Port of the metrics; undefined: they have none of their own. */
  readonly metricsPort?: number | undefined;
  /** In development the metrics are on the subgraph's own port, too. */
  readonly env?: "dev" | "production";
  /** Where spans are sent; undefined: nowhere, and nothing of it is loaded. */
  readonly traces?: string | undefined;
}

type Open = (header: string | undefined, body: string | Uint8Array) => OpenedEnvelope;

/** One fetch, as operators follow it. */
export interface Followed {
  /** Told of every statement of its transactions; undefined: nobody traces. */
  readonly observer: SessionObserver | undefined;
  ended(fact: { readonly statements: number; readonly ms: number }): void;
}

/** What operators can see of one subgraph. */
export interface Observation {
  /** The same, and what it refuses is counted by the check that failed. */
  counting(open: Open): Open;
  /** A fetch whose envelope is good; `traceparent`: header of that name. */
  begins(traceparent: unknown, startedAt: number): Followed;
  /** Reads how its connections are used, at every scrape. */
  follow(pool: Pool): void;
  /** Reads at every scrape when the certificate ends that gateways are shown; undefined: there is none. */
  certificate(endsAt: () => number | undefined): void;
  /** For its own port; undefined: not there. */
  readonly metrics: (() => Promise<string>) | undefined;
  /** Opens the port of the metrics, where there is one. Throws when it is taken. */
  listen(): Promise<void>;
  close(): Promise<void>;
}

/** Checks an envelope can fail: the closed list of schema/caller.ts. */
const CHECKS: ReadonlySet<string> = new Set([
  ...["shape", "signature", "audience, version or day", "expired"],
  ...["another body", "another coordinate list", "replayed"],
]);
const SECOND = 1000;
/** Statements of a fetch: one an access path, whatever the number of keys. */
const STATEMENTS = [0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 64];
const FLUSH_MS = 2_000;

export async function observe(name: string, options: ObserveOptions): Promise<Observation> {
  const { host = "127.0.0.1", metricsPort, env, traces } = options;
  const tracer: Tracer | undefined = traces === undefined ? undefined : await openTracer({ endpoint: traces, service: name });
  const meter = new Meter({ subgraph: name });
  const { fetches, statements, refusals } = counters(meter);
  const metrics = () => meter.text();
  let listening: Listening | undefined;
  return {
    counting: (open) => (header, body) => {
      try {
        return open(header, body);
      } catch (error) {
        refusals.of(error instanceof EnvelopeRefused && CHECKS.has(error.message) ? error.message : "other").add();
        throw error;
      }
    },
    begins(traceparent, startedAt) {
      const parent = typeof traceparent === "string" ? traceparent : undefined;
      const span = tracer?.start("fetch", { kind: "server", parent, startedAt, attributes: { "hub.subgraph": name } });
      return {
        observer: tracer && span && statementsIn(tracer, span),
        ended(fact) {
          fetches.of().observe(fact.ms / SECOND);
          statements.of().observe(fact.statements);
          span?.set({ "hub.statements": fact.statements });
          span?.end();
        },
      };
    },
    follow: (pool) => usage(meter, pool),
    certificate: (endsAt) => shown(meter, endsAt),
    metrics: env === "dev" ? metrics : undefined,
    async listen() {
      if (metricsPort === undefined) return;
      const movedBy = `HUB_METRICS_PORT_${name.toUpperCase()}`;
      listening = await listenForScrapes({ metrics }, { host, port: metricsPort, movedBy });
    },
    close: async () => void (await Promise.all([listening?.close(), tracer?.close(FLUSH_MS)])),
  };
}

function counters(meter: Meter) {
  const fetches = meter.histogram({ name: "hub_fetch_seconds", help: "Fetches of gateways, from body to answer." });
  const statements = meter.histogram({
    ...{ name: "hub_fetch_statements", help: "SQL statements of a fetch, without begin, set and commit." },
    bounds: STATEMENTS,
  });
  const refusals = meter.counter({
    name: "hub_envelope_refusals_total",
    help: "Envelopes refused, by the check that failed.",
    labels: ["check"],
  });
  fetches.of();
  statements.of();
  for (const check of CHECKS) refusals.of(check);
  return { fetches, statements, refusals };
}

function shown(meter: Meter, endsAt: () => number | undefined): void {
  meter.gauge({ name: "hub_certificate_seconds", help: "Until the certificate ends that gateways are shown." }, () => {
    const at = endsAt();
    return at === undefined ? [] : [{ value: (at - Date.now()) / SECOND }];
  });
}

function usage(meter: Meter, pool: Pool): void {
  const help = "Connections to PostgreSQL by what they are for: busy, idle, and questions that wait for one.";
  meter.gauge({ name: "hub_pool_connections", help }, () =>
    Object.entries(pool.use).flatMap(([of, use]) =>
      Object.entries(use).map(([state, value]): Sample => ({ labels: { of, state }, value })),
    ),
  );
}

/** A span for each statement: what kind it is, never its text or a value. */
const statementsIn =
  (tracer: Tracer, parent: Span): SessionObserver =>
  (kind) => {
    const span = tracer.start(kind, {
      parent,
      kind: "client",
      attributes: { "db.system.name": "postgresql", "db.operation.name": kind },
    });
    return (fault) => span.end(fault);
  };
