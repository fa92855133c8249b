import { kindInRow, NOTHING_KNOWN, type RowFacts } from "../../schema/policy/masks.ts";
import type { RowPlaces } from "../../schema/sdl/catalogue.ts";
import type { Shape, Slot } from "./shape.ts";

type Tree = Readonly<Record<string, unknown>>;

/** The slot as a row shows it. */
export function slotInRow(slot: Slot, row: RowFacts): Slot {
  if (slot.rules === null) return slot;
  const kind = kindInRow(slot.transform, slot.rules.rules, row);
  return kind === null || kind === slot.transform ? slot : slot.rules.under(kind);
}

/** What a row says of itself. What is not there, or not of its form, is not known. */
export function factsOf(tree: Tree, { region, flags }: RowPlaces): RowFacts {
  const [code, raised] = [region && at(tree, region), flags && at(tree, flags)];
  return {
    region: typeof code === "string" ? code : NOTHING_KNOWN.region,
    flags: Array.isArray(raised) && raised.every((flag) => typeof flag === "string") ? raised : NOTHING_KNOWN.flags,
  };
}

/** Id of the person a row is about; null: it says none. */
export function personOf(tree: Tree, { person }: Pick<Shape, "person">): string | null {
  const id = person && at(tree, person);
  return typeof id === "string" ? id : null;
}

function at(tree: Tree, path: readonly string[]): unknown {
  let value: unknown = tree;
  for (const name of path) value = typeof value === "object" && value !== null ? (value as Tree)[name] : undefined;
  return value;
}
