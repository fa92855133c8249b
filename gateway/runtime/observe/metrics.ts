import { Meter, remembered, type Sample } from "../../../schema/observe/meter.ts";
import { CIRCUIT_STATES, type CircuitState, type Telemetry } from "../../types/telemetry.ts";

/** What is read at a scrape, not told as it happens. Each MAY reject: its gauge then has no value. */
export interface Readings {
  /** Milliseconds since the policy was last known to be the newest. */
  readonly policyAgeMs: () => number | undefined;
  /** Agreements in force without a decision table for the supergraph. */
  readonly uncompiled: () => number;
  /** How old the oldest entry is that no checkpoint covers, in milliseconds. */
  readonly recordLagMs: () => number;
  /** By how much this host's clock is ahead of the database's, in milliseconds. */
  readonly clockSkewMs: () => number;
  readonly isReady: () => boolean;
  /** Requests being answered. */
  readonly inFlight: () => number;
  /** Work that waits, by queue and state. One cheap statement; asked every ten seconds at most. */
  readonly queues: () => Promise<readonly Waiting[]>;
}

interface Waiting {
  readonly queue: string;
  readonly state: string;
  readonly count: number;
  /** Of the oldest of them. */
  readonly oldestSeconds: number;
}

export interface GatewayMetrics extends Telemetry {
  readonly meter: Meter;
  /** Reads these at every scrape from now on. */
  follow(readings: Partial<Readings>): void;
}

const SECOND = 1000;
const QUEUES_FOR_MS = 10 * SECOND;

/** Everything a gateway counts of itself. */
export function createMetrics(): GatewayMetrics {
  const meter = new Meter();
  const current: Partial<Readings> = {};
  readings(meter, current);
  return { meter, follow: (more) => void Object.assign(current, more), ...requests(meter), ...sources(meter), ...keeping(meter) };
}

function requests(meter: Meter): Pick<Telemetry, "answered" | "operated" | "decided" | "shed"> {
  const codes = meter.counter({ name: "hub_http_requests_total", help: "HTTP answers by status.", labels: ["code"] });
  const routes = meter.histogram({ name: "hub_http_request_seconds", help: "HTTP answers by route.", labels: ["route"] });
  const operations = meter.counter({
    name: "hub_graphql_operations_total",
    help: "Operations by type and outcome: ok, partial, or the code they were refused with.",
    labels: ["type", "outcome"],
  });
  const operation = meter.histogram({ name: "hub_graphql_operation_seconds", help: "Operations, from receive to respond." });
  const decisions = meter.counter({
    name: "hub_policy_decisions_total",
    help: "Coordinates of answers by what was decided of them.",
    labels: ["effect"],
  });
  const sheds = meter.counter({ name: "hub_shed_total", help: "Requests and calls there was no room for.", labels: ["by"] });
  for (const effect of ["allow", "transform", "deny"]) decisions.of(effect);
  for (const by of ["agreement", "source", "hub"]) sheds.of(by);
  return {
    answered({ route, status, ms }) {
      codes.of(String(status)).add();
      routes.of(route).observe(ms / SECOND);
    },
    operated({ type, outcome, ms }) {
      operations.of(type, outcome).add();
      operation.of().observe(ms / SECOND);
    },
    decided({ allow, transform, deny }) {
      decisions.of("allow").add(allow);
      decisions.of("transform").add(transform);
      decisions.of("deny").add(deny);
    },
    shed: (by) => sheds.of(by).add(),
  };
}

function sources(meter: Meter): Pick<Telemetry, "fetched" | "circuit" | "retried" | "certificate"> {
  const calls = meter.histogram({
    name: "hub_subgraph_request_seconds",
    help: "Calls to subgraphs, retries included, by outcome.",
    labels: ["subgraph", "outcome"],
  });
  const retries = meter.counter({ name: "hub_subgraph_retries_total", help: "Calls sent a second time.", labels: ["subgraph"] });
  const circuits = new Map<string, CircuitState>();
  meter.gauge({ name: "hub_circuit_state", help: "1 for the state a subgraph's circuit is in." }, () =>
    [...circuits].flatMap(([subgraph, state]) =>
      CIRCUIT_STATES.map((one) => ({ labels: { subgraph, state: one }, value: one === state ? 1 : 0 })),
    ),
  );
  let endsAt: number | undefined;
  meter.gauge({ name: "hub_certificate_seconds", help: "Until the certificate ends that subgraphs are shown." }, () =>
    endsAt === undefined ? [] : [{ value: (endsAt - Date.now()) / SECOND }],
  );
  return {
    fetched: ({ service, outcome, ms }) => calls.of(service, outcome).observe(ms / SECOND),
    circuit: ({ service, state }) => void circuits.set(service, state),
    retried: (service) => retries.of(service).add(),
    certificate(at) {
      endsAt = at;
    },
  };
}

function keeping(meter: Meter): Pick<Telemetry, "recorded" | "reloaded"> {
  const appends = meter.histogram({ name: "hub_audit_append_seconds", help: "From an entry's making to its being durable." });
  const reloads = meter.counter({
    name: "hub_reloads_total",
    help: "Supergraphs, keys and certificates loaded while running.",
    labels: ["what", "outcome"],
  });
  let isFailed = false;
  appends.of();
  meter.gauge({ name: "hub_supergraph_reload_failed", help: "1 while the newest supergraph could not be adopted." }, () => [
    { value: isFailed ? 1 : 0 },
  ]);
  return {
    recorded: (ms) => appends.of().observe(ms / SECOND),
    reloaded({ what, isGood }) {
      reloads.of(what, isGood ? "ok" : "failed").add();
      if (what === "supergraph") isFailed = !isGood;
    },
  };
}

const one = (value: number | undefined): readonly Sample[] => (value === undefined ? [] : [{ value }]);
const inSeconds = (ms: number | undefined): number | undefined => ms && Math.max(0, ms / SECOND);

function readings(meter: Meter, current: Partial<Readings>): void {
  const gauge = (name: string, help: string, read: () => number | undefined) => meter.gauge({ name, help }, () => one(read()));
  gauge("hub_ready", "1 while GET /ready says so.", () => current.isReady && Number(current.isReady()));
  gauge("hub_policy_epoch_age_seconds", "Since the policy was last known to be the newest.", () =>
    inSeconds(current.policyAgeMs?.()),
  );
  gauge("hub_policy_uncompiled", "Agreements in force without a decision table.", () => current.uncompiled?.());
  gauge("hub_audit_lag", "Age of the oldest entry no checkpoint covers, in seconds.", () => inSeconds(current.recordLagMs?.()));
  gauge(
    "hub_clock_skew_seconds",
    "By how much this host's clock is ahead of the database's.",
    () => current.clockSkewMs && current.clockSkewMs() / SECOND,
  );
  gauge("hub_requests_in_flight", "Requests being answered.", () => current.inFlight?.());
  const queues = remembered(QUEUES_FOR_MS, async () => (await current.queues?.()) ?? []);
  meter.gauge({ name: "hub_queue_jobs", help: "Work that waits or failed, by queue and state." }, async () =>
    (await queues()).map(({ queue, state, count }) => ({ labels: { queue, state }, value: count })),
  );
  meter.gauge({ name: "hub_queue_oldest_seconds", help: "Age of the oldest of them." }, async () =>
    (await queues()).map(({ queue, state, oldestSeconds }) => ({ labels: { queue, state }, value: oldestSeconds })),
  );
}
