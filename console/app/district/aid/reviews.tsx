import { List } from "@mantine/core";
import { day } from "../../kit/format.ts";
import { type Act, seen } from "../acts/act.ts";
import { Facts, State } from "../kit/Facts.tsx";
import { useNames } from "../kit/names.ts";
import type { QueueOf } from "../kit/Queue.tsx";
import { CONFIRM_ENDING, EXIT, REJECT_ENDING, RESUME, REVIEWS, SUSPEND } from "./questions.ts";

interface Ending {
  readonly id: string;
  readonly version: number;
  readonly state: string;
  readonly reason: string;
  readonly words: string | null;
  readonly endsOn: string | null;
  readonly proposedBy: string | null;
}

interface Review {
  readonly id: string;
  readonly since: string;
  readonly reasons: readonly string[] | null;
  readonly region: { readonly code: string; readonly name: string } | null;
  readonly person: { readonly fullName: string | null } | null;
  readonly enrolment: {
    readonly id: string;
    readonly version: number;
    readonly state: string;
    readonly startedOn: string | null;
    readonly program: { readonly code: string } | null;
    readonly endings: readonly Ending[] | null;
  } | null;
}

const BY = ["DISTRICT", "PROGRAM_STEWARD"];
const ENDINGS = [
  "DECEASED",
  "NOT_ELIGIBLE",
  "DECILE_ABOVE_LIMIT",
  "DUPLICATE_BENEFIT",
  "MOVED_ABROAD",
  "NO_COMPONENT",
  "SELF_RELIANT",
  "WITHDRAWN",
];
const proposedOf = ({ enrolment }: Review) => enrolment?.endings?.find(({ state }) => state === "PROPOSED");
const seenEnrolment = ([row]: readonly Review[]) => ({ enrolment: row?.enrolment?.id, version: row?.enrolment?.version });
const seenEnding = ([row]: readonly Review[]) => {
  const ending = row && proposedOf(row);
  return ending && seen(ending);
};

const step = (name: string, document: string, from: string): Act<Review> => ({
  ...{ name, document, by: BY, fits: (row) => row.enrolment?.state === from && !proposedOf(row) },
  fields: [{ name: "reason", kind: "words" }],
  variables: (rows, { reason }) => ({ input: { ...seenEnrolment(rows), reason } }),
});

const ACTS: readonly Act<Review>[] = [
  step("suspend", SUSPEND, "ACTIVE"),
  step("resume", RESUME, "SUSPENDED"),
  {
    ...{ name: "exit", document: EXIT, by: BY, fits: (row: Review) => !proposedOf(row) },
    fields: [
      { name: "ending", kind: "choice", type: "EndingReason", values: ENDINGS },
      { name: "words", kind: "words" },
    ],
    variables: (rows, { ending, words }) => ({ input: { ...seenEnrolment(rows), reason: ending, words } }),
  },
  {
    ...{
      name: "confirmEnding",
      document: CONFIRM_ENDING,
      by: BY,
      fits: (row: Review) => proposedOf(row) !== undefined,
      isEnd: true,
    },
    variables: (rows) => ({ ...seenEnding(rows) }),
  },
  {
    ...{ name: "rejectEnding", document: REJECT_ENDING, by: BY, fits: (row: Review) => proposedOf(row) !== undefined },
    fields: [{ name: "reason", kind: "words" }],
    variables: (rows, { reason }) => ({ input: { ...seenEnding(rows), reason } }),
  },
];

export const REVIEWS_QUEUE: QueueOf<Review> = {
  name: "reviews",
  query: REVIEWS,
  root: "enrolmentsToReview",
  filters: [{ name: "region", kind: "region" }],
  variables: ({ region }) => ({ region }),
  nameOf: ({ person, since }) => person?.fullName ?? since,
  acts: ACTS,
  columns: [
    { name: "recipient", cell: ({ person }) => person?.fullName },
    { name: "program", cell: ({ enrolment }) => <Named type="ProgramCode" value={enrolment?.program?.code} /> },
    { name: "why", cell: ({ reasons }) => <Reasons of={reasons ?? []} /> },
    { name: "since", cell: ({ since }) => day(since) },
    { name: "village", cell: ({ region }) => region?.name },
    { name: "state", cell: ({ enrolment }) => <State type="EnrolmentState" value={enrolment?.state} /> },
  ],
  details: ({ enrolment }) => <Endings of={enrolment?.endings ?? []} />,
};

function Named({ type, value }: { readonly type: string; readonly value: string | null | undefined }) {
  return useNames()(type, value);
}

function Reasons({ of }: { readonly of: readonly string[] }) {
  const name = useNames();
  return of.map((reason) => name("EnrolmentReviewReason", reason)).join("; ");
}

function Endings({ of }: { readonly of: readonly Ending[] }) {
  const name = useNames();
  if (of.length === 0) return null;
  return (
    <List size="sm">
      {of.map(({ id, state, reason, words, endsOn, proposedBy }) => (
        <List.Item key={id}>
          {name("EndingState", state)}: {name("EndingReason", reason)}
          <Facts
            of={[
              ["words", words],
              ["until", endsOn && day(endsOn)],
              ["proposedBy", proposedBy],
            ]}
          />
        </List.Item>
      ))}
    </List>
  );
}
