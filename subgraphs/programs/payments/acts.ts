import { randomUUID } from "node:crypto";
import type { Act } from "../../kit/acts/acting.ts";
import { changedMeanwhile } from "../../kit/acts/acting.ts";
import { uuids } from "../../kit/data.ts";
import { badInput } from "../../kit/errors.ts";
import { type PaymentRow, paymentsById } from "../data.ts";
import type {
  CheckAccountInput,
  DiscardPaymentPeriodInput,
  DraftPaymentOrderInput,
  MovePaymentInput,
  OpenPaymentPeriodInput,
  RegisterAccountInput,
  ReleaseFundsInput,
  ReportPaymentsInput,
  SettlePaymentDifferenceInput,
  SignPaymentDecreeInput,
} from "../generated.ts";
import { onDuty } from "../office/duty.ts";
import { accountDigest } from "./account.ts";
import * as data from "./data.ts";
import { digestOf, linesOf } from "./report.ts";

// Who may take which step, and when, say the rules of the database (migration 0012): here only what was sent is put into their words.

const only = <Row>([row]: readonly Row[], what: string): Row => {
  if (row === undefined) throw changedMeanwhile(what);
  return row;
};

/** What cannot be an id at all is looked for like an id that nobody has. */
const idOr = (id: string): string => uuids([id])[0] ?? randomUUID();

export async function openPeriod(one: Act, input: OpenPaymentPeriodInput): Promise<data.PaymentRunRow> {
  await onDuty(one, ["PROGRAM_STEWARD"], { program: input.program, region: "" });
  const id = randomUUID();
  await data.draftRun(one.db, { id, ...input });
  return only(await data.runsById(one.db, [id]), "the payment period");
}

export async function signDecree({ db }: Act, input: SignPaymentDecreeInput): Promise<data.PaymentRunRow> {
  await data.signRun(db, { ...input, id: idOr(input.id) });
  return only(await data.runsById(db, [input.id]), "the payment period");
}

export async function discardPeriod({ db }: Act, input: DiscardPaymentPeriodInput): Promise<data.PaymentRunRow> {
  await data.discardRun(db, { ...input, id: idOr(input.id) });
  return only(await data.runsById(db, [input.id]), "the payment period");
}

export async function draftOrder({ db }: Act, { run, ...input }: DraftPaymentOrderInput): Promise<data.PaymentOrderRow> {
  const id = await data.draftOrder(db, { id: randomUUID(), run: idOr(run), ...input });
  return only(await data.ordersById(db, [id]), "the payment order");
}

type Seen = { readonly id: string; readonly version: number };

async function moveOrder(
  { db }: Act,
  { id, version }: Seen,
  step: Pick<Parameters<typeof data.moveOrder>[1], "act" | "number" | "total">,
): Promise<data.PaymentOrderRow> {
  await data.moveOrder(db, { id: idOr(id), version, ...step });
  return only(await data.ordersById(db, [id]), "the payment order");
}

export const issueOrder = (one: Act, seen: Seen) => moveOrder(one, seen, { act: "ISSUE", number: null, total: null });
export const instruct = (one: Act, seen: Seen) => moveOrder(one, seen, { act: "INSTRUCT", number: null, total: null });
export const release = (one: Act, { number, total, ...seen }: ReleaseFundsInput) =>
  moveOrder(one, seen, { act: "RELEASE", number, total });

export async function report(
  { db }: Act,
  { kind, program, reference, isClosing, lines }: ReportPaymentsInput,
): Promise<data.PaymentFileRow> {
  const told = linesOf({ kind, lines });
  const id = randomUUID();
  await data.receiveFile(db, { id, kind, program, name: "reportPayments", sha256: digestOf(told), reference: reference ?? "" });
  await data.addLines(db, id, told);
  await data.reconcileFile(db, id, isClosing ?? false);
  return only(await data.filesById(db, [id]), "the file");
}

export async function move({ db }: Act, { failure, ...input }: MovePaymentInput): Promise<PaymentRow> {
  await data.movePayment(db, { ...input, id: idOr(input.id), failure: failure ?? null });
  return only(await paymentsById(db, [input.id]), "the payment");
}

export async function settle({ db }: Act, input: SettlePaymentDifferenceInput): Promise<data.DifferenceRow> {
  await data.settleDifference(db, { ...input, id: idOr(input.id) });
  return only(await data.differencesById(db, [input.id]), "the difference");
}

/** `key`: of the slice, for accounts only. */
export async function register({ db, caller }: Act, input: RegisterAccountInput, key: Uint8Array): Promise<data.AccountRow> {
  const { accountNumber, isHolder, card } = input;
  const enrolment = idOr(input.enrolment);
  const digest = accountDigest(key, { channel: caller.agency, accountNumber });
  const id = await data.registerAccount(db, { id: randomUUID(), enrolment, digest, isHolder, card });
  return only(await data.accountsById(db, [id]), "the account");
}

/** `key`: of the slice, for accounts only. */
export async function check(
  { db, caller }: Act,
  input: CheckAccountInput,
  key: Uint8Array,
): Promise<"MATCH" | "NO_MATCH" | null> {
  const enrolment = uuids([input.enrolment])[0];
  if (enrolment === undefined) throw badInput("enrolment is no id");
  return data.checkAccount(db, enrolment, accountDigest(key, { channel: caller.agency, accountNumber: input.accountNumber }));
}
