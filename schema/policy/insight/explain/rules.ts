import type { Catalogue, CatalogueEntry } from "../../../sdl/catalogue.ts";
import { ceilingsFor } from "../../ceilings.ts";
import type { Content } from "../../content.ts";
import type { Ceiling, DecisionTable } from "../../decisionTable.ts";
import { type Grant, rank } from "../../policy.ts";
import type { Use } from "../../words.ts";
import type { InsightGround } from "../ground.ts";

/** What one version's rules are read out of. */
export interface Rules {
  readonly content: Content;
  readonly catalogue: Catalogue;
  readonly ceilings: readonly Ceiling[];
  readonly table: DecisionTable;
}

export const rulesOf = (content: Content, { catalogue, ceilings }: InsightGround, table: DecisionTable): Rules => ({
  ...{ content, catalogue, table },
  ceilings: ceilingsFor(content.purpose, ceilings),
});

/** Rows that speak of a use of a field: its own before those of its classes. */
export function rowsFor({ coordinate, classes }: CatalogueEntry, use: Use, { content }: Rules): Grant[] {
  const speaks = ({ kind, selector, topic }: Grant) =>
    kind === "coordinate"
      ? selector === coordinate
      : classes.some((data) => data.class === selector && (topic === null || topic === data.topic));
  const rows = content.grants.filter((grant) => grant.use === use && speaks(grant));
  return [...rows.filter(({ kind }) => kind === "coordinate"), ...rows.filter(({ kind }) => kind === "class")];
}

/** `grant 17 (SPECIFIC/HEALTH OUTPUT allow)`, counted from 1 in the order of the version. */
export function grantWords(grant: Grant, { grants }: Content): string {
  const { selector, topic, use, effect, maskFn, home, condition } = grant;
  const more = [maskFn, home && `inside ${home.join(", ")}`, condition && `if ${condition}`].filter((one) => one !== null);
  return `grant ${grants.indexOf(grant) + 1} (${[`${selector}${topic === null ? "" : `/${topic}`}`, use, effect, ...more].join(" ")})`;
}

/** Strictest ceiling of all classes of a coordinate, with the class that has it. */
export function ceilingOf({ classes }: CatalogueEntry, ceilings: readonly Ceiling[]) {
  const found = classes.map((data) => {
    const rules = ceilings.filter((rule) => rule.class === data.class);
    const rule = rules.find(({ topic }) => topic === data.topic) ?? rules.find(({ topic }) => topic === null);
    return { name: `${data.class}${data.topic === null ? "" : `/${data.topic}`}`, effect: rule?.ceiling ?? ("deny" as const) };
  });
  return found.reduce((a, b) => (rank(b.effect) > rank(a.effect) ? b : a), found[0] ?? { name: "none", effect: "deny" as const });
}
