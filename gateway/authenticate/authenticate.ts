import type { Asked, Identified } from "../types/chain.ts";
import type { Policy } from "../types/policy.ts";
import { type TokenVerifier, unauthenticated } from "./token.ts";

export interface Door {
  readonly verify: TokenVerifier;
  readonly grants: { current(): Policy };
}

const CONSOLE_AGENCY = "HUB";

/** Whose request is this? Throws UNAUTHENTICATED, the same for every stranger, before the document is looked at. */
export async function authenticate(asked: Asked, { verify, grants }: Door): Promise<Identified> {
  const { clientId: client, subject } = await verify(asked.authorization);
  const { clients, officers } = grants.current();
  const known = clients.get(client);
  if (!known) throw unauthenticated("not a client of the hub");
  const agency = officers.get(subject);
  // stewards of all agencies sign in through the hub's own console
  const isOfficer = agency !== undefined && (known.agency === agency || known.agency === CONSOLE_AGENCY);
  return { ...asked, client, agency: isOfficer ? agency : known.agency, officer: isOfficer ? subject : null };
}
