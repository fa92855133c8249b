import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Span as OtelSpan, Tracer as OtelTracer } from "@opentelemetry/api";
import { holdsNik } from "../errors.ts";
import { readTraceparent, traceparentOf } from "./traceparent.ts";

type Attributes = Readonly<Record<string, string | number | boolean>>;

/** A piece of work in a trace. Its name and attributes come from closed lists: no value, no document, no statement. */
export interface Span {
  /** What continues the trace elsewhere. */
  readonly traceparent: string;
  set(attributes: Attributes): void;
  rename(name: string): void;
  /** `fault`: a code; absent: it went well. MUST be called once. */
  end(fault?: string): void;
}

export interface SpanOptions {
  /** The span it belongs to, or the header another process sent; absent: it begins a trace. */
  readonly parent?: Span | string | undefined;
  readonly kind?: "server" | "client" | "internal";
  readonly attributes?: Attributes;
  /** On performance.now()'s clock; absent: now. */
  readonly startedAt?: number;
}

export interface Tracer {
  start(name: string, options?: SpanOptions): Span;
  /** Sends what is left, for at most so long. Never rejects. */
  close(withinMs: number): Promise<void>;
}

export interface TracerOptions {
  /** OTLP over HTTP: base address, as OTEL_EXPORTER_OTLP_ENDPOINT has it. */
  readonly endpoint: string;
  /** Part of the hub the spans are of. */
  readonly service: string;
}

/** Longest a batch waits before it is sent, and longest its sending may take. Both in the background: no request waits for either. */
const [BATCH_MS, EXPORT_MS] = [1_000, 5_000];

/** Spans that wait to be sent; while the collector is away, what comes on top is dropped. */
const MOST_WAITING = 4_096;

/**
 * Sends spans to a collector, by OpenTelemetry's SDK, which is loaded only here. A client's own trace is continued, but not sampled as it says: nobody
 * hides what they ask. A collector that is slow or away costs spans, never a request.
 */
export async function openTracer({ endpoint, service }: TracerOptions): Promise<Tracer> {
  const [api, sdk, { OTLPTraceExporter }] = await Promise.all([
    import("@opentelemetry/api"),
    import("@opentelemetry/sdk-trace"),
    import("@opentelemetry/exporter-trace-otlp-http"),
  ]);
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, "")}/v1/traces`, timeoutMillis: EXPORT_MS });
  const batches = new sdk.BatchSpanProcessor({
    exporter,
    scheduledDelayMillis: BATCH_MS,
    exportTimeoutMillis: EXPORT_MS,
    maxQueueSize: MOST_WAITING,
  });
  const sampler = new sdk.AlwaysOnSampler();
  const provider = new sdk.TracerProvider({
    resource: resourceOf(service),
    spanProcessors: [batches],
    idGenerator: IDS,
    sampler,
  });
  const tracer = provider.getTracer("dtks-hub");
  return {
    start: (name, options = {}) => new Spanned(begin({ api, tracer, name, options }), api),
    async close(withinMs) {
      await Promise.race([provider.shutdown().catch(() => {}), pause(withinMs, undefined, { ref: false })]);
    },
  };
}

type Api = typeof import("@opentelemetry/api");

/** Random, and never with sixteen digits in a row, which a log would cut out. */
function idOf(bytes: number): string {
  const id = randomBytes(bytes).toString("hex");
  return holdsNik(id) ? idOf(bytes) : id;
}
const IDS = { generateTraceId: () => idOf(16), generateSpanId: () => idOf(8) };

/** What the SDK wants of a resource: its package is not ours to import. */
function resourceOf(service: string) {
  const attributes = { "service.name": `dtks-hub-${service}`, "service.namespace": "dtks-hub" };
  const resource = {
    attributes,
    asyncAttributesPending: false,
    merge: () => resource,
    getRawAttributes: () => Object.entries(attributes) as [string, string][],
  };
  return resource as never;
}

interface Beginning {
  readonly api: Api;
  readonly tracer: OtelTracer;
  readonly name: string;
  readonly options: SpanOptions;
}

function begin({ api, tracer, name, options }: Beginning): OtelSpan {
  const { parent, kind = "internal", attributes, startedAt } = options;
  const known = readTraceparent(typeof parent === "object" ? parent.traceparent : parent);
  const context =
    known === null
      ? api.ROOT_CONTEXT
      : api.trace.setSpanContext(api.ROOT_CONTEXT, {
          traceId: known.traceId,
          spanId: known.spanId,
          traceFlags: known.isSampled ? api.TraceFlags.SAMPLED : api.TraceFlags.NONE,
          isRemote: typeof parent === "string",
        });
  const spanKind = { server: api.SpanKind.SERVER, client: api.SpanKind.CLIENT, internal: api.SpanKind.INTERNAL }[kind];
  return tracer.startSpan(
    name,
    {
      kind: spanKind,
      ...(attributes && { attributes }),
      ...(startedAt !== undefined && { startTime: performance.timeOrigin + startedAt }),
    },
    context,
  );
}

class Spanned implements Span {
  readonly traceparent: string;
  private readonly span: OtelSpan;
  private readonly api: Api;

  constructor(span: OtelSpan, api: Api) {
    const { traceId, spanId, traceFlags } = span.spanContext();
    this.traceparent = traceparentOf({ traceId, spanId, isSampled: (traceFlags & api.TraceFlags.SAMPLED) !== 0 });
    this.span = span;
    this.api = api;
  }

  set(attributes: Attributes): void {
    this.span.setAttributes(attributes);
  }

  rename(name: string): void {
    this.span.updateName(name);
  }

  end(fault?: string): void {
    if (fault !== undefined) this.span.setStatus({ code: this.api.SpanStatusCode.ERROR, message: fault });
    this.span.end();
  }
}
