/** BREAKING: a question that was right is refused or answered otherwise. DANGEROUS: right still, and may surprise. SAFE: neither. */
export const SEVERITIES = ["BREAKING", "DANGEROUS", "SAFE"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What may happen to a schema, and how bad that is for who asks. The shapes are those of graphql-js, the rest is ours. */
export const KINDS = {
  TYPE_REMOVED: "BREAKING",
  TYPE_KIND_CHANGED: "BREAKING",
  FIELD_REMOVED: "BREAKING",
  FIELD_TYPE_CHANGED: "BREAKING",
  ARGUMENT_REMOVED: "BREAKING",
  ARGUMENT_TYPE_CHANGED: "BREAKING",
  ARGUMENT_NEEDED: "BREAKING",
  INPUT_FIELD_REMOVED: "BREAKING",
  INPUT_FIELD_TYPE_CHANGED: "BREAKING",
  INPUT_FIELD_NEEDED: "BREAKING",
  VALUE_REMOVED: "BREAKING",
  MEMBER_REMOVED: "BREAKING",
  INTERFACE_REMOVED: "BREAKING",
  CLASS_RAISED: "BREAKING",
  MAY_BE_NULL: "BREAKING",
  GUARD_ADDED: "BREAKING",
  SIBLING_REMOVED: "BREAKING",
  ARGUMENT_ADDED: "DANGEROUS",
  DEFAULT_CHANGED: "DANGEROUS",
  INPUT_FIELD_ADDED: "DANGEROUS",
  VALUE_ADDED: "DANGEROUS",
  MEMBER_ADDED: "DANGEROUS",
  INTERFACE_ADDED: "DANGEROUS",
  CLASS_LOWERED: "DANGEROUS",
  CONTROLLER_CHANGED: "DANGEROUS",
  COUNTED: "DANGEROUS",
  SEALED: "DANGEROUS",
  SUBJECT_ADDED: "DANGEROUS",
  DEPRECATED_WITHOUT_DAY: "DANGEROUS",
  DEPRECATED: "SAFE",
  DEPRECATION_TAKEN_BACK: "SAFE",
  TYPE_ADDED: "SAFE",
  FIELD_ADDED: "SAFE",
  NEVER_NULL: "SAFE",
  GUARD_REMOVED: "SAFE",
} as const satisfies Record<string, Severity>;
export type Kind = keyof typeof KINDS;

/** Two texts of one meaning. */
export interface Words {
  readonly id: string;
  readonly en: string;
}
