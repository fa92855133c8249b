import type { Resolvers } from "../generated.ts";
import { usageOf } from "./reports.ts";
import { endOfRequest, stateOfRequest } from "./requests.ts";

export const dutiesResolvers: Resolvers = {
  Query: {
    semesterReport: (_, { agreement, from, to }, { load }) => load.duties.reports.preview(agreement, { from, to }),
    accessRequests: (_, { first }, { load }) => load.duties.requests.list(first),
    glassBreaks: (_, { state, first }, { load }) => load.duties.glass.list(state ?? null, first),
    alerts: (_, { first }, { load }) => load.duties.glass.alerts(first),
    trustedDocuments: (_, { agreement }, { load }) => load.duties.documents.list(agreement),
  },
  Mutation: {
    submitSemesterReport: (_, { agreement, note }, { load }) => load.duties.reports.submit(agreement, note ?? null),
    requestAccess: (_, { input }, { load }) => load.duties.requests.ask(input),
    answerAccessRequest: (_, { id, agreement, version }, { load }) => load.duties.requests.answer(id, agreement, version),
    declineAccessRequest: (_, { id, reason }, { load }) => load.duties.requests.decline(id, reason),
    breakGlass: (_, emergency, { load }) => load.duties.glass.break(emergency),
    confirmGlass: (_, { id }, { load }) => load.duties.glass.confirm(id),
    reviewGlass: (_, review, { load }) => load.duties.glass.review(review),
    registerDocuments: (_, { agreement, documents }, { load }) => load.duties.documents.register(agreement, documents),
    retireDocument: (_, { agreement, id }, { load }) => load.duties.documents.retire(agreement, id),
    reidentify: (_, asked, { load }) => load.duties.reidentify(asked),
  },
  Agreement: {
    suspendsOn: ({ current }) => current.suspendsAt,
    reports: ({ number }, _, { load }) => load.duties.reportsOf.load(number),
    quotaToday: async ({ number, current }, _, { load }) => ({
      used: (await load.duties.usedToday.load(number))?.used ?? 0,
      limit: current.quota,
    }),
  },
  SemesterReport: { usage: (row) => usageOf(row) },
  AccessRequest: {
    agency: ({ agencyCode }, _, { load }) => load.agency.load(agencyCode),
    purpose: ({ purposeCode }, _, { load }) => load.purpose.load(purposeCode),
    state: (row, _, { now }) => stateOfRequest(row, now),
    closedBy: (row, _, { now }) => endOfRequest(row, now),
    agreement: ({ agreementNumber }, _, { load }) => (agreementNumber === null ? null : load.agreement.load(agreementNumber)),
  },
  GlassBreak: {
    agreement: ({ agreementNumber }, _, { load }) => load.agreement.load(agreementNumber),
    case: ({ caseNumber }) => caseNumber,
  },
  PolicyAlert: {
    agreement: ({ agreementNumber }, _, { load }) => (agreementNumber === null ? null : load.agreement.load(agreementNumber)),
  },
};
