import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { complete } from "../../../../subgraphs/population/matching/cluster/complete.ts";
import { components } from "../../../../subgraphs/population/matching/cluster/components.ts";
import { EdgeList } from "../../../../subgraphs/population/matching/cluster/edges.ts";
import { star } from "../../../../subgraphs/population/matching/cluster/star.ts";

type Edge = readonly [a: number, b: number, weight: number];

function edgesOf(list: readonly Edge[]): EdgeList {
  const edges = new EdgeList();
  for (const [a, b, weight] of list) edges.add(a, b, weight);
  return edges;
}

const ROWS = 9;
const row = fc.nat(ROWS - 1);
/** Few weights, so that ties are common; each pair once, its ends in any order. */
const graph = fc
  .uniqueArray(fc.tuple(row, row, fc.integer({ min: 1, max: 4 })), {
    selector: ([a, b]) => Math.min(a, b) * ROWS + Math.max(a, b),
    maxLength: 30,
  })
  .map((list) => list.filter(([a, b]) => a !== b));
/** Rows of one colour, other than 0, cannot be together. */
const colours = fc.array(fc.nat(3), { minLength: ROWS, maxLength: ROWS });
const apart = (colour: readonly number[]) => (a: number, b: number) => colour[a] !== 0 && colour[a] === colour[b];

const weightOf = (list: readonly Edge[], a: number, b: number) =>
  list.find(([x, y]) => (x === a && y === b) || (x === b && y === a))?.[2];
const clustersOf = (names: Int32Array) => [...new Set(names)].map((name) => [...names.keys()].filter((at) => names[at] === name));
const pairsIn = (members: readonly number[]) =>
  members.flatMap((a, index) => members.slice(index + 1).map((b) => [a, b] as const));

/** Agglomeration as the textbook has it: look at every two clusters, merge the best two, begin again. */
function slowComplete(list: readonly Edge[], cannotLink: (a: number, b: number) => boolean): number[][] {
  const score = (a: number, b: number) => (cannotLink(a, b) ? 0 : (weightOf(list, a, b) ?? 0));
  const linkage = (x: readonly number[], y: readonly number[]) => Math.min(...x.flatMap((a) => y.map((b) => score(a, b))));
  let clusters = Array.from({ length: ROWS }, (_, at) => [at]);
  for (;;) {
    const merges = clusters.flatMap((x, index) => clusters.slice(index + 1).map((y) => ({ x, y, weight: linkage(x, y) })));
    const best = merges.reduce((best, merge) => (merge.weight > best.weight ? merge : best), { x: [0], y: [0], weight: 0 });
    if (best.weight === 0) return clusters;
    const merged = [...best.x, ...best.y].sort((a, b) => a - b);
    clusters = [...clusters.filter((one) => one !== best.x && one !== best.y), merged].sort(([a = 0], [b = 0]) => a - b);
  }
}

/** What is reachable from a row, by walking. */
function slowComponent(list: readonly Edge[], from: number): number[] {
  const seen = new Set([from]);
  for (const at of seen)
    for (const [a, b] of list)
      for (const [x, y] of [
        [a, b],
        [b, a],
      ] as const)
        if (x === at) seen.add(y);
  return [...seen].sort((a, b) => a - b);
}

describe("complete linkage", () => {
  test("gives what looking at every two clusters again and again gives", () =>
    fc.assert(
      fc.property(graph, colours, (list, colour) => {
        const names = complete(ROWS, edgesOf(list), apart(colour));
        expect(clustersOf(names)).toEqual(slowComplete(list, apart(colour)));
      }),
      { numRuns: 500 },
    ));

  test("never puts two rows together that were not scored as a pair, or that cannot be one", () =>
    fc.assert(
      fc.property(graph, colours, (list, colour) => {
        for (const members of clustersOf(complete(ROWS, edgesOf(list), apart(colour))))
          for (const [a, b] of pairsIn(members)) {
            expect(weightOf(list, a, b)).toBeDefined();
            expect(apart(colour)(a, b)).toBe(false);
          }
      }),
    ));

  test("breaks a chain at its weakest link", () => {
    expect([
      ...complete(
        4,
        edgesOf([
          [0, 1, 9],
          [1, 2, 5],
          [2, 3, 8],
        ]),
      ),
    ]).toEqual([0, 0, 2, 2]);
  });
});

