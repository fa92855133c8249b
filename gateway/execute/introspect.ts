import { hash } from "node:crypto";
import { executeSync, Kind } from "graphql";
import type { Planned } from "../types/chain.ts";
import type { Introspection } from "../types/document.ts";

/**
 * Questions about the schema, answered on the caller's own view of it: what is hidden does not exist. The whole schema takes some
 * 90 ms, so it is asked once a view, document and variables.
 */
export function introspect({ reading, coerced }: Planned): Readonly<Record<string, unknown>> {
  const { introspection, view } = reading;
  if (!introspection) return {};
  const variableValues = variablesOf(introspection, coerced);
  const key = hash("sha256", JSON.stringify([introspection.key, variableValues]), "base64url");
  const known = introspection.known.get(key);
  if (known) return known;
  const { data } = executeSync({ schema: view, document: introspection.document, variableValues });
  const answer = { ...data };
  introspection.known.set(key, answer, JSON.stringify(answer).length);
  return answer;
}

/** Those of the question that the part about the schema uses. */
function variablesOf({ document }: Introspection, coerced: Planned["coerced"]): Record<string, unknown> {
  const [operation] = document.definitions;
  const definitions = operation?.kind === Kind.OPERATION_DEFINITION ? (operation.variableDefinitions ?? []) : [];
  const names = definitions.map((node) => node.variable.name.value);
  return Object.fromEntries(names.filter((name) => name in coerced).map((name) => [name, coerced[name]]));
}
