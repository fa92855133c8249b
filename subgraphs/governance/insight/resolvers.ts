import type { Definition } from "../../../schema/metadata/words.ts";
import type { Resolvers } from "../generated.ts";
import { effectOf } from "../state.ts";

/** One word beside the language: `id` in the API is somebody's id. */
const spoken = {
  indonesian: ({ id }: Definition) => id,
  english: ({ en }: Definition) => en,
};

export const insightResolvers: Resolvers = {
  Query: {
    explainAccess: (_, question, { load }) => load.insight.explain.document(question),
    explainRequest: (_, { receipt }, { load }) => load.insight.explain.request(receipt),
    versionSentences: (_, { agreement, version }, { load }) => load.insight.sentences(agreement, version ?? null),
    versionDiff: (_, { agreement, from, to }, { load }) => load.insight.compare({ agreement, from: from ?? null, to }),
    simulateVersion: (_, { agreement, version, days }, { load }) => load.insight.simulate(agreement, version, days),
    accessMatrix: (_, { use }, { load }) => load.insight.matrix(use),
    policyFile: (_, { format, ...which }, { load }) =>
      format === "ODRL" ? load.insight.file.odrl(which) : load.insight.file.json(which),
  },
  Mutation: {
    importVersion: (_, asked, { load }) => load.insight.file.import(asked),
  },
  EffectGroup: { effect: ({ effect }) => effectOf(effect) },
  PlainSentence: spoken,
  VersionSentence: spoken,
  ExplainedCoordinate: {
    owners: async ({ owners }, _, { load }) =>
      (await Promise.all(owners.map((code) => load.agency.load(code)))).filter((agency) => agency !== null),
  },
};
