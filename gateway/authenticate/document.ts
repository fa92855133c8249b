import { hash } from "node:crypto";
import { Refusal } from "../../schema/errors.ts";
import type { Known } from "../types/chain.ts";

interface Documents {
  document(agreement: string, id: string): Promise<string | null>;
}

/** What the hub's own pages ask, and through which clients. */
export interface OwnDocuments {
  isOwn(client: string, document: string): boolean;
}

interface Trusting {
  readonly grants: Documents;
  /** Where agreements of no rule of their own take trusted documents only: what its own pages ask all the same. Null: those agreements take any. */
  readonly ownDocuments: OwnDocuments | null;
}

/**
 * The document of a request: its own, or the trusted one it names. Throws PERSISTED_QUERY_NOT_FOUND for one that the agreement does not trust, and
 * DOCUMENT_NOT_TRUSTED for an ad-hoc one where the agreement takes trusted ones only: by its own rule, or because it has none and the
 * operator's is so.
 */
export async function withDocument<Q extends Known>(question: Q, { grants, ownDocuments }: Trusting): Promise<Q> {
  const { documentId: id, document, documents, documentsOf, caller } = question;
  if (id !== null) {
    const text = await trusted(grants, documentsOf, id);
    if (text === null) throw new Refusal({ code: "PERSISTED_QUERY_NOT_FOUND" });
    return { ...question, document: text };
  }
  const isFree = documents === "open" && (ownDocuments === null || ownDocuments.isOwn(caller.client, document));
  if (isFree || question.isErrand) return question;
  if ((await trusted(grants, documentsOf, hash("sha256", document))) !== null) return question;
  if (documents !== "report") throw new Refusal({ code: "DOCUMENT_NOT_TRUSTED" });
  return { ...question, stamps: { ...question.stamps, untrusted: true } };
}

const trusted = (grants: Documents, agreement: string, id: string): Promise<string | null> =>
  grants.document(agreement, id).catch((cause: unknown) => {
    throw new Refusal({ code: "POLICY_UNAVAILABLE" }, { cause });
  });
