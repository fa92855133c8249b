import { hash } from "node:crypto";
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  validate,
  visit,
} from "graphql";
import { Refused } from "../../remote/faults.ts";

/** An operation with the fragments it needs, as it is registered. */
export interface Operation {
  readonly name: string;
  readonly kind: "query" | "mutation";
  readonly node: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly text: string;
  /** SHA-256 of the text, hex. */
  readonly id: string;
}

/** Operations of the files, by name; fragments are shared between files. Throws Refused. */
export function operationsIn(files: readonly (readonly [path: string, text: string])[], schema: GraphQLSchema): Operation[] {
  const documents = files.map(([path, text]) => parsed(path, text));
  const definitions = documents.flatMap(({ definitions }) => definitions);
  const fragments = new Map(
    definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION).map((node) => [node.name.value, node]),
  );
  const nodes = definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  const operations = nodes.map((node) => operationOf(node, fragments));
  const names = operations.map(({ name }) => name);
  const faults = [
    ...(operations.length === 0 ? ["there is no operation in these files"] : []),
    ...[...new Set(names)]
      .filter((name) => names.indexOf(name) !== names.lastIndexOf(name))
      .map((name) => `two operations are named ${name}`),
    ...operations.flatMap((operation) => faultsOf(operation, schema)),
  ];
  if (faults.length > 0) throw new Refused(faults.join("\n"));
  return operations.sort((one, other) => (one.name < other.name ? -1 : 1));
}

function parsed(path: string, text: string): DocumentNode {
  try {
    return parse(text, { noLocation: true });
  } catch (error) {
    throw new Refused(`${path}: ${(error as Error).message}`);
  }
}

function operationOf(node: OperationDefinitionNode, all: ReadonlyMap<string, FragmentDefinitionNode>): Operation {
  if (node.name === undefined) throw new Refused("every operation needs a name: types are named after it");
  if (node.operation === "subscription") throw new Refused(`${node.name.value}: the hub has no subscriptions`);
  const fragments = new Map<string, FragmentDefinitionNode>();
  const follow = (within: OperationDefinitionNode | FragmentDefinitionNode): void => {
    visit(within, {
      FragmentSpread({ name: { value } }) {
        const fragment = all.get(value);
        if (fragment === undefined || fragments.has(value)) return;
        fragments.set(value, fragment);
        follow(fragment);
      },
    });
  };
  follow(node);
  const text = print({ kind: Kind.DOCUMENT, definitions: [node, ...fragments.values()] });
  return { name: node.name.value, kind: node.operation, node, fragments, text, id: hash("sha256", text) };
}

const faultsOf = ({ name, node, fragments }: Operation, schema: GraphQLSchema): string[] =>
  validate(schema, { kind: Kind.DOCUMENT, definitions: [node, ...fragments.values()] }).map(
    ({ message }) => `${name}: ${message}`,
  );
