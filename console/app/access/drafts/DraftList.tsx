import { Alert, Anchor, Button, Group, NativeSelect, Stack, Title } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";
import { Problem } from "../../kit/Problem.tsx";
import { Sheet } from "../../kit/parts/Sheet.tsx";
import { Empty, Loading, Page } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { useMe } from "../../shell/me.ts";
import { period } from "../kit/period.ts";
import { State } from "../kit/State.tsx";
import { ImportFile } from "./ImportFile.tsx";
import { type Governed, useGoverned } from "./useDrafting.ts";

/** Drafts of all agencies, one's own first, and ways to begin another. */
export function DraftList() {
  const { t } = useText();
  const { agreements, error } = useGoverned();
  return (
    <Page title={t("steward.drafts")} lead={t("steward.draftsLead")}>
      <Problem error={error} />
      {agreements === undefined && !error && <Loading />}
      {agreements && <Begin agreements={agreements} />}
      {agreements && <DraftTable agreements={agreements} />}
    </Page>
  );
}

function DraftTable({ agreements }: { readonly agreements: readonly Governed[] }) {
  const { t } = useText();
  const drafts = agreements.flatMap((agreement) =>
    agreement.versions.filter(({ state }) => state === "DRAFT").map((version) => ({ agreement, version })),
  );
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        {t("steward.draftsOpen")}
      </Title>
      {drafts.length === 0 && <Empty>{t("steward.noDrafts")}</Empty>}
      {drafts.length > 0 && (
        <Sheet
          caption={t("steward.draftsOpen")}
          heads={[t("steward.agreement"), t("steward.version"), t("steward.state"), t("steward.author"), t("steward.validity")]}
          rows={drafts}
          keyOf={({ agreement, version }) => `${agreement.number} ${version.number}`}
          cells={({ agreement, version }) => [
            <Anchor key="to" component={Link} to={`/access/decisions/${encodeURIComponent(agreement.number)}/${version.number}`}>
              {agreement.number} · {agreement.title}
            </Anchor>,
            version.number,
            <State key="state" of="AgreementState" value={version.state} />,
            version.author?.name ?? "–",
            period(version.validFrom, version.validTo),
          ]}
        />
      )}
    </Stack>
  );
}

function Begin({ agreements }: { readonly agreements: readonly Governed[] }) {
  const { t } = useText();
  const { me } = useMe();
  const roles = me?.steward?.roles ?? [];
  const isOperator = roles.includes("OPERATOR");
  const own = agreements.filter(({ consumer }) => isOperator || consumer.code === me?.agency.code);
  const [picked, pick] = useState<string>();
  const agreement = picked ?? own[0]?.number ?? "";
  if (!isOperator && !roles.includes("STEWARD"))
    return <Alert title={t("steward.mayNotDraft")}>{t("steward.mayNotDraftLead")}</Alert>;
  if (own.length === 0) return <Alert>{t("steward.noAgreement")}</Alert>;
  const to = `/access/drafts/${encodeURIComponent(agreement)}`;
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        {t("steward.begin")}
      </Title>
      <Group align="flex-end">
        <NativeSelect
          label={t("steward.ofAgreement")}
          value={agreement}
          data={own.map(({ number, title }) => ({ value: number, label: `${number} · ${title}` }))}
          onChange={({ currentTarget: { value } }) => pick(value)}
          maw="100%"
        />
        <Button component={Link} to={to}>
          {t("steward.beginFromActive")}
        </Button>
        <Button component={Link} to={`${to}?from=0`} variant="default">
          {t("steward.beginFromScratch")}
        </Button>
        <ImportFile agreement={agreement} />
      </Group>
    </Stack>
  );
}
