import { type GraphQLInputType, type GraphQLOutputType, type GraphQLType, isListType, isNamedType, isNonNullType } from "graphql";

/** Whether whoever read the old type reads the new one: the same, or null less often. */
export function isSafeOutput(old: GraphQLOutputType, fresh: GraphQLOutputType): boolean {
  if (isNonNullType(fresh)) return isSafeOutput(isNonNullType(old) ? old.ofType : old, fresh.ofType);
  if (isNonNullType(old)) return false;
  if (isListType(old)) return isListType(fresh) && isSafeOutput(old.ofType, fresh.ofType);
  return isSameName(old, fresh);
}

/** Whether whatever was given before may still be given. */
export function isSafeInput(old: GraphQLInputType, fresh: GraphQLInputType): boolean {
  if (isNonNullType(old)) return isSafeInput(old.ofType, isNonNullType(fresh) ? fresh.ofType : fresh);
  if (isNonNullType(fresh)) return false;
  if (isListType(old)) return isListType(fresh) && isSafeInput(old.ofType, fresh.ofType);
  return isSameName(old, fresh);
}

const isSameName = (old: GraphQLType, fresh: GraphQLType): boolean =>
  isNamedType(old) && isNamedType(fresh) && old.name === fresh.name;

export const printed = (old: { readonly type: GraphQLType }, fresh: { readonly type: GraphQLType }) => ({
  before: String(old.type),
  after: String(fresh.type),
});
