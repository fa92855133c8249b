import { type FieldNode, isAbstractType, print } from "graphql";
import type { Rename } from "../../types/plan.ts";
import type { Selected } from "../route/draft.ts";
import { clashesIn } from "./clashes.ts";
import { noteVariables, type Uses } from "./variables.ts";

export interface Text {
  /** A selection set as it is sent, without spaces that nobody needs. */
  readonly text: string;
  /** Keys that stand for others in its answer. */
  readonly renames: readonly Rename[];
  readonly uses: Uses;
}

export function textOf(selected: Selected, aliasPrefix: string): Text {
  const { aliases, renames } = clashesIn(selected, aliasPrefix);
  const uses: Uses = new Map();
  const given = ({ name, arguments: args = [] }: FieldNode, { type }: Selected["place"]): string => {
    const defined = args.length > 0 && "getFields" in type ? type.getFields()[name.value]?.args : undefined;
    for (const argument of args)
      noteVariables(argument.value, defined?.find((one) => one.name === argument.name.value)?.type, uses);
    return args.length > 0 ? `(${args.map(print).join()})` : "";
  };
  const write = ({ place, as, fields, on }: Selected): string => {
    // Which type an object is of must be known where it may be of several, for the paths of later fetches and for the answer.
    const isTold = isAbstractType(place.type) && !as.isInterfaceObject && !fields.has("__typename");
    const own = [...fields].map(([key, field]) => {
      const { name } = field.node;
      const sent = aliases.get(field) ?? key;
      const alias = sent === name.value ? "" : `${sent}:`;
      return `${alias}${name.value}${given(field.node, place)}${field.below ? write(field.below) : ""}`;
    });
    const narrowed = [...on.values()].map((inner) => `...on ${inner.as.name}${write(inner)}`);
    return `{${[...(isTold ? ["__typename"] : []), ...own, ...narrowed].join(" ")}}`;
  };
  return { text: write(selected), renames, uses };
}
