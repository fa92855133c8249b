import type { DocumentUses } from "../document/documentUses.ts";
import { judgeUses } from "../document/judgeUses.ts";
import { tableOf } from "../ground.ts";
import { type Explained, type Explaining, explained } from "./explained.ts";
import { rulesOf } from "./rules.ts";

export interface Explanation {
  /** Equal to the hash of the decisions a gateway judges by. */
  readonly decisions: string;
  /** What the gateway's answer names as denied, and as masked in some rows at least. Sorted. */
  readonly denied: readonly string[];
  readonly masked: readonly string[];
  /** Why the whole question would be refused, if it would. */
  readonly refusals: readonly string[];
  /** Coordinates asked for that do not exist for this agreement. */
  readonly hidden: readonly string[];
  readonly coordinates: readonly Explained[];
}

/** What a document may do under a content, coordinate by coordinate: the same decisions and the same two lists as the gateway's answer. */
export function explain(uses: DocumentUses, explaining: Explaining): Explanation {
  const table = tableOf(explaining.content, explaining);
  const { judged, denied, masked } = judgeUses(uses, table.verdict);
  const isStopping = (coordinate: string) =>
    coordinate.startsWith("Mutation.") || !judged.some((one) => !one.isInput && one.coordinate === coordinate);
  const stopping = uses.operation === "mutation" ? denied.filter(isStopping) : [];
  const named = new Set([...uses.names, ...judged.map(({ coordinate }) => coordinate)]);
  const hidden = [...named].filter((coordinate) => table.hidden.has(coordinate)).sort();
  const refusals = [
    ...(hidden.length > 0 ? [`It names what does not exist for this agreement: ${hidden.join(", ")}.`] : []),
    ...(stopping.length > 0 ? [`A mutation runs whole or not at all: ${stopping.join(", ")}.`] : []),
    ...(explaining.content.onDenied === "reject" && denied.length > 0
      ? ["The agreement refuses a question of which any part is closed."]
      : []),
  ];
  const rules = rulesOf(explaining.content, explaining, table);
  return {
    decisions: table.hash,
    denied,
    masked,
    refusals,
    hidden,
    coordinates: judged.map((one) => explained(one, rules, explaining)),
  };
}

/** The same of coordinates alone, such as those of a request on record. */
export function explainCoordinates(coordinates: readonly string[], explaining: Explaining): readonly Explained[] {
  const table = tableOf(explaining.content, explaining);
  const rules = rulesOf(explaining.content, explaining, table);
  const isInput = (coordinate: string) => explaining.catalogue.entries.get(coordinate)?.kind !== "output";
  return [...new Set(coordinates)].sort().map((coordinate) => {
    const verdict = table.verdict(coordinate);
    const judged = {
      coordinate,
      verdict,
      isInput: isInput(coordinate),
      isReached: true,
      isOpen: verdict.effect !== "deny",
      closedBy: [],
    };
    return explained(judged, rules, explaining);
  });
}
