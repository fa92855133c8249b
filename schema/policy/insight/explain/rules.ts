import type { Catalogue, CatalogueEntry } from "../../../sdl/catalogue.ts";
import { ceilingsFor } from "../../ceilings.ts";
import type { Content } from "../../content.ts";
import { type DecisionTable, type Ruling, rulingOf } from "../../decisionTable.ts";
import { type Grant, rank } from "../../policy.ts";
import type { Effect } from "../../words.ts";
import type { InsightGround } from "../ground.ts";

/** What one version's rules are read out of. */
export interface Rules {
  readonly content: Content;
  readonly catalogue: Catalogue;
  /** Of all rows, pinned or not: what was left out on submission is explained apart. */
  readonly ruling: Ruling;
  readonly table: DecisionTable;
}

export const rulesOf = (content: Content, { catalogue, ceilings }: InsightGround, table: DecisionTable): Rules => ({
  ...{ content, catalogue, table },
  ruling: rulingOf(content.grants, { ceilings: ceilingsFor(content.purpose, ceilings), catalogue }),
});

/** `grant 17 (SPECIFIC/HEALTH OUTPUT allow)`, counted from 1 in the order of the version. */
export function grantWords(grant: Grant, { grants }: Content): string {
  const { selector, topic, use, effect, maskFn, home, condition } = grant;
  const more = [maskFn, home && `inside ${home.join(", ")}`, condition && `if ${condition}`].filter((one) => one !== null);
  return `grant ${grants.indexOf(grant) + 1} (${[`${selector}${topic === null ? "" : `/${topic}`}`, use, effect, ...more].join(" ")})`;
}

/** Strictest ceiling of all classes of a coordinate, with the class that has it. */
export function strictestCeiling(entry: CatalogueEntry, { ruling }: Rules): { readonly name: string; readonly effect: Effect } {
  const found = ruling.ceilingsOf(entry).map((effect, i) => ({ name: nameOf(entry.classes[i]), effect }));
  return found.reduce((a, b) => (rank(b.effect) > rank(a.effect) ? b : a));
}

const nameOf = (data: CatalogueEntry["classes"][number] | undefined): string =>
  data === undefined ? "none" : `${data.class}${data.topic === null ? "" : `/${data.topic}`}`;
