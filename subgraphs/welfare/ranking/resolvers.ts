import type { Resolvers } from "../generated.ts";
import { bandOf } from "./explain.ts";
import { decimalOf } from "./points.ts";

export const rankingResolvers: Resolvers = {
  Query: {
    weightFiles: (_, _args, { load }) => load.ranking.weightFiles(),
    weightFile: (_, { id }, { load }) => load.ranking.weightFile.load(id),
    rankingRuns: (_, _args, { load }) => load.ranking.runs(),
    contributionLines: (_, _args, { load }) => load.ranking.contributionLines(),
    rankingRun: (_, { id }, { load }) => load.ranking.run.load(id),
  },
  Mutation: {
    draftWeights: (_, { input }, { load }) => load.ranking.draft(input),
    publishWeights: (_, { input }, { load }) => load.ranking.publish(input),
    proposeRanking: (_, { input }, { load }) => load.ranking.propose(input),
    runRanking: (_, asked, { load }) => load.ranking.start(asked),
    withdrawRanking: (_, asked, { load }) => load.ranking.withdraw(asked),
  },
  WeightFile: {
    __resolveReference: ({ id }, { load }) => load.ranking.weightFile.load(id),
    text: async ({ id }, _, { load }) => (await load.ranking.text.load(id))?.text ?? null,
    sha256: async ({ id, sha256 }, _, { load }) => sha256 ?? (await load.ranking.text.load(id))?.sha256 ?? null,
    weights: (file, { area }, { load }) => load.ranking.weights(file, area ?? null),
    history: ({ id }, _, { load }) => load.ranking.historyOfFile.load(id),
  },
  Weight: { weight: ({ millionths }) => decimalOf(BigInt(millionths)) },
  RankingRun: {
    __resolveReference: ({ id }, { load }) => load.ranking.run.load(id),
    registryVersion: ({ versionId }) => versionId,
    weightFile: ({ weightFileId }, _, { load }) => load.ranking.weightFile.load(weightFileId),
    percentDone: async ({ id }, _, { load }) => (await load.ranking.progress.load(id))?.percent ?? null,
    history: ({ id }, _, { load }) => load.ranking.historyOfRun.load(id),
  },
  Household: {
    rankingExplanation: ({ id }, { version }, { load }) => load.ranking.scoresIn(version ?? null).load(id),
    povertyEvaluation: (household, { threshold }, { load }) => load.ranking.poverty(household, threshold),
  },
  RankingExplanation: {
    weightFile: ({ weightFileId }, _, { load }) => load.ranking.weightFile.load(weightFileId),
    score: ({ score }) => decimalOf(BigInt(score)),
    contributions: (of) => of.contributions.map((row) => ({ of, row })),
  },
  RankingContribution: {
    variable: ({ row }) => row.variable,
    band: ({ of, row }) =>
      bandOf(row.answer, BigInt(row.millionths), {
        households: BigInt(of.households),
        variable: BigInt(row.sum),
        scores: BigInt(of.scoreSum),
        squares: BigInt(of.scoreSquares),
      }),
    points: ({ row }) => decimalOf(BigInt(row.millionths)),
  },
  PovertyEvaluation: {
    indicators: ({ survey, indicators }) => indicators.map((indicator) => ({ survey, ...indicator })),
  },
  PovertyIndicator: {
    evidence: ({ survey, variables }) =>
      variables.map((variable) => ({ variable, answer: survey.answers[variable] ?? null, surveyedOn: survey.surveyedOn })),
  },
};
