/** A field of the catalogue: one row of the matrix. */
export interface Field {
  readonly coordinate: string;
  readonly description: string;
  readonly class: string | null;
  readonly topic: string | null;
  readonly owners: readonly { readonly code: string }[];
}

interface Agreement {
  readonly number: string;
  readonly title: string;
  readonly version: number;
  readonly state: string;
  readonly consumer: { readonly code: string; readonly name: string };
  readonly purpose: { readonly name: string };
}

/** What the hub answers. */
export interface Answer {
  readonly accessMatrix: {
    readonly coordinates: readonly Field[];
    readonly agreements: readonly {
      readonly agreement: Agreement;
      readonly groups: readonly { readonly effect: string; readonly positions: readonly number[] }[];
    }[];
  } | null;
}

/** An agreement: one column. `effects`: of each field, by place, the place in EFFECTS. */
export interface Column extends Agreement {
  readonly effects: Uint8Array;
}

export interface Model {
  readonly fields: readonly Field[];
  readonly columns: readonly Column[];
}

/** What may be done with a field; each is a matrix of its own. */
export const USES: readonly string[] = ["OUTPUT", "LOOKUP", "VERIFY", "FILTER", "SORT", "GROUP", "AGGREGATE"];

/** From not granted (the empty one) to denied. */
export const EFFECTS: readonly string[] = ["", "ALLOW", "MASK", "BAND", "CLAIM", "PSEUDONYM", "AGGREGATE", "DENY"];

/** 680,000 cells take one byte each. */
export function modelOf({ coordinates: fields, agreements }: NonNullable<Answer["accessMatrix"]>): Model {
  const columns = agreements.map(({ agreement, groups }) => {
    const effects = new Uint8Array(fields.length);
    for (const { effect, positions } of groups) {
      const code = EFFECTS.indexOf(effect);
      for (const position of positions) effects[position] = code;
    }
    return { ...agreement, effects };
  });
  return { fields, columns };
}

/** What is shown: places of fields and of columns, in order. */
export interface Shown {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
}

/** What the matrix is narrowed to, by name of the filter; empty: to nothing. */
export type Wanted = (name: string) => string;

/** Classes that are data of persons: the rest is reference data and the business of the hub itself. */
const OF_PERSONS = ["GENERAL", "SPECIFIC", "ADMINDUK_84", "DERIVED"];
/** Of `class`: all of them. */
export const ALL = "all";
/** Of `effect`: granted to nobody that is shown. */
export const NOBODY = "nobody";

export function narrowed({ fields, columns }: Model, wanted: Wanted): Shown {
  const shown = columns.flatMap((column, at) => (isColumnWanted(column, wanted) ? [at] : []));
  const hasEffect = effectTest(
    wanted("effect"),
    shown.map((at) => columns[at] as Column),
  );
  const isRowWanted = rowTest(wanted);
  const rows = fields.flatMap((field, at) => (isRowWanted(field) && hasEffect(at) ? [at] : []));
  return { rows, columns: shown };
}

function isColumnWanted({ number, title, consumer, purpose, state }: Column, wanted: Wanted): boolean {
  const [agency, standing, text] = [wanted("agency"), wanted("state"), wanted("agreement").toLowerCase()];
  return (
    (agency === "" || consumer.code === agency) &&
    (standing === "" || state === standing) &&
    (text === "" || `${number} ${title} ${consumer.name} ${purpose.name}`.toLowerCase().includes(text))
  );
}

function rowTest(wanted: Wanted): (field: Field) => boolean {
  const words = wanted("q").toLowerCase().split(/\s+/).filter(Boolean);
  const [dataClass, owner, type] = [wanted("class"), wanted("owner"), wanted("type")];
  const classes = dataClass === "" ? OF_PERSONS : [dataClass];
  return (field) =>
    (dataClass === ALL || classes.includes(field.class ?? "")) &&
    (owner === "" || field.owners.some(({ code }) => code === owner)) &&
    (type === "" || typeOf(field) === type) &&
    words.every((word) => `${field.coordinate} ${field.description}`.toLowerCase().includes(word));
}

function effectTest(effect: string, columns: readonly Column[]): (at: number) => boolean {
  if (effect === "") return () => true;
  if (effect === NOBODY) return (at) => columns.every(({ effects }) => effects[at] === 0);
  const code = EFFECTS.indexOf(effect);
  return (at) => columns.some(({ effects }) => effects[at] === code);
}

export const typeOf = ({ coordinate }: Pick<Field, "coordinate">): string => coordinate.slice(0, coordinate.indexOf("."));

export const effectAt = ({ effects }: Column, field: number): string => EFFECTS[effects[field] ?? 0] ?? "";
