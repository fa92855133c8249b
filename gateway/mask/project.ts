import type { Answered, Disclosure } from "../types/chain.ts";
import { factsOf, personOf, slotInRow } from "./facts.ts";
import type { Projection, Selection, Shape, Slot, Wrapping } from "./shape.ts";
import { Subjects } from "./subjects.ts";

/** A null that its place does not allow: it goes up to the first place that does. */
const NULL = Symbol("null where none may be");
/** A row that was found by what it holds of a person whose data are restricted: as if it had not been found. */
const ABSENT = Symbol("not found");
const NOBODY: ReadonlySet<string> = new Set();
type Path = (string | number)[];
type Tree = Readonly<Record<string, unknown>>;

/** A null nobody has explained yet. */
export interface Hole {
  readonly path: Path;
  readonly coordinate: string;
}

export interface Projected extends Pick<Disclosure, "subjects" | "persons" | "verdicts"> {
  /** What the response keys that were walked come to. */
  readonly keys: number;
  readonly data: object | null;
  readonly holes: readonly Hole[];
  /** By index of the projection's coordinates: a value of it stands in the answer. */
  readonly shown: readonly boolean[];
  /** Rows of which only the keys stand, their persons being restricted; by the same index: the coordinate is closed in one of them. */
  readonly restrictedRows: number;
  readonly restricted: readonly boolean[];
  /** Root fields under which a row is left out as if it had not been found. */
  readonly withoutRows: ReadonlySet<string>;
  /** Sealed values that are closed because a row they may hold is not shown whole. */
  readonly sealed: readonly Hole[];
}

/** The one way out of the fetched tree: what no slot asks for stays behind, what is denied is null, what is masked is masked. */
export function project(answered: Answered, projection: Projection): Projected {
  let projector = new Projector(answered, { closesSealed: false });
  let data = projector.root(projection.root);
  if (projector.holdsSealed && projector.isClosedInRows) {
    projector = new Projector(answered, { closesSealed: true }); // anew: what is sealed may stand before the row that closes it
    data = projector.root(projection.root);
  }
  const { holes, shown, restricted, withoutRows, sealed, subjects: met, verdicts } = projector;
  const [subjects, persons, restrictedRows] = [met.ids(projection.personType), met.persons(), met.restricted];
  const keys = Math.round(projector.keys);
  return { data, keys, holes, shown, restricted, withoutRows, sealed, subjects, persons, restrictedRows, verdicts };
}

class Projector {
  readonly holes: Hole[] = [];
  readonly shown: boolean[] = [];
  readonly restricted: boolean[] = [];
  readonly withoutRows = new Set<string>();
  readonly sealed: Hole[] = [];
  keys = 0;
  holdsSealed = false;
  /** Of some row that was met, standing or not, less is shown than was asked for: closed, or masked in this row or in all. */
  isClosedInRows = false;
  readonly subjects = new Subjects();
  readonly verdicts: Record<string, Record<string, number>> = {};
  private readonly path: Path = [];
  private readonly answered: Answered;
  private readonly closesSealed: boolean;

  constructor(answered: Answered, { closesSealed }: { readonly closesSealed: boolean }) {
    this.answered = answered;
    this.closesSealed = closesSealed;
  }

  root(root: Selection): object | null {
    const shape = root.of(root.typeName);
    const data = shape ? this.object(shape, this.answered.tree) : null;
    if (typeof data === "object") return data;
    this.subjects.backTo(0);
    return null;
  }

  private object(shape: Shape, tree: Tree): object | typeof NULL | typeof ABSENT {
    const id = shape.subject && tree["id"];
    if (!shape.subject || (typeof id !== "string" && typeof id !== "number")) return this.fields(shape, tree);
    const person = personOf(tree, shape);
    const isRestricted = person !== null && (this.answered.restricted ?? NOBODY).has(person);
    if (isRestricted) this.isClosedInRows = true;
    if (isRestricted && shape.isSought) {
      this.withoutRows.add(String(this.path[0]));
      return ABSENT;
    }
    const { mark } = this.subjects;
    this.subjects.enter({ type: shape.subject, id: String(id), person, isRestricted });
    const made = this.fields(shape, tree, isRestricted);
    this.subjects.leave(mark, made !== NULL);
    return made;
  }

  private fields(shape: Shape, tree: Tree, isRestricted = false): object | typeof NULL {
    const made: Record<string, unknown> = shape.isBare ? Object.create(null) : {};
    this.keys += shape.price;
    const row = shape.rowPlaces && factsOf(tree, shape.rowPlaces);
    for (const slot of shape.slots) {
      const inRow = row ? slotInRow(slot, row) : slot;
      if (inRow !== slot) this.isClosedInRows = true;
      const value = isRestricted && !slot.isKey ? this.closed(slot) : this.slot(inRow, tree);
      if (value === NULL) return NULL;
      made[slot.key] = value;
    }
    return made;
  }

