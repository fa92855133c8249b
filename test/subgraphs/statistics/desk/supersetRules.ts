import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** Files of an export of Superset, by their path in it. */
type Bundle = ReadonlyMap<string, Readonly<Record<string, any>>>;

export const readBundle = (folder: string): Bundle =>
  new Map(
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".yaml"))
      .map((path) => [path, parse(readFileSync(join(folder, path), "utf8"))]),
  );

interface Kind {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}
const words = (text: string) => text.split(" ");
/** What the importer of version 1.0.0 takes of each kind of file, and refuses beyond (superset/…/schemas.py). */
const KINDS: Readonly<Record<string, Kind>> = {
  metadata: { required: words("version type timestamp"), optional: [] },
  databases: {
    required: words("database_name sqlalchemy_uri uuid version"),
    optional: words(
      "password cache_timeout expose_in_sqllab allow_run_async allow_ctas allow_cvas allow_dml allow_csv_upload extra",
    ),
  },
  datasets: {
    required: words("table_name uuid version database_uuid columns metrics"),
    optional: words(
      "main_dttm_col description default_endpoint offset cache_timeout schema sql params template_params filter_select_enabled fetch_values_predicate extra",
    ),
  },
  charts: {
    required: words("slice_name viz_type uuid version dataset_uuid params"),
    optional: words("description certified_by certification_details query_context cache_timeout"),
  },
  dashboards: {
    required: words("dashboard_title uuid version position metadata"),
    optional: words("description css slug certified_by certification_details published"),
  },
};
const COLUMN: Kind = {
  required: ["column_name"],
  optional: words("verbose_name is_dttm is_active type groupby filterable expression description python_date_format"),
};
const METRIC: Kind = {
  required: words("metric_name expression"),
  optional: words("verbose_name metric_type description d3format extra warning_text"),
};

const kindOf = (path: string): string => path.replace(/\.yaml$/, "").split("/")[0] ?? "";
export const filesOf = (bundle: Bundle, kind: string): Readonly<Record<string, any>>[] =>
  [...bundle].filter(([path]) => kindOf(path) === kind).map(([, file]) => file);

/** What of a bundle the importer would not take, or would leave dangling; none: it loads. */
export const faultsOf = (bundle: Bundle): string[] => [
  ...[...bundle].flatMap(([path, file]) => faultsOfFile(path, file).map((fault) => `${path}: ${fault}`)),
  ...(bundle.get("metadata.yaml")?.["type"] === "Dashboard" ? [] : ["metadata.yaml does not say Dashboard"]),
  ...faultsOfReferences(bundle),
];

function faultsOfFile(path: string, file: Bundle extends ReadonlyMap<string, infer File> ? File : never): string[] {
  const kind = KINDS[kindOf(path)];
  if (!kind) return ["the importer knows no such folder"];
  return [
    ...faultsOfKeys(file, kind),
    ...(file["version"] === "1.0.0" ? [] : ["version is not 1.0.0"]),
    ...(file["columns"] ?? []).flatMap((column: object) => faultsOfKeys(column, COLUMN)),
    ...(file["metrics"] ?? []).flatMap((metric: object) => faultsOfKeys(metric, METRIC)),
  ];
}

const faultsOfKeys = (given: object, { required, optional }: Kind): string[] => [
  ...required.filter((key) => !(key in given)).map((key) => `${key} is missing`),
  ...Object.keys(given)
    .filter((key) => !required.includes(key) && !optional.includes(key))
    .map((key) => `${key} is unknown`),
];

function faultsOfReferences(bundle: Bundle): string[] {
  const uuids = (kind: string) => new Set(filesOf(bundle, kind).map(({ uuid }) => uuid));
  const missing = (kind: string, asked: readonly string[]) =>
    asked.filter((uuid) => !uuids(kind).has(uuid)).map((uuid) => `${kind}: ${uuid} is not in the bundle`);
  const placed = filesOf(bundle, "dashboards").flatMap(placesOf);
  return [
    ...missing(
      "databases",
      filesOf(bundle, "datasets").map((file) => file["database_uuid"]),
    ),
    ...missing(
      "datasets",
      filesOf(bundle, "charts").map((file) => file["dataset_uuid"]),
    ),
    ...missing(
      "charts",
      placed.map(({ uuid }) => uuid),
    ),
    ...(placed.length === uuids("charts").size ? [] : ["a chart is not on the dashboard, or twice"]),
    ...filesOf(bundle, "charts").flatMap((chart) => faultsOfNames(bundle, chart)),
    ...faultsOfFilters(bundle),
  ];
}

