import type { Asked, Identified } from "../types/chain.ts";
import type { Policy } from "../types/policy.ts";
import { type TokenVerifier, unauthenticated } from "./token.ts";

export interface Door {
  readonly verify: TokenVerifier;
  readonly grants: { current(): Policy };
}

/** Whose request is this? Throws UNAUTHENTICATED, the same for every stranger, before the document is looked at. */
export async function authenticate(asked: Asked, { verify, grants }: Door): Promise<Identified> {
  const client = await verify(asked.authorization);
  const known = grants.current().clients.get(client);
  if (!known) throw unauthenticated("not a client of the hub");
  return { ...asked, client, agency: known.agency };
}
