import type { Resolvers } from "../generated.ts";
import type { Context } from "../loaders.ts";
import { HUB } from "../steward.ts";
import { accountabilityCsv } from "./accountability.ts";
import { UNNAMED } from "./data.ts";
import { noticeToAuthority, noticeToSubjects } from "./notices.ts";
import { processingCsv, SECURITY_MEASURES } from "./processing.ts";
import { isInForce } from "./sanctions.ts";

/** Agencies by code, in the same order. */
const agenciesOf = async ({ agency }: Context["load"], codes: readonly string[]) =>
  (await Promise.all(codes.map((code) => agency.load(code)))).filter((row) => row !== null);

export const oversightResolvers: Resolvers = {
  Query: {
    sanctions: (_, { agency, first }, { load }) => load.oversight.sanctions.list(agency ?? null, first),
    accountabilityReport: (_, { year, month }, { load }) => load.oversight.accountability(year, month ?? null),
    watchAlerts: (_, { kind, first }, { load }) => load.oversight.watching.alerts(kind ?? null, first),
    canaries: (_, _args, { load }) => load.oversight.watching.canaries(),
    breachCases: (_, { first }, { load }) => load.oversight.breaches.list(first),
    breachCase: (_, { number }, { load }) => load.oversight.breaches.byNumber(number),
    processingRecords: (_, _args, { load }) => load.oversight.processing(),
  },
  Mutation: {
    imposeSanction: (_, { input }, { load }) => load.oversight.sanctions.impose(input),
    liftSanction: (_, { id, reason }, { load }) => load.oversight.sanctions.lift(id, reason),
    plantCanary: (_, { person }, { load }) => load.oversight.watching.plant(person),
    retireCanary: (_, { person }, { load }) => load.oversight.watching.retire(person),
    openBreach: (_, { input }, { load }) => load.oversight.breaches.open(input),
    updateBreachHandling: (_, { number, handling }, { load }) => load.oversight.breaches.handle(number, handling),
    markNotified: (_, { number, whom }, { load }) => load.oversight.breaches.told(number, whom),
    closeBreach: (_, { number }, { load }) => load.oversight.breaches.close(number),
  },
  Sanction: {
    agency: ({ agencyCode }, _, { load }) => load.agency.load(agencyCode),
    client: ({ clientId }) => clientId,
    from: ({ imposedAt }) => imposedAt,
    inForce: (row, _, { now }) => isInForce(row, now),
  },
  WatchAlert: {
    id: ({ id }) => String(id),
    agency: ({ agencyCode }, _, { load }) => (agencyCode === null ? null : load.agency.load(agencyCode)),
    agreement: ({ agreement }, _, { load }) => (agreement === null ? null : load.agreement.load(agreement)),
    detail: ({ detail }) => JSON.stringify(detail),
  },
  Canary: { person: ({ personId }) => personId },
  BreachCase: {
    client: ({ clientId }) => clientId,
    secondsLeft: ({ state, dueAt }, _, { now }) =>
      state === "OPEN" ? Math.floor((Date.parse(dueAt) - now.getTime()) / 1000) : null,
    counts: async ({ id }, _, { load }) => (await load.oversight.counts.load(id)).filter(({ type }) => type !== UNNAMED),
    unnamed: async ({ id }, _, { load }) =>
      (await load.oversight.counts.load(id)).find(({ type }) => type === UNNAMED)?.subjects ?? 0,
    subjects: (row, { type, ...paging }, { load }) => load.oversight.breaches.affected(row, type ?? null, paging),
    noticeToSubjects: async (row, _, { load }) =>
      row.searchedAt === null ? null : noticeToSubjects(row, await load.oversight.around(row)),
    noticeToAuthority: async (row, _, { load }) =>
      row.searchedAt === null ? null : noticeToAuthority(row, await load.oversight.around(row)),
  },
  BreachSubject: {
    id: ({ subjectId }) => subjectId,
    person: ({ type, subjectId }) => (type === "Person" ? { id: subjectId } : null),
  },
  AccountabilityReport: {
    partners: ({ partners }, _, { load }) => agenciesOf(load, partners),
    csv: (report) => accountabilityCsv(report),
  },
  ReportedAgreement: {
    consumer: ({ consumerAgency }, _, { load }) => load.agency.load(consumerAgency),
    purpose: ({ purposeCode }, _, { load }) => load.purpose.load(purposeCode),
  },
  ProcessingRegister: {
    csv: (register) => processingCsv(register, HUB),
  },
  ProcessingRecord: {
    controllers: ({ controllers }, _, { load }) => agenciesOf(load, controllers),
    processor: (_, _args, { load }) => load.agency.load(HUB),
    recipient: ({ consumerAgency }, _, { load }) => load.agency.load(consumerAgency),
    purpose: ({ purposeCode }, _, { load }) => load.purpose.load(purposeCode),
    categories: ({ classes }) => classes,
    securityMeasures: () => SECURITY_MEASURES,
  },
};
