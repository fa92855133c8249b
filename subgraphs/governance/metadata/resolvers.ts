import type { Resolvers } from "../generated.ts";

export const metadataResolvers: Resolvers = {
  Query: { metadata: (_, _args, { load }) => load.metadata.ofNewest() },
  Metadata: {
    types: ({ types }, { names }) => of(types, names, ({ name }) => name),
    codeLists: ({ codeLists }, { names }) => of(codeLists, names, ({ name }) => name),
    indicators: ({ indicators }, { codes }) => of(indicators, codes, ({ code }) => code),
  },
};

/** All, or those that are named. */
function of<One>(all: readonly One[], names: readonly string[] | null | undefined, nameOf: (one: One) => string): readonly One[] {
  if (!names) return all;
  const wanted = new Set(names);
  return all.filter((one) => wanted.has(nameOf(one)));
}
