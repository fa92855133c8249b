import fc from "fast-check";
import { expect, test } from "vitest";
import { type Compiling, compileTable, reachOf } from "../../../schema/policy/decisionTable.ts";
import type { Grant } from "../../../schema/policy/policy.ts";
import type { CatalogueEntry } from "../../../schema/sdl/catalogue.ts";
import { CedarOracle, type Essence, essenceOf } from "../kit/cedarOracle.ts";
import { anyCatalogue, anyCeilings, anyPins, anyRows, THRESHOLDS, withClaims } from "../kit/randomPolicy.ts";

interface RandomAgreement {
  readonly rows: readonly Grant[];
  readonly compiling: Compiling;
}
type Judged = Essence & { readonly isHidden: boolean; readonly isReached?: boolean };

const SEED = 20261122;
const anyAgreement: fc.Arbitrary<RandomAgreement> = fc
  .record({ rows: withClaims(anyRows()), ceilings: anyCeilings, catalogue: anyCatalogue, pins: anyPins })
  .map(({ rows, ceilings, catalogue, pins }) => ({ rows, compiling: { ceilings, catalogue, pinned: pins(catalogue) } }));

function byTable({ rows, compiling }: RandomAgreement): Record<string, Judged> {
  const table = compileTable(rows, compiling);
  const reached = compiling.pinned ?? reachOf(rows, compiling);
  return judged(compiling, (coordinate) => ({
    ...essenceOf(table.verdict(coordinate)),
    isHidden: table.hidden.has(coordinate),
    ...(Array.isArray(reached) && { isReached: reached.includes(coordinate) }),
  }));
}

function byCedar({ rows, compiling }: RandomAgreement): Record<string, Judged> {
  const cedar = new CedarOracle(rows, compiling, THRESHOLDS);
  return judged(compiling, (coordinate) => ({
    ...cedar.verdict(coordinate),
    isHidden: cedar.isHidden(coordinate),
    ...(!compiling.pinned && { isReached: cedar.isReached(coordinate) }),
  }));
}

const judged = ({ catalogue }: Compiling, judge: (coordinate: string) => Judged): Record<string, Judged> =>
  Object.fromEntries([...catalogue.entries.keys(), "Nobody.knows"].map((coordinate) => [coordinate, judge(coordinate)]));

/** What one verdict is an example of. */
function labelsOf({ kind, guards }: CatalogueEntry, { effect, kind: how, code, values, isHidden }: Judged): string[] {
  const side = kind === "output" ? "field" : "input";
  const told = how ?? code ?? (values ? `${effect} at ${values.length > 0 ? "some" : "no"} threshold` : effect);
  return [`${side} ${told}`, ...guards.map(({ use }) => `${use} ${effect}`), ...(isHidden ? [`hidden ${kind}`] : [])];
}

const KINDS = [
  ...["field allow", "field null", "field last4", "field initials", "field pseudonym"],
  ...["field FIELD_NOT_GRANTED", "field FIELD_PROHIBITED"],
  ...["input allow", "input allow at some threshold", "input allow at no threshold", "input USE_NOT_GRANTED"],
  ...["hidden output", "hidden argument", "hidden input", "hidden value"],
  ...["LOOKUP", "VERIFY", "FILTER", "SORT", "GROUP", "AGGREGATE"].flatMap((use) => [`${use} allow`, `${use} deny`]),
];

test("Cedar, told the same rules in its own words, decides every coordinate of every random agreement as our tables do", () => {
  let compared = 0;
  const seen: Record<string, number> = {};
  fc.assert(
    fc.property(anyAgreement, (agreement) => {
      const ours = byTable(agreement);
      expect(ours).toEqual(byCedar(agreement));
      for (const [coordinate, verdict] of Object.entries(ours)) {
        compared++;
        const entry = agreement.compiling.catalogue.entries.get(coordinate);
        for (const label of entry ? labelsOf(entry, verdict) : ["unknown"]) seen[label] = (seen[label] ?? 0) + 1;
      }
    }),
    { numRuns: 200, seed: SEED },
  );
  expect(compared).toBeGreaterThan(3_600);
  expect(Object.keys(seen).sort()).toEqual([...KINDS, "unknown"].sort());
}, 90_000);

test("an agreement of which Cedar is not told one row, or one ceiling, is found to be another", () => {
  const samples = fc.sample(anyAgreement, { numRuns: 50, seed: SEED });
  const differs = (agreement: RandomAgreement, told: RandomAgreement) =>
    JSON.stringify(byTable(agreement)) !== JSON.stringify(byCedar(told));
  const lessOneRow = samples.filter((agreement) => differs(agreement, { ...agreement, rows: agreement.rows.slice(1) }));
  const lessOneCeiling = samples.filter((agreement) => {
    const { compiling } = agreement;
    return differs(agreement, { ...agreement, compiling: { ...compiling, ceilings: compiling.ceilings.slice(1) } });
  });
  expect(lessOneRow.length).toBeGreaterThan(5);
  expect(lessOneCeiling.length).toBeGreaterThan(2);
}, 90_000);
