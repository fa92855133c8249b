import {
  type ASTVisitor,
  type DocumentNode,
  type GraphQLInputType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputType,
  isListType,
  isNonNullType,
  isScalarType,
  type OperationDefinitionNode,
  TypeInfo,
  typeFromAST,
  valueFromASTUntyped,
  visit,
  visitWithTypeInfo,
} from "graphql";
import type { CatalogueEntry } from "../../../schema/sdl/catalogue.ts";
import type { Supergraph } from "../../types/supergraph.ts";

/** A variable of a document, as the parameter of an address. */
export interface Parameter {
  readonly name: string;
  readonly type: GraphQLInputType;
  readonly isRequired: boolean;
  /** As JSON; undefined: none. */
  readonly byDefault: unknown;
  /** Of the first argument it stands in. */
  readonly description: string;
  /** It may stand in an address. */
  readonly byGet: boolean;
}

type Guard = CatalogueEntry["guards"][number];

/** Variables of an operation that fits the schema, in its order. */
export function parametersIn(document: DocumentNode, operation: OperationDefinitionNode, supergraph: Supergraph): Parameter[] {
  const places = placesIn(document, supergraph);
  return (operation.variableDefinitions ?? []).flatMap(({ variable, type: node, defaultValue }) => {
    const name = variable.name.value;
    const type = typeFromAST(supergraph.api, node);
    if (!isInputType(type)) return [];
    const found = places.get(name) ?? { coordinates: [], description: "" };
    const guards = found.coordinates.flatMap((coordinate) => supergraph.entries.get(coordinate)?.guards ?? []);
    return [
      {
        ...{ name, type, description: found.description },
        isRequired: isNonNullType(type) && defaultValue === undefined,
        byDefault: defaultValue && valueFromASTUntyped(defaultValue),
        byGet: isFlat(type) && !guards.some((guard) => isPrivate(guard, supergraph)),
      },
    ];
  });
}

/** A value, or a list of values: what a query string can say. */
function isFlat(type: GraphQLInputType): boolean {
  const inner = getNullableType(type);
  const item = isListType(inner) ? getNullableType(inner.ofType) : inner;
  return isScalarType(item) || isEnumType(item);
}

/**
 * What must not stand in an address, which ends in every proxy's log: an identifier somebody is looked up by, what is held against one, and a value
 * of a specific field. The first is refused again where every GET is (gateway/authorize), whatever is said here.
 */
const isPrivate = ({ field, use }: Guard, { entries }: Supergraph): boolean =>
  use === "LOOKUP" ||
  use === "VERIFY" ||
  (entries.get(field)?.classes ?? []).some((one) => one.class === "SPECIFIC" || one.class === "ADMINDUK_84");

interface Found {
  readonly coordinates: readonly string[];
  readonly description: string;
}

/** The arguments and input fields each variable stands in, or below. */
function placesIn(document: DocumentNode, { api }: Supergraph): ReadonlyMap<string, Found> {
  const places = new Map<string, Found>();
  const info = new TypeInfo(api);
  const above: { readonly coordinate: string; readonly description: string }[] = [];
  const leave = () => void above.pop();
  const visitor: ASTVisitor = {
    VariableDefinition: () => false,
    Argument: {
      enter: (node) => {
        const [parent, field, argument] = [info.getParentType(), info.getFieldDef(), info.getArgument()];
        const coordinate = info.getDirective() ? "" : `${parent?.name}.${field?.name}(${node.name.value}:)`;
        above.push({ coordinate, description: argument?.description ?? "" });
      },
      leave,
    },
    ObjectField: {
      enter: (node) => {
        const parent = getNamedType(info.getParentInputType());
        const field = parent && "getFields" in parent ? parent.getFields()[node.name.value] : undefined;
        above.push({ coordinate: `${parent?.name}.${node.name.value}`, description: field?.description ?? "" });
      },
      leave,
    },
    Variable: ({ name }) => {
      const known = places.get(name.value);
      const coordinates = [...(known?.coordinates ?? []), ...above.map(({ coordinate }) => coordinate)];
      places.set(name.value, { coordinates, description: known?.description ?? above.at(-1)?.description ?? "" });
    },
  };
  visit(document, visitWithTypeInfo(info, visitor));
  return places;
}
