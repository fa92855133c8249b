import { Anchor, Title } from "@mantine/core";
import { Link } from "react-router";
import { useQuery } from "urql";
import { count } from "../../kit/format.ts";
import { Problem } from "../../kit/Problem.tsx";
import { Empty, Loading, Page } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { Clock, State } from "../kit/Facts.tsx";
import { Rows } from "../kit/Rows.tsx";
import { TO_VALIDATE } from "./questions.ts";

interface Place {
  readonly code: string;
  readonly name: string;
}
interface Waiting {
  readonly id: string;
  readonly claimedName: string | null;
  readonly matchStatus: string;
}
interface Candidate extends Waiting {
  readonly region: Place | null;
  readonly proposal: { readonly id: string; readonly number: string; readonly expiresAt: string | null } | null;
}
interface Member extends Waiting {
  readonly household: { readonly address: string | null; readonly region: Place | null } | null;
}

/** Claims that wait for the population register: the exchange between controllers carries them, no officer reads its verdicts. */
export function ToValidate() {
  const { t } = useText();
  const [{ data, error, fetching }] = useQuery<{
    readonly candidatesToValidate: Candidate[] | null;
    readonly membersToValidate: Member[] | null;
  }>({
    query: TO_VALIDATE,
  });
  const [candidates, members] = [data?.candidatesToValidate ?? [], data?.membersToValidate ?? []];
  if (fetching && !data) return <Loading />;
  return (
    <Page title={t("district.queue.validation.title")} lead={t("district.queue.validation.lead")}>
      <Problem error={error} />
      <Title order={2} size="h4">
        {t("district.validation.candidates")}
      </Title>
      {candidates.length === 0 && !error && <Empty>{t("district.queue.validation.empty")}</Empty>}
      {candidates.length > 0 && (
        <Rows
          caption={t("district.kit.rows", { shown: count(candidates.length) })}
          rows={candidates}
          nameOf={({ claimedName }) => claimedName ?? ""}
          columns={[
            { name: "name", cell: ({ claimedName }) => claimedName },
            { name: "number", cell: ({ proposal }) => <ToProposal proposal={proposal} /> },
            { name: "village", cell: ({ region }) => region?.name },
            { name: "left", cell: ({ proposal }) => <Clock until={proposal?.expiresAt} /> },
          ]}
        />
      )}
      <Title order={2} size="h4">
        {t("district.validation.members")}
      </Title>
      {members.length === 0 && !error && <Empty>{t("district.queue.validation.empty")}</Empty>}
      {members.length > 0 && (
        <Rows
          caption={t("district.kit.rows", { shown: count(members.length) })}
          rows={members}
          nameOf={({ claimedName }) => claimedName ?? ""}
          columns={[
            { name: "name", cell: ({ claimedName }) => claimedName },
            { name: "match", cell: ({ matchStatus }) => <State type="MatchStatus" value={matchStatus} /> },
            { name: "address", cell: ({ household }) => household?.address },
            { name: "village", cell: ({ household }) => household?.region?.name },
          ]}
        />
      )}
    </Page>
  );
}

function ToProposal({ proposal }: Pick<Candidate, "proposal">) {
  if (!proposal) return null;
  return (
    <Anchor component={Link} to={`/district/proposals/${proposal.id}`} size="sm" className="desk-word">
      {proposal.number}
    </Anchor>
  );
}
