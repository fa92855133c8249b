import { isAbstractType, print } from "graphql";
import type { Rename } from "../../types/plan.ts";
import type { Selected } from "../route/draft.ts";
import { clashesIn } from "./clashes.ts";

/** A selection set as it is sent, without spaces that nobody needs; and the keys that stand for others in its answer. */
export function textOf(selected: Selected, aliasPrefix: string): { text: string; renames: readonly Rename[] } {
  const { aliases, renames } = clashesIn(selected, aliasPrefix);
  const write = ({ place, as, fields, on }: Selected): string => {
    // Which type an object is of must be known where it may be of several, for the paths of later fetches and for the answer.
    const isTold = isAbstractType(place.type) && !as.isInterfaceObject && !fields.has("__typename");
    const own = [...fields].map(([key, field]) => {
      const { name, arguments: args = [] } = field.node;
      const sent = aliases.get(field) ?? key;
      const given = args.length > 0 ? `(${args.map(print).join()})` : "";
      return `${sent === name.value ? "" : `${sent}:`}${name.value}${given}${field.below ? write(field.below) : ""}`;
    });
    const narrowed = [...on.values()].map((inner) => `...on ${inner.as.name}${write(inner)}`);
    return `{${[...(isTold ? ["__typename"] : []), ...own, ...narrowed].join(" ")}}`;
  };
  return { text: write(selected), renames };
}
