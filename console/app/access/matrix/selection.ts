import type { Model, Shown } from "./model.ts";

/** Selected coordinates, by number of the agreement. No agreement has none. */
export type Selection = ReadonlyMap<string, ReadonlySet<string>>;

/** A cell by its place among what is shown. */
export interface Place {
  readonly row: number;
  readonly column: number;
}

export const NOTHING: Selection = new Map();

export const isSelected = (selection: Selection, agreement: string, coordinate: string): boolean =>
  selection.get(agreement)?.has(coordinate) ?? false;

/** What places are places of. */
interface Seen {
  readonly model: Model;
  readonly shown: Shown;
}

/** The cells between two corners; both are in it. */
export interface Block {
  readonly from: Place;
  readonly to: Place;
}

/** Selects all cells of a block, or, where all of them are selected already, none of them. */
export function toggled(selection: Selection, { model: { fields, columns }, shown }: Seen, block: Block): Selection {
  const [agreements, coordinates] = [
    between(block.from.column, block.to.column).flatMap((at) => columns[shown.columns[at] ?? -1]?.number ?? []),
    between(block.from.row, block.to.row).flatMap((at) => fields[shown.rows[at] ?? -1]?.coordinate ?? []),
  ];
  const isAll = agreements.every((number) => coordinates.every((one) => isSelected(selection, number, one)));
  const next = new Map(selection);
  for (const number of agreements) {
    const picked = new Set(next.get(number));
    for (const one of coordinates)
      if (isAll) picked.delete(one);
      else picked.add(one);
    if (picked.size > 0) next.set(number, picked);
    else next.delete(number);
  }
  return next;
}

const between = (a: number, b: number): number[] => Array.from({ length: Math.abs(a - b) + 1 }, (_, at) => Math.min(a, b) + at);

export const sizeOf = (selection: Selection): number => [...selection.values()].reduce((sum, { size }) => sum + size, 0);
