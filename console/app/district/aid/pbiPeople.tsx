import { day } from "../../kit/format.ts";
import { Empty, Page } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { ActBar } from "../acts/ActBar.tsx";
import { useDuties } from "../kit/duties.tsx";
import { State } from "../kit/Facts.tsx";
import { useNames } from "../kit/names.ts";
import { Queue, type QueueOf } from "../kit/Queue.tsx";
import { PBI_CANDIDATES, PBI_MEMBERS } from "./pbiQuestions.ts";
import { proposing } from "./proposing.ts";

interface Somebody {
  readonly id: string;
  readonly region: { readonly code: string; readonly name: string } | null;
  readonly person: { readonly id: string; readonly fullName?: string | null } | null;
}
interface Member extends Somebody {
  readonly state: string;
  readonly startedOn: string | null;
}
interface Candidate extends Somebody {
  readonly isEligible: boolean | null;
  readonly decile: number | null;
  readonly reasons: readonly { readonly code: string }[] | null;
}

const nameOf = ({ person, id }: Somebody): string => person?.fullName ?? person?.id ?? id;

interface ProposalProps {
  readonly of: Somebody;
  readonly kinds: readonly string[];
  readonly again: () => void;
}

/** The proposal that can be made of somebody in a list. */
function Proposal({ of, kinds, again }: ProposalProps) {
  const { has } = useDuties();
  const { person, region } = of;
  if (!person) return null;
  const act = proposing({ isOfHealth: has(["HEALTH"]), person: person.id, village: region?.code ?? "", kinds });
  return <ActBar acts={[act]} rows={[of]} nameOf={nameOf} onDone={again} />;
}

/** The health fund knows its members by id. */
const MEMBERS_QUEUE: QueueOf<Member> = {
  name: "pbiMembers",
  query: PBI_MEMBERS,
  root: "pbiMemberships",
  hasNames: true,
  filters: [
    { name: "state", kind: "choice", type: "EnrolmentState", values: ["ACTIVE", "SUSPENDED"] },
    { name: "region", kind: "region" },
  ],
  variables: ({ state, region }) => ({ state, region }),
  nameOf,
  columns: [
    { name: "person", cell: nameOf },
    { name: "village", cell: ({ region }) => region?.name },
    { name: "since", cell: ({ startedOn }) => startedOn && day(startedOn) },
    { name: "state", cell: ({ state }) => <State type="EnrolmentState" value={state} /> },
  ],
  details: (row, again) => <Proposal of={row} kinds={["REACTIVATION", "DEPARTURE"]} again={again} />,
};

/** Members whose membership runs: what may be proposed of each. */
export const PbiMembers = () => <Queue of={MEMBERS_QUEUE} />;

const candidatesBelow = (root: string): QueueOf<Candidate> => ({
  name: "pbiCandidates",
  query: PBI_CANDIDATES,
  root: "eligibilityList",
  filters: [{ name: "region", kind: "region" }],
  variables: ({ region }) => ({ region: region ?? root }),
  nameOf,
  columns: [
    { name: "person", cell: nameOf },
    { name: "village", cell: ({ region }) => region?.name },
    { name: "decile", isNumber: true, cell: ({ decile }) => decile },
    { name: "why", cell: (row) => <Why of={row} /> },
  ],
  details: (row, again) => <Proposal of={row} kinds={["ENTRY"]} again={again} />,
});

function Why({ of: { isEligible, reasons } }: { readonly of: Candidate }) {
  const { t } = useText();
  const name = useNames();
  if (isEligible) return t("district.pbi.entitled");
  return reasons?.map(({ code }) => name("IneligibilityReason", code)).join("; ");
}

/** Candidates of the regency in the order of need, who may be proposed to enter. */
export function PbiCandidates() {
  const { t } = useText();
  const { root } = useDuties();
  if (root !== null) return <Queue of={candidatesBelow(root)} />;
  return (
    <Page title={t("district.queue.pbiCandidates.title")}>
      <Empty>{t("district.quality.chooseRegion")}</Empty>
    </Page>
  );
}
