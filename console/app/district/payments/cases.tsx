import { Anchor, Text } from "@mantine/core";
import { Link } from "react-router";
import { rupiah } from "../../kit/format.ts";
import { useText } from "../../kit/text.tsx";
import type { Act } from "../acts/act.ts";
import { Facts, State } from "../kit/Facts.tsx";
import { History, type Step } from "../kit/History.tsx";
import { useNames } from "../kit/names.ts";
import type { QueueOf } from "../kit/Queue.tsx";
import { CASES, DIFFERENCES, MOVE, SETTLE } from "./questions.ts";

export interface Failure {
  readonly code: string;
  readonly office: string;
  readonly remedy: string | null;
  readonly remedyInEnglish: string | null;
  readonly bring: string | null;
  readonly bringInEnglish: string | null;
  readonly usualDays: number | null;
  readonly source: string | null;
}

interface PaymentCase {
  readonly id: string;
  readonly program: string;
  readonly region: { readonly code: string; readonly name: string } | null;
  readonly person: { readonly id: string; readonly fullName?: string | null } | null;
  readonly payment: {
    readonly id: string;
    readonly version: number;
    readonly period: string;
    readonly amount: string | null;
    readonly state: string;
    readonly channel: string | null;
    readonly heldFor: string | null;
    readonly failure: Failure | null;
    readonly history: readonly Step[] | null;
  } | null;
}

const PROGRAMS = ["PKH", "BPNT", "KIP", "KIP_KULIAH"];
const STATES = [
  ...[
    "ACCOUNT_CHECK_FAILED",
    "TREASURY_CHECK_FAILED",
    "NOT_TRANSACTED",
    "RETURNED",
    "ACCOUNT_OPENING",
    "ACCOUNT_CHECK",
    "TREASURY_CHECK",
  ],
  ...[
    "CANDIDATE",
    "ORDER_PENDING",
    "ORDER_ISSUED",
    "FUNDS_RELEASED",
    "STANDING_INSTRUCTION",
    "CREDITED",
    "TRANSACTED",
    "EXCLUDED",
  ],
];

/** Back to the check that failed, once what was wrong is mended. */
const CHECK_AGAIN: Act<PaymentCase> = {
  ...{ name: "checkAgain", document: MOVE, by: ["DISTRICT", "PROGRAM_STEWARD"] },
  fits: ({ payment }) => payment?.state === "ACCOUNT_CHECK_FAILED" || payment?.state === "TREASURY_CHECK_FAILED",
  fields: [{ name: "reason", kind: "words" }],
  variables: ([row], { reason }) => {
    const { id, version, state } = row?.payment ?? {};
    return { input: { id, version, state: state?.replace("_FAILED", ""), reason } };
  },
};

export const CASES_QUEUE: QueueOf<PaymentCase> = {
  name: "payments",
  query: CASES,
  root: "paymentCases",
  hasNames: true,
  filters: [
    { name: "program", kind: "choice", type: "ProgramCode", values: PROGRAMS, preset: "PKH", isNeeded: true },
    { name: "state", kind: "choice", type: "PaymentState", values: STATES, preset: "ACCOUNT_CHECK_FAILED" },
    { name: "region", kind: "region" },
  ],
  variables: ({ program, state, region }) => ({ filter: { program, state, region } }),
  nameOf: ({ person, payment }) => `${person?.fullName ?? person?.id ?? ""} ${payment?.period ?? ""}`,
  acts: [CHECK_AGAIN],
  columns: [
    { name: "recipient", cell: ({ person }) => person?.fullName ?? person?.id },
    { name: "period", cell: ({ payment }) => payment?.period },
    { name: "amount", isNumber: true, cell: ({ payment }) => payment?.amount && rupiah(payment.amount) },
    { name: "state", cell: ({ payment }) => <State type="PaymentState" value={payment?.state} /> },
    { name: "failure", cell: ({ payment }) => <Named type="PaymentFailure" value={payment?.failure?.code} /> },
    { name: "office", cell: ({ payment }) => <Named type="PaymentOffice" value={payment?.failure?.office} /> },
    { name: "village", cell: ({ region }) => region?.name },
  ],
  details: (row) => <Why of={row} />,
};

export function Named({ type, value }: { readonly type: string; readonly value: string | null | undefined }) {
  return useNames()(type, value);
}

/** What helps, what to bring, how long it takes; and the whole chain of this payment. */
function Why({ of: { payment, person, program } }: { readonly of: PaymentCase }) {
  const { t, language } = useText();
  const name = useNames();
  const failure = payment?.failure;
  const remedy = language === "id" ? failure?.remedy : failure?.remedyInEnglish;
  return (
    <>
      {remedy && <Text>{remedy}</Text>}
      <Facts
        of={[
          ["bring", language === "id" ? failure?.bring : failure?.bringInEnglish],
          ["usualDays", failure?.usualDays != null && t("district.kit.usualDays", { count: failure.usualDays })],
          ["channel", name("PaymentChannel", payment?.channel)],
          ["heldFor", name("EnrolmentFlag", payment?.heldFor)],
        ]}
      />
      {person && payment && (
        <Anchor component={Link} to="/district/payments/trace" state={{ person: person.id, program, period: payment.period }}>
          {t("district.payment.trace")}
        </Anchor>
      )}
      <History steps={payment?.history} type="PaymentState" />
    </>
  );
}

interface Difference {
  readonly id: string;
  readonly version: number;
  readonly kind: string;
  readonly channel: string | null;
  readonly line: number | null;
  readonly amountKnown: string | null;
  readonly amountTold: string | null;
  readonly settledBy: string | null;
  readonly settledBecause: string | null;
}

const KINDS = [
  ...["AMOUNT_DIFFERS", "MISSING", "NOT_DUE", "NO_OWN_ACCOUNT", "TWICE"],
  ...["UNKNOWN_ORDER", "UNKNOWN_PAYMENT", "WRONG_CHANNEL", "WRONG_DAY"],
];

export const DIFFERENCES_QUEUE: QueueOf<Difference> = {
  name: "differences",
  query: DIFFERENCES,
  root: "paymentDifferences",
  filters: [{ name: "kind", kind: "choice", type: "PaymentDifferenceKind", values: KINDS }],
  variables: ({ kind }) => ({ filter: { kind } }),
  nameOf: ({ kind, line }) => `${kind} ${line ?? ""}`,
  acts: [
    {
      ...{
        name: "settleDifference",
        document: SETTLE,
        by: ["PROGRAM_STEWARD"],
        fits: ({ settledBy }: Difference) => settledBy === null,
      },
      fields: [{ name: "reason", kind: "words" }],
      variables: ([row], { reason }) => ({ input: { id: row?.id, version: row?.version, reason } }),
    },
  ],
  columns: [
    { name: "difference", cell: ({ kind }) => <Named type="PaymentDifferenceKind" value={kind} /> },
    { name: "channel", cell: ({ channel }) => <Named type="PaymentChannel" value={channel} /> },
    { name: "line", isNumber: true, cell: ({ line }) => line },
    { name: "amountKnown", isNumber: true, cell: ({ amountKnown }) => amountKnown && rupiah(amountKnown) },
    { name: "amountTold", isNumber: true, cell: ({ amountTold }) => amountTold && rupiah(amountTold) },
    { name: "settled", cell: ({ settledBy, settledBecause }) => settledBy && `${settledBy}: ${settledBecause}` },
  ],
};
