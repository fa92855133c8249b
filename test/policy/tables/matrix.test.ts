import { readFileSync } from "node:fs";
import fc from "fast-check";
import { parse } from "graphql";
import { beforeAll, expect, test } from "vitest";
import type { RowScope } from "../../../schema/caller.ts";
import { STATUTORY } from "../../../schema/policy/ceilings.ts";
import { type Ceiling, type Compiling, compileTable, type DecisionTable } from "../../../schema/policy/decisionTable.ts";
import { isMask } from "../../../schema/policy/masks.ts";
import type { Grant } from "../../../schema/policy/policy.ts";
import { scopeOf, type WrittenScope } from "../../../schema/policy/rowScope.ts";
import { type Effect, USES } from "../../../schema/policy/words.ts";
import { catalogueOf } from "../../../schema/sdl/catalogue.ts";
import { intersectRanges, mergeRanges, type RegionRange, regionRange } from "../../../schema/values/regionCode.ts";
import { useDatabases } from "../../kit/database.ts";
import { isNightly } from "../../kit/vitest/nightly.ts";
import { CedarOracle, type Essence, essenceOf } from "../kit/cedarOracle.ts";
import { type Context, RULES } from "../kit/cellRules.ts";
import { type Cell, cellsOf } from "../kit/cells.ts";
import { grantOf } from "../kit/contents.ts";
import { anyCeilings, anyOutputRow, anyRows, targetOf } from "../kit/randomPolicy.ts";
import { readSeeded, type SeededAgreement } from "../kit/seeded.ts";
import { tellsMore } from "../kit/tellsMore.ts";

const databases = useDatabases();
const catalogue = catalogueOf(parse(readFileSync("schema/supergraph.graphql", "utf8")));

let agreements: SeededAgreement[];
beforeAll(async () => {
  agreements = await readSeeded(databases.urls.governance.owner);
});

/** What of a cell is not as the rules say; counts in `applied` which of them spoke of it. */
function faultsOf(cell: Cell, context: Context, applied: Map<string, number>): string[] {
  const speaking = Object.entries(RULES).filter(([, { applies }]) => applies(cell, context));
  for (const [sentence] of speaking) applied.set(sentence, (applied.get(sentence) ?? 0) + 1);
  const broken = speaking.filter(([, { holds }]) => !holds(cell, context)).map(([sentence]) => sentence);
  const faults = speaking.length > 0 ? broken : ["some rule speaks of it"];
  const { entry, use, verdict } = cell;
  return faults.map(
    (fault) => `${context.agreement.number} ${entry.coordinate} ${use}: "${fault}" is not kept: ${JSON.stringify(verdict)}`,
  );
}

test("every agreement, coordinate and use keeps the rules", () => {
  const applied = new Map<string, number>();
  const faults: string[] = [];
  let cells = 0;
  for (const agreement of agreements) {
    const matrix = cellsOf(agreement, catalogue);
    cells += matrix.cells.length;
    for (const cell of matrix.cells) faults.push(...faultsOf(cell, { agreement, table: matrix.table, catalogue }, applied));
  }
  expect(faults).toEqual([]);
  expect(agreements.length).toBeGreaterThanOrEqual(7);
  expect(catalogue.entries.size).toBeGreaterThan(500);
  expect(cells).toBe(agreements.length * catalogue.entries.size * USES.length);
  expect([...applied.keys()].sort()).toEqual(Object.keys(RULES).sort());
});

/** Of an agreement every coordinate that a row names and a part of the others, another part from one to the next: each decision costs Cedar half a millisecond. */
const PARTS = isNightly ? 1 : 20;
const askedOf = (rows: readonly { readonly selector: string }[], turn: number): string[] => {
  const named = new Set(rows.map(({ selector }) => selector));
  return [...catalogue.entries.keys()].filter((coordinate, place) => named.has(coordinate) || (place + turn) % PARTS === 0);
};

