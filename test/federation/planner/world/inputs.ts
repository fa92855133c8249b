import { Kind, type TypeNode } from "graphql";
import { inputIn, namedOf, type World } from "./world.ts";

/** An argument or an input field. */
export interface Input {
  readonly name: string;
  readonly type: TypeNode;
  readonly standard: unknown;
}

type Inputs = ReadonlyMap<string, readonly Input[]>;

/** Input objects with all fields that any subgraph knows. */
export function inputsOf({ parts }: World): Inputs {
  const inputs = new Map<string, readonly Input[]>();
  for (const { kind, name, values } of parts.flatMap(({ helpers }) => helpers))
    if (kind === "input") inputs.set(name, joinedInputs(inputs.get(name) ?? [], values));
  return inputs;
}

/** Both by name, in an order that hangs on no subgraph, with the default that any of them gives. */
export function joinedInputs(known: readonly Input[], texts: readonly string[]): Input[] {
  const joined = new Map(known.map((input) => [input.name, input]));
  for (const input of texts.map(inputIn)) {
    const before = joined.get(input.name);
    joined.set(input.name, before?.standard === undefined ? input : before);
  }
  return [...joined.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Arguments as the data read them, with every default that any subgraph knows: subgraphs may disagree whether an argument is there or has a default, and
 * must answer alike all the same.
 */
export function settled(
  defined: readonly Input[],
  given: Readonly<Record<string, unknown>>,
  inputs: Inputs,
): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const { name, type, standard } of defined) {
    const value = given[name] === undefined ? standard : given[name];
    if (value !== undefined) made[name] = within(value, type, inputs);
  }
  return made;
}

function within(value: unknown, type: TypeNode, inputs: Inputs): unknown {
  if (type.kind === Kind.NON_NULL_TYPE) return within(value, type.type, inputs);
  if (value === null) return null;
  if (type.kind === Kind.LIST_TYPE)
    return (Array.isArray(value) ? value : [value]).map((item) => within(item, type.type, inputs));
  const fields = inputs.get(namedOf(type));
  return fields ? settled(fields, value as Record<string, unknown>, inputs) : value;
}
