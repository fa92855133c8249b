import { buildASTSchema, type ConstDirectiveNode, type DocumentNode, type GraphQLSchema, Kind, visit } from "graphql";
import { withScalars } from "../values/scalars.ts";
import { isMachinery } from "./catalogue.ts";

/** What clients see of a supergraph: no join machinery, nothing @inaccessible, no directives of ours. Works on any valid supergraph. */
export const apiSchemaOf = (supergraph: DocumentNode): GraphQLSchema =>
  withScalars(buildASTSchema(withoutUnused(apiDocumentOf(supergraph)), { assumeValid: true, assumeValidSDL: true }));

const SHOWN_DIRECTIVES = new Set(["deprecated", "specifiedBy", "oneOf"]);
type Node = { readonly name?: { readonly value: string }; readonly directives?: readonly ConstDirectiveNode[] };
const isInaccessible = (node: Node) => node.directives?.some((directive) => directive.name.value === "inaccessible") ?? false;

function apiDocumentOf(supergraph: DocumentNode): DocumentNode {
  const gone = new Set(
    supergraph.definitions
      .filter((node) => "name" in node && isInaccessible(node as Node))
      .map((node) => (node as Node).name?.value ?? ""),
  );
  const dropIfInaccessible = (node: Node) => (isInaccessible(node) ? null : undefined);
  return visit(supergraph, {
    DirectiveDefinition: () => null,
    Directive: (node) => (SHOWN_DIRECTIVES.has(node.name.value) ? undefined : null),
    enter(node) {
      const { name } = node as Node;
      const isDefinition = node.kind.endsWith("TypeDefinition");
      if (isDefinition && name && (isMachinery(name.value) || gone.has(name.value))) return null;
      if (node.kind === Kind.NAMED_TYPE && gone.has(node.name.value)) return null; // union members and implemented interfaces
      return "directives" in node ? dropIfInaccessible(node as Node) : undefined;
    },
  });
}

/** Drops enums that only the policy directives used. Everything else of the schema stays, reachable or not. */
function withoutUnused(document: DocumentNode): DocumentNode {
  const used = new Set<string>();
  visit(document, {
    NamedType: (node) => {
      used.add(node.name.value);
    },
  });
  const isUnused = (name: string) => /^Data(Class|Topic|Use)$/.test(name) && !used.has(name);
  return {
    ...document,
    definitions: document.definitions.filter((node) => node.kind !== Kind.ENUM_TYPE_DEFINITION || !isUnused(node.name.value)),
  };
}
