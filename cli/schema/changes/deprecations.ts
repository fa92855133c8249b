import { type GraphQLNamedType, type GraphQLSchema, isEnumType, isInputObjectType, isInterfaceType, isObjectType } from "graphql";
import { type Change, change } from "./change.ts";

/** The day or month that a reason of @deprecated announces: `use X; removed after 2027-01`. */
const dayIn = (reason: string): string | null => /removed (?:after|on) (\d{4}-\d{2}(?:-\d{2})?)/.exec(reason)?.[1] ?? null;

interface Deprecable {
  readonly name: string;
  readonly deprecationReason?: string | null | undefined;
}

/** What is to be added of something removed: whether, and for when, it had been announced. */
export function goneAs({ deprecationReason }: Deprecable): { readonly before: string; readonly after: string } {
  if (deprecationReason == null) return { before: " tanpa pernah dinyatakan usang", after: " without ever being deprecated" };
  const day = dayIn(deprecationReason);
  return day === null
    ? { before: ", seperti diumumkan", after: ", as announced" }
    : { before: `, diumumkan setelah ${day}`, after: `, announced for after ${day}` };
}

/** What is deprecated now and was not, and the other way round. */
export function deprecationChanges(old: GraphQLSchema, fresh: GraphQLSchema): Change[] {
  const before = reasonsIn(old);
  return [...reasonsIn(fresh)].flatMap(([coordinate, reason]) => {
    const known = before.get(coordinate);
    if (known === undefined || (known === null) === (reason === null)) return [];
    if (reason === null) return [change("DEPRECATION_TAKEN_BACK", coordinate)];
    const day = dayIn(reason);
    return day === null
      ? [change("DEPRECATED_WITHOUT_DAY", coordinate, { after: reason })]
      : [change("DEPRECATED", coordinate, { before: day, after: reason })];
  });
}

/** Reason by coordinate; null: not deprecated. */
const reasonsIn = (schema: GraphQLSchema): Map<string, string | null> =>
  new Map(
    Object.values(schema.getTypeMap())
      .flatMap(membersOf)
      .map(([coordinate, { deprecationReason }]) => [coordinate, deprecationReason ?? null]),
  );

type Member = readonly [coordinate: string, of: Deprecable];

function membersOf(type: GraphQLNamedType): Member[] {
  const at = (member: Deprecable): Member => [`${type.name}.${member.name}`, member];
  if (isEnumType(type)) return type.getValues().map(at);
  if (isInputObjectType(type)) return Object.values(type.getFields()).map(at);
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  return Object.values(type.getFields()).flatMap((field) => [
    at(field),
    ...field.args.map((argument): Member => [`${type.name}.${field.name}(${argument.name}:)`, argument]),
  ]);
}
