import { GraphQLError } from "graphql";
import { type Asking, type Faults, readDocument } from "./readDocument.ts";
import { type FieldUse, TooLarge, Walker } from "./walk.ts";

export interface DocumentUses {
  readonly operation: "query" | "mutation" | "subscription";
  readonly fields: readonly FieldUse[];
  /** Coordinates named anywhere, also where @skip leaves them out. */
  readonly names: ReadonlySet<string>;
}

/**
 * Everything a document touches, on every possible type: fields through interfaces, unions and fragments, arguments, input fields and enum values,
 * written, in variables or by default. What @skip and @include leave out is not asked. A document that cannot be asked comes back as sentences.
 */
export function documentUses(text: string, asking: Asking): DocumentUses | Faults {
  const read = readDocument(text, asking);
  if ("faults" in read) return read;
  const root = read.schema.getRootType(read.operation.operation);
  if (!root) return { faults: [`There is no ${read.operation.operation} here.`] };
  try {
    const walker = new Walker(read);
    const fields = walker.selections(read.operation.selectionSet.selections, { parent: root, scope: [root] }, new Set());
    return { operation: read.operation.operation, fields, names: read.names };
  } catch (error) {
    if (error instanceof GraphQLError) return { faults: ["An argument has no valid value."] };
    if (error instanceof TooLarge) return { faults: ["The document is too large to be judged."] };
    throw error;
  }
}