test("Cedar decides what every agreement names, and the other coordinates in turn, as its table does", () => {
  const compared = new Set<string>();
  const tables = new Map(
    agreements.map((agreement) => [compileTable(agreement.rows, { ...agreement, catalogue }), agreement] as const),
  );
  const distinct = new Map([...tables].map(([table, agreement]) => [table.hash, { table, agreement }])); // equal hash, equal verdicts
  for (const [turn, { table, agreement }] of [...distinct.values()].entries()) {
    const { number, rows, ceilings, pinned } = agreement;
    const thresholds = rows.flatMap(({ params }) => Object.values(params ?? {}).flat());
    const cedar = new CedarOracle(rows, { ceilings, pinned, catalogue }, thresholds);
    const coordinates = askedOf(rows, turn);
    const told = (judge: (coordinate: string) => Essence) =>
      coordinates.map((coordinate) => [number, coordinate, judge(coordinate)]);
    expect(told((coordinate) => essenceOf(table.verdict(coordinate)))).toEqual(told((coordinate) => cedar.verdict(coordinate)));
    for (const coordinate of coordinates) compared.add(coordinate);
  }
  expect(distinct.size).toBeGreaterThanOrEqual(8);
  expect(compared.size).toBe(catalogue.entries.size);
}, 600_000);

const SEED = { seed: 20261122, numRuns: isNightly ? 1000 : 150 };
const fields = [...catalogue.entries.values()].filter(({ kind }) => kind === "output");
const siblingSources = fields.flatMap(({ bandOf, claimOf }) => bandOf ?? claimOf ?? []);
const guarded = [...catalogue.entries.values()].flatMap(({ guards }) => guards.map(({ field }) => field));
const anyField = fc.oneof(
  fc.constantFrom(...fields.map(({ coordinate }) => coordinate)),
  fc.constantFrom(...siblingSources, ...guarded),
);
/**
 * By what an effect may be replaced so that never more shows, whatever else speaks of the field. What a row or ceiling rules out beside it, its
 * replacement must rule out as well: instead of a mask or a pseudonym only a prohibition does. Open rows rule out nothing.
 */
const STRICTER: Readonly<Record<Effect, readonly Effect[]>> = {
  ...{ allow: ["mask", "band", "claim", "pseudonym", "aggregate", "deny"], mask: ["deny"], band: ["claim", "deny"] },
  ...{ claim: ["deny"], pseudonym: ["deny"], aggregate: ["deny"], deny: ["deny"] },
};
/** Effects of which each shows no more of a field than the one before, where rows and ceilings know no other and one mask. */
const CHAINS: readonly (readonly Effect[])[] = [
  ["allow", "mask", "band", "claim", "aggregate", "deny"],
  ["allow", "mask", "pseudonym", "aggregate", "deny"],
];
const within = (chain: readonly Effect[], effect: Effect): Effect =>
  chain.includes(effect) ? effect : effect === "pseudonym" ? "claim" : "pseudonym";
/** The mask is that of a ceiling, and holds everywhere: a row that names another shows more than none under the ceiling. */
const rowWithin = (chain: readonly Effect[], row: Grant): Grant => ({
  ...row,
  effect: within(chain, row.effect),
  maskFn: row.maskFn && "null",
  home: null,
  elsewhere: null,
});
interface Agreed extends Omit<Compiling, "catalogue"> {
  readonly rows: readonly Grant[];
}
/** An agreement, and what may be changed in it to make it stricter. */
interface Strictening extends Agreed {
  readonly stricter: (effect: Effect) => readonly Effect[];
  readonly row: (row: Grant) => Grant;
}
/** A mask that nobody registered closes a field, and a stricter effect beside it does not. */
const withMask = (row: Grant): Grant => ({ ...row, maskFn: row.maskFn && (isMask(row.maskFn) ? row.maskFn : "last4") });
const anyContradiction: fc.Arbitrary<Strictening> = fc
  .record({ rows: anyRows(anyField), ceilings: anyCeilings })
  .map(({ rows, ceilings }) => ({
    ...{ rows: rows.map(withMask), stricter: (effect) => STRICTER[effect], row: withMask },
    ceilings: ceilings.map((rule) => (rule.ceiling === "mask" ? { ...rule, ceiling: "claim" } : rule)),
  }));
