import { Anchor, Group } from "@mantine/core";
import { Link } from "react-router";
import { moment } from "../../kit/format.ts";
import { useText } from "../../kit/text.tsx";
import { ActButton } from "../acts/ActButton.tsx";
import { type Act, seenOne } from "../acts/act.ts";
import { useDuties } from "../kit/duties.tsx";
import { Clock, Facts, State } from "../kit/Facts.tsx";
import { History, type Step } from "../kit/History.tsx";
import { useNames } from "../kit/names.ts";
import { Queue, type QueueOf } from "../kit/Queue.tsx";
import { proposing } from "./proposing.ts";
import { DECIDE_PBI, PBI_REQUESTS } from "./questions.ts";

interface PbiRequest {
  readonly id: string;
  readonly version: number;
  readonly state: string;
  readonly kind: string;
  readonly basis: string | null;
  readonly words: string | null;
  readonly confirmBy?: string | null;
  readonly proposedAt: string;
  readonly proposedAgency: string | null;
  readonly identityPaper: string | null;
  readonly familyPaper: string | null;
  readonly inabilityPaper: string | null;
  readonly decisionReason: string | null;
  readonly region: { readonly code: string; readonly name: string } | null;
  readonly person: { readonly id: string; readonly fullName?: string | null } | null;
  readonly history: readonly Step[] | null;
}

const ACTS: readonly Act<PbiRequest>[] = [
  {
    ...{
      name: "decidePbi",
      document: DECIDE_PBI,
      by: ["PROGRAM_STEWARD"],
      fits: ({ state }: PbiRequest) => state === "PROPOSED",
    },
    fields: [
      { name: "pbiDecision", kind: "choice", type: "PbiDecision", values: ["VERIFIED", "REJECTED"] },
      { name: "reason", kind: "words" },
    ],
    variables: (rows, { pbiDecision, reason }) => ({ input: { ...seenOne(rows), decision: pbiDecision, reason } }),
  },
];

/** `decides`: for whoever decides the clock of an emergency is shown; to others it would tell of an illness. */
const queueFor = (decides: boolean): QueueOf<PbiRequest> => ({
  name: "pbi",
  query: PBI_REQUESTS,
  root: "pbiRequests",
  hasNames: true,
  filters: [
    { name: "state", kind: "choice", type: "PbiRequestState", values: ["PROPOSED", "VERIFIED", "REJECTED"] },
    { name: "kind", kind: "choice", type: "PbiRequestKind", values: ["ENTRY", "REACTIVATION", "DEPARTURE"] },
    { name: "region", kind: "region" },
  ],
  variables: ({ state, kind, region }) => ({ filter: { state, kind, region }, decides }),
  nameOf: ({ person, id }) => person?.fullName ?? person?.id ?? id,
  acts: ACTS,
  columns: [
    { name: "person", cell: ({ person }) => person?.fullName ?? person?.id },
    { name: "request", cell: ({ kind }) => <Kind kind={kind} /> },
    { name: "village", cell: ({ region }) => region?.name },
    { name: "proposedAt", cell: ({ proposedAt }) => moment(proposedAt) },
    { name: "state", cell: ({ state }) => <State type="PbiRequestState" value={state} /> },
    ...(decides ? [{ name: "left", cell: ({ confirmBy }: PbiRequest) => <Clock until={confirmBy} /> }] : []),
  ],
  details: (row) => <Papers of={row} />,
});

function Kind({ kind }: { readonly kind: string }) {
  return useNames()("PbiRequestKind", kind);
}

function Papers({ of }: { readonly of: PbiRequest }) {
  const name = useNames();
  return (
    <>
      <Facts
        of={[
          ["words", of.words],
          ["basis", name("PbiBasis", of.basis)],
          ["proposedAgency", of.proposedAgency],
          ["identityPaper", of.identityPaper],
          ["familyPaper", of.familyPaper],
          ["inabilityPaper", of.inabilityPaper],
          ["decisionReason", of.decisionReason],
        ]}
      />
      <History steps={of.history} type="PbiRequestState" />
    </>
  );
}

/** Proposals about membership of the contribution aid. */
export function Pbi() {
  const { t } = useText();
  const { has } = useDuties();
  const isOfHealth = has(["HEALTH"]);
  return (
    <Queue
      of={queueFor(has(["PROGRAM_STEWARD"]))}
      actions={(again) => <ActButton act={proposing({ isOfHealth })} onDone={again} />}
    >
      <Group>
        <Anchor component={Link} to="/district/pbi/members">
          {t("district.page.pbi/members")}
        </Anchor>
        {has(["DISTRICT"]) && (
          <Anchor component={Link} to="/district/pbi/candidates">
            {t("district.page.pbi/candidates")}
          </Anchor>
        )}
      </Group>
    </Queue>
  );
}
