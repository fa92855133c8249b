import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  validate,
} from "graphql";
import { type Code, type Failure, Refusal } from "../../schema/errors.ts";
import type { Limits, Question, Reading, Supergraph } from "../types.ts";
import { conditionsOf } from "./conditions.ts";
import { introspectionOf } from "./introspection.ts";
import { refuseTooLarge } from "./size.ts";

const MAX_ERRORS = 5;

/** Parses, measures, chooses the operation and validates against the caller's own view, which knows nothing hidden. Once a view and document. */
export function read(question: Question, supergraph: Supergraph): Reading {
  const view = supergraph.viewOf(question.decisions.hidden);
  const key = `${[...question.decisions.hidden].join()}\0${question.operationName ?? ""}\0${question.document}`;
  const known = supergraph.readings.get(key);
  if (known) return known;
  const document = parsed(question.document, supergraph.limits);
  const operation = chosen(document, question.operationName ?? null);
  const fragments = new Map(document.definitions.filter(isFragment).map((fragment) => [fragment.name.value, fragment]));
  refuseTooLarge(document, { operation, fragments, limits: supergraph.limits });
  refuseInvalid(document, view);
  const introspection = introspectionOf(operation, fragments);
  const reading = { view, operation, fragments, conditions: conditionsOf(document), introspection };
  supergraph.readings.set(key, reading);
  return reading;
}

const isFragment = (node: { kind: string }): node is FragmentDefinitionNode => node.kind === Kind.FRAGMENT_DEFINITION;

function parsed(document: string, limits: Limits): DocumentNode {
  try {
    return parse(document, Number.isFinite(limits.tokens) ? { maxTokens: limits.tokens } : {});
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    // graphql-js tells this fault by its text alone.
    if (error.message.includes(`more that ${limits.tokens} tokens`))
      throw new Refusal({ code: "TOO_COSTLY", limit: { name: "tokens", actual: limits.tokens + 1, max: limits.tokens } });
    throw new Refusal(failure("GRAPHQL_PARSE_FAILED", error));
  }
}

function chosen(document: DocumentNode, name: string | null): OperationDefinitionNode {
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  const named = name ? operations.filter((operation) => operation.name?.value === name) : operations;
  const [operation] = named;
  const unresolved = (detail: string) => new Refusal({ code: "OPERATION_RESOLUTION_FAILURE", detail });
  if (!operation) throw unresolved(name ? "The document has no operation of that name." : "The document has no operation.");
  if (named.length > 1) throw unresolved("The document has several operations; say which by operationName.");
  if (operation.operation === "subscription") throw unresolved("Subscriptions are not served.");
  return operation;
}

function refuseInvalid(document: DocumentNode, view: GraphQLSchema): void {
  const errors = validate(view, document, specifiedRules, { maxErrors: MAX_ERRORS, hideSuggestions: true });
  if (errors.length > 0)
    throw new Refusal(errors.slice(0, MAX_ERRORS).map((error) => failure("GRAPHQL_VALIDATION_FAILED", error)));
}

const failure = (code: Code, error: GraphQLError): Failure => ({
  code,
  detail: error.message,
  ...(error.locations && { locations: error.locations }),
});
