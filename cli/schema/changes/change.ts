import { KINDS, type Kind, type Severity, type Words } from "./kinds.ts";
import { sentence } from "./words.ts";

/** Additions nobody has to be told of to go on as before. */
const QUIET: ReadonlySet<Kind> = new Set<Kind>(["TYPE_ADDED", "FIELD_ADDED", "NEVER_NULL", "GUARD_REMOVED"]);

export interface Change {
  readonly kind: Kind;
  readonly severity: Severity;
  /** Schema coordinate: `Type`, `Type.member` or `Type.field(argument:)`. */
  readonly coordinate: string;
  readonly words: Words;
}

/** `before`, `after`: what stood there and what stands there, where the kind has such. */
export const change = (
  kind: Kind,
  coordinate: string,
  said: { readonly before?: string; readonly after?: string } = {},
): Change => ({
  kind,
  severity: KINDS[kind],
  coordinate,
  words: sentence(kind, { coordinate, before: said.before ?? "", after: said.after ?? "" }),
});

/** Whether those whom it touches must hear of it. */
export const isNews = ({ kind }: Change): boolean => !QUIET.has(kind);

/** `Type` of a coordinate, and `Type.field` of an argument's. */
export const typeOf = (coordinate: string): string => coordinate.split(".")[0] ?? coordinate;
export const fieldOf = (coordinate: string): string => coordinate.split("(")[0] ?? coordinate;
