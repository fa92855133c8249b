import { randomUUID } from "node:crypto";
import { dayInWib } from "../../../schema/values/wib.ts";
import { type Act, acting, changedMeanwhile } from "../../kit/acts/acting.ts";
import { byKey, manyByKey } from "../../kit/byKey.ts";
import { badInput } from "../../kit/errors.ts";
import type { Asking } from "../../kit/serve/context.ts";
import type { DraftWeightsInput, ProposeRankingInput, PublishWeightsInput } from "../generated.ts";
import type { Desk } from "../held.ts";
import { transitionsOf } from "../office/data.ts";
import { onDuty } from "../office/duty.ts";
import * as data from "./data.ts";
import { INDICATORS, type Judged, judgePoverty } from "./poverty.ts";
import { readWeights } from "./weights.ts";

type Ids = readonly string[];

/** A household judged by its newest survey. */
export type Evaluation = Judged & { readonly survey: data.SurveyedRow };
/** One indicator of it. */
export type EvaluatedIndicator = Judged["indicators"][number] & Pick<Evaluation, "survey">;

export const ranking = (asking: Asking, _desk: Desk) => ({
  ...reading(asking),
  ...explaining(asking),
  ...weighing(asking),
  ...running(asking),
});

const reading = ({ db }: Asking) => {
  const history = (kind: string) =>
    manyByKey(
      (ids: Ids) => transitionsOf(db, kind, ids),
      (row) => row.subjectId,
    );
  return {
    weightFiles: () => data.listWeightFiles(db),
    weightFile: byKey(
      (ids: Ids) => data.weightFilesById(db, ids),
      (row) => row.id,
    ),
    text: byKey(
      (ids: Ids) => data.weightTexts(db, ids),
      (row) => row.id,
    ),
    weights: (file: data.WeightFileRow, area: string | null) => data.weightsIn(db, file, area ?? ""),
    runs: () => data.listRankingRuns(db),
    run: byKey(
      (ids: Ids) => data.rankingRunsById(db, ids),
      (row) => row.id,
    ),
    progress: byKey(
      (ids: Ids) => data.progressOfRuns(db, ids),
      (row) => row.id,
    ),
    historyOfFile: history("WEIGHT_FILE"),
    historyOfRun: history("RANKING_RUN"),
  };
};

const explaining = ({ db, now }: Asking) => {
  const scoresIn = (version: string | null) =>
    byKey(
      (ids: Ids) => data.scoresOf(db, ids, version),
      (row) => row.householdId,
    );
  const scores = new Map<string | null, ReturnType<typeof scoresIn>>();
  const surveys = byKey(
    (ids: Ids) => data.surveysInForce(db, ids, { day: dayInWib(now), instant: now }),
    (row) => row.householdId,
  );
  let lines: Promise<data.ContributionLineRow[]> | undefined;
  /** All there are, newest first; read once a request. */
  const contributionLines = () => {
    lines ??= data.contributionLines(db);
    return lines;
  };
  return {
    contributionLines,
    /** Households in one version; null: in the newest that was ranked by weights. A loader a version. */
    scoresIn(version: string | null) {
      const known = scores.get(version) ?? scoresIn(version);
      scores.set(version, known);
      return known;
    },
    async poverty(
      { id, monthlyIncome }: { readonly id: string; readonly monthlyIncome: string | null },
      threshold: number,
    ): Promise<Evaluation | null> {
      if (threshold < 1 || threshold > INDICATORS.length) throw badInput(`threshold must be from 1 to ${INDICATORS.length}`);
      const survey = await surveys.load(id);
      if (survey === null) return null;
      const today = dayInWib(now);
      const line = (await contributionLines()).find(({ validFrom }) => validFrom <= today);
      const income = { rupiah: monthlyIncome === null ? null : BigInt(monthlyIncome), heads: survey.heads };
      const incomeBelow = line === undefined ? null : BigInt(line.incomeBelow);
      return { survey, ...judgePoverty(survey.answers, income, { threshold, incomeBelow }) };
    },
  };
};

const rank = (one: Act) => onDuty(one, ["RANKING"], "0");

const weighing = (asking: Asking) => {
  const act = acting(asking);
  return {
    draft: ({ text, ...file }: DraftWeightsInput) =>
      act(async (one) => {
        const author = await rank(one);
        const read = readWeights(text, { areaLevel: file.areaLevel, instrument: await data.instrumentOf(one.db) });
        if ("faults" in read) throw badInput(`text: ${read.faults.slice(0, MOST_FAULTS).join("; ")}`);
        const draft = { id: randomUUID(), basis: "DTSEN" as const, ...file, author };
        return (await data.insertWeightFile(one.db, draft, read.rows)) ?? null;
      }),
    publish: (asked: PublishWeightsInput) =>
      act(async (one) => {
        await rank(one);
        const published = await data.publishWeightFile(one.db, asked);
        if (!published) throw changedMeanwhile("this file of weights");
        return published;
      }),
  };
};

const MOST_FAULTS = 20;

const running = (asking: Asking) => {
  const act = acting(asking);
  return {
    propose: ({ registryVersion: versionId, weightFile: weightFileId, ...input }: ProposeRankingInput) =>
      act(async (one) => {
        const proposedBy = await rank(one);
        if (!/^DTSEN-[0-9]{4}-Q[1-4]$/.test(versionId)) throw badInput("registryVersion must be like DTSEN-2026-Q4");
        if ((await data.weightFilesById(one.db, [weightFileId])).length === 0)
          throw badInput("weightFile: there is no such file");
        const proposedAt = one.now.toISOString();
        return (
          (await data.insertRankingRun(one.db, {
            id: randomUUID(),
            versionId,
            weightFileId,
            ...input,
            proposedBy,
            proposedAt,
          })) ?? null
        );
      }),
    start: (asked: Asked) =>
      act(async (one) => {
        await rank(one);
        const run = await runAsRead(one, asked);
        const isUnderWay = run.state === "SCORING" || run.state === "WRITING";
        const started = isUnderWay ? run : await data.moveRankingRun(one.db, asked, "SCORING");
        if (!started) throw changedMeanwhile("this ranking");
        await data.enqueueRanking(one.db, started.id);
        return started;
      }),
    withdraw: (asked: Asked) =>
      act(async (one) => {
        await rank(one);
        await runAsRead(one, asked);
        const withdrawn = await data.moveRankingRun(one.db, asked, "WITHDRAWN");
        if (!withdrawn) throw changedMeanwhile("this ranking");
        return withdrawn;
      }),
  };
};

interface Asked {
  readonly id: string;
  readonly version: number;
}

async function runAsRead({ db }: Act, { id, version }: Asked): Promise<data.RankingRunRow> {
  const [run] = await data.rankingRunsById(db, [id]);
  if (!run) throw badInput("id: there is no such ranking");
  if (run.version !== version) throw changedMeanwhile("this ranking");
  return run;
}
