import {
  type GraphQLArgument,
  type GraphQLEnumType,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type GraphQLUnionType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  isUnionType,
} from "graphql";
import { type Change, change } from "./change.ts";
import { goneAs } from "./deprecations.ts";
import { isSafeInput, isSafeOutput, printed } from "./types.ts";

/** What changed in the shape of a schema: the rules of graphql-js (findBreakingChanges, findDangerousChanges), each with its coordinate. */
export function shapeChanges(old: GraphQLSchema, fresh: GraphQLSchema): Change[] {
  const isOurs = ({ name }: GraphQLNamedType) => !name.startsWith("__");
  const [before, after] = [old, fresh].map((schema) => Object.values(schema.getTypeMap()).filter(isOurs)) as [
    GraphQLNamedType[],
    GraphQLNamedType[],
  ];
  const { gone, come, both } = matched(before, after);
  return [
    ...gone.map(({ name }) => change("TYPE_REMOVED", name)),
    ...come.map(({ name }) => change("TYPE_ADDED", name)),
    ...both.flatMap(([from, to]) => typeChanges(from, to)),
  ];
}

interface Named {
  readonly name: string;
}

function matched<Item extends Named>(before: readonly Item[], after: readonly Item[]) {
  const [known, there] = [new Map(before.map((one) => [one.name, one])), new Map(after.map((one) => [one.name, one]))];
  return {
    gone: before.filter(({ name }) => !there.has(name)),
    come: after.filter(({ name }) => !known.has(name)),
    both: after.flatMap((one) => {
      const own = known.get(one.name);
      return own === undefined ? [] : [[own, one] as const];
    }),
  };
}

type Composite = GraphQLObjectType | GraphQLInterfaceType;
const isComposite = (type: GraphQLNamedType): type is Composite => isObjectType(type) || isInterfaceType(type);
const wordOf = (type: GraphQLNamedType): string => type.constructor.name.replace(/^GraphQL(\w+?)(?:Type)?$/, "$1").toLowerCase();

function typeChanges(from: GraphQLNamedType, to: GraphQLNamedType): Change[] {
  if (from.constructor !== to.constructor)
    return [change("TYPE_KIND_CHANGED", to.name, { before: wordOf(from), after: wordOf(to) })];
  if (isComposite(from) && isComposite(to)) return [...fieldsChanges(from, to), ...interfaceChanges(from, to)];
  if (isEnumType(from) && isEnumType(to)) return valueChanges(from, to);
  if (isInputObjectType(from) && isInputObjectType(to)) return inputChanges(from, to);
  return isUnionType(from) && isUnionType(to) ? memberChanges(from, to) : [];
}

type Field = GraphQLField<unknown, unknown>;

function fieldsChanges(from: Composite, to: Composite): Change[] {
  const { gone, come, both } = matched<Field>(Object.values(from.getFields()), Object.values(to.getFields()));
  const at = ({ name }: Named) => `${to.name}.${name}`;
  return [
    ...gone.map((field) => change("FIELD_REMOVED", at(field), goneAs(field))),
    ...come.map((field) => change("FIELD_ADDED", at(field))),
    ...both.flatMap(([old, fresh]) => [...outputChange(at(fresh), old, fresh), ...argumentChanges(at(fresh), old, fresh)]),
  ];
}

function outputChange(coordinate: string, old: Field, fresh: Field): Change[] {
  const said = printed(old, fresh);
  if (said.before === said.after) return [];
  return [change(isSafeOutput(old.type, fresh.type) ? "NEVER_NULL" : "FIELD_TYPE_CHANGED", coordinate, said)];
}

function argumentChanges(field: string, old: Field, fresh: Field): Change[] {
  const { gone, come, both } = matched<GraphQLArgument>(old.args, fresh.args);
  const at = ({ name }: Named) => `${field}(${name}:)`;
  return [
    ...gone.map((argument) => change("ARGUMENT_REMOVED", at(argument), goneAs(argument))),
    ...come.map((argument) => change(isRequiredArgument(argument) ? "ARGUMENT_NEEDED" : "ARGUMENT_ADDED", at(argument))),
    ...both.flatMap(([from, to]) => givenChanges("ARGUMENT_TYPE_CHANGED", { coordinate: at(to), from, to })),
  ];
}

interface Given {
  readonly coordinate: string;
  readonly from: GraphQLArgument | GraphQLInputField;
  readonly to: GraphQLArgument | GraphQLInputField;
}

function givenChanges(kind: "ARGUMENT_TYPE_CHANGED" | "INPUT_FIELD_TYPE_CHANGED", { coordinate, from, to }: Given): Change[] {
  if (!isSafeInput(from.type, to.type)) return [change(kind, coordinate, printed(from, to))];
  const [before, after] = [from, to].map(({ defaultValue }) =>
    defaultValue === undefined ? "none" : JSON.stringify(defaultValue),
  );
  if (before === undefined || after === undefined || before === after || before === "none") return [];
  return [change("DEFAULT_CHANGED", coordinate, { before, after })];
}

function inputChanges(from: GraphQLInputObjectType, to: GraphQLInputObjectType): Change[] {
  const { gone, come, both } = matched<GraphQLInputField>(Object.values(from.getFields()), Object.values(to.getFields()));
  const at = ({ name }: Named) => `${to.name}.${name}`;
  return [
    ...gone.map((field) => change("INPUT_FIELD_REMOVED", at(field), goneAs(field))),
    ...come.map((field) => change(isRequiredInputField(field) ? "INPUT_FIELD_NEEDED" : "INPUT_FIELD_ADDED", at(field))),
    ...both.flatMap(([old, fresh]) => givenChanges("INPUT_FIELD_TYPE_CHANGED", { coordinate: at(fresh), from: old, to: fresh })),
  ];
}

function valueChanges(from: GraphQLEnumType, to: GraphQLEnumType): Change[] {
  const { gone, come } = matched(from.getValues(), to.getValues());
  return [
    ...gone.map((value) => change("VALUE_REMOVED", `${to.name}.${value.name}`, goneAs(value))),
    ...come.map(({ name }) => change("VALUE_ADDED", `${to.name}.${name}`)),
  ];
}

function memberChanges(from: GraphQLUnionType, to: GraphQLUnionType): Change[] {
  const { gone, come } = matched(from.getTypes(), to.getTypes());
  return [
    ...gone.map(({ name: before }) => change("MEMBER_REMOVED", to.name, { before })),
    ...come.map(({ name: after }) => change("MEMBER_ADDED", to.name, { after })),
  ];
}

function interfaceChanges(from: Composite, to: Composite): Change[] {
  const { gone, come } = matched(from.getInterfaces(), to.getInterfaces());
  return [
    ...gone.map(({ name: before }) => change("INTERFACE_REMOVED", to.name, { before })),
    ...come.map(({ name: after }) => change("INTERFACE_ADDED", to.name, { after })),
  ];
}
