import { Button, Group, Text } from "@mantine/core";
import { useMutation } from "urql";
import { moment } from "../../kit/format.ts";
import { Problem } from "../../kit/Problem.tsx";
import { useText } from "../../kit/text.tsx";
import { type Act, seenOne } from "../acts/act.ts";
import { useDuties } from "../kit/duties.tsx";
import { Facts, State } from "../kit/Facts.tsx";
import { History, type Step } from "../kit/History.tsx";
import { useNames } from "../kit/names.ts";
import { Queue, type QueueOf } from "../kit/Queue.tsx";
import { DECIDE_ERROR, ERRORS, FIND_ERRORS } from "./questions.ts";

interface ErrorCandidate {
  readonly id: string;
  readonly version: number;
  readonly state: string;
  readonly kind: string;
  readonly reasons: readonly string[] | null;
  readonly reason: string | null;
  readonly foundAt: string;
  readonly decidedBy: string | null;
  readonly region: { readonly code: string; readonly name: string } | null;
  readonly person: { readonly fullName: string | null } | null;
  readonly program: { readonly code: string } | null;
  readonly history: readonly Step[] | null;
}

const deciding = (name: string, isConfirmed: boolean): Act<ErrorCandidate> => ({
  ...{ name, document: DECIDE_ERROR, by: ["DISTRICT"], fits: ({ state }) => state === "OPEN" },
  fields: [{ name: "reason", kind: "words" }],
  variables: (rows, { reason }) => ({ input: { ...seenOne(rows), isConfirmed, reason } }),
});

const PROGRAMS = ["PKH", "BPNT", "PBI_JK", "KIP", "KIP_KULIAH"];

const ERRORS_QUEUE: QueueOf<ErrorCandidate> = {
  name: "errors",
  query: ERRORS,
  root: "errorCandidates",
  filters: [
    { name: "kind", kind: "choice", type: "ErrorKind", values: ["INCLUSION", "EXCLUSION", "OVERLAP"] },
    {
      name: "state",
      kind: "choice",
      type: "ErrorCandidateState",
      values: ["OPEN", "CONFIRMED", "DISMISSED", "RESOLVED"],
      preset: "OPEN",
    },
    { name: "program", kind: "choice", type: "ProgramCode", values: PROGRAMS },
    { name: "region", kind: "region" },
  ],
  variables: ({ kind, state, program, region }) => ({ filter: { kind, state, program, region } }),
  nameOf: ({ person, id }) => person?.fullName ?? id,
  acts: [deciding("confirmError", true), deciding("dismissError", false)],
  columns: [
    { name: "person", cell: ({ person }) => person?.fullName },
    { name: "program", cell: ({ program }) => <Named type="ProgramCode" value={program?.code} /> },
    { name: "error", cell: ({ kind }) => <Named type="ErrorKind" value={kind} /> },
    { name: "village", cell: ({ region }) => region?.name },
    { name: "foundAt", cell: ({ foundAt }) => moment(foundAt) },
    { name: "state", cell: ({ state }) => <State type="ErrorCandidateState" value={state} /> },
  ],
  details: (row) => <Why of={row} />,
};

function Named({ type, value }: { readonly type: string; readonly value: string | null | undefined }) {
  return useNames()(type, value);
}

function Why({ of }: { readonly of: ErrorCandidate }) {
  const name = useNames();
  return (
    <>
      <Facts
        of={[
          ["why", of.reasons?.map((reason) => name("IneligibilityReason", reason)).join("; ")],
          ["decisionReason", of.reason],
          ["decidedBy", of.decidedBy],
        ]}
      />
      <History steps={of.history} type="ErrorCandidateState" />
    </>
  );
}

/** Persons a program may serve wrongly. */
export function Errors() {
  const { t } = useText();
  const { root, over } = useDuties();
  const [{ data, error, fetching }, mutate] = useMutation<{ readonly findErrorCandidates: boolean | null }>(FIND_ERRORS);
  const maySearch = root !== null && over(["DISTRICT", "PROGRAM_STEWARD"], root);
  return (
    <Queue of={ERRORS_QUEUE}>
      {maySearch && (
        <Group>
          <Button variant="default" loading={fetching} onClick={() => void mutate({ region: root })}>
            {t("district.error.search")}
          </Button>
          <Text role="status" size="sm">
            {data?.findErrorCandidates ? t("district.error.searching") : ""}
          </Text>
        </Group>
      )}
      <Problem error={error} />
    </Queue>
  );
}
