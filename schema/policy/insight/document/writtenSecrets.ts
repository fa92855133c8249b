import { type DocumentNode, type GraphQLSchema, getNamedType, Kind, TypeInfo, visit, visitWithTypeInfo } from "graphql";
import type { Catalogue } from "../../../sdl/catalogue.ts";

export interface WrittenSecrets {
  readonly schema: GraphQLSchema;
  readonly catalogue: Catalogue;
}

/** A sentence for each input by which somebody is looked up or verified and whose value stands in the document: the gateway takes it from variables only. */
export function writtenSecrets(document: DocumentNode, { schema, catalogue }: WrittenSecrets): string[] {
  const types = new TypeInfo(schema);
  const preset = new Set<string>();
  const written = new Set<string>();
  visit(document, {
    VariableDefinition({ variable, defaultValue }) {
      if (defaultValue) preset.add(variable.name.value);
    },
  });
  const note = visitWithTypeInfo(types, {
    ObjectField({ name, value }) {
      if (value.kind === Kind.NULL || (value.kind === Kind.VARIABLE && !preset.has(value.name.value))) return;
      const type = types.getParentInputType();
      const coordinate = type ? `${getNamedType(type).name}.${name.value}` : "";
      const guards = catalogue.entries.get(coordinate)?.guards ?? [];
      if (guards.some(({ use }) => use === "LOOKUP" || use === "VERIFY")) written.add(coordinate);
    },
  });
  visit(document, note);
  return [...written].map((coordinate) => `"${coordinate}" takes its value from a variable only, not from the document.`);
}
