import { type Failure, labelled } from "../../schema/errors.ts";
import type { Answered, Disclosure, Fault, Shown } from "../types/chain.ts";
import type { Rewrite } from "../types/document.ts";
import { type Hole, project } from "./project.ts";
import { type Ground, projectionOf } from "./shape.ts";

const MAX_ERRORS = 100;

/** What may leave: the projection of the fetched tree, with every denial, failure and unexplained null told once. */
export function mask(answered: Answered, supergraph: Ground): Shown {
  const projection = projectionOf(answered, supergraph);
  const projected = project(answered, projection);
  const { data, keys, holes, shown, subjects, persons, verdicts, restricted, restrictedRows, withoutRows, sealed } = projected;
  const { denials, fetches, lookups } = answered;
  const faults = answered.faults.filter((fault) => isOfAnswer(fault, data, withoutRows));
  const { denied, transformed, inSomeRows } = answered.rewrite;
  const told = [...denials, ...sealed.map(closedWithRows), ...faults.map(({ failure }) => failure)];
  const errors = capped([...told, ...unexplained(holes, answered)]);
  const named = (those: readonly boolean[]) => namesOf(projection.coordinates, those);
  const found: Omit<Shown, symbol> = {
    data,
    errors,
    denied: sealed.length === 0 ? denied : [...new Set([...denied, ...sealed.map(({ coordinate }) => coordinate)])].sort(),
    transformed,
    inSomeRows,
    shown: named(shown),
    subjects,
    persons,
    lookups,
    verdicts,
    keys,
    fetches,
    counted: undefined, // set by who answers; receive.ts says why it is there from the first
    ...(restrictedRows > 0 && withRestricted(answered.rewrite, named(restricted), restrictedRows)),
  };
  return found as Shown;
}

/** Positions of coordinates in their order: sorted anew only when a shape was met that had not been. */
const orders = new WeakMap<readonly string[], readonly number[]>();
function namesOf(coordinates: readonly string[], those: readonly boolean[]): string[] {
  const known = orders.get(coordinates);
  const at = (index: number) => coordinates[index] ?? "";
  const order = known?.length === coordinates.length ? known : [...coordinates.keys()].sort((a, b) => (at(a) < at(b) ? -1 : 1));
  orders.set(coordinates, order);
  return order.filter((index) => those[index]).map(at);
}

const closedWithRows = ({ path, coordinate }: Hole): Failure => ({
  code: "FIELD_PROHIBITED",
  path,
  coordinate,
  reason: labelled("reasons", "SEALED"),
});

/**
 * Whether a fault is of what stands in the answer. Of a row left out as if it had not been found it would tell that it was: where such rows are, it must
 * be of another.
 */
const isOfAnswer = ({ covers, everyItem }: Fault, data: unknown, withoutRows: ReadonlySet<string>): boolean =>
  covers.some((place) => !withoutRows.has(String(place[0])) || stands(data, place, everyItem));

function stands(value: unknown, [key, ...below]: Fault["covers"][number], everyItem: boolean): boolean {
  if (key === undefined) return !everyItem || hasItem(value);
  if (typeof key === "number") return stands(value, below, everyItem);
  if (Array.isArray(value)) return value.some((item) => stands(item, [key, ...below], everyItem));
  return typeof value === "object" && value !== null && key in value && stands((value as Tree)[key], below, everyItem);
}

const hasItem = (value: unknown): boolean =>
  Array.isArray(value) ? value.some(hasItem) : typeof value === "object" && value !== null;
type Tree = Readonly<Record<string, unknown>>;

/** What is closed in rows of persons whose data are restricted counts as masked in some rows. */
function withRestricted(
  { transformed, inSomeRows }: Rewrite,
  closed: readonly string[],
  restrictedRows: number,
): Pick<Disclosure, "transformed" | "inSomeRows" | "restrictedRows"> {
  const isElsewherePlain = (coordinate: string) => inSomeRows.includes(coordinate) || !transformed.includes(coordinate);
  return {
    transformed: [...new Set([...transformed, ...closed])].sort(),
    inSomeRows: [...new Set([...inSomeRows, ...closed.filter(isElsewherePlain)])].sort(),
    restrictedRows,
  };
}

/** An error for each null that its type does not allow, unless a fault tells of that place, of one above or of one below it. */
function unexplained(holes: readonly Hole[], { faults, plan }: Answered): Failure[] {
  return holes
    .filter(({ path }) => !faults.some((fault) => explains(fault, path)))
    .map(({ path, coordinate }): Failure => {
      const service = plan.services.get(coordinate);
      return { code: "SUBGRAPH_INVALID_RESPONSE", path, coordinate, ...(service !== undefined && { service }) };
    });
}

function explains({ covers, everyItem }: Fault, path: Hole["path"]): boolean {
  const at = everyItem ? path.filter((part) => typeof part === "string") : path;
  return covers.some((place) => place.every((part, index) => index >= at.length || at[index] === part));
}

/** The last of too many says how many there are. */
function capped(errors: readonly Failure[]): readonly Failure[] {
  if (errors.length <= MAX_ERRORS) return errors;
  const last = errors[MAX_ERRORS - 1] as Failure;
  return [...errors.slice(0, MAX_ERRORS - 1), { ...last, limit: { name: "errors", actual: errors.length, max: MAX_ERRORS } }];
}
