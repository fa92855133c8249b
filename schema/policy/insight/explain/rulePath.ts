import type { CatalogueEntry } from "../../../sdl/catalogue.ts";
import { type Grant, rank, type Why } from "../../policy.ts";
import { grantWords, type Rules, strictestCeiling } from "./rules.ts";

/** How a decision came about: steps such as `grant 17 (SPECIFIC/HEALTH OUTPUT allow)`, and the grant that speaks in the end. */
export interface RulePath {
  readonly steps: readonly string[];
  /** Null: no grant speaks of it. */
  readonly grant: Grant | null;
}

export function rulePath(coordinate: string, rules: Rules): RulePath {
  const entry = rules.catalogue.entries.get(coordinate);
  if (!entry) return { steps: ["not in the schema"], grant: null };
  return entry.kind === "output" ? outputPath(entry, rules) : inputPath(entry, rules);
}

function outputPath(entry: CatalogueEntry, rules: Rules): RulePath {
  const source = rules.catalogue.entries.get(entry.bandOf ?? entry.claimOf ?? "");
  const { steps, grant } = ownPath(source ?? entry, rules);
  if (grant !== null && !isPinned(entry, rules))
    return { steps: [...steps, "not pinned when the version was submitted"], grant: null };
  if (!source) return { steps, grant };
  const { name, effect } = strictestCeiling(entry, rules);
  const closing = effect === "allow" ? [] : [`ceiling ${name} = ${effect}`];
  return { steps: [`${entry.bandOf === null ? "claim" : "band"} of ${source.coordinate}`, ...steps, ...closing], grant };
}

function ownPath(entry: CatalogueEntry, rules: Rules): RulePath {
  const { effect, row = null, why } = rules.ruling.decide(entry);
  if (row === null) return { steps: ["no grant"], grant: null };
  const ceiling = strictestCeiling(entry, rules);
  const capped = rank(ceiling.effect) > rank(row.effect) ? [`ceiling ${ceiling.name} = ${ceiling.effect}`] : [];
  const closing = CLOSING[why];
  const grants = rules.ruling.rowsFor(entry, "OUTPUT").map((one) => grantWords(one, rules.content));
  return { steps: [...grants, ...capped, ...(closing ? [closing] : []), effect], grant: row };
}

/** Why rows that open something together open nothing. */
const CLOSING: Partial<Record<Why, string>> = {
  MASKS_DIFFER: "two masks that differ close",
  MASK_UNKNOWN: "a mask that is not in the registry closes",
};

/** A coordinate that rows speak of and that came after the version was submitted. */
function isPinned({ coordinate }: CatalogueEntry, { content: { coordinates } }: Rules): boolean {
  return coordinates.length === 0 || coordinates.includes(coordinate);
}

function inputPath({ guards, carrier, coordinate }: CatalogueEntry, rules: Rules): RulePath {
  if (guards.length === 0) return { steps: [`follows its field${carrier === null ? "" : ` ${carrier}`}`], grant: null };
  const found = guards.map(({ field, use }) => {
    const entry = rules.catalogue.entries.get(field);
    return { field, use, rows: entry ? rules.ruling.rowsFor(entry, use) : [] };
  });
  const steps = found.flatMap(({ field, use, rows }) => [
    `${use} of ${field}`,
    ...(rows.length > 0 ? rows.map((one) => grantWords(one, rules.content)) : ["no grant"]),
  ]);
  const isGranted = found.every(({ rows }) => rows.length > 0 && rows.every(({ effect }) => effect === "allow"));
  const why =
    isGranted && rules.table.verdict(coordinate).effect === "deny" ? ["needs the plain value, pinned on submission"] : [];
  return { steps: [...steps, ...why], grant: found.flatMap(({ rows }) => rows)[0] ?? null };
}
