import { Anchor, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { Link, useParams } from "react-router";
import { Problem } from "../../kit/Problem.tsx";
import { Empty, Loading, Page } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { useAnswer } from "../../kit/use/useAnswer.ts";
import { ActBar } from "../acts/ActBar.tsx";
import { History } from "../kit/History.tsx";
import { Visits } from "../visits/Visits.tsx";
import { ACTS } from "./acts.ts";
import { Candidates } from "./Candidates.tsx";
import { Papers } from "./Papers.tsx";
import { PROPOSAL } from "./questions.ts";
import { readdressOf } from "./repair.ts";
import type { Whole, Window } from "./types.ts";
import { NextStep } from "./way/NextStep.tsx";
import { WayMap } from "./way/WayMap.tsx";

interface Answer {
  readonly proposal: Whole | null;
  readonly registryCalendar: readonly Window[] | null;
}

/** One proposal: where it is, what is next, whom it is about, and what it rests on. */
export function ProposalPage() {
  const { t } = useText();
  const { id = "" } = useParams();
  const { data, error, isLoading, again } = useAnswer<Answer>(PROPOSAL, { id });
  const proposal = data?.proposal;
  if (isLoading) return <Loading />;
  const title = proposal ? t("district.proposal.title", { number: proposal.number }) : t("district.proposal.none");
  return (
    <Page title={title} {...(proposal && { lead: `${proposal.address ?? ""}, ${proposal.region?.name ?? ""}` })}>
      <Anchor component={Link} to="/district/proposals">
        {t("district.proposal.back")}
      </Anchor>
      <Problem error={error} />
      {!proposal && !error && <Empty>{t("district.proposal.noneLead")}</Empty>}
      {proposal && <Told proposal={proposal} calendar={data.registryCalendar ?? []} again={again} />}
    </Page>
  );
}

interface ToldProps {
  readonly proposal: Whole;
  readonly calendar: readonly Window[];
  readonly again: () => void;
}

function Told({ proposal, calendar, again }: ToldProps) {
  const { t } = useText();
  return (
    <Stack gap="lg">
      <WayMap state={proposal.state} steps={proposal.history ?? []} />
      <NextStep proposal={proposal} calendar={calendar}>
        <ActBar
          acts={[...ACTS, readdressOf(proposal)]}
          rows={[proposal]}
          nameOf={({ id }) => (id === proposal.id ? proposal.number : id)}
          onDone={again}
        />
      </NextStep>
      <Section title={t("district.proposal.candidates")}>
        <Candidates proposal={proposal} again={again} />
      </Section>
      <Section title={t("district.proposal.visits")}>
        <Visits proposal={proposal} again={again} />
      </Section>
      <Section title={t("district.proposal.papers")}>
        <Papers proposal={proposal} />
      </Section>
      <Section title={t("district.column.history")}>
        <History steps={proposal.history} type="ProposalState" />
        {!proposal.history?.length && <Text c="dimmed">{t("district.kit.nothing")}</Text>}
      </Section>
    </Stack>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section>
      <Title order={2} size="h4" mb="xs">
        {title}
      </Title>
      {children}
    </section>
  );
}
