import { type Asked, COUNTRY, LEVELS, levelOf, TOTAL } from "./asked.ts";
import type { Cube } from "./cells.ts";

/** The same question as a client of the API would write it, with nothing to fill in. */
export function graphqlOf({ cube, region, level, from, to, dimensions, filter }: Asked): string {
  const filters = filter.map((one) => `{ dimension: ${JSON.stringify(one.dimension)}, codes: ${JSON.stringify(one.codes)} }`);
  const given = [
    `cube: ${cube}`,
    region === COUNTRY ? "" : `region: ${JSON.stringify(region)}`,
    level === null ? "" : `level: ${level}`,
    from === null ? "" : `from: ${JSON.stringify(from)}`,
    to === null ? "" : `to: ${JSON.stringify(to)}`,
    dimensions.length === 0 ? "" : `dimensions: ${JSON.stringify(dimensions)}`,
    filters.length === 0 ? "" : `filter: [${filters.join(", ")}]`,
    "first: 10000",
  ].filter((one) => one !== "");
  return `{
  statistics(${given.join(", ")}) {
    nodes { period regionCode region { name } key units persons total isSuppressed asOf }
    pageInfo { hasNextPage endCursor }
    totalCount
  }
}`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** The same figures in the schema `reporting` (docs/statistics/reporting.md), which lists released cells alone. */
export function sqlOf(
  { dimensions }: Pick<Cube, "dimensions">,
  { cube, region, level, from, to, dimensions: named, filter }: Asked,
): string {
  const table = `reporting.${cube.toLowerCase()}`;
  const newest = `(select max(period) from ${table}${to === null ? "" : ` where period <= ${dayOf(to)}`})`;
  const months =
    from === null ? [`period = ${newest}`] : [`period >= ${dayOf(from)}`, ...(to === null ? [] : [`period <= ${dayOf(to)}`])];
  const codes = dimensions.map(({ name }) => {
    const picked = filter.find(({ dimension }) => dimension === name)?.codes;
    if (picked) return `${name} in (${picked.map(quoted).join(", ")})`;
    return named.includes(name) ? `${name} <> '${TOTAL}'` : `${name} = '${TOTAL}'`;
  });
  const below = region === COUNTRY ? [] : [`region_code like '${region}%'`];
  const places =
    level === null || LEVELS.indexOf(level) <= LEVELS.indexOf(levelOf(region))
      ? [`region_code = '${region}'`]
      : [`level = '${level}'`, ...below];
  const columns = [
    "region_code",
    "period",
    ...dimensions.map(({ name }) => name),
    "units",
    "persons",
    "total_rupiah",
    "suppressed",
    "as_of",
  ];
  return `select ${columns.join(", ")}\nfrom ${table}\nwhere ${[...places, ...months, ...codes].join("\n  and ")}\norder by region_code, period;`;
}

const dayOf = (month: string): string => `date '${month}-01'`;

/** Where the same rows are a file. */
export function exportOf({ cube, region, level, from, to, dimensions, filter }: Asked, format: "csv" | "xlsx"): string {
  const given = new URLSearchParams({ format, header: "label", dimensions: dimensions.join(",") });
  if (region !== COUNTRY) given.set("region", region);
  if (level !== null) given.set("level", level);
  if (from !== null) given.set("from", from);
  if (to !== null) given.set("to", to);
  for (const { dimension, codes } of filter) given.set(`filter.${dimension}`, codes.join(","));
  return `/v1/export/${cube}?${given}`;
}
