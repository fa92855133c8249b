import type { Answered, Disclosure } from "../types/chain.ts";
import { factsOf, type Projection, type Selection, type Shape, type Slot, slotInRow, type Wrapping } from "./shape.ts";
import { Subjects } from "./subjects.ts";

/** A null that its place does not allow: it goes up to the first place that does. */
const NULL = Symbol("null where none may be");
type Path = (string | number)[];
type Tree = Readonly<Record<string, unknown>>;

/** A null nobody has explained yet. */
export interface Hole {
  readonly path: Path;
  readonly coordinate: string;
}

export interface Projected extends Pick<Disclosure, "subjects" | "persons" | "verdicts"> {
  readonly data: object | null;
  readonly holes: readonly Hole[];
  /** By index of the projection's coordinates: a value of it stands in the answer. */
  readonly shown: readonly boolean[];
}

/** The one way out of the fetched tree: what no slot asks for stays behind, what is denied is null, what is masked is masked. */
export function project(answered: Answered, projection: Projection): Projected {
  const projector = new Projector(answered);
  const data = projector.root(projection.root);
  const { holes, shown, subjects, verdicts } = projector;
  return { data, holes, shown, subjects: subjects.ids(), persons: subjects.persons(), verdicts };
}

class Projector {
  readonly holes: Hole[] = [];
  readonly shown: boolean[] = [];
  readonly subjects = new Subjects();
  readonly verdicts: Record<string, Record<string, number>> = {};
  private readonly path: Path = [];
  private readonly answered: Answered;

  constructor(answered: Answered) {
    this.answered = answered;
  }

  root(root: Selection): object | null {
    const shape = root.of(root.typeName);
    const data = shape ? this.object(shape, this.answered.tree) : null;
    if (data !== NULL) return data;
    this.subjects.backTo(0);
    return null;
  }

  private object(shape: Shape, tree: Tree): object | typeof NULL {
    const id = shape.subject && tree["id"];
    if (!shape.subject || (typeof id !== "string" && typeof id !== "number")) return this.fields(shape, tree);
    let made: object | typeof NULL = NULL;
    this.subjects.within(shape.subject, String(id), () => {
      made = this.fields(shape, tree);
      return made !== NULL;
    });
    return made;
  }

  private fields(shape: Shape, tree: Tree): object | typeof NULL {
    const made: Record<string, unknown> = shape.isBare ? Object.create(null) : {};
    const row = shape.rowPlaces && factsOf(tree, shape.rowPlaces);
    for (const slot of shape.slots) {
      const value = this.slot(row ? slotInRow(slot, row) : slot, tree);
      if (value === NULL) return NULL;
      made[slot.key] = value;
    }
    return made;
  }

  private slot(slot: Slot, tree: Tree): unknown {
    if (slot.source === "tree") return this.fetched(slot, tree[slot.dataKey]);
    // The denial itself is the error of this null; of one row nothing is told.
    if (slot.source === "denied") return slot.wrapping.isRequired ? NULL : null;
    return slot.source === "introspection" ? (this.answered.introspected[slot.key] ?? null) : slot.source.typename;
  }

  private fetched(slot: Slot, value: unknown): unknown {
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
    return completed;
  }

  /** `value` as its type allows it; NULL where a null must go further up. */
  private complete(slot: Slot, wrapping: Wrapping, value: unknown): unknown {
    const completed = value === null || value === undefined ? null : this.present(slot, wrapping.items, value);
    if (completed === NULL) return wrapping.isRequired ? NULL : null;
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
    for (let index = 0; index < values.length; index += 1) {
      this.path.push(index);
      const { mark } = this.subjects;
      const item = this.complete(slot, items, values[index]);
      this.path.pop();
      if (item === NULL) return NULL;
      if (item === null) this.subjects.backTo(mark);
      made[index] = item;
    }
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
    return this.answered.decisions.transform(slot.transform, value, slot.coordinate) ?? null;
  }

  private count(coordinate: string, verdict: string): void {
    const counts = this.verdicts[coordinate] ?? {};
    counts[verdict] = (counts[verdict] ?? 0) + 1;
    this.verdicts[coordinate] = counts;
  }
}
