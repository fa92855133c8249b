import { createRequire } from "node:module";
import { type GraphQLResolveInfo, type GraphQLSchema, isObjectType } from "graphql";
import type { OpenedEnvelope } from "../../../schema/caller.ts";
import { Refusal } from "../../../schema/errors.ts";

// graphql-shield 7.6.5 does not load on Node ≥ 23, where `util` lost `isUndefined` (maticzav/graphql-shield#1561). It and
// graphql-middleware must come through the same module system, or it fails with "Type generator exists in middleware".
const require = createRequire(import.meta.url);
const util = require("node:util") as { isUndefined?: (value: unknown) => boolean };
util.isUndefined ??= (value) => value === undefined;
const { shield, rule, deny } = require("graphql-shield") as typeof import("graphql-shield");
const { applyMiddleware } = require("graphql-middleware") as typeof import("graphql-middleware");

interface Shielded {
  readonly envelope: OpenedEnvelope;
}
interface Representation {
  readonly __typename: string;
}

/**
 * Puts the envelope's rule on every root field, derived from the schema: what has no rule is denied. `_service` is always shut
 * and `_entities` opens only for resolvable types whose every given key field the envelope lists. Only the root types get
 * shield's promise chain; guard.ts stands on all other fields.
 */
export function shielded(schema: GraphQLSchema): GraphQLSchema {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].filter((type) => type != null);
  const tree = Object.fromEntries(
    roots.map((type) => [type.name, Object.fromEntries(Object.keys(type.getFields()).map((field) => [field, ruleOf(field)]))]),
  );
  const everything = shield(tree, {
    fallbackRule: deny,
    // Without it shield turns every error of a resolver into a denial, which hides outages.
    allowExternalErrors: true,
    fallbackError: (...[, , , , info]: [unknown, unknown, unknown, unknown, GraphQLResolveInfo]) =>
      new Refusal({ code: "FIELD_NOT_GRANTED", coordinate: `${info.parentType.name}.${info.fieldName}` }),
  } as Parameters<typeof shield>[1]).generate(schema) as Record<string, Record<string, never>>;
  return applyMiddleware(schema, Object.fromEntries(roots.map((type) => [type.name, everything[type.name] ?? {}])));
}

function ruleOf(field: string) {
  if (field === "_service") return deny;
  return field === "_entities" ? mayReadRepresentations : mayReadField;
}

type Asked = [parent: unknown, args: { representations: readonly Representation[] }, context: Shielded, info: GraphQLResolveInfo];

const mayReadField = rule("mayReadField", { cache: "no_cache" })((...[, , { envelope }, info]: Asked) =>
  envelope.mayRead(`${info.parentType.name}.${info.fieldName}`),
);

const mayReadRepresentations = rule("mayReadRepresentations", { cache: "no_cache" })(
  (...[, { representations }, { envelope }, { schema }]: Asked) =>
    representations.every(
      (given) => isResolvable(given.__typename, schema) && keysOf(given).every((key) => envelope.mayRead(key)),
    ),
);

/** Types without a reference resolver would echo whatever the caller sent. */
function isResolvable(name: unknown, schema: GraphQLSchema): boolean {
  const type = typeof name === "string" ? schema.getType(name) : undefined;
  const { apollo } = (type?.extensions ?? {}) as { apollo?: { subgraph?: { resolveReference?: unknown } } };
  return isObjectType(type) && typeof apollo?.subgraph?.resolveReference === "function";
}

function keysOf({ __typename, ...key }: Representation): string[] {
  return Object.keys(key).map((field) => `${__typename}.${field}`);
}