  private closed(slot: Slot): null | typeof NULL {
    if (slot.source === "tree") this.restricted[slot.index] = true;
    return nothing(slot.wrapping);
  }

  private slot(slot: Slot, tree: Tree): unknown {
    if (slot.source === "tree") return this.fetched(slot, tree[slot.dataKey]);
    // The denial itself is the error of this null; of one row nothing is told.
    if (slot.source === "denied") return nothing(slot.wrapping);
    if ("typename" in slot.source) return slot.source.typename;
    return slot.source.about.map((key) => this.answered.introspected[key] ?? null).reduce(joined, null);
  }

  private fetched(slot: Slot, value: unknown): unknown {
    if (slot.isSealed && value !== null && value !== undefined) {
      if (this.closesSealed) return this.seal(slot);
      this.holdsSealed = true;
    }
    if (value !== undefined) this.shown[slot.index] = true;
    if (slot.isPlain && value !== null && value !== undefined) {
      const leaf = this.leaf(slot, value);
      if (leaf !== null) return leaf;
    }
    this.path.push(slot.key);
    const { mark } = this.subjects;
    const completed = this.complete(slot, slot.wrapping, value);
    if (completed === null || completed === NULL) this.subjects.backTo(mark);
    this.path.pop();
    return completed === ABSENT ? nothing(slot.wrapping) : completed;
  }

  private seal(slot: Slot): null | typeof NULL {
    this.sealed.push({ path: [...this.path, slot.key], coordinate: slot.coordinate });
    return nothing(slot.wrapping);
  }

  /** `value` as its type allows it; NULL where a null must go further up. */
  private complete(slot: Slot, wrapping: Wrapping, value: unknown): unknown {
    const completed = value === null || value === undefined ? null : this.present(slot, wrapping.items, value);
    if (completed === NULL) return nothing(wrapping);
    if (completed !== null || !wrapping.isRequired) return completed;
    this.holes.push({ path: [...this.path], coordinate: slot.coordinate });
    return NULL;
  }

  private present(slot: Slot, items: Wrapping | null, value: unknown): unknown {
    if (items) return Array.isArray(value) ? this.list(slot, items, value) : null;
    return slot.below ? this.below(slot.below, value) : this.leaf(slot, value);
  }

  private list(slot: Slot, items: Wrapping, values: readonly unknown[]): unknown[] | typeof NULL {
    const made = new Array<unknown>(values.length);
    let kept = 0;
    for (let index = 0; index < values.length; index += 1) {
      this.path.push(index);
      const { mark } = this.subjects;
      const item = this.complete(slot, items, values[index]);
      this.path.pop();
      if (item === NULL) return NULL;
      if (item === null) this.subjects.backTo(mark);
      if (item === ABSENT) continue;
      made[kept] = item;
      kept += 1;
    }
    made.length = kept;
    return made;
  }

  private below(selection: Selection, value: unknown): unknown {
    if (typeof value !== "object" || Array.isArray(value)) return null;
    const tree = value as Tree;
    const name = tree["__typename"];
    const shape = selection.of(typeof name === "string" ? name : selection.typeName);
    return shape ? this.object(shape, tree) : null;
  }

  private leaf(slot: Slot, value: unknown): unknown {
    if (slot.names !== null && !slot.names.has(value as string)) return null;
    if (slot.transform === null) {
      if (slot.isVerdict && (slot.names !== null || typeof value === "boolean")) this.count(slot.coordinate, String(value));
      return value;
    }
    if (slot.transform !== "last4" || !NUMBER.test(String(value))) this.isClosedInRows = true; // what is sealed was made of the unmasked value
    return this.answered.decisions.transform(slot.transform, value, slot.coordinate) ?? null;
  }

  private count(coordinate: string, verdict: string): void {
    const counts = this.verdicts[coordinate] ?? {};
    counts[verdict] = (counts[verdict] ?? 0) + 1;
    this.verdicts[coordinate] = counts;
  }
}

/** Of a number like a NIK what is sealed holds the last four digits, as the mask shows them. */
const NUMBER = /^\d*$/;

/** What several selections of one field about the schema say together. */
function joined(one: unknown, other: unknown): unknown {
  if (Array.isArray(one) && Array.isArray(other)) return one.map((item, index) => joined(item, other[index]));
  if (!isTree(one) || !isTree(other)) return one ?? other;
  const made: Record<string, unknown> = Object.assign(Object.create(null), one);
  for (const key of Object.keys(other)) made[key] = key in made ? joined(made[key], other[key]) : other[key];
  return made;
}

const isTree = (value: unknown): value is Tree => typeof value === "object" && value !== null && !Array.isArray(value);

/** Where there is no value: null, or NULL where its type allows none. */
const nothing = ({ isRequired }: Wrapping): null | typeof NULL => (isRequired ? NULL : null);
