import { parseNik } from "../../schema/nik.ts";
import { isAtLeast } from "../../schema/values/age.ts";
import { dayInWib } from "../../schema/values/wib.ts";
import { badInput } from "../kit/errors.ts";
import { mergeParts } from "../kit/parts.ts";
import { incomeBandOf } from "./band.ts";
import { changesResolvers } from "./changes/resolvers.ts";
import type { HouseholdRow, MemberRow } from "./data.ts";
import { determinationResolvers } from "./determination/resolvers.ts";
import { evidenceResolvers } from "./evidence/resolvers.ts";
import { exchangeResolvers } from "./exchange/resolvers.ts";
import type { Resolvers } from "./generated.ts";
import type { Context } from "./loaders.ts";
import { needsResolvers } from "./needs/resolvers.ts";
import { objectionsResolvers } from "./objections/resolvers.ts";
import { officeResolvers } from "./office/resolvers.ts";
import { packetResolvers } from "./packet/resolvers.ts";
import { proposalsResolvers } from "./proposals/resolvers.ts";
import { qualityResolvers } from "./quality/resolvers.ts";
import { rankingResolvers } from "./ranking/resolvers.ts";
import { clocksOf, lastDayOf } from "./registry/clocks.ts";
import { registryResolvers } from "./registry/resolvers.ts";
import { standingResolvers } from "./standing/resolvers.ts";

const MAX_REGISTRY_MEMBERS = 20;
const ADULT = 18;

const head: Resolvers = {
  Query: {
    household: (_, { id, ...clocks }, { load, now }) => {
      const at = clocksOf(clocks, now);
      return at ? load.registry.at(at).household.load(id) : load.household.load(id);
    },
    households: (_, asked, { load }) => load.households(asked),
    registryVersions: (_, _args, { load }) => load.registryVersions(),
    psksInstitutions: (_, asked, { load }) => load.psksInstitutions(asked),
    registryStatistics: (_, { version }, { load }) => load.statistics(version ?? null),
  },
  Household: {
    __resolveReference: ({ id }, { load }) => load.household.load(id),
    region: ({ region }) => ({ code: region }),
    members: (row, _, { load }) => membersOf(row, load),
    async memberCount(row, _, { load }) {
      const members = await membersOf(row, load);
      return members.filter(({ state }) => state !== "DECEASED" && state !== "MERGED").length;
    },
    deciles: ({ id, at }, _, { load }) => (at ? load.registry.at(at).deciles.load(id) : load.deciles.load(id)),
    decileAtMost({ decile }, { n }) {
      if (n < 1 || n > 10) throw badInput("n must be from 1 to 10");
      return decile === null ? null : decile <= n;
    },
    incomeBand: ({ monthlyIncome }) => (monthlyIncome === null ? null : incomeBandOf(monthlyIncome)),
  },
  Member: {
    __resolveReference: ({ id }, { load }) => load.member.load(id),
    household: ({ householdId, at }, _, { load }) =>
      at ? load.registry.at(at).household.load(householdId) : load.household.load(householdId),
    async family({ householdId, familyId, at }, _, { load }) {
      if (!at) return load.family.load(familyId);
      return (await load.registry.at(at).families.load(householdId)).find(({ id }) => id === familyId) ?? null;
    },
    person: ({ personId }) => (personId === null ? null : { id: personId }),
    ppks: async ({ id, at }, _, { load }) => (await load.ppks.load(id)).filter(({ since }) => !at || since <= lastDayOf(at)),
    async subjectFlags({ id, claimedNik }, _, { load, now }) {
      const told = (await load.toldOfMember.load(id)).map(({ flag }) => flag);
      const others = new Set(told.filter((flag) => flag !== "CHILD"));
      return (isChild(claimedNik, dayInWib(now)) ?? told.includes("CHILD")) ? ["CHILD", ...others] : [...others];
    },
  },
  Family: {
    __resolveReference: ({ id }, { load }) => load.family.load(id),
    familyCard: ({ familyCardId }) => (familyCardId === null ? null : { id: familyCardId }),
    async members({ id, householdId, at }, _, { load }) {
      if (!at) return load.membersOfFamily.load(id);
      return (await load.registry.at(at).members.load(householdId)).filter(({ familyId }) => familyId === id);
    },
  },
  Person: {
    __resolveReference: ({ id }) => ({ id }),
    registryMembers: async ({ id }, _, { load }) => (await load.membersOfPerson.load(id)).slice(0, MAX_REGISTRY_MEMBERS),
    psksRoles: ({ id }, _, { load }) => load.psksRoles.load(id),
  },
  ScopeReach: {
    __resolveReference: ({ scope }) => ({ scope }),
    households: async ({ scope }, _, { load }) => (scope === null ? null : ((await load.reach.load(scope))?.rows ?? null)),
  },
  RegistryVersion: { __resolveReference: ({ id }, { load }) => load.registryVersion.load(id) },
  PsksInstitution: {
    __resolveReference: ({ id }, { load }) => load.psksInstitution.load(id),
    region: ({ region }) => ({ code: region }),
  },
};

const PARTS: readonly Resolvers[] = [
  head,
  officeResolvers,
  registryResolvers,
  proposalsResolvers,
  evidenceResolvers,
  changesResolvers,
  rankingResolvers,
  determinationResolvers,
  objectionsResolvers,
  needsResolvers,
  packetResolvers,
  exchangeResolvers,
  qualityResolvers,
  standingResolvers,
];

export const resolvers: Resolvers = mergeParts(PARTS);

const membersOf = ({ id, at }: HouseholdRow, load: Context["load"]): Promise<readonly MemberRow[]> =>
  at ? load.registry.at(at).members.load(id) : load.membersOfHousehold.load(id);

/** Whether a claimed NIK is a child's; null when it is none: it may be malformed. */
function isChild(claimedNik: string | null, today: string): boolean | null {
  const parsed = parseNik(claimedNik ?? "", { referenceDate: today, allowSynthetic: true });
  return "nik" in parsed ? !isAtLeast(parsed.nik.birthDate, ADULT, today) : null;
}
