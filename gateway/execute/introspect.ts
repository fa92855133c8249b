import { executeSync } from "graphql";
import type { Planned } from "../types.ts";

/** Questions about the schema, answered on the caller's own view of it: what is hidden does not exist. */
export function introspect({ reading, coerced }: Planned): Record<string, unknown> {
  if (!reading.introspection) return {};
  const { data } = executeSync({ schema: reading.view, document: reading.introspection, variableValues: coerced });
  return { ...data };
}
