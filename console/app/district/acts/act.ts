import type { ReactNode } from "react";

/** What an act names of a row: which, and as it was seen. */
export interface Seen {
  readonly id: string;
  readonly version?: number | null;
}

interface Named {
  /** Of the value, and of the text `district.field.<name>`. */
  readonly name: string;
  readonly isOptional?: boolean;
  /** Asked only where what was typed before makes it meet. */
  readonly when?: (values: Values) => boolean;
}
/** One of a few that are known. Without a label its word is the text `district.pick.<field>.<value>`. */
export interface Option {
  readonly value: string;
  readonly label?: string;
}
/**
 * One input of an act's form. `hash`: SHA-256 of a file that stays with the person. `photos`: pictures that are brought as evidence. `village`: below those on
 * duty. `family`, `member`: of any household on duty. `check`: `YES` or nothing.
 */
export type Field = Named &
  (
    | { readonly kind: "line" | "words" | "date" | "number" | "hash" | "photos" | "village" | "family" | "member" | "check" }
    | { readonly kind: "choice"; readonly type: string; readonly values: readonly string[] }
    | { readonly kind: "pick"; readonly options: readonly Option[] }
  );

/** What was typed, by the field's name; of a field of each row `<id>.<name>`. */
export type Values = Readonly<Record<string, string>>;
export const YES = "YES";

/** Something the person may do with rows of a queue: a mutation, its words, and whose it is. */
export interface Act<Row extends Seen> {
  /** Of the texts `district.act.<name>` and `district.act.<name>.lead`, which says what will happen. */
  readonly name: string;
  readonly document: string;
  /** Duties of which it takes one; empty: whoever reads the row. */
  readonly by: readonly string[];
  /** Whether the row's state takes it. */
  readonly fits: (row: Row) => boolean;
  readonly variables: (rows: readonly Row[], values: Values) => Readonly<Record<string, unknown>>;
  readonly fields?: readonly Field[];
  /** Asked of every row. */
  readonly each?: readonly Field[];
  /** What `each` is asked of instead of the rows. */
  readonly parts?: readonly { readonly id: string; readonly label: string }[];
  /** What stands in the form before anything is typed. */
  readonly preset?: Values;
  /** Below the form: what would come of it as it is filled in. */
  readonly foretells?: (rows: readonly Row[], values: Values) => ReactNode;
  /** Several rows at once. */
  readonly isOfMany?: boolean;
  /** It ends something, and cannot be undone. */
  readonly isEnd?: boolean;
}

/** `{ id, version }` as mutations name what was seen. */
export const seen = ({ id, version }: Seen) => ({ id, version });
export const seenOne = <Row extends Seen>(rows: readonly Row[]) => seen(rows[0] as Row);
/** The values of a form without what was left empty. */
export const given = (values: Values): Values => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ""));
