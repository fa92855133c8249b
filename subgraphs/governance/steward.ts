import type { Db } from "../../drizzle/client.ts";
import type { Caller } from "../../schema/caller.ts";
import { Refusal } from "../../schema/errors.ts";
import type { StewardRole } from "../../schema/policy/words.ts";
import { dpoContactOf, stewardsById } from "./data.ts";

/** Agency that runs the hub. */
export const HUB = "HUB";

/** A person who governs access for an agency, with the roles of the keys that are not retired. */
export interface Steward {
  readonly id: string;
  readonly agencyCode: string;
  readonly name: string;
  readonly roles: readonly StewardRole[];
}

/**
 * The steward who asks. Refusal FORBIDDEN for everybody else: a client without an officer, a person unknown here, suspended, without a key in
 * use, or of another agency than the agreement's. Two statements at most.
 */
export async function stewardAsking(db: Db, caller: Pick<Caller, "officer" | "agency">): Promise<Steward> {
  const found = await stewardOrNull(db, caller);
  if (found) return found;
  throw await forbidden(db, caller.agency, "only stewards of an agency govern access");
}

/** As stewardAsking; null where no steward asks. Who is operator of another agency than the hub's is none, nor is an officer of registry or programs. */
export async function stewardOrNull(db: Db, { officer, agency }: Pick<Caller, "officer" | "agency">): Promise<Steward | null> {
  if (officer === null) return null;
  const [steward] = await stewardsById(db, [officer]);
  const roles = steward?.roles.filter((role) => !GOVERNS_NOTHING.has(role) && (role !== "OPERATOR" || agency === HUB)) ?? [];
  if (steward?.status !== "ACTIVE" || steward.agencyCode !== agency || roles.length === 0) return null;
  return { ...steward, roles };
}

/** Refusal FORBIDDEN unless the steward holds one of the roles; it names them and whom to ask. */
export function mustHold({ agencyCode, roles }: Steward, ...needed: readonly StewardRole[]): void {
  if (needed.some((role) => roles.includes(role))) return;
  throw refused(`this needs a steward of ${agencyCode} with the role ${needed.join(" or ")}; the hub's operator enrols them`);
}

/** The data protection officer who asks. Refusal FORBIDDEN for everybody else. */
export async function dpoAsking(db: Db, caller: Pick<Caller, "officer" | "agency">): Promise<Steward> {
  const steward = await stewardAsking(db, caller);
  mustHold(steward, "DPO");
  return steward;
}

/** A denial that says why and whom to ask. */
export const refused = (detail: string): Refusal => new Refusal({ code: "FORBIDDEN", detail });

async function forbidden(db: Db, agency: string, why: string): Promise<Refusal> {
  const contact = await dpoContactOf(db, agency);
  return refused(contact === null ? why : `${why}; ask ${contact}`);
}

const GOVERNS_NOTHING: ReadonlySet<StewardRole> = new Set(["OFFICER", "PROGRAM_OFFICER", "ANALYST"]);
