import type { Logger } from "pino";
import { type Listening, listenForScrapes } from "../../../schema/observe/listener.ts";
import type { Readiness } from "../../../schema/observe/readiness.ts";
import { openTracer, type Tracer } from "../../../schema/observe/tracer.ts";
import type { Telemetry } from "../../types/telemetry.ts";
import type { Observer } from "../../types/trail.ts";
import { createMetrics, type Readings } from "./metrics.ts";
import { followQueues } from "./queues.ts";
import { createObserver } from "./trails.ts";

export interface ObservationOptions {
  readonly env: "dev" | "production";
  readonly host: string;
  /** Where work of gateways waits. */
  readonly databaseUrl: string;
  /** Port of the metrics; null: none of their own. */
  readonly metricsPort: number | null;
  /** Where spans are sent; null: nowhere, and nothing of it is loaded. */
  readonly traces: string | null;
}

/** What operators can see of one gateway. */
export interface Observation {
  readonly telemetry: Telemetry;
  /** For the server; `metrics`: on the gateway's own port, in development alone. */
  readonly door: { readonly observer: Observer; readonly metrics?: () => Promise<string> };
  /** Reads these at every scrape, and opens the port of the metrics, where there is one. Throws when it is taken. */
  listen(
    readiness: Required<Readiness>,
    readings: Pick<Readings, "policyAgeMs" | "uncompiled" | "recordLagMs" | "clockSkewMs">,
  ): Promise<void>;
  /** Sends the last spans, for at most so long. */
  close(withinMs: number): Promise<void>;
}

/** Longest the last spans are waited for: a collector that is away is not to hold up a drain. */
const FLUSH_MS = 2_000;

export async function observe(options: ObservationOptions, log: Logger): Promise<Observation> {
  const { env, host, databaseUrl, metricsPort, traces } = options;
  const { meter, follow, ...telemetry } = createMetrics();
  const tracer: Tracer | undefined = traces === null ? undefined : await openTracer({ endpoint: traces, service: "gateway" });
  const metrics = () => meter.text();
  // the line of a request holds fields of ours alone: to look for secrets in it would cost four times the rest (20 µs of 25)
  const observer = createObserver({ telemetry, log: log.child({}, { redact: [] }), tracer });
  const queues = followQueues(databaseUrl);
  let listening: Listening | undefined;
  return {
    telemetry,
    door: { observer, ...(env === "dev" && { metrics }) },
    async listen(readiness, readings) {
      follow({
        ...readings,
        queues: queues.read,
        inFlight: () => observer.inFlight,
        isReady: () => readiness.unready().length === 0,
      });
      if (metricsPort === null) return;
      listening = await listenForScrapes({ metrics, ...readiness }, { host, port: metricsPort, movedBy: "HUB_METRICS_PORT" });
    },
    async close(withinMs) {
      await Promise.all([listening?.close(), queues.close(), tracer?.close(Math.min(withinMs, FLUSH_MS))]);
    },
  };
}
