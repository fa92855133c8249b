import { badInput } from "../kit/errors.ts";
import { mergeParts } from "../kit/parts.ts";
import { candidatesResolvers } from "./candidates/resolvers.ts";
import { catalogueResolvers } from "./catalogue/resolvers.ts";
import { contributionResolvers } from "./contribution/resolvers.ts";
import { ANSWERED_COMPONENTS } from "./data.ts";
import { eventsResolvers } from "./events/resolvers.ts";
import { familiesResolvers } from "./families/resolvers.ts";
import type { ProgramCode, Resolvers } from "./generated.ts";
import { historyResolvers } from "./history/resolvers.ts";
import { officeResolvers } from "./office/resolvers.ts";
import { paymentsResolvers } from "./payments/resolvers.ts";
import { schoolResolvers } from "./school/resolvers.ts";
import { selectionResolvers } from "./selection/resolvers.ts";
import { traceResolvers } from "./trace/resolvers.ts";

const MAX_ENROLMENTS = 50;
const [DEFAULT_PERIODS, MAX_PERIODS] = [6, 24];

const head: Resolvers = {
  Query: {
    program: (_, { code }, { load }) => load.program.load(code),
    programs: (_, _args, { load }) => load.programs(),
    enrolment: (_, { id }, { load }) => load.enrolment.load(id),
    enrolments: (_, asked, { load }) => load.enrolments(asked),
  },
  Mutation: { flagEnrolments: (_, { attestations }, { load }) => load.deliver(attestations) },
  Program: {
    __resolveReference: ({ code }, { load }) => load.program.load(code),
    // A code the enum does not know is refused by the enum itself: the table may hold local programs before the SDL does.
    code: ({ code }) => code as ProgramCode,
  },
  Enrolment: {
    __resolveReference: ({ id }, { load }) => load.enrolment.load(id),
    program: ({ program }, _, { load }) => load.program.load(program),
    person: ({ personId }) => ({ id: personId }),
    region: ({ region }) => ({ code: region }),
    component: ({ component }) => ANSWERED_COMPONENTS.find((answered) => answered === component) ?? null,
    payments({ id }, { latest }, { load }) {
      const periods = latest ?? DEFAULT_PERIODS;
      if (periods < 1 || periods > MAX_PERIODS) throw badInput(`latest must be from 1 to ${MAX_PERIODS}`);
      return load.latestPayments.load(id, periods);
    },
  },
  PaymentPeriod: { __resolveReference: ({ id }, { load }) => load.payment.load(id) },
  ScopeReach: {
    __resolveReference: ({ scope }) => ({ scope }),
    enrolments: async ({ scope }, _, { load }) => (scope === null ? null : ((await load.reach.load(scope))?.rows ?? null)),
  },
  Person: {
    __resolveReference: ({ id }) => ({ id }),
    enrolments: async ({ id }, _, { load }) => (await load.enrolmentsOfPerson.load(id)).slice(0, MAX_ENROLMENTS),
  },
};

const PARTS: readonly Resolvers[] = [
  head,
  officeResolvers,
  catalogueResolvers,
  candidatesResolvers,
  selectionResolvers,
  historyResolvers,
  schoolResolvers,
  contributionResolvers,
  paymentsResolvers,
  traceResolvers,
  familiesResolvers,
  eventsResolvers,
];

export const resolvers: Resolvers = mergeParts(PARTS);
