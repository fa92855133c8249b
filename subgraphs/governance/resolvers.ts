import { limitsUnder } from "../../schema/policy/questionLimits.ts";
import { mergeParts } from "../kit/parts.ts";
import { dutiesResolvers as duties } from "./duties/resolvers.ts";
import { eventsResolvers as events } from "./events/resolvers.ts";
import { feedsResolvers as feeds } from "./feeds/resolvers.ts";
import type { Resolvers } from "./generated.ts";
import { insightResolvers as insight } from "./insight/resolvers.ts";
import { lifecycleResolvers as lifecycle } from "./lifecycle/resolvers.ts";
import { metadataResolvers as metadata } from "./metadata/resolvers.ts";
import { noticesResolvers as notices } from "./notices/resolvers.ts";
import { oversightResolvers as oversight } from "./oversight/resolvers.ts";
import { recordResolvers as record } from "./record/resolvers.ts";
import { rightsResolvers as rights } from "./rights/resolvers.ts";
import { searchResolvers as search } from "./search/resolvers.ts";
import { effectOf, stateAt, verificationOf } from "./state.ts";

const access: Resolvers = {
  Query: {
    me: (_, _args, { load }) => load.me(),
    agency: (_, { code }, { load }) => load.agency.load(code),
    agencies: (_, _args, { load }) => load.agencies(),
    agreements: (_, _args, { load }) => load.agreements(),
    purposes: (_, _args, { load }) => load.purposes(),
    dataClasses: (_, _args, { load }) => load.ceilings(),
  },
  MyAccess: {
    agency: ({ agencyCode }, _, { load }) => load.agency.load(agencyCode),
    agreement: ({ agreementNumber }, _, { load }) => load.agreement.load(agreementNumber),
    steward: (_, _args, { load }) => load.acting(),
  },
  ActingPerson: { agency: ({ agencyCode }, _, { load }) => load.agency.load(agencyCode) },
  Agency: { __resolveReference: ({ code }, { load }) => load.agency.load(code) },
  Purpose: { __resolveReference: ({ code }, { load }) => load.purpose.load(code) },
  Agreement: {
    __resolveReference: ({ number }, { load }) => load.agreement.load(number),
    consumer: ({ consumerAgency }, _, { load }) => load.agency.load(consumerAgency),
    purpose: ({ purposeCode }, _, { load }) => load.purpose.load(purposeCode),
    version: ({ current }) => current.version,
    state: ({ current }, _, { now }) => stateAt(current, now),
    validFrom: ({ current }) => current.validFrom,
    validTo: ({ current }) => current.validTo,
    regions: ({ current }) => current.rowScope.regions,
    programs: ({ current }) => current.rowScope.programs,
    verification: ({ current }) => verificationOf(current),
    limits: ({ purposeCode, current }) => limitsUnder(purposeCode, current.limits),
    grants: async ({ number, current }, _, { load }) =>
      (await load.grants.load(number)).filter(({ version }) => version === current.version),
  },
  Grant: { effect: ({ effect }) => effectOf(effect) },
  DataClassRule: { ceiling: ({ ceiling }) => effectOf(ceiling) },
};

const PARTS: readonly Resolvers[] = [
  access,
  lifecycle,
  insight,
  duties,
  record,
  rights,
  oversight,
  events,
  feeds,
  search,
  metadata,
  notices,
];

export const resolvers: Resolvers = mergeParts(PARTS);
