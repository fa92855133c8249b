import { defaultFieldResolver, type GraphQLField, type GraphQLFieldResolver, type GraphQLSchema, isObjectType } from "graphql";
import type { OpenedEnvelope } from "../../../schema/caller.ts";
import { Refusal } from "../../../schema/errors.ts";
import { isMachinery } from "../../../schema/sdl/catalogue.ts";
import { inputUses } from "../../../schema/sdl/inputUses.ts";

interface Guarded {
  readonly envelope: OpenedEnvelope;
}
type Resolve = GraphQLFieldResolver<unknown, Guarded>;

/**
 * Stands before every resolver of every object type: a field outside the envelope, or an argument, input field or enum value
 * outside it, throws before the slice's code runs. Synchronous on purpose: a promise a field costs 5–90 times as much.
 * The two machinery fields of Query are shield.ts's. Changes `schema` in place; returns the number of fields guarded.
 */
export function guard(schema: GraphQLSchema): number {
  let guarded = 0;
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || isMachinery(type.name)) continue;
    for (const field of Object.values(type.getFields())) {
      if (isMachinery(field.name)) continue;
      field.resolve = guardedResolver(
        `${type.name}.${field.name}`,
        field as GraphQLField<unknown, Guarded>,
      ) as typeof field.resolve & {};
      guarded += 1;
    }
  }
  return guarded;
}

function guardedResolver(coordinate: string, field: GraphQLField<unknown, Guarded>): Resolve {
  const resolve: Resolve = field.resolve ?? defaultFieldResolver;
  // biome-ignore lint/complexity/useMaxParams: the signature is graphql's
  const check: Resolve = (source, args, context, info) => {
    if (!context.envelope.mayRead(coordinate)) throw new Refusal({ code: "FIELD_NOT_GRANTED", coordinate });
    return resolve(source, args, context, info);
  };
  if (field.args.length === 0) return check;
  // biome-ignore lint/complexity/useMaxParams: the signature is graphql's
  return (source, args, context, info) => {
    for (const [used] of inputUses(field as GraphQLField<unknown, unknown>, coordinate, args))
      if (!context.envelope.mayUse(used)) throw new Refusal({ code: "USE_NOT_GRANTED", coordinate: used });
    return check(source, args, context, info);
  };
}
