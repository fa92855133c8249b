import type { Decided } from "../../approval.ts";
import { type Content, readContent, sha256Hex } from "../../content.ts";
import type { StewardKey } from "../../endorsement.ts";
import type { Signer } from "../../keys.ts";
import { canonical } from "./canonical.ts";

export interface FileApproval extends Omit<Decided, "agreement" | "version"> {
  readonly steward: string;
  readonly keyId: string;
  readonly signature: string;
  readonly at: string;
}

/** An agreement version as a file: to be read, reviewed in git, carried elsewhere and verified without any network. */
export interface PolicyFile {
  readonly $schema: typeof SCHEMA;
  readonly v: 1;
  readonly content: Content;
  /** The very text stewards signed; it says what `content` says. */
  readonly text: string;
  readonly approvals: readonly FileApproval[];
  /** Keys of the approvals. */
  readonly keys: readonly StewardKey[];
  /** Of governance, over all of the above in canonical form. */
  readonly signature: { readonly keyId: string; readonly publicKey: string; readonly value: string };
}

export const SCHEMA = "https://hub.example/schemas/policy-file/v1";

type Carried = Pick<PolicyFile, "text" | "approvals" | "keys">;

/** Writes a version out. The text MUST be what governance.content_of answered. */
export function policyFileOf(
  { text, approvals, keys }: Carried,
  signer: Signer,
): { readonly body: string; readonly sha256: string; readonly signature: string } {
  const unsigned = { $schema: SCHEMA, v: 1, content: readContent(text), text, approvals, keys } as const;
  const value = signer.sign(signedText(unsigned));
  const file: PolicyFile = { ...unsigned, signature: { keyId: signer.keyId, publicKey: signer.publicKey, value } };
  return { body: `${JSON.stringify(file, null, 2)}\n`, sha256: sha256Hex(canonical(unsigned)), signature: value };
}

/** What governance signs. */
export const signedText = (unsigned: Omit<PolicyFile, "signature">): string => `hub-policy-file/v1\n${canonical(unsigned)}`;
