import { type FieldNode, Kind, type SelectionNode } from "graphql";
import type { Planned } from "../types/chain.ts";
import type { Reading, Rewrite } from "../types/document.ts";
import type { Rename } from "../types/plan.ts";

export type Path = readonly (string | number)[];

/**
 * Client keys for a path of the fetched tree: the plan's renames and our aliases undone, cut where the client asked for nothing
 * (a key that only the plan needed).
 */
export function createClientPaths({ reading, rewrite }: Planned): (path: Path, renames: readonly Rename[]) => Path {
  const ourKey = ({ alias, name }: FieldNode) =>
    alias && alias.value !== name.value ? rewrite.aliases.get(alias.value) : name.value;
  return (path, renames) => {
    const renamed = new Map(renames.map(({ path: sent, to }) => [sent.at(-1), to]));
    const found: (string | number)[] = [];
    let selections: readonly SelectionNode[] = reading.operation.selectionSet.selections;
    for (const part of path) {
      if (typeof part === "number") {
        found.push(part);
        continue;
      }
      const ours = renamed.get(part) ?? part;
      const asked = fieldsIn(selections, reading, rewrite).filter((node) => ourKey(node) === ours);
      const [first] = asked;
      if (!first) break;
      selections = asked.flatMap((node) => node.selectionSet?.selections ?? []);
      found.push((first.alias ?? first.name).value);
    }
    return found;
  };
}

/** Fields of these selections on any type, each fragment once. */
function fieldsIn(selections: readonly SelectionNode[], reading: Reading, { excluded }: Rewrite): FieldNode[] {
  // Grows while it is walked; a set meets each node once.
  const nodes = new Set(selections);
  for (const node of nodes) if (!excluded.has(node)) for (const below of spreadBy(node, reading)) nodes.add(below);
  return [...nodes].filter((node) => node.kind === Kind.FIELD && !excluded.has(node)) as FieldNode[];
}

function spreadBy(node: SelectionNode, { fragments }: Reading): readonly SelectionNode[] {
  if (node.kind === Kind.FIELD) return [];
  const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value);
  return fragment?.selectionSet.selections ?? [];
}
