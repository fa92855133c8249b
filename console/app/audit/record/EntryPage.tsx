import { Anchor, Button, Code, Spoiler, Stack, Text } from "@mantine/core";
import { Link, useParams } from "react-router";
import { count, moment } from "../../kit/format.ts";
import { Problem } from "../../kit/Problem.tsx";
import { Facts } from "../../kit/parts/Facts.tsx";
import { Section } from "../../kit/parts/Section.tsx";
import { CopyButton, Empty, Loading, Page } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { useAnswer } from "../../kit/use/useAnswer.ts";
import { Coordinates } from "../kit/Coordinates.tsx";
import { saidIn } from "../kit/said.ts";
import { Outcome } from "./Outcome.tsx";
import { SEARCH } from "./questions.ts";
import type { Entry, Found } from "./types.ts";
import { Proof } from "./verify/Proof.tsx";
import { useProof } from "./verify/useProof.ts";

/** One entry: who asked what, when, for what, how it ended, and whether it stands in the log as it was written. */
export function EntryPage() {
  const { t, language } = useText();
  const { receipt = "" } = useParams();
  const { data, error } = useAnswer<Found>(SEARCH, { filter: { receipt }, first: 1 });
  const entry = data?.accessRecord?.nodes?.[0];
  return (
    <Page title={t("audit.entry")} lead={entry ? `${moment(entry.at)} — ${saidIn(language, entry.sentence)}` : ""}>
      <Problem error={error} />
      {!data && !error && <Loading />}
      {data?.accessRecord && !entry && <Empty>{t("audit.noSuchEntry")}</Empty>}
      {entry && <Whole entry={entry} />}
      <Anchor component={Link} to="/audit/record">
        {t("audit.toRecord")}
      </Anchor>
    </Page>
  );
}

function Whole({ entry }: { readonly entry: Entry }) {
  const { t } = useText();
  return (
    <Stack gap="lg">
      <Section title={t("audit.whoAndWhy")}>
        <EntryFacts entry={entry} />
      </Section>
      <Section title={t("audit.whatWasSeen")}>
        <Coordinates of={entry.shown} title={t("audit.shown")} colour="var(--positive)" mark="✓" />
        <Coordinates of={entry.masked} title={t("audit.masked")} colour="var(--warning)" mark="◐" />
        <Coordinates of={entry.denied} title={t("audit.denied")} colour="var(--negative)" mark="✕" />
        {!entry.shown?.length && !entry.masked?.length && <Text c="dimmed">{t("audit.nothingSeen")}</Text>}
      </Section>
      <Proving entry={entry} />
    </Stack>
  );
}

function EntryFacts({ entry }: { readonly entry: Entry }) {
  const { t, enumLabel } = useText();
  return (
    <Facts
      facts={[
        [t("audit.at"), moment(entry.at)],
        [t("audit.filter.agency"), entry.agency?.name ?? t("audit.unknownAgency")],
        [t("audit.client"), entry.client],
        [t("audit.officer"), entry.officer],
        [t("shell.case"), entry.case],
        [t("audit.filter.purpose"), entry.purpose?.name],
        [
          t("audit.filter.agreement"),
          entry.agreement && (
            <Anchor component={Link} to={`/access/agreements/${encodeURIComponent(entry.agreement)}`}>
              {entry.agreement} · {t("audit.version", { version: entry.version ?? "–" })}
            </Anchor>
          ),
        ],
        [t("audit.operation"), entry.operation],
        [t("audit.filter.status"), <Outcome key="status" status={entry.status} />],
        [t("audit.subjects"), entry.subjects === null ? null : count(entry.subjects)],
        [t("audit.disclosure"), entry.disclosure && enumLabel("AccessDisclosure", entry.disclosure)],
        [t("audit.filter.receipt"), <Code key="receipt">{entry.receipt}</Code>],
        [t("audit.leaf"), <Code key="leaf">{entry.leaf}</Code>],
        [t("audit.place"), entry.index === null ? t("audit.notCovered") : count(entry.index)],
      ]}
    />
  );
}

function Proving({ entry: { receipt, leaf, text } }: { readonly entry: Entry }) {
  const { t } = useText();
  const { prove, proven, error, isBusy } = useProof({ receipt, leaf, text, key: "" });
  return (
    <Section title={t("audit.proof")} lead={t("audit.proofLead")}>
      <div>
        <Button loading={isBusy} onClick={() => void prove()}>
          {t("audit.verify")}
        </Button>
      </div>
      <Problem error={error} />
      {proven && <Proof proven={proven} of={{ receipt, leaf }} />}
      {text !== null && (
        <Stack gap="xs">
          <Text fw={600}>{t("audit.text")}</Text>
          <Spoiler maxHeight={72} showLabel={t("audit.more")} hideLabel={t("audit.less")}>
            <Code block style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
              {text}
            </Code>
          </Spoiler>
          <div>
            <CopyButton text={text} label={t("audit.copyText")} />
          </div>
        </Stack>
      )}
    </Section>
  );
}
