import { hash } from "node:crypto";
import { Refusal } from "../../schema/errors.ts";
import type { Known } from "../types/chain.ts";

interface Documents {
  document(agreement: string, id: string): Promise<string | null>;
}

/**
 * The document of a request: its own, or the trusted one it names. Throws PERSISTED_QUERY_NOT_FOUND for one that the agreement does not trust, and
 * DOCUMENT_NOT_TRUSTED for an ad-hoc one where the agreement takes trusted ones only.
 */
export async function withDocument<Q extends Known>(question: Q, grants: Documents): Promise<Q> {
  const { documentId: id, document, documents, documentsOf } = question;
  if (id !== null) {
    const text = await trusted(grants, documentsOf, id);
    if (text === null) throw new Refusal({ code: "PERSISTED_QUERY_NOT_FOUND" });
    return { ...question, document: text };
  }
  if (documents === "open" || question.isErrand) return question;
  if ((await trusted(grants, documentsOf, hash("sha256", document))) !== null) return question;
  if (documents === "trusted") throw new Refusal({ code: "DOCUMENT_NOT_TRUSTED" });
  return { ...question, stamps: { ...question.stamps, untrusted: true } };
}

const trusted = (grants: Documents, agreement: string, id: string): Promise<string | null> =>
  grants.document(agreement, id).catch((cause: unknown) => {
    throw new Refusal({ code: "POLICY_UNAVAILABLE" }, { cause });
  });
