import type { Compiler } from "../../drizzle/policy/compile.ts";
import { POLICY_KEY, signerOf } from "../../schema/policy/keys.ts";
import type { NoteKey } from "../../schema/record/note.ts";
import type { YearKeys } from "../../schema/record/yearKeys.ts";
import type { Held } from "../kit/serve/context.ts";
import type { HoldOptions } from "../kit/serve/serve.ts";

/** What governance keeps while it runs: the key it signs tables and stewards' keys with, and those of the record's subject tags. */
export interface Office extends Held {
  readonly compiler: Compiler;
  readonly recordKeys: YearKeys;
  /** Null: signatures of the log are left to who is shown them. */
  readonly logKey: NoteKey | null;
}

export function openOffice({ policy, recordKeys, logKey }: HoldOptions): Office {
  if (!policy) throw new Error("governance needs HUB_POLICY_KEY");
  if (!recordKeys) throw new Error("governance needs HUB_RECORD_KEYS");
  return {
    compiler: { signer: signerOf(policy.secret, POLICY_KEY), origins: policy.origins },
    recordKeys,
    logKey: logKey ?? null,
    close: async () => {},
  };
}
