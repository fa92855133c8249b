import { parseArgs } from "node:util";

/** What a run measures. */
export interface Options {
  readonly people: number;
  /** Of the report. Development and CI use others: who tunes on a population MUST NOT report from it. */
  readonly seed: string;
  /** Shares of people who are not in the register; the first is the headline. */
  readonly absent: readonly number[];
  /** One model and threshold for the four files together. */
  readonly isPooled: boolean;
  /** The merge of the four files too: a world of its own. */
  readonly isMerging: boolean;
  /** Real jobs on an embedded PostgreSQL too. */
  readonly isEndToEnd: boolean;
  /** File for the figures as JSON; null: none. */
  readonly json: string | null;
}

export const USAGE = `Usage: npm run bench -- matching [--people 100000] [--seed SEED] [--absent 0.17,0.05,0] [--pooled] [--no-merge] [--end-to-end] [--json FILE]
`;

/** The options, or everything that is wrong with them. */
export function readOptions(argv: readonly string[]): { readonly options: Options; readonly faults: readonly string[] } {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      people: { type: "string", default: "100000" },
      seed: { type: "string", default: "report-2026-11" },
      absent: { type: "string", default: "0.17,0.05,0" },
      "no-merge": { type: "boolean", default: false },
      "end-to-end": { type: "boolean", default: false },
      pooled: { type: "boolean", default: false },
      json: { type: "string" },
    },
  });
  const people = Number(values.people);
  const absent = values.absent.split(",").map(Number);
  const faults = [
    Number.isInteger(people) && people >= 1000 && people <= 20_000_000 ? "" : "--people must be a whole number, 1000 to 20000000",
    absent.every((share) => share >= 0 && share <= 0.9) ? "" : "--absent must be shares, 0 to 0.9, with commas between",
  ].filter((fault) => fault !== "");
  return {
    options: {
      people,
      seed: values.seed,
      absent,
      isPooled: values.pooled,
      isMerging: !values["no-merge"],
      isEndToEnd: values["end-to-end"],
      json: values.json ?? null,
    },
    faults,
  };
}
