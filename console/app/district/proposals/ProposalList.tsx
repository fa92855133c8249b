import { Anchor, Button } from "@mantine/core";
import { Link } from "react-router";
import { useText } from "../../kit/text.tsx";
import { useDuties } from "../kit/duties.tsx";
import { Clock, State } from "../kit/Facts.tsx";
import { Queue, type QueueOf } from "../kit/Queue.tsx";
import { ACTS } from "./acts.ts";
import { PROPOSALS } from "./questions.ts";
import { type Listed, STATES } from "./types.ts";

const PROPOSALS_QUEUE: QueueOf<Listed> = {
  name: "proposals",
  query: PROPOSALS,
  root: "proposals",
  filters: [
    { name: "state", kind: "choice", type: "ProposalState", values: STATES },
    {
      name: "channel",
      kind: "choice",
      type: "ProposalChannel",
      values: ["FORMAL", "PARTICIPATORY", "PERLINSOS_SELF", "PERLINSOS_AGENT"],
    },
    { name: "region", kind: "region" },
  ],
  variables: ({ state, channel, region }) => ({ filter: { state, channel, region } }),
  nameOf: ({ number }) => number,
  acts: ACTS,
  hasPages: true,
  columns: [
    {
      name: "number",
      cell: ({ id, number }) => (
        <Anchor component={Link} to={`/district/proposals/${id}`} size="sm" className="desk-word">
          {number}
        </Anchor>
      ),
    },
    { name: "head", cell: ({ candidates }) => candidates?.find(({ relation }) => relation === "HEAD")?.claimedName },
    { name: "persons", isNumber: true, cell: ({ candidates }) => candidates?.length },
    { name: "village", cell: ({ region }) => region?.name },
    { name: "state", cell: ({ state }) => <State type="ProposalState" value={state} /> },
    { name: "left", cell: ({ expiresAt }) => <Clock until={expiresAt} /> },
  ],
};

/** Proposals where the person is on duty. */
export function ProposalList() {
  const { t } = useText();
  const { has } = useDuties();
  const mayDraft = has(["NEIGHBOURHOOD", "VILLAGE_OPERATOR"]);
  return (
    <Queue
      of={PROPOSALS_QUEUE}
      actions={
        mayDraft && (
          <Button component={Link} to="/district/proposals/new">
            {t("district.proposal.new")}
          </Button>
        )
      }
    />
  );
}
