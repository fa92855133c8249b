import type { OpensAid } from "./opens.ts";

const of = (type: string, ...fields: readonly string[]) => fields.map((field) => `${type}.${field}`);

const MONEY = ["PaymentPeriod.amount", "Enrolment.payments", "PaymentDifference.amountTold", "PaymentDifference.amountKnown"];
const ACCOUNTS = ["Enrolment.accounts", ...of("PaymentAccount", "channel", "isHolder", "isConfirmed", "card", "registeredAt")];
const COUNTS = ["PaymentCaseConnection.totalCount"];

/** What a payment has come to; of the person's own payments the rest is among the person's own data. */
const WHY = of("PaymentPeriod", "version", "failure", "history");
const PAYMENT = [
  ...of("PaymentPeriod", "id", "period", "startsOn", "endsOn", "amount", "state", "creditedOn", "channel", "heldFor"),
  ...WHY,
];

/** What treasury and channels work with: lists, orders, files and what does not reconcile. */
const OFFICES = [
  ...of("Query", "paymentRuns", "paymentRun", "paymentOrder", "paymentCases", "paymentDifferences", "paymentFiles"),
  ...PAYMENT,
  "PaymentPeriod.order",
  ...of("PaymentRun", "id", "version", "program", "period", "startsOn", "endsOn", "state", "payments", "total", "sha256"),
  ...of("PaymentRun", "decree", "orders", "history"),
  ...of("PaymentOrder", "id", "version", "program", "channel", "number", "state", "payments", "total", "sha256"),
  ...of(
    "PaymentOrder",
    "releaseNumber",
    "draftedBy",
    "issuedBy",
    "releasedBy",
    "instructedBy",
    "isCarried",
    "balance",
    "history",
  ),
  ...of("PaymentBalance", "ordered", "released", "pending", "credited", "returned", "excluded"),
  ...of("PaymentCase", "id", "person", "region", "program", "payment"),
  ...["PaymentCaseConnection.nodes", ...COUNTS, "Person.id"],
  ...of(
    "PaymentFile",
    "id",
    "kind",
    "name",
    "channel",
    "sha256",
    "officer",
    "receivedAt",
    "lines",
    "taken",
    "differing",
    "total",
  ),
  "PaymentFile.differences",
  ...of("PaymentDifference", "id", "version", "kind", "line", "payment", "channel", "amountTold", "amountKnown", "settledAt"),
  ...of("PaymentDifference", "settledBy", "settledBecause"),
  ...of("PaymentDifferenceConnection", "nodes", "totalCount"),
  "Mutation.reportPayments",
  "Mutation.movePayment",
];

/** A channel works its own queue, reports, and keeps the accounts; what is taken out of them, it alone can tell. */
const CHANNEL = [
  ...OFFICES,
  ...of("Mutation", "instructPayments", "registerAccount", "checkAccount"),
  ...["Query.idleBalances", ...of("IdleBalance", "channel", "region", "payments", "total")],
  ...of("Query", "enrolment"),
  ...of("Enrolment", "id", "person", "region"),
  ...ACCOUNTS,
  "PaymentAccount.id",
];

/** The ministry's officers read whole classes; of money and accounts they and the district are opened what repairs take. */
export const payments: OpensAid = {
  ministry: [...MONEY, ...ACCOUNTS, ...COUNTS],
  district: [...MONEY, ...ACCOUNTS, ...COUNTS],
  treasury: [...OFFICES, "Mutation.releaseFunds"],
  bank: CHANNEL,
  health: CHANNEL,
  citizen: [...WHY, ...ACCOUNTS, "PaymentAccount.id"],
  notForPrograms: ["Mutation.registerAccount", "Mutation.checkAccount"],
};
