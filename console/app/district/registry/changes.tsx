import { Stack } from "@mantine/core";
import { day } from "../../kit/format.ts";
import { Problem } from "../../kit/Problem.tsx";
import { Loading } from "../../kit/States.tsx";
import { useAnswer } from "../../kit/use/useAnswer.ts";
import { ActBar } from "../acts/ActBar.tsx";
import { given, seenOne } from "../acts/act.ts";
import { Consequences, type Foreseen } from "../households/Consequences.tsx";
import { CHANGE_KINDS, completing } from "../households/changes.tsx";
import { HOUSEHOLD } from "../households/questions.ts";
import { useDuties } from "../kit/duties.tsx";
import { Facts, State } from "../kit/Facts.tsx";
import { History, type Step } from "../kit/History.tsx";
import type { Home } from "../kit/homes.ts";
import { useNames } from "../kit/names.ts";
import type { QueueOf } from "../kit/Queue.tsx";
import { APPROVE_CHANGE, CHANGE_PREVIEW, CHANGES, REJECT_CHANGE, SUBMIT_CHANGE, WITHDRAW_CHANGE } from "./changeQuestions.ts";

interface Change {
  readonly id: string;
  readonly version: number;
  readonly state: string;
  readonly kind: string;
  readonly source: string;
  readonly effectiveOn: string | null;
  readonly missing: readonly string[] | null;
  readonly reason: string | null;
  readonly claimedName: string | null;
  readonly claimedNik: string | null;
  readonly cardNumber: string | null;
  readonly region: { readonly code: string; readonly name: string } | null;
  readonly household: { readonly id: string; readonly address: string | null } | null;
  readonly person: { readonly fullName: string | null } | null;
  readonly history: readonly Step[] | null;
}

const STATES = ["SUBMITTED", "DRAFT", "APPROVED", "APPLIED", "REJECTED", "WITHDRAWN"];

/** Digests of previews that were read, by request: what is approved is what was shown. */
const read = new Map<string, string>();

const nameOf = ({ person, claimedName, household }: Change): string =>
  person?.fullName ?? claimedName ?? household?.address ?? "";

export const CHANGES_QUEUE: QueueOf<Change> = {
  name: "changes",
  query: CHANGES,
  root: "changeRequests",
  filters: [
    { name: "state", kind: "choice", type: "ChangeState", values: STATES },
    { name: "kind", kind: "choice", type: "FamilyChangeKind", values: CHANGE_KINDS },
    { name: "region", kind: "region" },
  ],
  variables: ({ state, kind, region }) => ({ filter: { state, kind, region } }),
  nameOf,
  acts: [
    {
      ...{ name: "submitChange", document: SUBMIT_CHANGE, by: ["VILLAGE_OPERATOR"] },
      fits: ({ state, missing }) => state === "DRAFT" && !missing?.length,
      variables: (rows) => ({ input: seenOne(rows) }),
    },
    {
      ...{ name: "approveChange", document: APPROVE_CHANGE, by: ["VERIFIER"] },
      fits: ({ state }) => state === "SUBMITTED",
      variables: (rows) => ({ input: { ...seenOne(rows), digest: read.get(rows[0]?.id ?? "") ?? "" } }),
    },
    {
      ...{ name: "rejectChange", document: REJECT_CHANGE, by: ["VERIFIER"], isEnd: true },
      fits: ({ state }) => state === "SUBMITTED",
      fields: [{ name: "reason", kind: "words" }],
      variables: (rows, { reason }) => ({ input: { ...seenOne(rows), reason } }),
    },
    {
      ...{ name: "withdrawChange", document: WITHDRAW_CHANGE, by: ["VILLAGE_OPERATOR"], isEnd: true },
      fits: ({ state }) => state === "DRAFT" || state === "SUBMITTED",
      fields: [{ name: "reason", kind: "words" }],
      variables: (rows, { reason }) => ({ input: { ...seenOne(rows), reason } }),
    },
  ],
  columns: [
    { name: "change", cell: ({ kind }) => <Kind kind={kind} /> },
    { name: "member", cell: ({ person, claimedName }) => person?.fullName ?? claimedName },
    { name: "address", cell: ({ household }) => household?.address },
    { name: "village", cell: ({ region }) => region?.name },
    { name: "effectiveOn", cell: ({ effectiveOn }) => effectiveOn && day(effectiveOn) },
    { name: "state", cell: ({ state }) => <State type="ChangeState" value={state} /> },
  ],
  details: (row, again) => <Details of={row} again={again} />,
};

function Kind({ kind }: { readonly kind: string }) {
  return useNames()("FamilyChangeKind", kind);
}

function Details({ of, again }: { readonly of: Change; readonly again: () => void }) {
  const name = useNames();
  const { over } = useDuties();
  const isIncomplete = of.state === "DRAFT" && (of.missing?.length ?? 0) > 0;
  return (
    <Stack gap="sm">
      <Facts
        of={[
          ["source", name("ChangeSource", of.source)],
          ["missing", of.missing?.join(", ")],
          ["cardNumber", of.cardNumber],
          ["reason", of.reason],
        ]}
      />
      {(of.state === "SUBMITTED" || (of.state === "DRAFT" && !isIncomplete)) && <Preview id={of.id} />}
      {isIncomplete && of.household && over(["VILLAGE_OPERATOR"], of.region?.code) && (
        <Completion of={of} household={of.household.id} again={again} />
      )}
      <History steps={of.history} type="ChangeState" />
    </Stack>
  );
}

interface CompletionProps {
  readonly of: Change;
  readonly household: string;
  readonly again: () => void;
}

/** What a draft lacks is filled in; what the civil event said stands there. */
function Completion({ of, household, again }: CompletionProps) {
  const { data, error, isLoading } = useAnswer<{ readonly household: Home | null }>(HOUSEHOLD, { id: household });
  if (isLoading) return <Loading />;
  if (!data?.household) return <Problem error={error} />;
  const { effectiveOn, cardNumber, claimedName, claimedNik } = of;
  const preset = given({
    ...{ effectiveOn: effectiveOn ?? "", cardNumber: cardNumber ?? "", claimedName: claimedName ?? "" },
    claimedNik: claimedNik ?? "",
    claimedBirthDate: of.kind === "BIRTH" ? (effectiveOn ?? "") : "",
  });
  return <ActBar acts={[completing(of.kind, data.household, preset)]} rows={[of]} nameOf={nameOf} onDone={again} />;
}

interface Previewed {
  readonly changeRequest: { readonly preview: Foreseen | null } | null;
}

/** What approving would do to families, aid and seats today. */
function Preview({ id }: { readonly id: string }) {
  const { data, error, isAsking } = useAnswer<Previewed>(CHANGE_PREVIEW, { id }, { policy: "network-only" });
  const preview = data?.changeRequest?.preview;
  if (isAsking) return <Loading />;
  if (!preview) return <Problem error={error} />;
  read.set(id, preview.digest);
  return (
    <>
      <Consequences of={preview} />
      <Problem error={error} />
    </>
  );
}
