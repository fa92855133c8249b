import { REFERENCE_DATE } from "../../../../drizzle/synthetic/people/compose.ts";
import { MERGE_RULES, type Merged, mergeIslands } from "../../../../subgraphs/population/individuals/merge/mergeIslands.ts";
import { buildRegister, openRegister } from "../../../../subgraphs/population/matching/linkage/linkage.ts";
import { frameOf, newLexica } from "../../../../subgraphs/population/matching/linkage/prepared.ts";
import { NOBODY } from "../../../../subgraphs/population/matching/linkage/rowLinker.ts";
import { PEMADANAN } from "../../../../subgraphs/population/matching/pemadanan.ts";
import { Table } from "../../../../subgraphs/population/matching/table/table.ts";
import { type Share, shareOf } from "../accuracy/tally.ts";
import { makeWorld, type World, type WorldOptions } from "../data/world.ts";
import { VIEWS } from "./engine.ts";
import { cpuClock, encoderFor, learn, readRows } from "./job.ts";

export interface MergeFigures extends WorldOptions {
  readonly rows: number;
  /** Of pairs of rows. Two records of one person in the register count as that person. */
  readonly precision: Share;
  readonly recall: Share;
  /** On one thread, with the register in memory: learning from all files, and the merge. */
  readonly learnCpuSeconds: number;
  readonly mergeCpuSeconds: number;
}

/** The four files of a world merged into single individuals. */
export async function measureMerge(options: WorldOptions): Promise<MergeFigures> {
  const frame = frameOf(PEMADANAN);
  const lexica = newLexica(frame);
  const world = await makeWorld(options, frame, lexica);
  const islands = world.files.map((file) => ({ source: file.source, table: new Table(frame.layout, file.rows) }));
  for (const [at, file] of world.files.entries()) {
    const { table } = islands[at] as (typeof islands)[number];
    const encode = encoderFor(file, { frame, lexica });
    await readRows(file, [0, file.rows], (row) => {
      const place = table.add();
      encode(row, table.cells, place);
    });
  }
  const register = buildRegister(frame, world.register, lexica, VIEWS);
  const { model, cpuSeconds } = await learn(register, world.files);
  const clock = cpuClock();
  const niks = { referenceDate: REFERENCE_DATE, allowSynthetic: true };
  const rules = { ...MERGE_RULES, niks };
  const merged = mergeIslands({ ...register, model }, openRegister(register, 0), { islands, rules });
  return { ...options, ...pairsOf(merged, world), learnCpuSeconds: cpuSeconds, mergeCpuSeconds: clock() };
}

/** Above every number of a person. */
const GROUPS = 2 ** 26;

function pairsOf(
  { rows, person, group }: Merged,
  { files, personOf }: World,
): Pick<MergeFigures, "rows" | "precision" | "recall"> {
  const truths = rows.sources.flatMap((source) => [...(files.find((file) => file.source === source)?.person ?? [])]);
  const found = new Map<number, number>();
  const real = new Map<number, number>();
  const both = new Map<number, number>();
  for (const [row, truth] of truths.entries()) {
    const anchor = person[row] as number;
    const individual = anchor === NOBODY ? GROUPS + (group[row] as number) : (personOf[anchor] as number);
    addOne(found, individual);
    addOne(real, truth);
    addOne(both, individual * GROUPS + truth);
  }
  const right = pairsIn(both);
  return { rows: truths.length, precision: shareOf(right, pairsIn(found)), recall: shareOf(right, pairsIn(real)) };
}

const addOne = (counts: Map<number, number>, key: number) => counts.set(key, (counts.get(key) ?? 0) + 1);
const pairsIn = (counts: ReadonlyMap<number, number>): number =>
  [...counts.values()].reduce((sum, rows) => sum + (rows * (rows - 1)) / 2, 0);
