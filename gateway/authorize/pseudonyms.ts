import {
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isInputObjectType,
  isListType,
  Kind,
  TypeInfo,
  type ValueNode,
  visit,
  visitWithTypeInfo,
} from "graphql";
import { type Failure, Refusal } from "../../schema/errors.ts";
import { presetOf } from "../../schema/sdl/writtenSecrets.ts";
import type { Permitted } from "../types/chain.ts";
import type { Rewrite } from "../types/document.ts";
import type { Decisions } from "../types/policy.ts";
import type { Supergraph } from "../types/supergraph.ts";

/** Where a question gives pseudonyms: an id that the agreement shows as one is looked up by one. */
interface PseudonymPlaces {
  /** Variables that hold nothing else. */
  readonly ids: ReadonlySet<string>;
  /** Variables of input objects, with their types: there may be some inside. */
  readonly objects: ReadonlyMap<string, GraphQLInputType>;
  /** Whether this argument or input field takes one. */
  takes(coordinate: string): boolean;
}

const known = new WeakMap<Rewrite, PseudonymPlaces | Refusal>();

/**
 * The places of a document under one policy class. Throws a Refusal (BAD_USER_INPUT) for a pseudonym that stands in the document, also as a
 * default, and for a variable of one that stands elsewhere too: its plain id might come back from there.
 */
export function pseudonymPlaces({ reading, rewrite, decisions }: Permitted, { entries }: Supergraph): PseudonymPlaces {
  const definitions = [reading.operation, ...reading.fragments.values()];
  const found = known.get(rewrite) ?? foundPlaces({ kind: Kind.DOCUMENT, definitions }, reading.view, { entries, decisions });
  known.set(rewrite, found);
  if (found instanceof Refusal) throw found;
  return found;
}

function foundPlaces(
  document: DocumentNode,
  view: GraphQLSchema,
  { entries, decisions }: Pick<Supergraph, "entries"> & { readonly decisions: Decisions },
): PseudonymPlaces | Refusal {
  const takes = (coordinate: string): boolean =>
    decisions.verdict(coordinate).effect !== "deny" &&
    (entries.get(coordinate)?.guards ?? []).some(({ use, field }) => use === "LOOKUP" && isPseudonymised(field, decisions));
  const types = new TypeInfo(view);
  const ids = new Set<string>();
  const others = new Set<string>();
  const written = new Set<string>();
  const objects = new Map<string, GraphQLInputType>();
  const noteVariable = (name: string, coordinate: string): void => {
    const type = types.getInputType();
    if (takes(coordinate)) ids.add(name);
    else if (type && isInputObjectType(getNamedType(type))) objects.set(name, type);
    else others.add(name);
  };
  const note = (coordinate: string, given: ValueNode): void => {
    for (const value of itemsOf(given))
      if (value.kind === Kind.VARIABLE) noteVariable(value.name.value, coordinate);
      else if (value.kind !== Kind.NULL && takes(coordinate)) written.add(coordinate);
  };
  visit(
    document,
    visitWithTypeInfo(types, {
      Argument({ name, value }) {
        for (const carrier of carriersOf(types, view)) note(`${carrier}(${name.value}:)`, value);
      },
      ObjectField({ name, value }) {
        const type = types.getParentInputType();
        note(type ? `${getNamedType(type).name}.${name.value}` : "", value);
      },
    }),
  );
  const preset = presetOf(document);
  const bound = [...ids].filter((name) => preset.has(name) || others.has(name));
  if (written.size + bound.length === 0) return { ids, objects, takes };
  return new Refusal([...[...written].map(inText), ...bound.map(notAlone)]);
}

const itemsOf = (value: ValueNode): readonly ValueNode[] => (value.kind === Kind.LIST ? value.values.flatMap(itemsOf) : [value]);

/** Coordinates of the field (on an interface: of each of its types) or directive whose argument the visit is in. */
function carriersOf(types: TypeInfo, view: GraphQLSchema): string[] {
  const directive = types.getDirective();
  const [parent, field] = [types.getParentType(), types.getFieldDef()];
  if (directive || !parent || !field) return [`@${directive?.name}`];
  const objects = isAbstractType(parent) ? view.getPossibleTypes(parent) : [parent];
  return objects.map(({ name }) => `${name}.${field.name}`);
}

function isPseudonymised(field: string, decisions: Decisions): boolean {
  const verdict = decisions.verdict(field);
  return verdict.effect === "transform" && verdict.kind === "pseudonym";
}

const inText = (coordinate: string): Failure => ({
  code: "BAD_USER_INPUT",
  coordinate,
  detail: `"${coordinate}" takes a pseudonym, and that from a variable only, not from the document.`,
});

const notAlone = (name: string): Failure => ({
  code: "BAD_USER_INPUT",
  detail: `Variable "$${name}" holds a pseudonym, so it can have no default and stand nowhere else.`,
});

type Change = (pseudonym: string) => string;

/** The variables with pseudonyms, each of them changed. */
export function withEach({ coerced }: Permitted, places: PseudonymPlaces, change: Change): Record<string, unknown> {
  const changed: Record<string, unknown> = {};
  for (const name of places.ids) if (name in coerced) changed[name] = inTexts(coerced[name], change);
  for (const [name, type] of places.objects)
    if (name in coerced) changed[name] = inObjects(coerced[name], type, { places, change });
  return changed;
}

const inTexts = (value: unknown, change: Change): unknown =>
  Array.isArray(value) ? value.map((item) => inTexts(item, change)) : value == null ? value : change(String(value));

function inObjects(
  value: unknown,
  type: GraphQLInputType,
  by: { readonly places: PseudonymPlaces; readonly change: Change },
): unknown {
  const inner = getNullableType(type);
  if (value == null) return value;
  if (isListType(inner)) return (value as readonly unknown[]).map((item) => inObjects(item, inner.ofType, by));
  if (!isInputObjectType(inner)) return value;
  const fields = inner.getFields();
  return Object.fromEntries(
    Object.entries(value).map(([name, own]) => {
      const field = fields[name];
      if (by.places.takes(`${inner.name}.${name}`)) return [name, inTexts(own, by.change)];
      return [name, field ? inObjects(own, field.type, by) : own];
    }),
  );
}