const placesOf = ({ position }: Readonly<Record<string, any>>): { uuid: string; chartId: number }[] =>
  Object.values<any>(position).flatMap((item) => (item?.type === "CHART" ? [item.meta] : []));

const datasetOf = (bundle: Bundle, uuid: string) => filesOf(bundle, "datasets").find((dataset) => dataset["uuid"] === uuid);
const namesOf = (dataset: Readonly<Record<string, any>> | undefined): string[] => [
  ...(dataset?.["columns"] ?? []).map((column: any) => column.column_name),
  ...(dataset?.["metrics"] ?? []).map((metric: any) => metric.metric_name),
];

/** Columns and metrics a chart asks for. */
const askedOf = ({ params }: Readonly<Record<string, any>>): string[] => [
  ...[params.x_axis, ...(params.groupby ?? []), ...(params.metrics ?? []), ...(params.all_columns ?? [])].filter(Boolean),
  ...(params.adhoc_filters ?? []).map(({ subject }: { subject: string }) => subject),
];
function faultsOfNames(bundle: Bundle, chart: Readonly<Record<string, any>>): string[] {
  const known = namesOf(datasetOf(bundle, chart["dataset_uuid"]));
  return askedOf(chart)
    .filter((name) => !known.includes(name))
    .map((name) => `${chart["slice_name"]}: its dataset has no ${name}`);
}

interface Filter {
  readonly name: string;
  readonly targets: readonly { readonly column: { readonly name: string }; readonly datasetUuid: string }[];
  readonly scope: { readonly excluded: readonly number[] };
}
/** The filters of a dashboard, and the charts each reaches. */
const filtersOf = (bundle: Bundle) =>
  filesOf(bundle, "dashboards").flatMap((dashboard) =>
    dashboard["metadata"].native_filter_configuration.map((filter: Filter) => {
      const places = placesOf(dashboard).filter(({ chartId }) => !filter.scope.excluded.includes(chartId));
      return {
        ...filter,
        charts: filesOf(bundle, "charts").filter((chart) => places.some(({ uuid }) => uuid === chart["uuid"])),
      };
    }),
  ) as (Filter & { readonly charts: Readonly<Record<string, any>>[] })[];

/** A filter names a column of its dataset, and of the dataset of every chart in its scope. */
const faultsOfFilters = (bundle: Bundle): string[] =>
  filtersOf(bundle).flatMap(({ name, targets, charts }) =>
    targets.flatMap(({ column, datasetUuid }) =>
      [datasetUuid, ...charts.map((chart) => chart["dataset_uuid"])]
        .filter((uuid) => !namesOf(datasetOf(bundle, uuid)).includes(column.name))
        .map((uuid) => `filter ${name}: ${uuid} has no ${column.name}`),
    ),
  );

const quoted = (value: unknown): string =>
  Array.isArray(value) ? `(${value.map(quoted).join(", ")})` : `'${String(value).replaceAll("'", "''")}'`;

/** The statement of a chart as Superset builds it over its dataset, with what was chosen in the filters that reach it, by their names. */
export function statementOf(
  bundle: Bundle,
  chart: Readonly<Record<string, any>>,
  chosen: Readonly<Record<string, string>>,
): string {
  const { dataset_uuid, params } = chart;
  const dataset = datasetOf(bundle, dataset_uuid);
  const expressionOf = (name: string) => dataset?.["metrics"].find((metric: any) => metric.metric_name === name)?.expression;
  const by: string[] = [params.x_axis, ...(params.groupby ?? [])].filter(Boolean);
  const metrics = (params.metrics ?? []).map((name: string) => `${expressionOf(name)} AS "${name}"`);
  const own = (params.adhoc_filters ?? []).map(
    ({ subject, operator, comparator }: any) => `${subject} ${operator === "==" ? "=" : operator} ${quoted(comparator)}`,
  );
  const set = filtersOf(bundle)
    .filter(({ charts }) => charts.includes(chart))
    .flatMap(({ name, targets }) => targets.map(({ column }) => `${column.name} IN ${quoted([chosen[name] ?? ""])}`));
  const where = [...own, ...set].join(" AND ");
  return `SELECT ${[...(params.all_columns ?? by), ...metrics].join(", ")} FROM (${dataset?.["sql"]}) AS virtual_table
    ${where && `WHERE ${where}`} ${metrics.length > 0 && by.length > 0 ? `GROUP BY ${by.join(", ")}` : ""} LIMIT ${params.row_limit}`;
}
