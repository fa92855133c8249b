import { hash } from "node:crypto";
import { Refusal } from "../../schema/errors.ts";
import type { Known } from "../types/chain.ts";

interface Documents {
  document(agreement: string, id: string): Promise<string | null>;
}

/** Texts by their hash: whatever agreement trusts one, it is the same text. */
const known = new Map<string, string>();
const MAX_KNOWN = 1_000;

/**
 * The document of a request: its own, or the trusted one it names. Throws PERSISTED_QUERY_NOT_FOUND for one that the agreement does not trust, and
 * DOCUMENT_NOT_TRUSTED for an ad-hoc one where the agreement takes trusted ones only.
 */
export async function withDocument<Q extends Known>(question: Q, grants: Documents): Promise<Q> {
  const { documentId: id, document, documents, trusted } = question;
  if (id !== null) {
    if (!trusted.has(id)) throw new Refusal({ code: "PERSISTED_QUERY_NOT_FOUND" });
    return { ...question, document: known.get(id) ?? (await fetched(question.documentsOf, id, grants)) };
  }
  if (documents === "open" || question.isErrand || trusted.has(hash("sha256", document))) return question;
  if (documents === "trusted") throw new Refusal({ code: "DOCUMENT_NOT_TRUSTED" });
  return { ...question, stamps: { ...question.stamps, untrusted: true } };
}

async function fetched(agreement: string, id: string, grants: Documents): Promise<string> {
  const text = await grants.document(agreement, id).catch((cause: unknown) => {
    throw new Refusal({ code: "POLICY_UNAVAILABLE" }, { cause });
  });
  if (text === null || hash("sha256", text) !== id) throw new Refusal({ code: "PERSISTED_QUERY_NOT_FOUND" });
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(id, text);
  return text;
}
