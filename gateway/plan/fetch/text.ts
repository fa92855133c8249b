import { type FieldNode, isAbstractType, print, type VariableNode, visit } from "graphql";
import type { Rename } from "../../types/plan.ts";
import type { Selected } from "../route/draft.ts";
import { clashesIn } from "./clashes.ts";

export interface Text {
  /** A selection set as it is sent, without spaces that nobody needs. */
  readonly text: string;
  /** Keys that stand for others in its answer. */
  readonly renames: readonly Rename[];
  /** Variables that it uses. */
  readonly variables: ReadonlySet<string>;
}

export function textOf(selected: Selected, aliasPrefix: string): Text {
  const { aliases, renames } = clashesIn(selected, aliasPrefix);
  const variables = new Set<string>();
  const note = (node: VariableNode) => void variables.add(node.name.value);
  const given = ({ arguments: args = [] }: FieldNode): string => {
    for (const argument of args) visit(argument, { Variable: note });
    return args.length > 0 ? `(${args.map(print).join()})` : "";
  };
  const write = ({ place, as, fields, on }: Selected): string => {
    // Which type an object is of must be known where it may be of several, for the paths of later fetches and for the answer.
    const isTold = isAbstractType(place.type) && !as.isInterfaceObject && !fields.has("__typename");
    const own = [...fields].map(([key, field]) => {
      const { name } = field.node;
      const sent = aliases.get(field) ?? key;
      const alias = sent === name.value ? "" : `${sent}:`;
      return `${alias}${name.value}${given(field.node)}${field.below ? write(field.below) : ""}`;
    });
    const narrowed = [...on.values()].map((inner) => `...on ${inner.as.name}${write(inner)}`);
    return `{${[...(isTold ? ["__typename"] : []), ...own, ...narrowed].join(" ")}}`;
  };
  return { text: write(selected), renames, variables };
}
