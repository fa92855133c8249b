import {
  type DocumentNode,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from "graphql";

/** Every coordinate a document names, asked or skipped, with whatever values: none of them may be hidden. The document MUST fit the schema. */
export function namesIn(document: DocumentNode, schema: GraphQLSchema): ReadonlySet<string> {
  const types = new TypeInfo(schema);
  const names = new Set<string>();
  const onEachType = (member: string): void => {
    const parent = types.getParentType();
    if (!parent) return;
    const objects = isAbstractType(parent) ? schema.getPossibleTypes(parent) : [];
    for (const { name } of [parent, ...objects]) names.add(`${name}.${member}`);
  };
  const note = visitWithTypeInfo(types, {
    Field: ({ name }) => onEachType(name.value),
    Argument({ name }) {
      const field = types.getFieldDef();
      if (field && !types.getDirective()) onEachType(`${field.name}(${name.value}:)`);
    },
    ObjectField({ name }) {
      const parent = types.getParentInputType();
      if (parent) names.add(`${getNamedType(parent).name}.${name.value}`);
    },
    EnumValue({ value }) {
      const type = getNamedType(types.getInputType());
      if (isEnumType(type)) names.add(`${type.name}.${value}`);
    },
  });
  visit(document, note);
  return names;
}
