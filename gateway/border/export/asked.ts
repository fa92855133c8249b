import { type CubeDefinition, DEPTHS } from "../../../schema/statistics/cubes.ts";
import type { EncodeOptions } from "./encode/columns.ts";
import { FORMATS, type Format } from "./encode/encode.ts";

/** What an address asks of a cube. */
export interface CubeAsked {
  readonly format: Format | "json";
  /** Arguments of `statistics`, without its page. */
  readonly question: Readonly<Record<string, unknown>>;
  readonly after: string | null;
  /** Rows of one page; null: all rows. */
  readonly limit: number | null;
  /** Guard null: as whoever asks is wont to. */
  readonly options: Omit<EncodeOptions, "guard"> & { readonly guard: boolean | null };
}

export const LARGEST_PAGE = 10_000;
const SEPARATORS = { ",": ",", comma: ",", ";": ";", semicolon: ";", "\t": "\t", tab: "\t" } as const;
const LEVELS = ["COUNTRY", ...DEPTHS];
const NAMES = ["format", "from", "to", "region", "level", "dimensions", "after", "limit", "bom", "sep", "header", "guard"];

/** Faults name the parameter; what stands in the question itself (months, codes, regions) its source judges. Without `dimensions` all are broken down. */
export function cubeAsked(cube: CubeDefinition, query: URLSearchParams): CubeAsked | { readonly faults: readonly string[] } {
  const dimensions = cube.dimensions.map(({ name }) => name);
  const read = readerOf(query);
  const limit = read("limit", integerOf) ?? null;
  const asked: CubeAsked = {
    format: read("format", oneOf(FORMATS_AND_PAGE)) ?? "csv",
    question: {
      ...{ cube: cube.code, from: query.get("from"), to: query.get("to"), region: query.get("region") },
      level: read("level", oneOf(LEVELS)) ?? null,
      dimensions: query.has("dimensions") ? listOf(query.get("dimensions")) : dimensions,
      filter: dimensions.flatMap((dimension) => {
        const codes = query.get(`filter.${dimension}`);
        return codes === null ? [] : [{ dimension, codes: listOf(codes) }];
      }),
    },
    after: query.get("after"),
    limit,
    options: {
      bom: read("bom", flagOf) ?? false,
      separator: read("sep", (text) => SEPARATORS[text as keyof typeof SEPARATORS], "comma, semicolon or tab") ?? ",",
      header: read("header", oneOf(["code", "label"] as const)) ?? "code",
      guard: read("guard", flagOf) ?? null,
    },
  };
  const known = [...NAMES, ...dimensions.map((name) => `filter.${name}`)];
  const unknown = [...new Set(query.keys())].filter((name) => !known.includes(name));
  const faults = [
    ...unknown.map((name) => `${JSON.stringify(name.slice(0, 40))}: must be of ${known.join(", ")}`),
    ...read.faults,
  ];
  return faults.length > 0 ? { faults } : asked;
}

const FORMATS_AND_PAGE = [...FORMATS, "json"] as const;
const listOf = (text: string | null): string[] => (text ? text.split(",") : []);

/** Reads a value, or undefined when it is none. */
interface Reader<T> {
  (text: string): T | undefined;
  readonly expects?: string;
}

const oneOf = <T extends string>(words: readonly T[]): Reader<T> =>
  Object.assign((text: string) => words.find((word) => word === text), { expects: words.join(", ") });
const flagOf: Reader<boolean> = Object.assign((text: string) => ({ "1": true, "0": false })[text], { expects: "1, 0" });
const integerOf: Reader<number> = Object.assign(
  (text: string) => (/^[1-9][0-9]{0,4}$/.test(text) && Number(text) <= LARGEST_PAGE ? Number(text) : undefined),
  { expects: `1 to ${LARGEST_PAGE}` },
);

function readerOf(query: URLSearchParams) {
  const faults = [...new Set(query.keys())]
    .filter((name) => query.getAll(name).length > 1)
    .map((name) => `${name}: is given twice`);
  const read = <T>(name: string, reader: Reader<T>, expects = reader.expects): T | undefined => {
    const text = query.get(name);
    const value = text === null ? undefined : reader(text);
    if (text !== null && value === undefined) faults.push(`${name}: must be of ${expects}`);
    return value;
  };
  return Object.assign(read, { faults });
}
