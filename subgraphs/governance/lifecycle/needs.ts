import type { Db } from "../../../drizzle/client.ts";
import { newestSupergraph } from "../../../drizzle/policy/ground.ts";
import type { Caller } from "../../../schema/caller.ts";
import type { Text } from "../../../schema/errors.ts";
import { controllersOf } from "../../../schema/policy/insight/ground.ts";
import type { StewardRole } from "../../../schema/policy/words.ts";
import type { ApprovalCapacity, MutationResolvers } from "../generated.ts";
import { HUB, refused, type Steward, stewardAsking } from "../steward.ts";

export type Mutation = keyof MutationResolvers;

/** Who may call a mutation: stewards with one of the roles (of the hub alone, of who controls the events alone), the person concerned, or whoever asks for an agency. */
type Need =
  | { readonly roles: readonly StewardRole[]; readonly isOfHub?: boolean; readonly isOfEvents?: boolean }
  | "PERSON"
  | "ANYBODY";

const to = (...roles: readonly StewardRole[]): Need => ({ roles });
const ofHub = (...roles: readonly StewardRole[]): Need => ({ roles, isOfHub: true });

/** Who reads what stewards read. */
export const READERS: readonly StewardRole[] = ["STEWARD", "DPO", "AUDITOR", "OPERATOR"];
/** Who decides on a version, by the capacity it is decided in. */
export const DECIDERS: Readonly<Record<ApprovalCapacity, readonly StewardRole[]>> = { OWNER: ["STEWARD"], DPO: ["DPO"] };

/** The roles every mutation of governance needs. Whose agreement, request or case it is, is judged beside it. */
const NEEDS: Readonly<Record<Mutation, Need>> = {
  createAgreement: to("STEWARD", "OPERATOR"),
  draftVersion: to("STEWARD", "OPERATOR"),
  importVersion: to("STEWARD", "OPERATOR"),
  submitVersion: to("STEWARD", "OPERATOR"),
  withdrawVersion: to("STEWARD", "OPERATOR"),
  decideVersion: to(...DECIDERS.OWNER, ...DECIDERS.DPO),
  activateVersion: to("STEWARD"),
  suspendVersion: to("STEWARD", "DPO"),
  askToResume: to("STEWARD", "DPO"),
  resumeVersion: to("STEWARD", "DPO"),
  revokeVersion: to("STEWARD", "DPO"),
  enrolSteward: ofHub("OPERATOR"),
  retireStewardKey: ofHub("OPERATOR"),
  submitSemesterReport: to("STEWARD"),
  requestAccess: "ANYBODY",
  answerAccessRequest: to("STEWARD", "OPERATOR"),
  declineAccessRequest: to("STEWARD", "OPERATOR"),
  breakGlass: to("STEWARD"),
  confirmGlass: to("STEWARD"),
  reviewGlass: to("DPO"),
  registerDocuments: "ANYBODY",
  retireDocument: "ANYBODY",
  reidentify: to("DPO", "OPERATOR"),
  sealCase: to("DPO"),
  confirmCaseSeal: ofHub("DPO"),
  unsealCase: to("DPO"),
  fileSubjectRequest: "PERSON",
  cancelSubjectRequest: "PERSON",
  liftRestriction: "PERSON",
  takeSubjectRequest: to("STEWARD", "DPO"),
  fulfilSubjectRequest: to("DPO"),
  refuseSubjectRequest: to("DPO"),
  registerRepresentation: to("DPO"),
  confirmRepresentation: to("DPO"),
  endRepresentation: to("DPO"),
  imposeSanction: to("OPERATOR"),
  liftSanction: to("OPERATOR"),
  plantCanary: to("OPERATOR"),
  retireCanary: to("OPERATOR"),
  openBreach: to("DPO"),
  updateBreachHandling: to("DPO"),
  markNotified: to("DPO"),
  closeBreach: to("DPO"),
  subscribeToEvents: to("STEWARD"),
  approveEventSubscription: { roles: ["STEWARD"], isOfEvents: true },
  pauseEventSubscription: to("STEWARD"),
  resumeEventSubscription: to("STEWARD"),
  revokeEventSubscription: to("STEWARD"),
  redeliverEvents: to("STEWARD"),
  openFeedKey: to("STEWARD"),
  closeFeedKey: to("STEWARD", "DPO"),
  sendSchemaNotices: ofHub("OPERATOR"),
  acknowledgeSchemaNotice: to("STEWARD", "DPO"),
};

export const MUTATIONS = Object.keys(NEEDS).sort() as readonly Mutation[];

/** The steward who asks for a mutation. Refusal FORBIDDEN for who is none, or lacks the role; it says which and whom to ask. */
export async function stewardFor(db: Db, caller: Pick<Caller, "officer" | "agency">, mutation: Mutation): Promise<Steward> {
  const steward = await stewardAsking(db, caller);
  const need = NEEDS[mutation];
  const eventsOf = typeof need !== "string" && need.isOfEvents ? await whoControlsEvents(db) : [];
  const { reason } = permissionOf(steward, mutation, eventsOf);
  if (reason) throw refused(reason.en);
  return steward;
}

/** Agencies that approve who is sent events. */
export const whoControlsEvents = async (db: Db): Promise<readonly string[]> =>
  controllersOf(await newestSupergraph(db), "Query.aidEvents");

/** What a person's roles allow of one mutation, and in words who does it where they do not. */
export interface Permission {
  readonly mutation: Mutation;
  readonly isAllowed: boolean;
  readonly roles: readonly StewardRole[];
  readonly reason: Text | null;
}

/** `eventsOf`: whoControlsEvents. */
export function permissionOf(steward: Steward, mutation: Mutation, eventsOf: readonly string[]): Permission {
  const need = NEEDS[mutation];
  const roles = typeof need === "string" ? [] : need.roles;
  const reason = lackOf(need, steward, eventsOf);
  return { mutation, isAllowed: reason === null, roles, reason };
}

function lackOf(need: Need, { agencyCode, roles }: Steward, eventsOf: readonly string[]): Text | null {
  if (need === "ANYBODY") return null;
  if (need === "PERSON") return OF_PERSON;
  if (need.isOfHub && agencyCode !== HUB) return OF_HUB;
  if (need.isOfEvents && !eventsOf.includes(agencyCode)) return ofEvents(eventsOf);
  return need.roles.some((role) => roles.includes(role)) ? null : whoDoes(need.roles, agencyCode);
}

const OF_HUB: Text = {
  id: "Hanya pengelola hub yang melakukannya; mintalah kepada instansi HUB.",
  en: "Only who runs the hub does this; ask the agency HUB.",
};
const OF_PERSON: Text = {
  id: "Hanya orang yang bersangkutan, atau yang mewakilinya, yang melakukannya.",
  en: "Only the person concerned, or who represents them, does this.",
};
const ofEvents = (agencies: readonly string[]): Text => ({
  id: `Hanya pengelola data ${agencies.join(", ")}, pengendali peristiwa, yang melakukannya.`,
  en: `Only stewards of ${agencies.join(", ")}, who controls the events, do this.`,
});
const whoDoes = (roles: readonly StewardRole[], agency: string): Text => ({
  id: `Perlu pengelola data ${agency} dengan peran ${roles.join(" atau ")}; operator hub yang mendaftarkannya.`,
  en: `this needs a steward of ${agency} with the role ${roles.join(" or ")}; the hub's operator enrols them`,
});
