import type { Text } from "../../../errors.ts";
import type { Catalogue } from "../../../sdl/catalogue.ts";
import type { DecisionTable } from "../../decisionTable.ts";
import { USES, type Use } from "../../words.ts";
import { named } from "./names.ts";
import { text } from "./verdicts.ts";

const VERBS: Readonly<Record<Use, Text>> = {
  OUTPUT: { id: "membaca", en: "read" },
  LOOKUP: { id: "mencari dengan", en: "look up by" },
  VERIFY: { id: "memverifikasi", en: "verify" },
  FILTER: { id: "menyaring menurut", en: "filter by" },
  SORT: { id: "mengurutkan menurut", en: "sort by" },
  GROUP: { id: "mengelompokkan menurut", en: "group by" },
  AGGREGATE: { id: "mengagregasi", en: "aggregate" },
};

/** Two sentences a use at most: by what may be asked so, and by what not although the field is open or may be asked otherwise. */
export function useSentences(catalogue: Catalogue, table: DecisionTable): Text[] {
  const open = openUses(catalogue, table);
  const spoken = new Set([...open.values()].flatMap(({ yes }) => [...yes]));
  return USES.flatMap((use) => {
    const { yes = new Set<string>(), no = new Set<string>() } = open.get(use) ?? {};
    const shut = [...no].filter((field) => !yes.has(field) && (spoken.has(field) || table.verdict(field).effect !== "deny"));
    return [
      ...(yes.size > 0 ? [text`${{ id: "Boleh", en: "May" }} ${VERBS[use]}: ${list(catalogue, [...yes])}.`] : []),
      ...(shut.length > 0 ? [text`${{ id: "Tidak boleh", en: "May not" }} ${VERBS[use]}: ${list(catalogue, shut)}.`] : []),
    ];
  });
}

type Fields = { readonly yes: Set<string>; readonly no: Set<string> };

/** By use, the fields of which some input of the schema may be used so, and of which one may not. */
function openUses({ entries }: Catalogue, table: DecisionTable): Map<Use, Fields> {
  const uses = new Map<Use, Fields>();
  for (const { coordinate, guards } of entries.values())
    for (const { field, use } of guards) {
      const fields = uses.get(use) ?? { yes: new Set<string>(), no: new Set<string>() };
      uses.set(use, fields);
      (table.verdict(coordinate).effect === "allow" ? fields.yes : fields.no).add(field);
    }
  return uses;
}

const list = (catalogue: Catalogue, coordinates: readonly string[]): string =>
  [...coordinates]
    .sort()
    .map((coordinate) => named(catalogue, coordinate))
    .join(", ");
