import { dayInWib } from "../../../schema/values/wib.ts";
import type { Resolvers } from "../generated.ts";
import { isChild } from "./claims.ts";
import { STEPS } from "./machine.ts";

export const proposalsResolvers: Resolvers = {
  Query: {
    proposal: (_, { id }, { load }) => load.proposals.proposal.load(id),
    proposals: (_, asked, { load }) => load.proposals.list(asked),
    myProposals: (_, _args, { load }) => load.proposals.mine(),
    candidatesToValidate: (_, { first }, { load }) => load.proposals.candidatesWaiting(first ?? 100),
    membersToValidate: (_, { first }, { load }) => load.proposals.membersWaiting(first ?? 100),
    registryCalendar: (_, { on }, { load }) => load.proposals.calendar.windowsOn(on ?? null),
  },
  Mutation: {
    setCalendar: (_, { windows }, { load }) => load.proposals.calendar.set(windows),
    draftProposal: (_, { input }, { load }) => load.proposals.draft(input),
    submitOwnProposal: (_, { input }, { load }) => load.proposals.submitOwn(input),
    repairProposal: (_, { input }, { load }) => load.proposals.repair(input),
    submitProposals: (_, { proposals }, { load }) => load.proposals.move("SUBMIT", proposals),
    scheduleDeliberation: (_, { proposals }, { load }) => load.proposals.move("SCHEDULE", proposals),
    recordDeliberation: (_, { input }, { load }) => load.proposals.deliberate(input),
    attestResponsibility: (_, { input }, { load }) => load.proposals.attest(input),
    recordValidation: (_, { attestations }, { load }) => load.proposals.validate(attestations),
    returnForRepair: (_, { proposals, reason }, { load }) => load.proposals.move("RETURN", proposals, reason),
    resubmitProposals: (_, { proposals }, { load }) => load.proposals.move("RESUBMIT", proposals),
    finaliseProposals: (_, { proposals }, { load }) => load.proposals.move("FINALISE", proposals),
    approveProposals: (_, { proposals }, { load }) => load.proposals.move("APPROVE", proposals),
    endorseProposals: (_, { input }, { load }) => load.proposals.endorse(input),
    sendToCentre: (_, { proposals }, { load }) => load.proposals.move("SEND", proposals),
    rejectAtCentre: (_, { proposals, reason }, { load }) => load.proposals.move("REJECT_AT_CENTRE", proposals, reason),
    withdrawProposals: (_, { proposals, reason }, { load }) => load.proposals.move("WITHDRAW", proposals, reason),
    recordFieldVerification: (_, { input }, { load }) => load.proposals.visits.record(input),
    approveFieldVerification: (_, { visit }, { load }) => load.proposals.visits.approve(visit),
    returnFieldVerification: (_, { visit, reason }, { load }) => load.proposals.visits.sendBack(visit, reason),
    settleFieldVerification: (_, { input }, { load }) => load.proposals.visits.settle(input),
  },
  Proposal: {
    __resolveReference: ({ id }, { load }) => load.proposals.proposal.load(id),
    acts: ({ state }) => STEPS.filter(([from]) => from === state).map(([, act]) => act),
    region: ({ region }) => ({ code: region }),
    candidates: ({ id }, _, { load }) => load.proposals.candidatesOf.load(id),
    proposedBy: ({ proposerOfficer }) => proposerOfficer,
    deliberation: ({ deliberationId }, _, { load }) =>
      deliberationId === null ? null : load.proposals.deliberation.load(deliberationId),
    responsibility: ({ statementId }, _, { load }) => (statementId === null ? null : load.proposals.statement.load(statementId)),
    visits: ({ id }, _, { load }) => load.proposals.visitsOf.load(id),
    household: ({ householdId }, _, { load }) => (householdId === null ? null : load.household.load(householdId)),
    history: ({ id }, _, { load }) => load.proposals.history.load(id),
  },
  ProposalCandidate: {
    __resolveReference: ({ id }, { load }) => load.proposals.candidate.load(id),
    proposal: ({ proposalId }, _, { load }) => load.proposals.proposal.load(proposalId),
    region: ({ region }) => ({ code: region }),
    person: ({ personId }) => (personId === null ? null : { id: personId }),
    subjectFlags: ({ claimedBirthDate, claimedNik }, _, { now }) =>
      isChild(claimedBirthDate, claimedNik, dayInWib(now)) ? ["CHILD"] : [],
  },
  Deliberation: {
    region: ({ region }) => ({ code: region }),
    decisions: ({ id }, _, { load }) => load.proposals.decisionsOf.load(id),
  },
  DeliberationDecision: { proposal: ({ proposalId }, _, { load }) => load.proposals.proposal.load(proposalId) },
  FieldVerification: {
    __resolveReference: ({ id }, { load }) => load.proposals.visit.load(id),
    proposal: ({ proposalId }, _, { load }) => load.proposals.proposal.load(proposalId),
    region: ({ region }) => ({ code: region }),
    presences: ({ id }, _, { load }) => load.proposals.presencesOf.load(id),
    history: ({ id }, _, { load }) => load.proposals.visitHistory.load(id),
  },
  FieldPresence: { candidate: ({ candidateId }, _, { load }) => load.proposals.candidate.load(candidateId) },
  CalendarWindow: { step: ({ step }) => step as "ENTRY" },
  ValidationReceipt: { isRecorded: ({ refusal }) => refusal === null },
};
