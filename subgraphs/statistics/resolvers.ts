import type { CubeCode, Resolvers } from "./generated.ts";

const MOST_RELEASES = 120;

export const resolvers: Resolvers = {
  Query: {
    cubes: (_, _args, { load }) => load.cubes(),
    cube: async (_, { code }, { load }) => (await load.cubes()).find((cube) => cube.code === code) ?? null,
    statistics: (_, asked, { load }) => load.cells(asked),
    reconciliation: (_, _args, { load }) => load.reconciliation(),
  },
  Cube: {
    code: ({ code }) => code as CubeCode,
    releases: ({ code }, _, { load }) => load.releases.load(code, MOST_RELEASES),
    partnerFigures: () => true,
  },
  StatisticsCell: {
    regionCode: ({ region }) => region,
    region: ({ region }) => (region === "0" ? null : { code: region }),
    isSuppressed: ({ units }) => units === null,
  },
  Reconciliation: { cube: ({ cube }) => cube as CubeCode, regionCode: ({ region }) => region, publishedAsOf: ({ asOf }) => asOf },
};
