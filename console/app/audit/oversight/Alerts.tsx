import { Code, NativeSelect, Stack } from "@mantine/core";
import { useQuery } from "urql";
import { moment } from "../../kit/format.ts";
import { Problem } from "../../kit/Problem.tsx";
import { Section } from "../../kit/parts/Section.tsx";
import { Sheet } from "../../kit/parts/Sheet.tsx";
import { Empty, Loading, Page } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { useAnswer } from "../../kit/use/useAnswer.ts";
import { useFilter } from "../../kit/use/useFilter.ts";
import { ALERTS, POLICY_ALERTS } from "./questions.ts";

const KINDS = [
  ...["LOOKUP_MISSES", "SEQUENTIAL_NIKS", "DENIED_PROBING", "OFF_HOURS_BULK", "QUOTA_NEARING", "CANARY_TOUCHED"],
  ...["SAME_SUBJECT", "CHECKPOINT_STALE", "REQUEST_ESCALATED", "REQUEST_BREACHED", "BREACH_DUE"],
];

interface WatchAlert {
  readonly id: string;
  readonly at: string;
  readonly kind: string;
  readonly agency: { readonly name: string } | null;
  readonly client: string | null;
  readonly agreement: { readonly number: string } | null;
  readonly detail: string;
  readonly deliveredAt: string | null;
}

interface PolicyAlert {
  readonly at: string;
  readonly kind: string;
  readonly actor: string | null;
  readonly agreement: { readonly number: string } | null;
  readonly version: number | null;
  readonly detail: string | null;
}

/** What the watch over the record saw, and what stewards must hear of at once. */
export default function Alerts() {
  const { t } = useText();
  return (
    <Page title={t("audit.part.alerts")} lead={t("audit.alertsLead")}>
      <Stack gap="xl">
        <Watched />
        <OfPolicy />
      </Stack>
    </Page>
  );
}

function Watched() {
  const { t, enumLabel } = useText();
  const [value, set] = useFilter();
  const kind = value("kind");
  const { data, error } = useAnswer<{ readonly watchAlerts: readonly WatchAlert[] | null }>(ALERTS, {
    kind: kind === "" ? null : kind,
  });
  const rows = data?.watchAlerts;
  const kinds = KINDS.map((one) => ({ value: one, label: enumLabel("WatchKind", one) }));
  return (
    <Section title={t("audit.watched")}>
      <NativeSelect
        label={t("audit.alert.kind")}
        maw="24rem"
        value={kind}
        data={[{ value: "", label: t("audit.all") }, ...kinds]}
        onChange={({ currentTarget }) => set("kind", currentTarget.value)}
      />
      <Problem error={error} />
      {!data && !error && <Loading />}
      {rows?.length === 0 && <Empty>{t("audit.noAlerts")}</Empty>}
      {rows && rows.length > 0 && (
        <Sheet
          caption={t("audit.watched")}
          heads={["at", "kind", "agency", "client", "agreement", "detail", "delivered"].map((head) => t(`audit.alert.${head}`))}
          rows={rows}
          keyOf={({ id }) => id}
          cells={(row) => [
            moment(row.at),
            enumLabel("WatchKind", row.kind),
            row.agency?.name ?? "–",
            row.client ?? "–",
            row.agreement?.number ?? "–",
            <Detail key="detail" json={row.detail} />,
            row.deliveredAt ? moment(row.deliveredAt) : t("audit.notDelivered"),
          ]}
        />
      )}
    </Section>
  );
}

/** Counts and coordinates, as the watch wrote them. */
function Detail({ json }: { readonly json: string }) {
  const parts = Object.entries(JSON.parse(json) as Record<string, unknown>);
  return (
    <>
      {parts.map(([name, value]) => (
        <div key={name}>
          {name} <Code>{typeof value === "string" ? value : JSON.stringify(value)}</Code>
        </div>
      ))}
    </>
  );
}

function OfPolicy() {
  const { t, enumLabel } = useText();
  const [{ data, error }] = useQuery<{ readonly alerts: readonly PolicyAlert[] | null }>({ query: POLICY_ALERTS });
  const rows = data?.alerts;
  return (
    <Section title={t("audit.ofPolicy")}>
      <Problem error={error} />
      {!data && !error && <Loading />}
      {rows?.length === 0 && <Empty>{t("audit.noAlerts")}</Empty>}
      {rows && rows.length > 0 && (
        <Sheet
          caption={t("audit.ofPolicy")}
          heads={["at", "kind", "actor", "agreement", "detail"].map((head) => t(`audit.alert.${head}`))}
          rows={rows}
          keyOf={(row) => `${row.at}${row.kind}${row.detail}`}
          cells={(row) => [
            moment(row.at),
            enumLabel("PolicyAlertKind", row.kind),
            row.actor ?? "–",
            row.agreement?.number ?? "–",
            row.detail ?? "–",
          ]}
        />
      )}
    </Section>
  );
}
