import type { Attestation } from "../kit/serve/config.ts";
import type { Held } from "../kit/serve/context.ts";
import type { HoldOptions } from "../kit/serve/serve.ts";
import type { Archive } from "./evidence/bring.ts";
import { openArchive } from "./evidence/streams.ts";

/** What welfare keeps while it runs: the key it attests with and the keys it believes, and where evidence lies. */
export interface Desk extends Held {
  readonly attestation: Attestation;
  /** Null: nobody has said where. */
  readonly archive: Archive | null;
}

export function openDesk({ attestation, databaseUrl, evidenceUrl }: HoldOptions): Desk {
  if (!attestation) throw new Error("welfare needs HUB_ATTESTATION_KEY_WELFARE");
  const archive = evidenceUrl === undefined ? null : openArchive(databaseUrl, evidenceUrl);
  return { attestation, archive, close: async () => archive?.pool.end() };
}