describe("components", () => {
  test("are what can be reached", () =>
    fc.assert(
      fc.property(graph, (list) => {
        const names = components(ROWS, edgesOf(list));
        for (let at = 0; at < ROWS; at += 1)
          expect([...names.keys()].filter((other) => names[other] === names[at])).toEqual(slowComponent(list, at));
      }),
    ));

  test("never hold two rows that cannot be together, and are whole where none is in the way", () =>
    fc.assert(
      fc.property(graph, colours, (list, colour) => {
        const names = components(ROWS, edgesOf(list), apart(colour));
        for (const members of clustersOf(names)) expect(pairsIn(members).some(([a, b]) => apart(colour)(a, b))).toBe(false);
        for (const [a, b] of list) {
          const both = [...names.keys()].filter((at) => names[at] === names[a] || names[at] === names[b]);
          expect(names[a] === names[b] || pairsIn(both).some(([x, y]) => apart(colour)(x, y))).toBe(true);
        }
      }),
    ));
});

describe("stars", () => {
  test("around a register hang each row on its surest person, whom it was scored with", () =>
    fc.assert(
      fc.property(graph, fc.nat(ROWS), (all, centres) => {
        const list = all.filter(([a, b]) => a < centres !== b < centres);
        const names = star(ROWS, edgesOf(list), { centres });
        for (let at = 0; at < ROWS; at += 1) {
          const reached = list.filter(([a, b]) => at >= centres && (a === at || b === at));
          const best = Math.max(...reached.map(([, , weight]) => weight));
          const ties = reached.filter(([, , weight]) => weight === best).map(([a, b]) => Math.min(a, b));
          expect(names[at]).toBe(reached.length === 0 ? at : Math.min(...ties));
        }
      }),
    ));

  test("without a register: every member is scored with its centre, and no centre hangs on another", () =>
    fc.assert(
      fc.property(graph, colours, (list, colour) => {
        const names = star(ROWS, edgesOf(list), { centres: null, cannotLink: apart(colour) });
        for (const [at, centre] of names.entries()) {
          expect(names[centre]).toBe(centre);
          expect(at === centre || weightOf(list, at, centre) !== undefined).toBe(true);
        }
        for (const members of clustersOf(names)) expect(pairsIn(members).some(([a, b]) => apart(colour)(a, b))).toBe(false);
      }),
    ));

  test("never chain two persons of the register together, however sure the row between them", () => {
    expect([
      ...star(
        3,
        edgesOf([
          [0, 2, 9],
          [1, 2, 9],
        ]),
        { centres: 2 },
      ),
    ]).toEqual([0, 1, 0]);
  });
});

test("the order in which pairs come, and which end is named first, changes nothing", () =>
  fc.assert(
    fc.property(graph, colours, fc.infiniteStream(fc.boolean()), (list, colour, flips) => {
      const turned = [...list]
        .reverse()
        .map(([a, b, weight]) => (flips.next().value ? ([b, a, weight] as const) : ([a, b, weight] as const)));
      for (const cluster of [
        (edges: EdgeList) => complete(ROWS, edges, apart(colour)),
        (edges: EdgeList) => components(ROWS, edges, apart(colour)),
        (edges: EdgeList) => star(ROWS, edges, { centres: null, cannotLink: apart(colour) }),
      ])
        expect(cluster(edgesOf(turned))).toEqual(cluster(edgesOf(list)));
    }),
  ));
