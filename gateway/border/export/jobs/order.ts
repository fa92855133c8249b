import { holdsNik, Refusal } from "../../../../schema/errors.ts";
import type { EncodeOptions } from "../encode/columns.ts";
import { FORMATS, type Format } from "../encode/encode.ts";
import { DATASETS, type Dataset } from "./datasets.ts";

/** What a client asks for, its shape checked: whether columns and filter fit is not known yet. */
export interface Order {
  readonly name: string;
  readonly dataset: Dataset;
  readonly format: Format;
  readonly filter: Readonly<Record<string, unknown>> | null;
  /** In the order of the file; null: all there are. */
  readonly columns: readonly string[] | null;
  readonly caseNumber: string | null;
  readonly note: string | null;
  /** Guard: null where nothing is said. */
  readonly written: Omit<EncodeOptions, "guard"> & { readonly guard: boolean | null };
}

type Json = Readonly<Record<string, unknown>>;
type Rule = readonly [isGood: (value: unknown) => boolean, words: string];

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);
const isOneOf = (...words: readonly unknown[]): Rule => [(value) => words.includes(value), `one of ${words.join(", ")}`];
const NAMES: Rule = [
  (value) =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((one) => typeof one === "string") &&
    new Set(value).size === value.length,
  "names of columns, each once",
];
/** Kept in plain, and in the manifest. */
const WORDS: Rule = [
  (value) => typeof value === "string" && /^[^\p{Cc}\p{Cs}]{1,200}$/u.test(value) && !holdsNik(value),
  "at most 200 characters on one line, no NIK",
];

const RULES: Readonly<Record<string, Rule>> = {
  dataset: [(value) => DATASETS.has(value as string), `one of ${[...DATASETS.keys()].join(", ")}`],
  format: isOneOf(...FORMATS),
  filter: [isObject, "an object"],
  columns: NAMES,
  caseNumber: [(value) => typeof value === "string", "a text"],
  note: WORDS,
  guard: isOneOf(true, false),
  bom: isOneOf(true, false),
  separator: isOneOf(",", ";", "\t"),
  header: isOneOf("code", "label"),
};
const NEEDED = ["dataset", "format"];

/** Reads an order. Throws BAD_REQUEST that names everything wrong with it. */
export function orderOf(body: string | null): Order {
  const json = parsed(body);
  const given = Object.entries(json).filter(([, value]) => value !== null);
  const faults = [
    ...NEEDED.filter((name) => json[name] == null).map((name) => `${name}: ${RULES[name]?.[1]}`),
    ...given.flatMap(([name, value]) => faultOf(name, value)),
  ];
  if (faults.length > 0) throw new Refusal({ code: "BAD_REQUEST", detail: faults.join("; ") });
  const { dataset, format, filter = null, columns = null, caseNumber = null, note = null, guard = null } = json;
  const { bom, separator, header } = json;
  const written = {
    guard,
    ...(bom != null && { bom }),
    ...(separator != null && { separator }),
    ...(header != null && { header }),
  };
  const found = { name: dataset, dataset: DATASETS.get(dataset as string), format, filter, columns, caseNumber, note, written };
  return found as Order;
}

function faultOf(name: string, value: unknown): string[] {
  const rule = Object.hasOwn(RULES, name) ? RULES[name] : undefined;
  // what the client wrote is not repeated: it may be anything
  if (!rule) return [`no other names than ${Object.keys(RULES).join(", ")}`];
  return rule[0](value) ? [] : [`${name}: ${rule[1]}`];
}

function parsed(body: string | null): Json {
  try {
    const json: unknown = JSON.parse(body ?? "");
    if (isObject(json)) return json;
  } catch {}
  throw new Refusal({ code: "BAD_REQUEST", detail: "the body: a JSON object" });
}
