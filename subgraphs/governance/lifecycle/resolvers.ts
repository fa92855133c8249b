import type { Grant as GrantRow } from "../../../schema/policy/policy.ts";
import type { Resolvers } from "../generated.ts";
import type { Context } from "../loaders.ts";
import { stateAt, upper, verificationOf } from "../state.ts";
import { keyOf, type VersionRow } from "./data.ts";

type Load = Context["load"];
const reads = ({ lifecycle }: Load) => lifecycle.reads;
/** For stewards only. */
async function asReader(load: Load) {
  await reads(load).reader();
  return reads(load);
}

export const lifecycleResolvers: Resolvers = {
  Query: {
    agreementVersions: async (_, { agreement }, { load }) => (await asReader(load)).versions.load(agreement),
    agreementVersion: async (_, { agreement, version }, { load }) =>
      (await asReader(load)).version.load(keyOf({ agreementNumber: agreement, version })),
    allAgreements: async (_, paging, { load }) => (await asReader(load)).agreements(paging),
    policyEvents: async (_, asked, { load }) => (await asReader(load)).events(asked),
    coordinates: async (_, asked, { load }) => (await asReader(load)).coordinates(asked),
    stewards: async (_, { id }, { load }) => (await asReader(load)).stewards(id ?? null),
    stewardship: (_, _args, { load }) => reads(load).reader(),
  },
  Mutation: {
    createAgreement: (_, { input }, { load }) => load.lifecycle.create(input),
    draftVersion: (_, { input }, { load }) => load.lifecycle.draft(input),
    submitVersion: (_, which, { load }) => load.lifecycle.submit(which),
    withdrawVersion: (_, asked, { load }) => load.lifecycle.withdraw(asked),
    decideVersion: (_, { input }, { load }) => load.lifecycle.decide(input),
    activateVersion: (_, asked, { load }) => load.lifecycle.activate(asked),
    suspendVersion: (_, asked, { load }) => load.lifecycle.suspend(asked),
    askToResume: (_, which, { load }) => load.lifecycle.askToResume(which),
    resumeVersion: (_, which, { load }) => load.lifecycle.resume(which),
    revokeVersion: (_, asked, { load }) => load.lifecycle.revoke(asked),
    enrolSteward: (_, { input }, { load }) => load.lifecycle.enrol(input),
    retireStewardKey: (_, { keyId }, { load }) => load.lifecycle.retireKey(keyId),
  },
  MyAccess: {
    permissions: (_, _args, { load }) => reads(load).permissions(),
  },
  Grant: {
    mask: ({ maskFn }) => maskFn,
    thresholds: ({ params }) => thresholdsOf(params as GrantRow["params"]),
  },
  GovernedAgreement: {
    consumer: ({ consumerAgency }, _, { load }) => load.agency.load(consumerAgency),
    purpose: ({ purposeCode }, _, { load }) => load.purpose.load(purposeCode),
    agreement: ({ number }, _, { load }) => load.agreement.load(number),
    versions: ({ number }, _, { load }) => reads(load).versions.load(number),
  },
  AgreementVersion: {
    agreement: ({ agreementNumber }, _, { load }) => reads(load).governed.load(agreementNumber),
    number: ({ version }) => version,
    state: async (row, _, { load, now }) => stateAt({ ...row, suspendsAt: await suspendsAt(row, load) }, now),
    regions: ({ rowScope }) => rowScope.regions,
    programs: ({ rowScope }) => rowScope.programs,
    decileMax: ({ rowScope }) => rowScope.decileMax,
    verification: verificationOf,
    onDenied: ({ onDenied }) => upper(onDenied),
    addresses: ({ ipAllow }) => ipAllow,
    documents: ({ documents }) => upper(documents),
    armed: ({ armedMinutes: minutes, armedPersons: persons }) => (minutes === null ? null : { minutes, persons }),
    author: ({ author }, _, { load }) => (author === null ? null : reads(load).steward.load(author)),
    grants: (row, _, { load }) => reads(load).grants.load(keyOf(row)),
    coordinatesOpened: (row, _, { load }) => reads(load).ownedBy(row),
    pendingCoordinates: async (row, _, { load }) =>
      (await reads(load).pending.load(keyOf(row))).map(({ coordinate }) => coordinate),
    unboundSlices: (row, _, { load }) => reads(load).unbound(row),
    approvals: (row, _, { load }) => reads(load).approvals.load(keyOf(row)),
    missingApprovals: (row, _, { load }) => reads(load).missing(row),
    toSign: (row, how, { load }) => reads(load).toSign(row, how),
    resumeAskedBy: ({ resumeAskedBy: id }, _, { load }) => (id === null ? null : reads(load).steward.load(id)),
  },
  Stewardship: {
    inbox: (steward, _, { load }) => reads(load).inbox(steward),
    expiring: (steward, _, { load }) => reads(load).expiring(steward),
    pendingFields: (steward, _, { load }) => reads(load).pendingFields(steward),
  },
  OwnedCoordinates: { owner: ({ agencyCode }, _, { load }) => load.agency.load(agencyCode) },
  PendingField: { version: (row, _, { load }) => versionOf(row, load) },
  Approval: {
    owner: ({ ownerAgency }, _, { load }) => load.agency.load(ownerAgency),
    steward: ({ stewardId }, _, { load }) => reads(load).steward.load(stewardId),
  },
  MissingApproval: { agency: ({ agencyCode }, _, { load }) => load.agency.load(agencyCode) },
  Steward: {
    agency: ({ agencyCode }, _, { load }) => load.agency.load(agencyCode),
    keys: ({ id }, _, { load }) => reads(load).keys.load(id),
  },
  PolicyEvent: { id: ({ id }) => String(id) },
  GovernedCoordinate: {
    owners: async ({ ownerCodes }, _, { load }) =>
      (await Promise.all(ownerCodes.map((code) => load.agency.load(code)))).filter((owner) => owner !== null),
    openedBy: ({ coordinate }, _, { load }) => reads(load).openedBy(coordinate),
  },
};

const suspendsAt = async ({ agreementNumber }: VersionRow, load: Load) =>
  (await reads(load).suspension.load(agreementNumber))?.suspendsAt ?? null;

const versionOf = (row: Pick<VersionRow, "agreementNumber" | "version">, load: Load) => reads(load).version.load(keyOf(row));

const thresholdsOf = (params: GrantRow["params"]) =>
  params && Object.entries(params).map(([argument, values]) => ({ argument, values: values.map(String) }));