const anyChain: fc.Arbitrary<Strictening> = fc
  .record({ chain: fc.constantFrom(...CHAINS), rows: anyRows(anyField), ceilings: anyCeilings })
  .map(({ chain, rows, ceilings }) => ({
    rows: rows.map((row) => rowWithin(chain, row)),
    ceilings: ceilings.map((rule) => ({ ...rule, ceiling: within(chain, rule.ceiling) })),
    stricter: (effect) => chain.slice(Math.min(chain.indexOf(effect) + 1, chain.length - 1)),
    row: (row) => rowWithin(chain, row),
  }));
const anyAgreement = fc.oneof(anyContradiction, anyChain);
const replaced = <T>(items: readonly T[], at: number, item: T): T[] => items.map((old, index) => (index === at ? item : old));

const tableOf = ({ rows, ceilings, pinned }: Agreed) => compileTable(rows, { ceilings, pinned, catalogue });

/** Two agreements of which the second must not tell more; and how often it told less, so that the rule is seen to bite. */
function neverTellsMore(
  pairs: fc.Arbitrary<readonly [before: Agreed, after: Agreed]>,
  isJudged: (before: DecisionTable, coordinate: string) => boolean = () => true,
): number {
  let timesLess = 0;
  fc.assert(
    fc.property(pairs, ([before, after]) => {
      const tables = [tableOf(before), tableOf(after)] as const;
      expect(tellsMore(...tables, catalogue).filter((coordinate) => isJudged(tables[0], coordinate))).toEqual([]);
      if (tellsMore(tables[1], tables[0], catalogue).length > 0) timesLess++;
    }),
    SEED,
  );
  return timesLess;
}

test("a row made stricter never shows more", () => {
  const pairs = anyAgreement
    .filter(({ rows }) => rows.length > 0)
    .chain((before) =>
      fc.nat(before.rows.length - 1).chain((at) => {
        const row = before.rows[at] as Grant;
        return fc.constantFrom(...before.stricter(row.effect)).map((effect) => {
          const stricter = { ...row, effect, maskFn: effect === "mask" ? "null" : null, params: null };
          return [before, { ...before, rows: replaced(before.rows, at, stricter) }] as const;
        });
      }),
    );
  expect(neverTellsMore(pairs)).toBeGreaterThan(20);
});

test("a lower ceiling, or none where one was, never shows more", () => {
  const pairs = anyAgreement
    .filter(({ ceilings }) => ceilings.length > 0)
    .chain((before) =>
      fc.nat(before.ceilings.length - 1).chain((at) => {
        const rule = before.ceilings[at] as Ceiling;
        const lower = fc
          .constantFrom(...before.stricter(rule.ceiling).filter((effect) => effect !== "mask"))
          .map((ceiling) => replaced(before.ceilings, at, { ...rule, ceiling }));
        const gone = before.ceilings.filter((_, index) => index !== at || rule.topic !== null); // without a topic's rule its class's holds
        return fc.oneof(lower, fc.constant(gone)).map((ceilings) => [before, { ...before, ceilings }] as const);
      }),
    );
  expect(neverTellsMore(pairs)).toBeGreaterThan(20);
});

test("a further row without a reason to widen never shows more of what was granted before", () => {
  const pairs = fc
    .tuple(anyAgreement, anyOutputRow(anyField))
    .filter(([{ rows }, row]) => !rows.map(targetOf).includes(targetOf(row)))
    .map(([before, row]) => {
      const further = { ...before.row(row), widenReason: null };
      return [before, { ...before, rows: [...before.rows, further] }] as const;
    });
  /** A claim no row of which names a threshold is as good as not granted: its ceiling names none either. */
  const isGranted = (table: DecisionTable, coordinate: string): boolean => {
    const verdict = table.verdict(coordinate);
    if (verdict.effect === "deny") return verdict.code !== "FIELD_NOT_GRANTED";
    return verdict.effect !== "allow" || verdict.values?.length !== 0;
  };
  /** Of every subject: a condition is closed where of some nothing is granted. */
  const isOfAll = (table: DecisionTable, field: string): boolean => {
    const verdict = table.verdict(field);
    return verdict.effect === "deny" || !verdict.rows?.some(({ flag }) => flag);
  };
  const wasGranted = (before: DecisionTable, coordinate: string) => {
    const entry = catalogue.entries.get(coordinate);
    const guarded = (entry?.guards ?? []).map(({ field }) => field);
    return (
      [coordinate, entry?.carrier ?? coordinate, ...guarded].every((one) => isGranted(before, one)) &&
      guarded.every((field) => isOfAll(before, field))
    );
  };
  expect(neverTellsMore(pairs, wasGranted)).toBeGreaterThan(2);
});

