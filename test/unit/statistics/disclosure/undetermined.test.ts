import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { COUNTS, SUMS, type Table } from "../../../../subgraphs/kit/figures/disclosure/table.ts";
import { withhold } from "../../../../subgraphs/kit/figures/disclosure/withhold.ts";
import { rangeOf } from "./simplex.ts";
import { determined, type Known, knownOf } from "./solver.ts";
import { pair, table } from "./tables.ts";

const RUNS = { numRuns: 100 };
/** The simplex of the test is a plain one. */
const MOST_UNKNOWNS = 45;

describe("whoever knows every shown figure exactly, and all sums there are", () => {
  test("can reckon no withheld count of anybody", () => {
    let seen = 0;
    fc.assert(
      fc.property(table, (one) => {
        withhold([one]);
        const known = knownOf([one]);
        seen += known.persons.length;
        expect([...determined(known)]).toEqual([]);
      }),
      RUNS,
    );
    expect(seen).toBeGreaterThan(1_000);
  });

  test("can reckon no withheld sum of rupiah of anybody", () => {
    fc.assert(
      fc.property(table, (one) => {
        withhold([one]);
        expect([...determined(knownOf([one], SUMS))]).toEqual([]);
      }),
      RUNS,
    );
  });

  test("can reckon none from two cubes of the same people either", () => {
    fc.assert(
      fc.property(pair, (two) => {
        withhold(two);
        expect([...determined(knownOf(two))]).toEqual([]);
      }),
      RUNS,
    );
  });

  test("and that no count is below 0, still is told none for sure, neither of persons nor of units", () => {
    let seen = 0;
    fc.assert(
      fc.property(table, (one) => {
        withhold([one]);
        for (const counted of [one, { ...one, persons: one.units }]) {
          const known = knownOf([counted]);
          if (known.persons.length <= MOST_UNKNOWNS) seen += mustBeOpen(known);
        }
      }),
      RUNS,
    );
    expect(seen).toBeGreaterThan(50);
  });

  test("could, were only small cells withheld: the solver finds it", () => {
    let found = 0;
    fc.assert(
      fc.property(table, (one) => {
        hideSmallOnly(one);
        found += determined(knownOf([one])).size;
      }),
      RUNS,
    );
    expect(found).toBeGreaterThan(100);
  });
});

/** Every fourth withheld figure of somebody; answers how many. */
function mustBeOpen(known: Known): number {
  const some = [...known.persons.entries()].filter(([at, figure]) => figure > 0 && at % 4 === 0);
  for (const [at, figure] of some) {
    const [least, greatest] = rangeOf(known, at);
    expect(least).toBeLessThanOrEqual(figure + 1e-6);
    expect(greatest - least).toBeGreaterThanOrEqual(1 - 1e-6);
  }
  return some.length;
}

function hideSmallOnly(one: Table): void {
  for (let cell = 0; cell < one.persons.length; cell++)
    if ((one.persons[cell] as number) < 10 || one.regions.isUnnamed(Math.trunc(cell / one.width))) one.withheld[cell] = COUNTS;
}
