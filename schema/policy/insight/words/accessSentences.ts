import type { Text } from "../../../errors.ts";
import type { Catalogue, CatalogueEntry } from "../../../sdl/catalogue.ts";
import type { DecisionTable } from "../../decisionTable.ts";
import { membersNamed, typeOf } from "./names.ts";
import { text, verdictWords } from "./verdicts.ts";

/** A sentence a type and treatment: the fields of `type` that are open, masked, or closed although a grant speaks of them. */
export function accessSentences(catalogue: Catalogue, table: DecisionTable): (Text & { readonly type: string })[] {
  const governed = [...catalogue.entries.values()].filter((entry) => entry.kind === "output" && isGoverned(entry));
  const groups = new Map<string, { type: string; how: Text; coordinates: string[] }>();
  for (const { coordinate } of governed) {
    const verdict = table.verdict(coordinate);
    if (verdict.effect === "deny" && verdict.code === "FIELD_NOT_GRANTED") continue;
    const [type, how] = [typeOf(coordinate), claimed(catalogue, table, coordinate) ?? verdictWords(verdict)];
    const group = groups.get(`${type} ${how.en}`) ?? { type, how, coordinates: [] };
    groups.set(`${type} ${how.en}`, { ...group, coordinates: [...group.coordinates, coordinate] });
  }
  return [...groups.values()]
    .sort((a, b) => (`${a.type} ${a.how.en}` < `${b.type} ${b.how.en}` ? -1 : 1))
    .map(({ type, how, coordinates }) => ({ type, ...text`${type} ${how}: ${membersNamed(catalogue, coordinates)}.` }));
}

const isGoverned = ({ classes }: CatalogueEntry): boolean => classes.some((data) => data.class !== "PUBLIC");

/** Of a claim: the answers yes or no, and for which thresholds. */
function claimed({ entries }: Catalogue, table: DecisionTable, coordinate: string): Text | null {
  if (!entries.get(coordinate)?.claimOf || table.verdict(coordinate).effect !== "allow") return null;
  const limits = [...entries.values()].flatMap((entry) => {
    const verdict = table.verdict(entry.coordinate);
    return entry.carrier === coordinate && verdict.effect === "allow" && verdict.values ? verdict.values : [];
  });
  const yesOrNo = { id: "sebagai klaim ya/tidak", en: "as a claim, yes or no" };
  return limits.length === 0 ? yesOrNo : text`${yesOrNo}, ${{ id: "hanya untuk", en: "only for" }} ${limits.join(", ")}`;
}