test("a use that is no longer granted never shows more", () => {
  const isUseRow = ({ use, effect }: Grant) => use !== "OUTPUT" && effect === "allow";
  const pairs = anyAgreement
    .filter(({ rows }) => rows.some(isUseRow))
    .chain((before) =>
      fc
        .constantFrom(...before.rows.filter(isUseRow))
        .map((gone) => [before, { ...before, rows: before.rows.filter((row) => row !== gone) }] as const),
    );
  expect(neverTellsMore(pairs)).toBeGreaterThan(5);
});

test("fewer pinned coordinates never show more", () => {
  const all = [...catalogue.entries.keys()];
  const keptOf = (share: number) => new Set(all.filter((_, index) => (index * 7919) % 100 < share));
  const pairs = fc.tuple(anyAgreement, fc.nat(100), fc.nat(100)).map(([agreement, a, b]) => {
    const [fewer, more] = [Math.min(a, b), Math.max(a, b)];
    return [
      { ...agreement, pinned: keptOf(more) },
      { ...agreement, pinned: keptOf(fewer) },
    ] as const;
  });
  expect(neverTellsMore(pairs)).toBeGreaterThan(20);
});

test("without rows nothing shows and nothing may be asked by", () => {
  fc.assert(
    fc.property(anyCeilings, (ceilings) => {
      const table = tableOf({ rows: [], ceilings });
      const open = [...catalogue.entries.values()].filter(({ kind, guards }) => kind === "output" || guards.length > 0);
      expect(open.filter(({ coordinate }) => table.verdict(coordinate).effect !== "deny")).toEqual([]);
    }),
    { ...SEED, numRuns: 20 },
  );
});

test("fewer rows may show more: without its mask a field of an open class is plain", () => {
  const agreement = agreements.find(({ rows }) =>
    rows.some(({ selector, effect }) => selector === "Member.claimedNik" && effect === "mask"),
  );
  if (!agreement) throw new Error("no ready-made agreement masks Member.claimedNik");
  const without = { ...agreement, rows: agreement.rows.filter(({ selector }) => selector !== "Member.claimedNik") };
  expect(tableOf(agreement).verdict("Member.claimedNik").effect).toBe("transform");
  expect(tableOf(without).verdict("Member.claimedNik").effect).toBe("allow");
  expect(tellsMore(tableOf(agreement), tableOf(without), catalogue)).toEqual(["Member.claimedNik"]);
});

test("a row made stricter shows more where that ends a contradiction: two masks, or a pseudonym beside a band", () => {
  const lawful: Ceiling[] = STATUTORY.map((rule) => ({ ...rule }));
  const verdictOf = (...rows: [selector: string, effect: Effect, maskFn: string | null][]) =>
    essenceOf(
      tableOf({
        rows: rows.map(([selector, effect, maskFn]) => grantOf(selector, { effect, maskFn })),
        ceilings: lawful,
      }).verdict("Person.fullName"),
    );
  const closed = { effect: "deny", code: "FIELD_PROHIBITED" };
  const masked = ["Person.fullName", "mask", "last4"] as const;
  expect(verdictOf([...masked], ["GENERAL", "mask", "initials"])).toEqual(closed);
  expect(verdictOf([...masked], ["GENERAL", "pseudonym", null])).toEqual({ effect: "transform", kind: "pseudonym" });
  expect(verdictOf(["Person.fullName", "band", null], ["GENERAL", "pseudonym", null])).toEqual(closed);
});

