import type { Attestation } from "../kit/config.ts";
import type { Held } from "../kit/context.ts";
import type { HoldOptions } from "../kit/serve.ts";

/** What welfare keeps while it runs: the key it attests with and the keys it believes. */
export interface Desk extends Held {
  readonly attestation: Attestation;
}

export function openDesk({ attestation }: HoldOptions): Desk {
  if (!attestation) throw new Error("welfare needs HUB_ATTESTATION_KEY_WELFARE");
  return { attestation, close: async () => {} };
}
