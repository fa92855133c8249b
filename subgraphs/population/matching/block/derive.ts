import type { DerivationName, Expression } from "../spec.ts";
import { nameForms } from "../text/nameForms.ts";

type Derive = (text: string) => string | null;

const skeletonsOf = (text: string) => nameForms(text).skeletons;

/** Derivations of one text. `length` counts characters. Null: the text has none, so a key with it is not made. */
const OF_TEXT: Partial<Record<DerivationName, (length: number) => Derive>> = {
  prefix: (length) => (text) => (text.length < length ? null : text.slice(0, length)),
  suffix: (length) => (text) => (text.length < length ? null : text.slice(-length)),
  sorted: () => (text) => text.split(" ").sort().join(" "),
  concat: () => (text) => text,
  skeleton: () => (text) => skeletonsOf(text).join(" ") || null,
  firstSkeleton: () => (text) => skeletonsOf(text)[0] ?? null,
  lastSkeleton: () => (text) => skeletonsOf(text).at(-1) ?? null,
  phonetic: () => (text) => nameForms(text).phonetic.join(" ") || null,
  year: () => (text) => (/^[0-9]{8}$/.test(text) ? text.slice(0, 4) : null),
  month: () => (text) => (/^[0-9]{8}$/.test(text) ? text.slice(4, 6) : null),
  day: () => (text) => (/^[0-9]{8}$/.test(text) ? text.slice(6) : null),
};

/** The functions of a chain over one column, innermost first, as one; null when the expression is no such chain. */
export function chainOf(expression: Expression): { readonly column: string; readonly derive: Derive } | null {
  if ("column" in expression) return { column: expression.column, derive: (text) => text };
  const [only, ...more] = expression.of;
  const make = OF_TEXT[expression.call];
  const inner = only && more.length === 0 && make ? chainOf(only) : null;
  if (!inner || !make) return null;
  const outer = make(expression.length);
  return {
    column: inner.column,
    derive: (text) => {
      const value = inner.derive(text);
      return value === null || value === "" ? null : outer(value);
    },
  };
}

/** What an expression over any columns says of a row, `read` giving the text of a column; null when a part is missing. */
export function evaluate(expression: Expression, read: (column: string) => string | null): string | null {
  if ("column" in expression) return read(expression.column);
  const values = expression.of.map((inner) => evaluate(inner, read));
  if (values.some((value) => value === null || value === "")) return null;
  const texts = values as string[];
  if (texts.length > 1) return (expression.call === "sorted" ? texts.sort() : texts).join(" ");
  return OF_TEXT[expression.call]?.(expression.length)(texts[0] as string) ?? null;
}

/** Names of derivations replaced by what they stand for. `derive` has no cycles. */
export function resolved(expression: Expression, derive: ReadonlyMap<string, Expression>): Expression {
  if ("column" in expression) {
    const meant = derive.get(expression.column);
    return meant ? resolved(meant, derive) : expression;
  }
  return { ...expression, of: expression.of.map((inner) => resolved(inner, derive)) };
}

/** The functions of a chain, spelled without its column: the same for every column, so worked out once for all of a kind. */
export function spelled(expression: Expression): string {
  if ("column" in expression) return "·";
  return `${expression.call}(${expression.of.map(spelled).join()}${expression.length ? `,${expression.length}` : ""})`;
}

/** Every column an expression reads. */
export const columnsOf = (expression: Expression): string[] =>
  "column" in expression ? [expression.column] : expression.of.flatMap(columnsOf);
