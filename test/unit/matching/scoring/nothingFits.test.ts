import { expect, test } from "vitest";
import { PEMADANAN } from "../../../../subgraphs/population/matching/pemadanan.ts";
import type { LinkSpec } from "../../../../subgraphs/population/matching/spec.ts";
import type { LabelledFile } from "../../../bench/matching/data/labelledFile.ts";
import { learn, match, type PlainFile } from "../../../bench/matching/measure/job.ts";
import { build } from "../../../bench/matching/measure/measureWorld.ts";

const SEED = "ci-nothing-fits";
const EXACT_NOBODY = -1;

/** A file of these lines, in the bench's columns. */
function fileOf(lines: readonly string[]): PlainFile {
  const starts = Uint32Array.from([0, ...lines.map((_, at) => Buffer.byteLength(lines.slice(0, at + 1).join("")))]);
  return { source: "DTKS", bytes: Buffer.from(lines.join("")), starts, rows: lines.length };
}

const linesOf = ({ bytes, starts, rows }: LabelledFile): string[] =>
  Array.from({ length: rows }, (_, row) => Buffer.from(bytes.subarray(starts[row], starts[row + 1])).toString());

/** Learns from a file and matches it; every number that came of it MUST be one. */
async function matched(
  people: number,
  { spec = PEMADANAN, change }: { spec?: LinkSpec; change: (file: LabelledFile) => PlainFile },
) {
  const { world, register } = await build({ seed: SEED, people, absent: 0.17 }, spec);
  const file = change(world.files[0] as LabelledFile);
  const lesson = await learn(register, [file]);
  const { outcomes } = await match(register, file, lesson);
  expect(lesson.model.matchRate).toBeGreaterThanOrEqual(0);
  expect(lesson.model.matchRate).toBeLessThanOrEqual(1);
  const numbers = lesson.model.classes.flatMap(({ share, m }) => [share, ...m.flat()]);
  expect(numbers.filter((number) => !(number >= 0 && number <= 1))).toEqual([]);
  expect([...outcomes.weight].filter(Number.isNaN)).toEqual([]);
  return { register, file, lesson, outcomes };
}

test("a file without a row is matched to nobody and promises nothing", async () => {
  const { lesson, outcomes } = await matched(1000, { change: () => fileOf([]) });
  expect(lesson.rehearsal).toBeNull();
  expect(outcomes.exact).toHaveLength(0);
});

test("a register of ten people is searched like any other, and nothing is automatic for want of a rehearsal", async () => {
  const { register, file, lesson, outcomes } = await matched(10, { change: (found) => found });
  expect(register.rows).toBeLessThanOrEqual(12);
  expect(lesson.rehearsal).toBeNull();
  expect(lesson.threshold).toBe(Number.POSITIVE_INFINITY);
  expect(outcomes.best).toHaveLength(file.rows);
});

test("where no column is exact all rows are searched, and nothing is automatic for want of a rehearsal", async () => {
  const { lesson, outcomes, file } = await matched(2000, { spec: { ...PEMADANAN, exact: null }, change: (found) => found });
  expect(file.rows).toBeGreaterThan(300);
  expect(new Set(outcomes.exact)).toEqual(new Set([EXACT_NOBODY]));
  expect(lesson.rehearsal).toBeNull();
  expect(outcomes.weight.filter((bits) => bits > 4).length / file.rows).toBeGreaterThan(0.5);
});

test("a file without a single NIK is searched by everything else, and nothing is automatic for want of a rehearsal", async () => {
  const withoutNik = (found: LabelledFile) => fileOf(linesOf(found).map((line) => line.replace(/^[^,]*/, "")));
  const { lesson, outcomes, file } = await matched(2000, { change: withoutNik });
  expect(file.rows).toBeGreaterThan(300);
  expect(new Set(outcomes.exact)).toEqual(new Set([EXACT_NOBODY]));
  expect(lesson.rehearsal).toBeNull();
  expect(outcomes.weight.filter((bits) => bits > 4).length / file.rows).toBeGreaterThan(0.5);
});

test("a file about nobody of the register links nobody", async () => {
  const strangers = Array.from(
    { length: 600 },
    (_, at) => `,,XQ${at}ZW VB${at},L,19${10 + (at % 80)}-03-1${at % 9},NOWHERE,,9999999999\n`,
  );
  const { lesson, outcomes } = await matched(1000, { change: () => fileOf(strangers) });
  const linked = outcomes.weight.filter((bits) => bits >= Math.min(lesson.threshold, 4));
  expect(linked).toHaveLength(0);
});
