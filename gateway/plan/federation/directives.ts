import { type ConstDirectiveNode, type DocumentNode, type TypeDefinitionNode, valueFromASTUntyped } from "graphql";

/** Arguments of a directive as plain values; enum values are their names. */
export type DirectiveValues = Readonly<Record<string, unknown>>;

export const typesOf = (document: DocumentNode): TypeDefinitionNode[] =>
  document.definitions.filter((node): node is TypeDefinitionNode => node.kind.endsWith("TypeDefinition"));

/** Every occurrence of a directive on a definition. */
export const directivesOf = (
  node: { readonly directives?: readonly ConstDirectiveNode[] },
  name: string,
): readonly DirectiveValues[] =>
  (node.directives ?? [])
    .filter((directive) => directive.name.value === name)
    .map((directive) =>
      Object.fromEntries(
        (directive.arguments ?? []).map(({ name: { value }, value: node }) => [value, valueFromASTUntyped(node)]),
      ),
    );
