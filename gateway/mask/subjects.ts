import type { Subject } from "../types/chain.ts";

/** A type whose rows are subjects. */
export interface SubjectType {
  readonly name: string;
  /** A row of it is one person. */
  readonly isPerson: boolean;
}

/** A row of a subject as the walk meets it. */
export interface Met {
  readonly type: SubjectType;
  readonly id: string;
  /** Id of the person it is about; null: it names none. */
  readonly person: string | null;
  /** That person's data are restricted: only its keys stand. */
  readonly isRestricted: boolean;
}

interface Row extends Met {
  readonly isCounted: boolean;
}

/**
 * Whose rows stand in an answer, and which of them a quota of persons counts: every person, and a row of another type where no person
 * stands in or around it; around it, a person stands for one row of a type only: the other members of their household are people of their own. Of
 * such rows within each other the inner ones are counted in place of the outer, one for one and of another type: four members in place of their household, but never a household they share in place of four members.
 */
export class Subjects {
  private readonly rows: Row[] = [];
  /** Rows the walk is inside of, outermost first. */
  private readonly around: Met[] = [];
  /** The outer row of a type that an inner one is counted in place of. */
  private readonly replaced = new Map<string, string>();

  /** Where the walk stands, for `backTo`. */
  get mark(): number {
    return this.rows.length;
  }

  /** What was met since does not stand in the answer after all. */
  backTo(mark: number): void {
    this.rows.length = mark;
  }

  /** A row, of which `walk` walks the fields and returns false when it does not stand in the answer. */
  within(met: Met, walk: () => boolean): boolean {
    const { mark } = this;
    const { type, id } = met;
    this.around.push(met);
    const stands = walk();
    this.around.pop();
    if (stands) this.rows.push({ ...met, isCounted: type.isPerson || this.isAlone(type.name, id, mark) });
    return stands;
  }

  /** Each once, in the order of the walk; with each row the person it is about, of type `personType`. What is a person's very id stands for them alone. */
  ids(personType: string): Subject[] {
    const types = new Map<string, string>();
    const note = (id: string, type: string) => types.set(id, types.get(id) ?? type);
    for (const { id, type, person } of this.rows) {
      if (person !== null) note(person, personType);
      if (id !== person) note(id, type.name);
    }
    return Array.from(types, ([id, type]) => ({ type, id }));
  }

  /** How many rows stand with their keys alone. */
  get restricted(): number {
    return this.rows.filter(({ isRestricted }) => isRestricted).length;
  }

  /** Of `ids` those that count. */
  persons(): string[] {
    return [...new Set(this.rows.flatMap(({ id, isCounted }) => (isCounted ? [id] : [])))];
  }

  private isAlone(type: string, id: string, mark: number): boolean {
    const inner = this.rows.slice(mark);
    if (inner.some((row) => row.type.isPerson)) return false;
    if (this.around.some((row) => row.type.isPerson)) return this.around.some((row) => row.type.name === type && row.id !== id);
    const others = inner.filter((row) => row.isCounted && row.type.name !== type);
    const stand = others.find((row) => (this.replaced.get(`${type} ${row.id}`) ?? id) === id);
    if (stand) this.replaced.set(`${type} ${stand.id}`, id);
    return !stand;
  }
}
