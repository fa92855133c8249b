import { STEWARDS } from "../../../drizzle/policy/readyMade.ts";
import type { StewardRole } from "../../../schema/policy/words.ts";

/** Who can be signed in as on one machine. */
export interface DemoPerson {
  /** Subject of their tokens: id of a steward, or `person:<uuid>`. */
  readonly id: string;
  readonly name: string;
  /** Where the login page lists them. */
  readonly group: string;
}

/** The made-up citizens of this machine. */
export interface Citizens {
  /** Those the login page offers. */
  list(): Promise<readonly DemoPerson[]>;
  /** Name of the person of an id; null: there is none. */
  nameOf(id: string): Promise<string | null>;
}

/** Clients that people sign in through. */
export const CONSOLE = "konsol";
export const CITIZENS_PORTAL = "portal-warga";

const GROUPS: readonly (readonly [role: StewardRole, group: string])[] = [
  ["ANALYST", "Analis dan pengembang"],
  ["STEWARD", "Pengelola data"],
  ["DPO", "Pejabat pelindungan data"],
  ["AUDITOR", "Auditor"],
  ["OFFICER", "Petugas data terpadu"],
  ["PROGRAM_OFFICER", "Petugas program bantuan"],
];

/** The ready-made people of the console, in the order of the groups. */
export const consolePeople = (): DemoPerson[] =>
  GROUPS.flatMap(([role, group]) =>
    STEWARDS.filter(([, , roles]) => GROUPS.find(([one]) => roles.includes(one))?.[0] === role).map(([id, , , name]) => ({
      id,
      name,
      group,
    })),
  );

const SUBJECT = /^(?:person:)?([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/;

/** Subject of whoever somebody claims to be, or null when nobody can be that: anybody here may be anybody, but not anything. */
export function subjectOf(clientId: string, claimed: string): string | null {
  const id = claimed.trim().toLowerCase();
  if (clientId === CITIZENS_PORTAL) {
    const person = SUBJECT.exec(id)?.[1];
    return person === undefined ? null : `person:${person}`;
  }
  return STEWARDS.some(([steward]) => steward === id) ? id : null;
}

/** What a subject is called. */
export const nameOf = async (subject: string, citizens: Citizens | undefined): Promise<string> =>
  STEWARDS.find(([id]) => id === subject)?.[3] ?? (await citizens?.nameOf(subject.replace(/^person:/, ""))) ?? subject;
