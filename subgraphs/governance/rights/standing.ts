import type { Db } from "../../../drizzle/client.ts";
import type { StewardRole } from "../../../schema/policy/words.ts";
import type { Asking } from "../../kit/serve/context.ts";
import { mustHold, refused, type Steward, stewardAsking } from "../steward.ts";
import { representedBy } from "./data.ts";

const OF_THE_PERSON = "this is for the person concerned, and for who represents them";

/** The person who asks. Refusal FORBIDDEN where none does. */
export function citizenAsking({ citizen }: Asking["caller"]): string {
  if (citizen === null) throw refused(OF_THE_PERSON);
  return citizen;
}

/** The person it is about: the one who asks, or whom they represent now. Refusal FORBIDDEN for all others, known or not. */
export async function personFor(
  db: Db,
  { caller, now }: Pick<Asking, "caller" | "now">,
  representing: string | null,
): Promise<string> {
  const citizen = citizenAsking(caller);
  if (representing === null || representing === citizen) return citizen;
  if ((await representedBy(db, citizen, now)).includes(representing)) return representing;
  throw refused("the asking person does not represent that person now; a data protection officer registers who represents whom");
}

/** Whose matters the asker may read: of the persons they speak for all, as a steward those of their agency, of all persons. */
export type Standing =
  | { readonly persons: ReadonlySet<string>; readonly steward: null }
  | { readonly persons: null; readonly steward: Steward };

/** Refusal FORBIDDEN for who is neither a person nor a steward. */
export async function standingOf({ db, caller, now }: Asking): Promise<Standing> {
  if (caller.officer !== null) return { persons: null, steward: await stewardAsking(db, caller) };
  const citizen = citizenAsking(caller);
  return { persons: new Set([citizen, ...(await representedBy(db, citizen, now))]), steward: null };
}

/** Refusal FORBIDDEN where a steward asks who holds none of the roles. */
export function mayRead({ steward }: Standing, ...roles: readonly StewardRole[]): void {
  if (steward) mustHold(steward, ...roles);
}

/** Refusal FORBIDDEN unless the asker speaks for the person, or is a steward with one of the roles. */
export function mustSpeakFor(standing: Standing, person: string, roles: readonly StewardRole[]): void {
  mayRead(standing, ...roles);
  if (standing.persons?.has(person) === false) throw refused(OF_THE_PERSON);
}
