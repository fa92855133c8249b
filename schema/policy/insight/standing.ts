import type { CatalogueEntry } from "../../sdl/catalogue.ts";
import type { Content } from "../content.ts";
import { type Ruling, rulingOf } from "../decisionTable.ts";
import type { Effect, Use } from "../words.ts";
import { compilingOf, type InsightGround } from "./ground.ts";

/** How a field stands: the effect that holds for it, or null where nothing is granted of it. */
export type Standing = (field: CatalogueEntry, use: Use) => Effect | null;

/**
 * How fields stand under a content, as a gateway would judge today: what ceilings, prohibitions and pinning leave of the grants. Of a use other than
 * OUTPUT it is allow or deny. Where some rows are treated more strictly, the effect is that of the others.
 */
export function standingUnder(content: Content, ground: InsightGround): Standing {
  const ruling = rulingOf(content.grants, compilingOf(content, ground));
  return (field, use) => (use === "OUTPUT" ? shown(ruling, field) : used(ruling, field, use));
}

/** Closed by these effects a field still stands open in another form: that is no denial. */
const OTHER_FORM: ReadonlySet<Effect> = new Set(["band", "claim", "aggregate"]);

function shown(ruling: Ruling, field: CatalogueEntry): Effect | null {
  const { effect, why } = ruling.decide(field);
  if (why === "NOT_GRANTED") return null;
  const verdict = ruling.verdict(field);
  if (verdict.effect === "allow") return "allow";
  if (verdict.effect === "transform") return verdict.kind === "pseudonym" ? "pseudonym" : "mask";
  return OTHER_FORM.has(effect) ? effect : "deny";
}

function used(ruling: Ruling, field: CatalogueEntry, use: Use): Effect | null {
  if (ruling.rowsFor(field, use).length === 0) return null;
  return ruling.mayUse({ field: field.coordinate, use }) ? "allow" : "deny";
}
