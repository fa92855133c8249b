import { hash } from "node:crypto";
import { canonicalDocument } from "../../schema/sdl/canonicalDocument.ts";
import type { OwnDocuments } from "./document.ts";

/** SHA-256 of documents of the hub's own, each in its canonical form, as hex. */
export interface OwnDigests {
  /** What its pages ask, through their own clients. */
  readonly pages: readonly string[];
  /** What its commands ask, for whoever runs them: by one of them documents are registered. */
  readonly commands: readonly string[];
}

interface Ruled {
  readonly documents: "agreed" | "trusted";
  readonly signIn: { readonly clients: Readonly<Record<string, { readonly id: string }>> } | null;
}

const NONE: OwnDigests = { pages: [], commands: [] };

/** By the operator's rule; null where agreements without a rule of their own take any document. */
export const ownDocumentsFor = ({ documents, signIn }: Ruled, digests = NONE): OwnDocuments | null =>
  documents === "agreed" ? null : createOwnDocuments(digests, new Set(Object.values(signIn?.clients ?? {}).map(({ id }) => id)));

const MOST_REMEMBERED = 1_000;

/** What the pages' clients may ask, a partner may not: it registers what it asks. Remembers the digests of texts it was asked about last. */
function createOwnDocuments({ pages, commands }: OwnDigests, clients: ReadonlySet<string>): OwnDocuments {
  const [ofPages, ofCommands] = [new Set(pages), new Set(commands)];
  const digests = new Map<string, string>();
  const digestOf = (document: string): string => {
    const key = hash("sha256", document);
    const text = digests.has(key) ? null : canonicalDocument(document);
    const digest = digests.get(key) ?? (text === null ? "" : hash("sha256", text));
    if (digests.size >= MOST_REMEMBERED) digests.clear();
    digests.set(key, digest);
    return digest;
  };
  return {
    isOwn(client, document) {
      const digest = digestOf(document);
      return ofCommands.has(digest) || (clients.has(client) && ofPages.has(digest));
    },
  };
}
