import {
  ACCESS_GOVERNANCE,
  DATA_SUBJECT_RIGHTS,
  PROGRAM_MANAGEMENT,
  RECIPIENT_CHECKING,
  REGISTRY_MANAGEMENT,
} from "../../schema/policy/words.ts";
import type { Identified, Subject } from "../types/chain.ts";
import type { Agreement, Policy } from "../types/policy.ts";

type Asker = Pick<Identified, "client" | "agency" | "officer">;

/** May the client, and the steward who acts through it, ask anything at all? */
export function mayAsk({ client, agency, officer }: Asker, policy: Policy, now = Date.now()): boolean {
  const known = policy.clients.get(client);
  if (!known?.isActive || isShut(known, now)) return false;
  if (officer === null) return true;
  const steward = policy.officers.get(officer);
  return steward?.agency === agency && (steward.governs || steward.registers || steward.administers || steward.analyses);
}

type Needing = Pick<Agreement, "purpose" | "needsOfficer">;

/**
 * A service asks under what needs no officer. A person governs access under the agreement about that, runs programs under those about them and keeps the
 * registry under others; or asks, as an analyst, what a service of the agency may: who may do one may not therefore do another.
 */
export function isForOfficer({ purpose, needsOfficer }: Needing, officer: string | null, policy: Policy): boolean {
  if (officer === null) return !needsOfficer;
  const known = policy.officers.get(officer);
  if (!needsOfficer) return known?.analyses === true && !isShut(known, Date.now()) && !OF_PERSONS.has(purpose);
  if (purpose === ACCESS_GOVERNANCE) return known?.governs === true;
  return (purpose === PROGRAM_MANAGEMENT ? known?.administers : known?.registers) === true;
}

/** Purposes that no analyst acts for, whatever a row says of who is needed: officers do, or a portal that vouches for who asks. */
const OF_PERSONS: ReadonlySet<string> = new Set([
  ACCESS_GOVERNANCE,
  REGISTRY_MANAGEMENT,
  PROGRAM_MANAGEMENT,
  DATA_SUBJECT_RIGHTS,
  RECIPIENT_CHECKING,
]);

/** Is a client, or an agreement of an agency, shut out by a sanction? It ends by the clock too. */
export const isShut = ({ shutUntil }: { readonly shutUntil?: number }, now: number): boolean =>
  shutUntil !== undefined && now < shutUntil;

/** Data subjects ask under the agreement about their own rights and no other; whoever is none may ask there what is open to all. */
export const isForCitizen = ({ purpose }: Pick<Agreement, "purpose">, citizen: string | null): boolean =>
  citizen === null || purpose === DATA_SUBJECT_RIGHTS;

/** Purposes that restricted data may still be processed for (UU 27/2022 art. 15): their subject's own rights, and answering for access to them. */
const UNRESTRICTED: ReadonlySet<string> = new Set([DATA_SUBJECT_RIGHTS, ACCESS_GOVERNANCE]);
const NOBODY: ReadonlySet<string> = new Set();

/** Persons of whose rows a purpose shows nothing but the keys. By the purpose, which is signed: no legal basis is. */
export const restrictedFor = (purpose: string, { restricted }: Pick<Policy, "restricted">): ReadonlySet<string> =>
  UNRESTRICTED.has(purpose) ? NOBODY : restricted;

/** Is one of these restricted now who was not before? */
export const isRestrictedSince = (before: ReadonlySet<string>, now: ReadonlySet<string>, subjects: readonly Subject[]): boolean =>
  before !== now && subjects.some(({ id }) => now.has(id) && !before.has(id));
