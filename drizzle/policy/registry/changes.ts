import type { Opens } from "./opens.ts";

const PREVIEW = ["ChangePreview.pkh", "ChangePreview.seats"];
const CLAIMED = ["ChangeRequest.cardNumber", "ChangeRequest.claimedName", "ChangeRequest.claimedNik"];
const EVENTS = [
  "Query.registryEvents",
  "RegistryEvent.id",
  "RegistryEvent.kind",
  "RegistryEvent.at",
  "RegistryEvent.attestation",
];
const OWN = ["id", "kind", "source", "state", "effectiveOn", "missing", "reason", "version", "history", "region"];

export const changes: Opens = {
  regency: [...PREVIEW, ...CLAIMED, "ChangeRequestConnection.totalCount"],
  ministry: [...PREVIEW, "ChangeRequestConnection.totalCount"],
  citizen: [
    ...["Query.myChangeRequests", "Mutation.submitNewCard", "Mutation.withdrawChange"],
    ...OWN.map((field) => `ChangeRequest.${field}`),
    ...["ChangeRequest.preview", "ChangePreview.consequences", "ChangePreview.seats"],
    ...["code", "indonesian", "english"].map((field) => `ChangeConsequence.${field}`),
    ...["at", "act", "from", "to", "reason"].map((field) => `Transition.${field}`),
  ],
  exchange: EVENTS,
  notForPrograms: [...EVENTS, ...PREVIEW, ...CLAIMED, "Query.changeRequests", "Query.changeRequest", "Query.previewChange"],
};
