import { collectDefaultMetrics, type Metric, Registry } from "prom-client";

/** Media type of the text (Prometheus 0.0.4). */
export const METRICS_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

/** Seconds a request or a call takes, from half a millisecond to half a minute. */
export const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

interface About {
  readonly name: string;
  readonly help: string;
  /** Names of its labels, two at most. Their values MUST come from closed lists: nobody's number, name or address, no agreement, no document. */
  readonly labels?: readonly [string?, string?];
}

/** One present value of a gauge. */
export interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** More values of a label than any closed list of ours has: what comes after them counts as "other". */
const MOST_CHILDREN = 400;
const BETWEEN = "\u0000";

/** Counts by label values, each made at its first use and kept: to count is one look-up and one addition. */
class Family<Child> {
  readonly children = new Map<string, Child>();
  private readonly make: () => Child;

  constructor(make: () => Child) {
    this.make = make;
  }

  of(first = "", second = ""): Child {
    const key = second === "" ? first : first + BETWEEN + second;
    const known = this.children.get(key);
    if (known) return known;
    if (this.children.size >= MOST_CHILDREN && first !== "other") return this.of("other");
    const made = this.make();
    this.children.set(key, made);
    return made;
  }
}

/** A count that only grows. */
class Count {
  value = 0;
  add(more = 1): void {
    this.value += more;
  }
}

/** How often each range of values was met. Nothing is allocated when one is. */
class Spread {
  readonly counts: Float64Array;
  sum = 0;
  private readonly bounds: readonly number[];

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.counts = new Float64Array(bounds.length + 1);
  }

  observe(value: number): void {
    const { bounds, counts } = this;
    let place = 0;
    while (place < bounds.length && value > (bounds[place] as number)) place += 1;
    counts[place] = (counts[place] as number) + 1;
    this.sum += value;
  }
}

export type Counts = Family<Count>;
export type Spreads = Family<Spread>;

/**
 * Metrics of one part of the hub, told as Prometheus reads them. prom-client writes them out and measures the process; counting is done here, because its
 * own counters hash their labels and make objects at every call.
 */
export class Meter {
  private readonly registry = new Registry();

  /** `own`: labels all metrics of this part have. */
  constructor(own: Readonly<Record<string, string>> = {}) {
    this.registry.setDefaultLabels(own);
  }

  counter(about: About): Counts {
    const family = new Family(() => new Count());
    this.register(about, "counter", () =>
      [...family.children].map(([key, { value }]) => ({ labels: labelsOf(about, key), value })),
    );
    return family;
  }

  histogram({ bounds = SECONDS, ...about }: About & { readonly bounds?: readonly number[] }): Spreads {
    const family = new Family(() => new Spread(bounds));
    this.register(about, "histogram", () =>
      [...family.children].flatMap(([key, spread]) => linesOf(about.name, { labels: labelsOf(about, key), spread, bounds })),
    );
    return family;
  }

  /** Asked at every reading; what it rejects with leaves this gauge without a value, never the others. */
  gauge(about: About, read: () => readonly Sample[] | Promise<readonly Sample[]>): void {
    this.register(about, "gauge", async () => {
      try {
        return await read();
      } catch {
        return [];
      }
    });
  }

  /** All of them, and those of the process. Never rejects. */
  async text(): Promise<string> {
    const all = await Promise.all([this.registry.metrics(), processRegistry().metrics()]);
    return all.join("\n");
  }

  private register({ name, help }: About, type: string, values: () => readonly Sample[] | Promise<readonly Sample[]>): void {
    const get = async () => ({ name, help, type, values: await values(), aggregator: "sum" });
    this.registry.registerMetric({ name, get } as unknown as Metric);
  }
}

function labelsOf({ labels = [] }: About, key: string): Record<string, string> {
  const values = key.split(BETWEEN);
  return Object.fromEntries(labels.map((name, at) => [name, values[at] ?? values[0]]));
}

interface Told {
  readonly labels: Readonly<Record<string, string>>;
  readonly spread: Spread;
  readonly bounds: readonly number[];
}

function linesOf(name: string, { labels, spread, bounds }: Told): (Sample & { readonly metricName: string })[] {
  let total = 0;
  const buckets = [...bounds, Number.POSITIVE_INFINITY].map((bound, place) => {
    total += spread.counts[place] ?? 0;
    const le = bound === Number.POSITIVE_INFINITY ? "+Inf" : String(bound);
    return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: total };
  });
  const ends = [
    { metricName: `${name}_sum`, labels, value: spread.sum },
    { metricName: `${name}_count`, labels, value: total },
  ];
  return [...buckets, ...ends];
}

let process: Registry | undefined;
/** Of this process, whatever parts of the hub run in it: prom-client's watchers of it are made once and never unmade. */
function processRegistry(): Registry {
  if (!process) {
    process = new Registry();
    collectDefaultMetrics({ register: process });
  }
  return process;
}

/** What `read` said, for so long: of many who ask at once, or soon after each other, one asks. */
export function remembered<T>(forMs: number, read: () => Promise<T>): () => Promise<T> {
  let told: { readonly at: number; readonly answer: Promise<T> } | undefined;
  return () => {
    if (!told || performance.now() - told.at >= forMs) told = { at: performance.now(), answer: read() };
    return told.answer;
  };
}
