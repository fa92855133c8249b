import type { Rename } from "../../types/plan.ts";
import type { Selected } from "../route/draft.ts";

type Field = Selected["fields"] extends Map<string, infer F> ? F : never;

interface Clashes {
  /** Keys under which fields are sent in place of their own. */
  readonly aliases: Map<Field, string>;
  /** Nested ones first, by paths as they are sent. */
  readonly renames: Rename[];
}

/**
 * Fields of which two types of one subgraph disagree in nullability or lists: selected side by side under one key, the subgraph would refuse them
 * (GraphQL §5.3.2), although they agree in the supergraph.
 */
export function clashesIn(selected: Selected, aliasPrefix: string): Clashes {
  const clashes: Clashes = { aliases: new Map(), renames: [] };
  if (selected.fields.size > 0 || selected.on.size > 0) walk([selected], [], { clashes, aliasPrefix });
  return clashes;
}

interface Walk {
  readonly clashes: Clashes;
  readonly aliasPrefix: string;
}

function walk(sets: readonly Selected[], path: readonly string[], into: Walk): void {
  for (const [key, fields] of fieldsOf(sets)) {
    const [first, ...others] = new Set(fields.map(shapeOf));
    walkAlike({ fields, shape: first ?? "", sent: key }, path, into);
    for (const shape of others) {
      const sent = `${into.aliasPrefix}as${into.clashes.aliases.size}`;
      for (const field of fields) if (shapeOf(field) === shape) into.clashes.aliases.set(field, sent);
      walkAlike({ fields, shape, sent }, path, into);
      into.clashes.renames.push({ path: [...path, sent], to: key });
    }
  }
}

interface Alike {
  readonly fields: readonly Field[];
  readonly shape: string;
  readonly sent: string;
}

function walkAlike({ fields, shape, sent }: Alike, path: readonly string[], into: Walk): void {
  const below = fields.flatMap((field) => (field.below && shapeOf(field) === shape ? [field.below] : []));
  if (below.length > 0) walk(below, [...path, sent], into);
}

/** All fields of an object by key, whatever its type. */
function fieldsOf(sets: readonly Selected[]): Map<string, Field[]> {
  const found = new Map<string, Field[]>();
  const collect = ({ fields, on }: Selected): void => {
    for (const [key, field] of fields) {
      const known = found.get(key);
      if (known) known.push(field);
      else found.set(key, [field]);
    }
    for (const inner of on.values()) collect(inner);
  };
  for (const set of sets) collect(set);
  return found;
}

/** Of an object only how it is wrapped counts. */
const shapeOf = ({ known, below }: Field): string => (below ? known.type.replace(/\w+/, "{}") : known.type);
