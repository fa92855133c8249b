import { Text } from "@mantine/core";
import { day, moment } from "../../kit/format.ts";
import { useText } from "../../kit/text.tsx";
import { Facts } from "../kit/Facts.tsx";
import { useNames } from "../kit/names.ts";
import type { Whole } from "./types.ts";

/** How it came in, who answered for it, and the papers it rests on. */
export function Papers({ proposal }: { readonly proposal: Whole }) {
  const { t } = useText();
  const name = useNames();
  const { deliberation, responsibility } = proposal;
  const facts = [
    ["channel", name("ProposalChannel", proposal.channel)],
    ["aid", proposal.aid?.map((kind) => name("AidKind", kind)).join(", ")],
    ["basis", proposal.basis],
    ["createdAt", proposal.createdAt && moment(proposal.createdAt)],
    ["submittedAt", proposal.submittedAt && moment(proposal.submittedAt)],
    ["proposedBy", proposal.proposedBy ?? t("district.proposal.byPerson")],
    ["verifiedBy", proposal.verifiedBy],
    ["approvedBy", proposal.approvedBy],
    ["endorsedBy", proposal.endorsedBy],
    ["letterNumber", proposal.letterNumber],
    [
      "minutesNumber",
      deliberation && `${name("DeliberationKind", deliberation.kind)} ${deliberation.minutesNumber}, ${day(deliberation.heldOn)}`,
    ],
    ["attendees", deliberation?.attendees?.map(({ name: who, office }) => `${who} (${office})`).join(", ")],
    [
      "statementNumber",
      responsibility && `${responsibility.statementNumber}, ${day(responsibility.signedOn)}, ${responsibility.signedBy}`,
    ],
    ["documentSha256", hash(deliberation?.documentSha256 ?? responsibility?.documentSha256)],
    ["household", proposal.household?.id],
  ] as const;
  return <Facts of={facts} />;
}

const hash = (sha256: string | null | undefined) =>
  sha256 && (
    <Text span size="xs" ff="monospace">
      {sha256}
    </Text>
  );
