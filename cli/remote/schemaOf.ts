import { Refused } from "./faults.ts";
import type { Hub } from "./hub.ts";

/** The schema as the asker's agreement sees it. Throws Refused. */
export async function schemaOf(hub: Hub): Promise<string> {
  const response = await hub.get("/schema.graphql");
  const text = await response.text();
  if (response.ok) return text;
  throw new Refused(`the hub does not show its schema (status ${response.status}): ${messageIn(text)}`);
}

function messageIn(text: string): string {
  try {
    const { errors = [] } = JSON.parse(text) as { readonly errors?: readonly { readonly message: string }[] };
    return errors.map(({ message }) => message).join("; ") || "no reason given";
  } catch {
    return "what answers is no hub";
  }
}
