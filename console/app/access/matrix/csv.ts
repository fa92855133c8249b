import { csvLine } from "../../../../schema/values/csv.ts";
import { effectAt, type Model, type Shown } from "./model.ts";

/** Words of the table's first columns, and of an effect; of the empty one "not granted". */
export interface Words {
  readonly heads: readonly string[];
  readonly effect: (effect: string) => string;
}

/** What is shown as CSV (RFC 4180, with a byte order mark so that Excel reads UTF-8): a row a field, a column an agreement. */
export function csvOf({ fields, columns }: Model, shown: Shown, { heads, effect }: Words): string {
  const picked = shown.columns.flatMap((at) => columns[at] ?? []);
  const lines = shown.rows.flatMap((at) => {
    const field = fields[at];
    if (!field) return [];
    const owners = field.owners.map(({ code }) => code).join(" ");
    return [
      [field.coordinate, field.class ?? "", field.topic ?? "", owners, ...picked.map((column) => effect(effectAt(column, at)))],
    ];
  });
  const head = [...heads, ...picked.map(({ number, consumer }) => `${number} ${consumer.code}`)];
  return `\uFEFF${[head, ...lines].map(csvLine).join("")}`;
}
