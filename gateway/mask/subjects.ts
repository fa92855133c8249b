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

interface Row {
  readonly met: Met;
  readonly isCounted: boolean;
  /** Rows of persons up to this one, itself among them. */
  readonly persons: number;
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
  private personsAround = 0;
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

  /** The walk goes into a row. */
  enter(met: Met): void {
    this.around.push(met);
    if (met.type.isPerson) this.personsAround += 1;
  }

  /** It comes out of the row it went into last, where `mark` was; the row stands in the answer, or does not. */
  leave(mark: number, stands: boolean): void {
    const met = this.around.pop();
    if (!met) return;
    const { isPerson } = met.type;
    if (isPerson) this.personsAround -= 1;
    if (!stands) return;
    const isCounted = isPerson || this.isAlone(met, mark);
    this.rows.push({ met, isCounted, persons: this.personsUpTo(this.mark) + (isPerson ? 1 : 0) });
  }

  /** Each once, in the order of the walk; with each row the person it is about, of type `personType`. What is a person's very id stands for them alone. */
  ids(personType: string): Subject[] {
    const known = new Set<string>();
    const found: Subject[] = [];
    for (const { met } of this.rows) {
      const { id, type, person } = met;
      if (person !== null && isNew(known, person)) found.push({ type: personType, id: person });
      if (id !== person && isNew(known, id)) found.push({ type: type.name, id });
    }
    return found;
  }

  /** How many rows stand with their keys alone. */
  get restricted(): number {
    return this.rows.filter(({ met }) => met.isRestricted).length;
  }

  /** Of `ids` those that count. */
  persons(): string[] {
    const counted = new Set<string>();
    for (const { met, isCounted } of this.rows) if (isCounted) counted.add(met.id);
    return [...counted];
  }

  private personsUpTo(mark: number): number {
    return this.rows[mark - 1]?.persons ?? 0;
  }

  private isAlone({ type: { name: type }, id }: Met, mark: number): boolean {
    if (this.personsUpTo(this.mark) > this.personsUpTo(mark)) return false;
    if (this.personsAround > 0) return this.around.some((row) => row.type.name === type && row.id !== id);
    for (let at = mark; at < this.rows.length; at += 1) {
      const { met, isCounted } = this.rows[at] as Row;
      if (!isCounted || met.type.name === type) continue;
      const key = `${type} ${met.id}`;
      if ((this.replaced.get(key) ?? id) !== id) continue;
      this.replaced.set(key, id);
      return false;
    }
    return true;
  }
}

function isNew(known: Set<string>, id: string): boolean {
  const { size } = known;
  return known.add(id).size > size;
}
