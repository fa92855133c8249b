import { blankModel } from "../../../../subgraphs/population/matching/linkage/learn.ts";
import { buildRegister, type Register } from "../../../../subgraphs/population/matching/linkage/linkage.ts";
import { frameOf, newLexica } from "../../../../subgraphs/population/matching/linkage/prepared.ts";
import { PEMADANAN } from "../../../../subgraphs/population/matching/pemadanan.ts";
import type { LinkSpec } from "../../../../subgraphs/population/matching/spec.ts";
import { type Accuracy, accuracyOf, type Count, emptyCount, type Judged, tally } from "../accuracy/tally.ts";
import { type Threshold, thresholdsOf } from "../accuracy/thresholds.ts";
import { GROUPINGS, type Grouping } from "../data/groupings.ts";
import { makeWorld, type World, type WorldOptions } from "../data/world.ts";
import { bytesOf, openForLearning, VIEWS } from "./engine.ts";
import { cpuClock, type Lesson, learn, match, type Passes } from "./job.ts";

/** One file's job: what it learned and chose without the truth, and what the truth says of it. */
export interface JobFigures {
  readonly source: string;
  readonly rows: number;
  readonly matchRate: { readonly learned: number; readonly true: number };
  readonly threshold: number;
  readonly accuracy: Accuracy;
  readonly thresholds: readonly Threshold[];
  readonly learnCpuSeconds: number;
  readonly passes: Passes;
}

export interface RunOptions extends WorldOptions {
  /** One model and threshold for the four files together; else each has its own, as jobs do. */
  readonly isPooled: boolean;
}

export interface WorldFigures extends RunOptions {
  readonly registerRows: number;
  readonly rows: number;
  readonly fuzzyRows: number;
  readonly buildSeconds: number;
  readonly registerBytes: number;
  readonly jobs: readonly JobFigures[];
  readonly accuracy: Accuracy;
  readonly groups: Readonly<Record<Grouping, Readonly<Record<string, Accuracy & { readonly rows: number }>>>>;
  readonly thresholds: readonly Threshold[];
  readonly passes: Passes & Rates;
}

/** Rows a CPU second. */
export interface Rates {
  readonly readPerSecond: number;
  /** With nothing between, and in turn with reading and searching, as a job does. */
  readonly exactPerSecond: number;
  readonly exactInTurnPerSecond: number;
  readonly fuzzyPerSecond: number;
}

/** A world ready to be matched. */
export interface Built {
  readonly world: World;
  readonly register: Register;
  readonly buildSeconds: number;
}

export async function build(options: WorldOptions, spec: LinkSpec = PEMADANAN): Promise<Built> {
  const frame = frameOf(spec);
  const lexica = newLexica(frame);
  const world = await makeWorld(options, frame, lexica);
  const clock = cpuClock();
  const register = buildRegister(frame, world.register, lexica, VIEWS);
  return { world, register, buildSeconds: clock() };
}

const WARM = 20_000;

/** Passes once over some rows, unmeasured: speeds are those of compiled code. */
export async function warmUp({ world, register }: Built): Promise<void> {
  const [file] = world.files;
  if (!file) return;
  const some = { ...file, rows: Math.min(file.rows, WARM) };
  await match(register, some, { model: blankModel(register, openForLearning(register)) });
}

interface Done {
  readonly lesson: Lesson;
  readonly judged: Judged;
  readonly passes: Passes;
}

/** Runs a job for each of the four files and holds the results against the truth. */
export async function measureWorld(options: RunOptions, { world, register, buildSeconds }: Built): Promise<WorldFigures> {
  const done: Done[] = [];
  const common = options.isPooled ? await learn(register, world.files) : null;
  for (const file of world.files) {
    const lesson = common ?? (await learn(register, [file]));
    const { outcomes, passes } = await match(register, file, lesson);
    done.push({ lesson, passes, judged: { file, outcomes, personOf: world.personOf, decision: register.spec.decision } });
  }
  const total = emptyCount();
  const groups = mapOfGroups(() => new Map<number, Count>());
  for (const { judged, lesson } of done) {
    tally(judged, lesson.threshold, () => total);
    for (const [grouping, counts] of Object.entries(groups)) {
      const group = judged.file.groups[grouping as Grouping];
      tally(judged, lesson.threshold, (row) => countIn(counts, group[row] as number));
    }
  }
  const jobs = done.map(jobFigures);
  return {
    ...options,
    registerRows: register.rows,
    rows: total.rows,
    fuzzyRows: total.fuzzy,
    buildSeconds,
    registerBytes: bytesOf(register),
    jobs,
    accuracy: accuracyOf(total),
    groups: groupFigures(groups),
    thresholds: thresholdsOf(done.map(({ judged, lesson }) => ({ judged, rehearsal: lesson.rehearsal }))),
    passes: passesOf(done, total),
  };
}

function jobFigures({ lesson, judged, passes }: Done): JobFigures {
  const count = emptyCount();
  tally(judged, lesson.threshold, () => count);
  return {
    source: judged.file.source,
    rows: count.rows,
    matchRate: { learned: lesson.model.matchRate, true: 1 - count.fuzzyAbsent / count.fuzzy },
    threshold: lesson.threshold,
    accuracy: accuracyOf(count),
    thresholds: thresholdsOf([{ judged, rehearsal: lesson.rehearsal }]),
    learnCpuSeconds: lesson.cpuSeconds,
    passes,
  };
}

function passesOf(done: readonly Done[], { rows, fuzzy }: Count): WorldFigures["passes"] {
  const sum = (pass: keyof Passes) => done.reduce((total, { passes }) => total + passes[pass], 0);
  const [read, exact, searched] = [sum("read"), sum("exact"), sum("fuzzy")];
  const alone = done.map(({ lesson }) => lesson.exact);
  const aloneSeconds = alone.reduce((total, { cpuSeconds }) => total + cpuSeconds, 0);
  return {
    read,
    exact,
    fuzzy: searched,
    readPerSecond: rows / read,
    exactPerSecond: alone.reduce((total, one) => total + one.rows, 0) / aloneSeconds,
    exactInTurnPerSecond: rows / exact,
    fuzzyPerSecond: fuzzy / searched,
  };
}

const mapOfGroups = <T>(make: (grouping: Grouping) => T) =>
  Object.fromEntries(Object.keys(GROUPINGS).map((name) => [name, make(name as Grouping)])) as Record<Grouping, T>;

function countIn(counts: Map<number, Count>, group: number): Count {
  const known = counts.get(group) ?? emptyCount();
  counts.set(group, known);
  return known;
}

const groupFigures = (groups: Readonly<Record<Grouping, ReadonlyMap<number, Count>>>): WorldFigures["groups"] =>
  mapOfGroups((grouping) =>
    Object.fromEntries(
      GROUPINGS[grouping].groups.flatMap((name, group) => {
        const count = groups[grouping].get(group);
        return count ? [[name, { ...accuracyOf(count), rows: count.rows }]] : [];
      }),
    ),
  );
