import { type DocumentNode, type GraphQLSchema, getNamedType, Kind, TypeInfo, visit, visitWithTypeInfo } from "graphql";
import type { Catalogue } from "./catalogue.ts";

/**
 * Input fields by which somebody is looked up or verified and whose value stands in the document: such values come in variables only, for the text of an
 * operation is kept, cached and shared as none of the variables is. Defaults of variables are text too, whichever operation sets them. The
 * document MUST fit the schema.
 */
export function writtenSecrets(document: DocumentNode, schema: GraphQLSchema, { entries }: Pick<Catalogue, "entries">): string[] {
  const types = new TypeInfo(schema);
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
  return [...written];
}

/** What is told of one. */
export const secretSentence = (coordinate: string): string =>
  `"${coordinate}" takes its value from a variable only, not from the document.`;

/** The variables that have a default. */
export function presetOf(document: DocumentNode): ReadonlySet<string> {
  const preset = new Set<string>();
  visit(document, {
    VariableDefinition({ variable, defaultValue }) {
      if (defaultValue) preset.add(variable.name.value);
    },
  });
  return preset;
}
