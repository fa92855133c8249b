import type { Client, CombinedError } from "@urql/core";
import { keep, kept } from "../../kit/use/kept.ts";
import { draftName, type Grant } from "../drafts/draft.ts";
import { GRANTS } from "./questions.ts";

interface Answer {
  readonly agreementVersion: { readonly grants: readonly Grant[] } | null;
}

/** The version whose grants a draft begins with. */
interface Base {
  readonly number: string;
  readonly version: number;
}

const keyOf = ({ selector, topic, use }: Grant): string => `${selector} ${topic ?? ""} ${use}`;

/** Grants with others in place of those that speak of the same, and the rest behind them. */
export function merged(grants: readonly Grant[], changes: readonly Grant[]): Grant[] {
  const changed = new Map(changes.map((grant) => [keyOf(grant), grant]));
  const first = grants.map((grant) => changed.get(keyOf(grant)) ?? grant);
  const known = new Set(grants.map(keyOf));
  return [...first, ...changes.filter((grant) => !known.has(keyOf(grant)))];
}

/**
 * Puts changed grants into the draft of an agreement that this tab keeps for the editor (useDraft): on top of what is typed there, else of the grants of
 * its version. Nothing is sent before the editor does. The error, if the version could not be read.
 */
export async function handOver(
  client: Client,
  { number, version }: Base,
  changes: readonly Grant[],
): Promise<CombinedError | undefined> {
  const key = `draft.${draftName(number, null)}`;
  const typed = kept<{ readonly grants?: readonly Grant[] }>(key) ?? {};
  const { data, error } = typed.grants
    ? { data: undefined, error: undefined }
    : await client.query<Answer>(GRANTS, { agreement: number, version }).toPromise();
  if (error) return error;
  const grants = merged(typed.grants ?? data?.agreementVersion?.grants ?? [], changes);
  keep(key, { ...typed, grants });
  return undefined;
}
