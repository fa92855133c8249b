import type { ProgramCode, Resolvers } from "../generated.ts";

export const paymentsResolvers: Resolvers = {
  Query: {
    paymentRuns: (_, { program }, { load }) => load.payments.runs(program),
    paymentRun: (_, { id }, { load }) => load.payments.run.load(id),
    paymentOrder: (_, { id }, { load }) => load.payments.order.load(id),
    paymentCases: (_, asked, { load }) => load.payments.cases(asked),
    paymentDifferences: (_, asked, { load }) => load.payments.differences(asked),
    idleBalances: (_, { program }, { load }) => load.payments.idle(program),
    paymentFiles: (_, { program }, { load }) => load.payments.files(program),
    paymentFailures: (_, _args, { load }) => load.payments.failures(),
  },
  Mutation: {
    openPaymentPeriod: (_, { input }, { load }) => load.payments.openPeriod(input),
    signPaymentDecree: (_, { input }, { load }) => load.payments.signDecree(input),
    discardPaymentPeriod: (_, { input }, { load }) => load.payments.discardPeriod(input),
    draftPaymentOrder: (_, { input }, { load }) => load.payments.draftOrder(input),
    issuePaymentOrder: (_, seen, { load }) => load.payments.issueOrder(seen),
    releaseFunds: (_, { input }, { load }) => load.payments.release(input),
    instructPayments: (_, seen, { load }) => load.payments.instruct(seen),
    reportPayments: (_, { input }, { load }) => load.payments.report(input),
    movePayment: (_, { input }, { load }) => load.payments.move(input),
    settlePaymentDifference: (_, { input }, { load }) => load.payments.settle(input),
    registerAccount: (_, { input }, { load }) => load.payments.register(input),
    checkAccount: (_, { input }, { load }) => load.payments.check(input),
  },
  PaymentPeriod: {
    failure: ({ failure }, _, { load }) => load.payments.failure(failure),
    order: ({ batchId }, _, { load }) => (batchId === null ? null : load.payments.order.load(batchId)),
    history: ({ id }, _, { load }) => load.payments.history.load(id),
  },
  Enrolment: {
    accounts: async ({ id }, _, { load }) => (await load.payments.accountsOfEnrolment.load(id)).map(({ account }) => account),
  },
  PaymentRun: {
    program: ({ program }) => program as ProgramCode,
    orders: ({ id }, _, { load }) => load.payments.ordersOfRun.load(id),
    history: ({ id }, _, { load }) => load.payments.runHistory.load(id),
  },
  PaymentOrder: {
    program: ({ program }) => program as ProgramCode,
    balance: ({ id }, _, { load }) => load.payments.balance.load(id),
    history: ({ id }, _, { load }) => load.payments.orderHistory.load(id),
  },
  PaymentCase: {
    person: ({ personId }) => ({ id: personId }),
    region: ({ region }) => ({ code: region }),
    program: ({ program }) => program as ProgramCode,
    payment: (payment) => payment,
  },
  PaymentFailure: {
    remedy: ({ remedyId }) => remedyId,
    remedyInEnglish: ({ remedyEn }) => remedyEn,
    bring: ({ bringId }) => bringId,
    bringInEnglish: ({ bringEn }) => bringEn,
  },
  PaymentFile: {
    differences: ({ id }, _, { load }) => load.payments.differencesOfFile.load(id),
  },
  PaymentDifference: { payment: ({ paymentId }) => paymentId },
  IdleBalance: { region: ({ region }) => ({ code: region }) },
};
