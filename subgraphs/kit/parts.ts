/** Resolvers of a slice out of those of its parts, which share types and never fields. */
export const mergeParts = <Resolvers>(parts: readonly Resolvers[]): Resolvers =>
  parts.reduce<Record<string, object>>((whole, part) => {
    for (const [type, fields] of Object.entries(part as Record<string, object>)) whole[type] = { ...whole[type], ...fields };
    return whole;
  }, {}) as Resolvers;
