/** One metric with its present values. */
export interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: "gauge" | "counter";
  readonly samples: readonly { readonly labels?: Readonly<Record<string, string>>; readonly value: number }[];
}

/** Asked anew at every reading. What it rejects with fails the reading: no figure is better than an old one. */
export type Collector = () => Promise<readonly Metric[]>;

/** Metrics in Prometheus' text format (0.0.4). */
export async function metricsText(collectors: readonly Collector[]): Promise<string> {
  const metrics = (await Promise.all(collectors.map((collect) => collect()))).flat();
  return metrics
    .map(({ name, help, type, samples }) => `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${linesOf(name, samples)}`)
    .join("");
}

const linesOf = (name: string, samples: Metric["samples"]): string =>
  samples.map(({ labels = {}, value }) => `${name}${labelsOf(labels)} ${value}\n`).join("");

function labelsOf(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(
    ([key, value]) => `${key}="${value.replace(/[\\"\n]/g, (found) => ESCAPES[found] ?? found)}"`,
  );
  return pairs.length === 0 ? "" : `{${pairs.join()}}`;
}

const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", '"': '\\"', "\n": "\\n" };