const digits = (length: number) =>
  fc.array(fc.constantFrom(..."0123"), { minLength: length, maxLength: length }).map((all) => all.join(""));
const anyVillage = digits(9).map((rest) => `3${rest}`); // few digits, so that regions meet
const anyRegion = fc.tuple(anyVillage, fc.constantFrom(2, 4, 6, 10)).map(([village, length]) => village.slice(0, length));
const anyRegions = fc.oneof(fc.array(anyRegion, { maxLength: 4 }), fc.constant(["0"]));
const anyScope: fc.Arbitrary<WrittenScope> = fc.record({
  regions: anyRegions,
  programs: fc.option(fc.subarray(["PKH", "BPNT", "PBI_JK"])),
  decileMax: fc.option(fc.nat(10)),
});
const anyPlace = fc.record({
  region: anyVillage,
  program: fc.constantFrom("PKH", "BPNT", "PBI_JK"),
  decile: fc.integer({ min: 1, max: 10 }),
});
type Place = { readonly region: string; readonly program: string; readonly decile: number };

const isIn = (ranges: readonly RegionRange[], region: string) =>
  ranges.some(([from, before]) => from <= region && region < before);
const admits = ({ regions, programs, decileMax }: RowScope, { region, program, decile }: Place) =>
  isIn(regions, region) && (programs === null || programs.includes(program)) && decile <= decileMax;

test("a written scope opens exactly the rows whose village lies in a region it names", () => {
  let inside = 0;
  fc.assert(
    fc.property(anyScope, anyPlace, (written, place) => {
      const isNamed = written.regions.some((region) => region === "0" || place.region.startsWith(region));
      const isOfProgram = written.programs?.includes(place.program) ?? true;
      const isPoor = written.decileMax === null || place.decile <= written.decileMax;
      expect(admits(scopeOf(written), place)).toBe(isNamed && isOfProgram && isPoor);
      if (isNamed && isOfProgram && isPoor) inside++;
    }),
    { ...SEED, numRuns: 2000 },
  );
  expect(inside).toBeGreaterThan(100);
});

test("fewer or smaller regions, fewer programs and a lower decile never open a row more", () => {
  const narrowed = anyScope.chain((wide) =>
    fc
      .record({
        regions: wide.regions.includes("0")
          ? anyRegions
          : fc
              .subarray([...wide.regions])
              .chain((kept) => fc.tuple(...kept.map((region) => fc.constantFrom(region, ...below(region))))),
        programs: wide.programs === null ? fc.option(fc.subarray(["PKH", "BPNT", "PBI_JK"])) : fc.subarray([...wide.programs]),
        decileMax: wide.decileMax === null ? fc.option(fc.nat(10)) : fc.nat(wide.decileMax),
      })
      .map((narrow) => [wide, narrow] as const),
  );
  let closed = 0;
  fc.assert(
    fc.property(narrowed, anyPlace, ([wide, narrow], place) => {
      const [isInWide, isInNarrow] = [admits(scopeOf(wide), place), admits(scopeOf(narrow), place)];
      expect(isInNarrow && !isInWide).toBe(false);
      if (isInWide && !isInNarrow) closed++;
    }),
    { ...SEED, numRuns: 2000 },
  );
  expect(closed).toBeGreaterThan(50);
});

/** Some regions inside a region. */
const below = (region: string): string[] =>
  region.length === 10 ? [] : region.length === 6 ? [`${region}0123`] : [`${region}12`, `${region}30`];

test("merged ranges hold the same codes, met ranges exactly those of both", () => {
  let both = 0;
  const ranges = fc.array(anyRegion.map(regionRange), { maxLength: 5 });
  fc.assert(
    fc.property(ranges, ranges, anyVillage, (some, others, region) => {
      const [inSome, inOthers] = [isIn(some, region), isIn(others, region)];
      expect(isIn(mergeRanges([...some, ...others]), region)).toBe(inSome || inOthers);
      expect(isIn(intersectRanges(some, others), region)).toBe(inSome && inOthers);
      if (inSome && inOthers) both++;
    }),
    { ...SEED, numRuns: 2000 },
  );
  expect(both).toBeGreaterThan(20);
});
