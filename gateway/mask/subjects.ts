/** A type whose rows are subjects. */
export interface SubjectType {
  readonly name: string;
  /** A row of it is one person. */
  readonly isPerson: boolean;
}

interface Row {
  readonly id: string;
  readonly isPerson: boolean;
  readonly isCounted: boolean;
}

/**
 * Whose rows stand in an answer, and which of them a quota of persons counts: every person, and a row of another type where no person
 * stands in or around it. Of such rows within each other the inner ones are counted in place of the outer, one for one: four members in
 * place of their household, but never a household they share in place of four members.
 */
export class Subjects {
  private readonly rows: Row[] = [];
  /** Persons whose rows the walk is inside of. */
  private around = 0;
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

  /** A row of `type`, of which `walk` walks the fields and returns false when it does not stand in the answer. */
  within(type: SubjectType, id: string, walk: () => boolean): boolean {
    const { mark } = this;
    this.around += Number(type.isPerson);
    const stands = walk();
    this.around -= Number(type.isPerson);
    if (stands) this.rows.push({ id, isPerson: type.isPerson, isCounted: type.isPerson || this.standsIn(type.name, id, mark) });
    return stands;
  }

  /** Each once, in the order of the walk. */
  ids(): string[] {
    return [...new Set(this.rows.map(({ id }) => id))];
  }

  /** Of `ids` those that count. */
  persons(): string[] {
    return [...new Set(this.rows.flatMap(({ id, isCounted }) => (isCounted ? [id] : [])))];
  }

  private standsIn(type: string, id: string, mark: number): boolean {
    if (this.around > 0) return false;
    const inner = this.rows.slice(mark);
    if (inner.some(({ isPerson }) => isPerson)) return false;
    const stand = inner.find((row) => row.isCounted && (this.replaced.get(`${type} ${row.id}`) ?? id) === id);
    if (stand) this.replaced.set(`${type} ${stand.id}`, id);
    return !stand;
  }
}
