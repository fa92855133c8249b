import type { AttestationKeys } from "../../schema/attestation.ts";
import type { Held } from "../kit/context.ts";
import type { HoldOptions } from "../kit/serve.ts";

/** What programs keeps while it runs: whose attestations it believes. */
export interface Inbox extends Held {
  readonly keys: AttestationKeys;
}

export function openInbox({ attestation }: HoldOptions): Inbox {
  if (!attestation) throw new Error("programs needs HUB_ATTESTATION_KEY_PROGRAMS");
  return { keys: attestation.keys, close: async () => {} };
}
