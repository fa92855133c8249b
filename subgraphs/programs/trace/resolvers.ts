import type { TraceStep } from "../../../schema/aid/trace.ts";
import type { Resolvers } from "../generated.ts";
import type { Context } from "../loaders.ts";
import { explain, sentenceOf } from "./explain.ts";
import type { TraceRow } from "./loaders.ts";
import { type Standing, today } from "./standing.ts";
import { outcomeOf, stepsOf } from "./walk.ts";

const explained = async (row: TraceRow, step: TraceStep, { load }: Pick<Context, "load">) =>
  explain(row, step, await load.trace.words());
const own = (step: TraceStep) => (row: TraceRow, _: object, context: Context) => explained(row, step, context);
const UNKNOWN: Standing = {};

export const traceResolvers: Resolvers = {
  Query: { paymentTrace: (_, { person, program, period }, { load }) => load.trace.of(person, { program, period }) },
  Person: { paymentTrace: ({ id }, asked, { load }) => load.trace.of(id, asked) },
  PaymentTrace: {
    async __resolveReference(reference, { load }) {
      const found = await load.trace.byId(reference.id);
      const { person } = reference as { readonly person?: { readonly registryStanding?: Standing | null } };
      return found && { ...found, standing: person?.registryStanding ?? null };
    },
    person: ({ personId }) => ({ id: personId }),
    program: ({ program }, _, { load }) => load.program.load(program),
    outcome: ({ halt, facts }) => outcomeOf(halt, facts),
    paidOn: ({ facts }) => facts.creditedOn,
    isDrawnByAnother: ({ facts }) => facts.drawnByAnother,
    stoppedAt: ({ halt }) => halt.at,
    sentence: async (row, _, { load }) => sentenceOf(row, await load.trace.words()),
    async steps({ halt }, _, { load }) {
      const words = await load.trace.words();
      return stepsOf(halt).map(({ step, state }) => ({ step, state, office: words(step, undefined).office }));
    },
    async registry(row, _, context) {
      const { standing } = row;
      const why = await explained(row, "REGISTRY", context);
      return { ...why, today: today.REGISTRY(standing ?? UNKNOWN), determinedFor: standing?.determinedFor ?? null };
    },
    async match(row, _, context) {
      return { ...(await explained(row, "MATCH", context)), today: today.MATCH(row.standing ?? UNKNOWN) };
    },
    async rank(row, _, context) {
      const why = await explained(row, "RANK", context);
      return { ...why, today: today.RANK(row.standing ?? UNKNOWN, why.state) };
    },
    exclusion: own("EXCLUSION"),
    component: own("COMPONENT"),
    quota: own("QUOTA"),
    decree: own("DECREE"),
    account: own("ACCOUNT"),
    treasury: own("TREASURY"),
    order: own("ORDER"),
    release: own("RELEASE"),
    credit: own("CREDIT"),
    transaction: own("TRANSACTION"),
  },
};
