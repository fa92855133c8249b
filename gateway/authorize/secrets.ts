import { type DocumentNode, type GraphQLSchema, getNamedType, Kind, TypeInfo, visit, visitWithTypeInfo } from "graphql";
import { type Failure, Refusal } from "../../schema/errors.ts";
import type { Supergraph } from "../types/supergraph.ts";

/**
 * Refuses a document that writes down what a claim about somebody holds: values of input fields that guard a lookup or a verification may come in variables
 * only, for a text of an operation is kept, cached and shared as none of the variables is. Defaults of variables are text too, whichever
 * operation sets them. The document MUST fit the view.
 */
export function refuseWrittenSecrets(
  document: DocumentNode,
  view: GraphQLSchema,
  { entries }: Pick<Supergraph, "entries">,
): void {
  const types = new TypeInfo(view);
  const preset = presetOf(document);
  const written = new Set<string>();
  const note = visitWithTypeInfo(types, {
    ObjectField({ name, value }) {
      if (value.kind === Kind.NULL || (value.kind === Kind.VARIABLE && !preset.has(value.name.value))) return;
      const type = types.getParentInputType();
      const coordinate = type ? `${getNamedType(type).name}.${name.value}` : "";
      if (entries.get(coordinate)?.guards.some(({ use }) => use === "LOOKUP" || use === "VERIFY")) written.add(coordinate);
    },
  });
  visit(document, note);
  if (written.size > 0) throw new Refusal([...written].map(failure));
}

/** The variables that have a default. */
function presetOf(document: DocumentNode): ReadonlySet<string> {
  const preset = new Set<string>();
  visit(document, {
    VariableDefinition({ variable, defaultValue }) {
      if (defaultValue) preset.add(variable.name.value);
    },
  });
  return preset;
}

const failure = (coordinate: string): Failure => ({
  code: "GRAPHQL_VALIDATION_FAILED",
  coordinate,
  detail: `"${coordinate}" takes its value from a variable only, not from the document.`,
});
