/** A dashboard as Grafana's importer reads it, as far as we use it. */
export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly schemaVersion: number;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly Variable[] };
  readonly time: unknown;
  readonly annotations: unknown;
}
interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly fieldConfig: unknown;
  readonly options: unknown;
  readonly datasource?: Source;
  readonly targets?: readonly Target[];
}
interface Source {
  readonly type: string;
  readonly uid: string;
}
interface Target {
  readonly refId: string;
  readonly datasource: Source;
  readonly format: string;
  readonly rawQuery: boolean;
  readonly rawSql: string;
}
interface Variable {
  readonly name: string;
  readonly type: string;
  readonly query: string;
  readonly datasource?: Source;
}

/** Panels that come with Grafana. */
const PANELS = new Set(["text", "table", "barchart", "bargauge", "timeseries", "stat"]);
const SOURCE = { type: "grafana-postgresql-datasource", uid: "$sumber" };
const isOurs = (source: Source | undefined) => source?.type === SOURCE.type && source.uid === SOURCE.uid;

/** The statements of a dashboard, by what they fill. */
export const statementsOf = ({ panels, templating }: Dashboard): readonly (readonly [of: string, sql: string])[] => [
  ...panels.flatMap(({ title, targets = [] }) => targets.map(({ rawSql }) => [title, rawSql] as const)),
  ...templating.list.filter(({ type }) => type === "query").map(({ name, query }) => [`variable ${name}`, query] as const),
];

/** What of a dashboard Grafana would not take, or not show as meant; none: it loads. */
export function faultsOf(dashboard: Dashboard): string[] {
  const { panels, templating } = dashboard;
  return [
    ...(dashboard.schemaVersion >= 39 ? [] : ["schemaVersion is below 39"]),
    ...(/^[\w-]{1,40}$/.test(dashboard.uid) && dashboard.title ? [] : ["uid or title is missing"]),
    ...(dashboard.time && dashboard.annotations ? [] : ["time or annotations are missing"]),
    ...(new Set(panels.map(({ id }) => id)).size === panels.length ? [] : ["two panels have one id"]),
    ...panels.flatMap((panel) => faultsOfPanel(panel).map((fault) => `${panel.title}: ${fault}`)),
    ...panels.flatMap((one, at) =>
      panels
        .slice(at + 1)
        .flatMap((other) => (overlap(one.gridPos, other.gridPos) ? [`${one.title} covers ${other.title}`] : [])),
    ),
    ...templating.list
      .filter(({ type, datasource }) => type === "query" && !isOurs(datasource))
      .map(({ name }) => `${name} has no source`),
    ...statementsOf(dashboard).flatMap(([of, sql]) => faultsOfVariables(sql, templating.list).map((fault) => `${of}: ${fault}`)),
  ];
}

const faultsOfPanel = ({ type, title, description, gridPos: { x, w, h }, ...panel }: Panel): string[] => [
  ...(PANELS.has(type) ? [] : [`no panel of Grafana is called ${type}`]),
  ...(title && description && panel.fieldConfig && panel.options
    ? []
    : ["title, description, fieldConfig or options are missing"]),
  ...(x >= 0 && w > 0 && h > 0 && x + w <= 24 ? [] : ["it leaves the grid of 24"]),
  ...(type === "text" || (isOurs(panel.datasource) && panel.targets?.length) ? [] : ["it asks nothing"]),
  ...(panel.targets ?? []).flatMap((target) =>
    /^[A-Z]$/.test(target.refId) && /^(?:table|time_series)$/.test(target.format) && target.rawQuery && isOurs(target.datasource)
      ? []
      : ["a target is not a query of its own"],
  ),
];

const overlap = (one: Panel["gridPos"], other: Panel["gridPos"]): boolean =>
  one.x < other.x + other.w && other.x < one.x + one.w && one.y < other.y + other.h && other.y < one.y + one.h;

/** What a viewer chooses reaches SQL quoted, or not at all. */
const faultsOfVariables = (sql: string, variables: readonly Variable[]): string[] =>
  [...sql.matchAll(/\$\{?(\w+)(?::(\w+))?\}?/g)]
    .filter(([, name = ""]) => !name.startsWith("__"))
    .flatMap(([text, name, format]) =>
      format === "sqlstring" && variables.some((variable) => variable.name === name) ? [] : [`${text} is unknown or not quoted`],
    );

/** A statement as Grafana sends it once the viewer has chosen. */
export const chosen = (sql: string, values: Readonly<Record<string, string>>): string =>
  sql
    .replaceAll(/\$__timeFilter\(([^)]*)\)/g, "$1 BETWEEN '2024-01-01T00:00:00Z' AND '2027-01-01T00:00:00Z'")
    .replaceAll(/\$\{(\w+):sqlstring\}/g, (_, name) => `'${(values[name] ?? "").replaceAll("'", "''")}'`);
