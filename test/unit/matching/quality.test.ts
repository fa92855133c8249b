import { beforeAll, describe, expect, test } from "vitest";
import { accuracyOf, emptyCount, type Judged, shareOf, tally } from "../../bench/matching/accuracy/tally.ts";
import { thresholdsOf } from "../../bench/matching/accuracy/thresholds.ts";
import type { Outcomes } from "../../bench/matching/measure/job.ts";
import { type Lesson, learn, match } from "../../bench/matching/measure/job.ts";
import { type Built, build } from "../../bench/matching/measure/measureWorld.ts";

// seeds of its own: the report's population is never looked at before a release, nor this one while the engine is tuned
const SEED = "ci-quality";

describe("20,000 people, every sixth of them not in the register", () => {
  let built: Built;
  let lesson: Lesson;
  let judged: Judged[];
  beforeAll(async () => {
    built = await build({ seed: SEED, people: 20_000, absent: 0.17 });
    const { world, register } = built;
    lesson = await learn(register, world.files);
    judged = [];
    for (const file of world.files) {
      const { outcomes } = await match(register, file, lesson);
      judged.push({ file, outcomes, personOf: world.personOf, decision: register.spec.decision });
    }
  });
  const accuracy = () => {
    const count = emptyCount();
    for (const one of judged) tally(one, lesson.threshold, () => count);
    return { ...accuracyOf(count), count };
  };

  test("links made without a human being are right, and most of those that can be made are", () => {
    const { fuzzy, whole, count } = accuracy();
    expect(count.rows).toBeGreaterThan(8000);
    expect(count.linked).toBeGreaterThan(1000);
    expect(fuzzy.precision.value).toBeGreaterThanOrEqual(0.998);
    expect(fuzzy.recall.value).toBeGreaterThanOrEqual(0.92);
    expect(whole.precision.value).toBeGreaterThanOrEqual(0.9997);
    expect(whole.recall.value).toBeGreaterThanOrEqual(0.985);
  });

  test("hardly anybody who is absent is taken for a relative or a neighbour", () => {
    const { fuzzy, count } = accuracy();
    expect(count.fuzzyAbsent).toBeGreaterThan(1000);
    expect(fuzzy.absentMatched.value).toBeLessThanOrEqual(0.002);
  });

  test("few rows are left to clerks, and mostly for a person who is the right one", () => {
    const { fuzzy } = accuracy();
    expect(fuzzy.review.value).toBeLessThanOrEqual(0.04);
    expect(fuzzy.rightInReview.value).toBeGreaterThanOrEqual(0.75);
  });

  test("the rehearsal, which knows no truth, says of every threshold what comes of it", () => {
    expect(lesson.rehearsal).not.toBeNull();
    expect(Number.isFinite(lesson.threshold)).toBe(true);
    const thresholds = thresholdsOf(judged.map((one) => ({ judged: one, rehearsal: lesson.rehearsal })));
    expect(thresholds.length).toBe(8);
    for (const { weight, predicted, true: truth } of thresholds) {
      expect(Math.abs(predicted.precision - truth.precision.value), `${weight} bits`).toBeLessThanOrEqual(0.004);
      expect(Math.abs(predicted.absentMatched - truth.absentMatched.value), `${weight} bits`).toBeLessThanOrEqual(0.004);
    }
  });

  test("the learned share of rows that have a person is near the true one", () => {
    const { count } = accuracy();
    expect(Math.abs(lesson.model.matchRate - (1 - count.fuzzyAbsent / count.fuzzy))).toBeLessThan(0.05);
  });

  test("neither the size of chunks nor how many views of the register they are shared out to changes a byte of the result", async () => {
    const [file] = built.world.files;
    const [whole] = judged;
    if (!file || !whole) throw new Error("there are no files");
    const { outcomes } = await match(built.register, file, { model: lesson.model, batch: 997, views: 3 });
    expect(bytesOf(outcomes).equals(bytesOf(whole.outcomes))).toBe(true);
    const spoilt = { ...outcomes, weight: outcomes.weight.map((bits, row) => (row === 7 ? bits + 1e-9 : bits)) };
    expect(bytesOf(spoilt).equals(bytesOf(whole.outcomes)), "the test sees a difference").toBe(false);
  });
});

const bytesOf = (outcomes: Outcomes): Buffer =>
  Buffer.concat(Object.values(outcomes).map(({ buffer }: Int32Array | Float64Array) => Buffer.from(buffer)));

describe("how accuracy is counted", () => {
  test("an interval is Wilson's, also where nothing or everything is wrong", () => {
    // E. B. Wilson 1927, computed by hand: 8 of 10, 0 of 20
    expect(shareOf(8, 10).low).toBeCloseTo(0.4902, 4);
    expect(shareOf(8, 10).high).toBeCloseTo(0.9433, 4);
    expect(shareOf(0, 20).low).toBe(0);
    expect(shareOf(0, 20).high).toBeCloseTo(0.1611, 4);
    expect(shareOf(20, 20).high).toBe(1);
  });

  test("a second record of the right person is right, an absent person's row never is, and what is weak or torn is for review", () => {
    const file = {
      rows: 6,
      person: Int32Array.of(5, 5, 6, 7, 8, 9),
      isAbsent: Uint8Array.of(0, 0, 0, 1, 0, 0),
    } as Judged["file"];
    const outcomes: Outcomes = {
      exact: Int32Array.of(1, -1, -1, -1, -1, -1),
      best: Int32Array.of(-1, 0, 0, 2, 3, -1),
      weight: Float64Array.of(0, 9, 9, 9, 9, -1000),
      margin: Float64Array.of(0, 9, 9, 9, 1, 0),
      candidates: Int32Array.of(0, 1, 1, 1, 1, 0),
      capped: new Int32Array(6),
    };
    const count = emptyCount();
    const decision = { margin: 4, review: 0.5 } as Judged["decision"];
    // rows 0 and 1 of the register are one person, number 5
    tally({ file, outcomes, personOf: Int32Array.of(5, 5, 6, 8), decision }, 6, () => count);
    expect(count).toMatchObject({ rows: 6, absent: 1, exact: 1, exactRight: 1, fuzzy: 5, fuzzyAbsent: 1 });
    expect(count).toMatchObject({ linked: 3, linkedRight: 1, linkedAbsent: 1, review: 1, reviewRight: 1 });
    expect(accuracyOf(count).fuzzy.recall.value).toBe(1 / 4);
    expect(accuracyOf(count).whole.precision.value).toBe(2 / 4);
  });
});
