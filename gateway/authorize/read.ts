import { hash } from "node:crypto";
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  NoFragmentCyclesRule,
  NoUnusedFragmentsRule,
  type OperationDefinitionNode,
  parse,
  print,
  specifiedRules,
  type ValidationRule,
  validate,
} from "graphql";
import { type Code, type Failure, Refusal } from "../../schema/errors.ts";
import { narrowed } from "../../schema/policy/questionLimits.ts";
import { secretSentence, writtenSecrets } from "../../schema/sdl/writtenSecrets.ts";
import type { Question } from "../types/chain.ts";
import type { Reading, WrittenSize } from "../types/document.ts";
import type { Limits, Supergraph } from "../types/supergraph.ts";
import { conditionsOf } from "./conditions.ts";
import { introspectionOf } from "./introspection.ts";
import { refuseRepetitive, refuseTooLarge } from "./size.ts";
import { placesOf } from "./variables.ts";

const MAX_ERRORS = 5;

/**
 * Parses, measures, chooses the operation and validates against the caller's own view, which knows nothing hidden. Once a view and
 * document. What is kept is parsed again without locations: one location keeps every token of its document alive, comments too.
 */
export function read(question: Question, supergraph: Supergraph): Reading {
  const view = supergraph.viewOf(question.decisions.hidden);
  const hidden = [...question.decisions.hidden].sort();
  const key = hash("sha256", JSON.stringify([hidden, question.operationName, question.document]), "base64url");
  const known = supergraph.readings.get(key);
  if (known) return known;
  const { located, size } = refuseUnfit(question, view, narrowed(supergraph.limits, question.ceilings));
  const document = parse(question.document, { noLocation: true });
  refuseWrittenSecrets(document, view, supergraph);
  const operation = chosen(document, question.operationName ?? null);
  const fragments = fragmentsOf(document);
  const about = introspectionOf(operation, fragments);
  const introspection = about && { ...about, key, known: supergraph.introspections };
  const variablePlaces = placesOf(located);
  const reading = { view, operation, fragments, conditions: conditionsOf(document), introspection, variablePlaces, size };
  supergraph.readings.set(key, reading, question.document.length);
  return reading;
}

/** What is too large is refused before validation, which compares what repeats pair by pair. Returns the operation with its locations. */
function refuseUnfit(question: Question, view: GraphQLSchema, limits: Limits): Fit {
  const document = parsed(question.document, limits);
  const operation = chosen(document, question.operationName ?? null);
  const measured = { operation, fragments: fragmentsOf(document), limits };
  const size = refuseTooLarge(document, measured);
  refuseInvalid(document, view, [NoFragmentCyclesRule, NoUnusedFragmentsRule]);
  refuseRepetitive(document, measured);
  refuseInvalid(document, view, specifiedRules);
  return { located: operation, size };
}

interface Fit {
  readonly located: OperationDefinitionNode;
  readonly size: WrittenSize;
}

const fragmentsOf = ({ definitions }: DocumentNode) =>
  new Map(definitions.filter(isFragment).map((fragment) => [fragment.name.value, fragment]));

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

const unresolved = (detail: string) => new Refusal({ code: "OPERATION_RESOLUTION_FAILURE", detail });
export const noSuchOperation = () => unresolved("The document has no operation of that name.");

function chosen(document: DocumentNode, name: string | null): OperationDefinitionNode {
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  const named = name ? operations.filter((operation) => operation.name?.value === name) : operations;
  const [operation] = named;
  if (!operation) throw name ? noSuchOperation() : unresolved("The document has no operation.");
  if (named.length > 1) throw unresolved("The document has several operations; say which by operationName.");
  if (operation.operation === "subscription") throw unresolved("Subscriptions are not served.");
  return operation;
}

function refuseInvalid(document: DocumentNode, view: GraphQLSchema, rules: readonly ValidationRule[]): void {
  const errors = validate(view, document, rules, { maxErrors: MAX_ERRORS, hideSuggestions: true });
  if (errors.length > 0)
    throw new Refusal(errors.slice(0, MAX_ERRORS).map((error) => failure("GRAPHQL_VALIDATION_FAILED", error)));
}

const failure = (code: Code, error: GraphQLError): Failure => ({
  code,
  detail: withoutValues(error),
  ...(error.locations && { locations: error.locations }),
});

/** Literals of a document are somebody's values as often as names of the schema: told is where they stand. */
function withoutValues({ message, nodes = [] }: GraphQLError): string {
  const told = nodes.filter(({ kind }) => VALUES.has(kind)).reduce((text, node) => text.replaceAll(print(node), "…"), message);
  return told.replace(/\b(Int|Float|String|BlockString|Comment) ".*"/s, "$1");
}
const VALUES: ReadonlySet<Kind> = new Set([Kind.INT, Kind.FLOAT, Kind.STRING, Kind.LIST, Kind.OBJECT]);

/** Refuses a document that writes down what a claim about somebody holds (schema/sdl/writtenSecrets.ts). The document MUST fit the view. */
function refuseWrittenSecrets(document: DocumentNode, view: GraphQLSchema, catalogue: Pick<Supergraph, "entries">): void {
  const written = writtenSecrets(document, view, catalogue);
  if (written.length > 0) throw new Refusal(written.map(secretIn));
}

const secretIn = (coordinate: string): Failure => ({
  code: "GRAPHQL_VALIDATION_FAILED",
  coordinate,
  detail: secretSentence(coordinate),
});
