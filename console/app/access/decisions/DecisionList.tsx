import { Anchor, Group } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { useQuery } from "urql";
import { Problem } from "../../kit/Problem.tsx";
import { Section } from "../../kit/parts/Section.tsx";
import { Sheet } from "../../kit/parts/Sheet.tsx";
import { Empty, Loading, Page } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { useMe } from "../../shell/me.ts";
import { type Governed, useGoverned } from "../drafts/useDrafting.ts";
import { period } from "../kit/period.ts";
import { State } from "../kit/State.tsx";
import { DESK } from "./questions.ts";
import type { Missing } from "./types.ts";

interface Waiting {
  readonly number: number;
  readonly validFrom: string;
  readonly validTo: string;
  readonly author: { readonly name: string } | null;
  readonly agreement: { readonly number: string; readonly title: string; readonly consumer: { readonly name: string } };
  readonly missingApprovals: readonly Missing[];
}

interface Desk {
  readonly stewardship: { readonly inbox: readonly Waiting[] };
}

/** What waits for the agency's decision, what others still decide about, and what is approved and not yet in force. */
export function DecisionList() {
  const { t } = useText();
  const { me } = useMe();
  const [{ data, error }] = useQuery<Desk>({ query: DESK });
  const { agreements, error: failed } = useGoverned();
  return (
    <Page title={t("steward.decisions")} lead={t("steward.decisionsLead")} actions={<Ways />}>
      <Problem error={error ?? failed} />
      {!data && !error && <Loading />}
      {data && <Inbox rows={data.stewardship.inbox} agency={me?.agency.name ?? ""} />}
      {agreements && (
        <ByState agreements={agreements} state="IN_REVIEW" title={t("steward.inReview")} empty={t("steward.noneInReview")} />
      )}
      {agreements && (
        <ByState agreements={agreements} state="APPROVED" title={t("steward.approvedOnly")} empty={t("steward.noneApproved")} />
      )}
    </Page>
  );
}

function Ways() {
  const { t } = useText();
  return (
    <Group gap="md">
      <Anchor component={Link} to="/access/decisions/keys">
        {t("steward.keys")}
      </Anchor>
      <Anchor component={Link} to="/access/decisions/stewards">
        {t("steward.stewards")}
      </Anchor>
    </Group>
  );
}

function ToReview({
  agreement,
  version,
  children,
}: {
  readonly agreement: string;
  readonly version: number;
  readonly children: ReactNode;
}) {
  return (
    <Anchor component={Link} to={`/access/decisions/${encodeURIComponent(agreement)}/${version}`}>
      {children}
    </Anchor>
  );
}

function Inbox({ rows, agency }: { readonly rows: readonly Waiting[]; readonly agency: string }) {
  const { t } = useText();
  return (
    <Section title={t("steward.inbox", { agency })}>
      {rows.length === 0 ? (
        <Empty>{t("steward.inboxEmpty")}</Empty>
      ) : (
        <Sheet
          caption={t("steward.inbox", { agency })}
          heads={[
            t("steward.agreement"),
            t("steward.consumer"),
            t("steward.author"),
            t("steward.validity"),
            t("steward.missing"),
          ]}
          rows={rows}
          keyOf={({ agreement, number }) => `${agreement.number} ${number}`}
          cells={({ agreement, number, author, validFrom, validTo, missingApprovals }) => [
            <ToReview key="to" agreement={agreement.number} version={number}>
              {agreement.number} · {t("steward.versionNumber", { version: number })} · {agreement.title}
            </ToReview>,
            agreement.consumer.name,
            author?.name ?? "–",
            period(validFrom, validTo),
            missingApprovals.map(({ agency: { code } }) => code).join(", "),
          ]}
        />
      )}
    </Section>
  );
}

interface ByStateProps {
  readonly agreements: readonly Governed[];
  readonly state: string;
  readonly title: string;
  readonly empty: string;
}

function ByState({ agreements, state, title, empty }: ByStateProps) {
  const { t } = useText();
  const rows = agreements.flatMap((agreement) =>
    agreement.versions.filter((one) => one.state === state).map((version) => ({ agreement, version })),
  );
  return (
    <Section title={title}>
      {rows.length === 0 ? (
        <Empty>{empty}</Empty>
      ) : (
        <Sheet
          caption={title}
          heads={[t("steward.agreement"), t("steward.consumer"), t("steward.state"), t("steward.validity")]}
          rows={rows}
          keyOf={({ agreement, version }) => `${agreement.number} ${version.number}`}
          cells={({ agreement, version }) => [
            <ToReview key="to" agreement={agreement.number} version={version.number}>
              {agreement.number} · {t("steward.versionNumber", { version: version.number })} · {agreement.title}
            </ToReview>,
            agreement.consumer.name,
            <State key="state" of="AgreementState" value={version.state} />,
            period(version.validFrom, version.validTo),
          ]}
        />
      )}
    </Section>
  );
}
