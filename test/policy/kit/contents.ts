import { readFileSync } from "node:fs";
import { parse } from "graphql";
import { AGREEMENTS, type AgreementSeed } from "../../../drizzle/policy/readyMade.ts";
import { ceilingsFor, STATUTORY } from "../../../schema/policy/ceilings.ts";
import type { Content } from "../../../schema/policy/content.ts";
import { reachOf } from "../../../schema/policy/decisionTable.ts";
import type { InsightGround } from "../../../schema/policy/insight/ground.ts";
import type { Grant } from "../../../schema/policy/policy.ts";
import { DATA_CLASSES } from "../../../schema/policy/words.ts";
import { catalogueOf } from "../../../schema/sdl/catalogue.ts";

export const SDL = readFileSync("schema/supergraph.graphql", "utf8");
/** The hub's own schema, judged by the law alone. */
export const GROUND: InsightGround = {
  catalogue: catalogueOf(parse(SDL)),
  ceilings: STATUTORY.map((rule) => ({ ...rule, prohibitedPurposes: [] })),
  controllers: JSON.parse(readFileSync("schema/controllers.json", "utf8")) as Record<string, string>,
};

const CLASSES: ReadonlySet<string> = new Set(DATA_CLASSES);

/** A grant of a selector; name what differs from a plain reading. */
export const grantOf = (selector: string, differences: Partial<Grant> = {}): Grant => ({
  ...{ kind: CLASSES.has(selector) ? "class" : "coordinate", selector, topic: null, use: "OUTPUT", effect: "allow" },
  ...{ maskFn: null, params: null, clause: "Ps. 4", widenReason: null, home: null, elsewhere: null, condition: null },
  ...differences,
});

/** A version of an agreement that opens nothing; name what differs. */
export const contentWith = (differences: Partial<Content> = {}): Content => ({
  ...{ v: 1, agreement: "PKS-1", version: 1, consumer: "BPK", purpose: "FINANCIAL_AUDIT", needsCase: false, needsOfficer: false },
  ...{ validFrom: "2026-01-01T00:00:00.000Z", validTo: "2027-01-01T00:00:00.000Z" },
  ...{ rowScope: { regions: ["0"], programs: null, decileMax: null }, quota: 1000 },
  verification: { floor: 80, attemptsOnSubject: 5, attemptsOfClient: 20_000 },
  ...{ onDenied: "null", addresses: [], documents: "open", armed: null, author: "steward.bpk", grants: [], coordinates: [] },
  ...differences,
});

/** The content of a ready-made agreement, pinned to what it reaches today. */
export function seededContent({ number, agency, purpose, scope, grants: seeds }: AgreementSeed): Content {
  const grants = seeds.map(({ selector, use, effect, mask, params }) =>
    grantOf(selector, { use: use ?? "OUTPUT", effect: effect ?? "allow", maskFn: mask ?? null, params: params ?? null }),
  );
  const ceilings = ceilingsFor(purpose, GROUND.ceilings);
  const coordinates = reachOf(grants, { ceilings, catalogue: GROUND.catalogue });
  return contentWith({ agreement: number, consumer: agency, purpose, rowScope: scope, grants, coordinates });
}

export const SEEDED: readonly Content[] = AGREEMENTS.map(seededContent);
