import type {
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionNode,
} from "graphql";
import type { Failure } from "../../schema/errors.ts";
import type { RowRule } from "../../schema/policy/masks.ts";

/** Bounded, least recently used first out; `bytes` is the text an entry stands for. MUST NOT hold anything of one caller. */
export type Cache<Value> = { get(key: string): Value | undefined; set(key: string, value: Value, bytes: number): void };

/** A document that parsed, fits the caller's view and is within the limits, without locations. Shared by all with that view. */
export interface Reading {
  readonly view: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Own @skip and @include of each selection that has any; null: a literal says that it never shows. */
  readonly conditions: ReadonlyMap<SelectionNode, readonly { readonly variable: string; readonly shownWhen: boolean }[] | null>;
  readonly introspection: Introspection | null;
  readonly variablePlaces: ReadonlyMap<string, { readonly line: number; readonly column: number }>;
  /** What its text comes to, by the names of the limits it is held to. */
  readonly size: WrittenSize;
}

export type WrittenSize = Readonly<Record<"tokens" | "depth" | "aliases" | "directives" | "rootFields" | "responseKeys", number>>;

/** The part of a document about the schema itself, and what was answered before; `key` names view and document. */
export interface Introspection {
  readonly document: DocumentNode;
  /** The key in the answer to it of each field about the schema, wherever that stands. */
  readonly keys: ReadonlyMap<FieldNode, string>;
  readonly key: string;
  readonly known: Cache<Readonly<Record<string, unknown>>>;
}

/** A field as one object type carries it, in one place of a document. */
export interface Occurrence {
  readonly type: string;
  readonly node: FieldNode;
}

/** A reading under one policy class, with a rewrite for each combination of what variables decide. Shared by callers of that class. */
export interface Judgement {
  readonly reading: Reading;
  /** Variables of @skip and @include. */
  readonly deciding: readonly string[];
  readonly rewrites: Map<string, Rewrite>;
}

/** What is left of a reading once everything denied or left out is gone, and what became of the rest. */
export interface Rewrite {
  /** Documents to plan, free of client aliases and conditions: one for a query, one a root field for a mutation; none to fetch nothing. */
  readonly documents: readonly string[];
  /** The key in the fetched tree of each client alias; other keys are the same on both sides. */
  readonly aliases: ReadonlyMap<string, string>;
  /** Selections that @skip and @include leave out. */
  readonly excluded: ReadonlySet<SelectionNode>;
  /** Output coordinates asked for and open. */
  readonly asked: ReadonlySet<string>;
  /** One a coordinate, and the same coordinates sorted. */
  readonly denials: readonly Failure[];
  readonly denied: readonly string[];
  /** Coordinates that are masked in all rows, or may be in some; those only in some. Static: not whether any row of this answer was. */
  readonly transformed: readonly string[];
  readonly inSomeRows: readonly string[];
  /** Object types on which a field is closed; on which it is open only through a transform, with its kind. */
  readonly closed: ReadonlyMap<FieldNode, ReadonlySet<string>>;
  readonly masked: ReadonlyMap<FieldNode, ReadonlyMap<string, string>>;
  /** Object types on which some rows are treated more strictly, with the rules. */
  readonly rowRules: ReadonlyMap<FieldNode, ReadonlyMap<string, readonly RowRule[]>>;
  /** Fields whose arguments hang on variables: judged again for each request. */
  readonly variable: readonly Occurrence[];
  /** Open fields with arguments by which somebody may be looked up. */
  readonly looking: readonly Occurrence[];
}
