/** A place in a configuration: what stands there, its JSON path, and the list that gathers faults. */
export interface At {
  readonly value: unknown;
  readonly path: string;
  readonly faults: string[];
}

export function fault({ path, faults }: At, message: string): void {
  faults.push(path === "" ? `the configuration ${message}` : `${path} ${message}`);
}

/** `null` says the same as nothing. */
export const isGiven = ({ value }: At): boolean => value !== undefined && value !== null;

const child = ({ path, faults }: At, key: string, value: unknown): At => ({
  value,
  faults,
  path: path === "" ? key : `${path}.${key}`,
});

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The fields of an object that has no others; what is not given has the value undefined. */
export function fieldsAt<Key extends string>(at: At, keys: readonly Key[]): Readonly<Record<Key, At>> {
  const known = new Set<string>(keys);
  for (const { path } of entriesAt(at)
    .filter(([key]) => !known.has(key))
    .map(([, field]) => field))
    at.faults.push(`${path} is unknown; known here: ${keys.join(", ")}`);
  const own = isObject(at.value) ? at.value : {};
  return Object.fromEntries(keys.map((key) => [key, child(at, key, own[key])])) as Record<Key, At>;
}

/** Names and values of an object whose names are free. */
export function entriesAt(at: At): (readonly [key: string, at: At])[] {
  if (isObject(at.value)) return Object.entries(at.value).map(([key, value]) => [key, child(at, key, value)]);
  if (isGiven(at)) fault(at, "must be an object");
  return [];
}

export function itemsAt(at: At): At[] {
  if (Array.isArray(at.value))
    return at.value.map((value, index) => ({ value, path: `${at.path}[${index}]`, faults: at.faults }));
  if (isGiven(at)) fault(at, "must be a list");
  return [];
}

/** `fallback` undefined: it must be given. */
export function textAt(at: At, fallback?: string): string {
  if (!isGiven(at)) return fallback ?? missing(at, "");
  if (typeof at.value === "string" && at.value !== "") return at.value;
  fault(at, "must be a text");
  return "";
}

interface NumberRule {
  readonly from: number;
  readonly to: number;
  readonly isWhole?: boolean;
  readonly or?: number;
}

export function numberAt(at: At, { from, to, isWhole = false, or }: NumberRule): number {
  if (!isGiven(at)) return or ?? missing(at, from);
  const { value } = at;
  if (typeof value === "number" && value >= from && value <= to && (!isWhole || Number.isInteger(value))) return value;
  const upper = to === Number.POSITIVE_INFINITY ? ` of ${from} or more` : ` from ${from} to ${to}`;
  fault(at, `must be a ${isWhole ? "whole " : ""}number${upper}`);
  return from;
}

export function flagAt(at: At, fallback: boolean): boolean {
  if (isGiven(at) && typeof at.value !== "boolean") fault(at, "must be true or false");
  return typeof at.value === "boolean" ? at.value : fallback;
}

export function choiceAt<Choice extends string>(at: At, choices: readonly [Choice, ...Choice[]], fallback?: Choice): Choice {
  if (!isGiven(at)) return fallback ?? missing(at, choices[0]);
  const found = choices.find((choice) => choice === at.value);
  if (found === undefined) fault(at, `must be one of ${choices.join(", ")}`);
  return found ?? choices[0];
}

function missing<Value>(at: At, instead: Value): Value {
  fault(at, "is missing");
  return instead;
}
