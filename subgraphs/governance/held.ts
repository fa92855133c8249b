import type { Compiler } from "../../drizzle/policy/compile.ts";
import { POLICY_KEY, signerOf } from "../../schema/policy/keys.ts";
import type { Held } from "../kit/context.ts";
import type { StartOptions } from "../kit/serve.ts";

/** What governance keeps while it runs: the key it signs tables and stewards' keys with. */
export interface Office extends Held {
  readonly compiler: Compiler;
}

export function openOffice({ policy }: Pick<StartOptions, "policy">): Office {
  if (!policy) throw new Error("governance needs HUB_POLICY_KEY");
  return {
    compiler: { signer: signerOf(policy.secret, POLICY_KEY), origins: policy.origins },
    close: async () => {},
  };
}
