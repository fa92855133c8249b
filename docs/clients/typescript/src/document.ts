/** A document with the shapes of its answer and its variables, as `npx hub kit codegen` writes it. */
export interface TypedDocument<Data, Variables> {
  /** SHA-256 of `text`, hex: by this the hub knows it, once it is registered. */
  readonly id: string;
  readonly name: string;
  readonly kind: "query" | "mutation";
  readonly text: string;
  /** Never there: it carries the types. */
  readonly shape?: (variables: Variables) => Data;
}
