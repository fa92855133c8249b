import { Refusal } from "../../schema/errors.ts";
import { HUB } from "../../schema/policy/words.ts";
import type { Asked, Identified } from "../types/chain.ts";
import type { Policy } from "../types/policy.ts";
import { type TokenVerifier, unauthenticated } from "./token.ts";

export interface Door {
  readonly verify: TokenVerifier;
  readonly grants: { reached(epoch: number): Promise<void>; current(): Policy };
}

/** Subject of a token that a person holds: the id population issued, which whoever signed them in has found by their identity. */
const CITIZEN = /^person:([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/;

/** Whatever the policy says, as long as it is the newest. */
const ANY = 0;

/**
 * Whose request is this? Throws UNAUTHENTICATED, the same for every stranger, before the document is looked at, and FORBIDDEN for a token whose
 * subject is nobody the hub knows. Whether client and steward may ask at all is judged with the agreement.
 */
export async function authenticate(asked: Asked, { verify, grants }: Door): Promise<Identified> {
  const { clientId: client, subject } = await verify(asked.authorization);
  await grants.reached(ANY);
  const { clients, officers } = grants.current();
  const known = clients.get(client);
  if (!known) throw unauthenticated("not a client of the hub");
  const officer = officers.get(subject);
  if (!officer)
    return { ...asked, client, agency: known.agency, officer: null, citizen: citizenIn(subject, client, known.agency) };
  // stewards of all agencies sign in through the hub's own console; through another's client one is nobody's steward
  return { ...asked, client, agency: known.agency === HUB ? officer.agency : known.agency, officer: subject, citizen: null };
}

/** Null: the client asks for itself. Whoever a token names acts for themself or not at all: to fall back on the client would promote them. */
function citizenIn(subject: string, client: string, agency: string): string | null {
  if (subject === client) return null;
  const citizen = CITIZEN.exec(subject)?.[1];
  if (citizen === undefined || agency !== HUB) throw new Refusal({ code: "FORBIDDEN" });
  return citizen;
}
