import { Anchor, Text } from "@mantine/core";
import { Link } from "react-router";
import { count, moment } from "../../kit/format.ts";
import { Section } from "../../kit/parts/Section.tsx";
import { Sheet } from "../../kit/parts/Sheet.tsx";
import { useText } from "../../kit/text.tsx";
import { Nothing } from "../kit/Nothing.tsx";
import { toAgreement } from "../kit/paths.ts";
import { lastDay } from "../kit/validity.ts";
import type { Expiring, PendingField, Waiting } from "./types.ts";

/** Versions that wait for the agency's decision. */
export function Inbox({ inbox }: { readonly inbox: readonly Waiting[] }) {
  const { t, enumLabel } = useText();
  return (
    <Section title={t("access.inbox", { count: count(inbox.length) })} lead={t("access.inboxLead")}>
      {inbox.length === 0 && <Nothing>{t("access.inboxEmpty")}</Nothing>}
      {inbox.length > 0 && (
        <Sheet
          caption={t("access.inboxLead")}
          heads={[t("access.agreement"), t("access.consumer"), t("access.drafted"), t("access.stillMissing")]}
          rows={inbox}
          keyOf={({ agreement, number }) => `${agreement.number} ${number}`}
          cells={({ agreement, number, author, createdAt, missingApprovals }) => [
            <Anchor key="to" component={Link} to={`/access/decisions/${encodeURIComponent(agreement.number)}/${number}`}>
              {t("access.versionOf", { agreement: agreement.number, version: number })}
              <Text span size="sm" c="dimmed" display="block">
                {agreement.title}
              </Text>
            </Anchor>,
            agreement.consumer.name,
            `${author?.name ?? "–"}, ${moment(createdAt)}`,
            missingApprovals
              .map(({ agency, capacity }) => `${agency.code} (${enumLabel("ApprovalCapacity", capacity)})`)
              .join(", "),
          ]}
        />
      )}
    </Section>
  );
}

/** Versions in force that end within 30, 7 or 1 days. */
export function SoonOver({ expiring }: { readonly expiring: readonly Expiring[] }) {
  const { t } = useText();
  return (
    <Section title={t("access.expiring", { count: count(expiring.length) })} lead={t("access.expiringLead")}>
      {expiring.length === 0 && <Nothing>{t("access.expiringEmpty")}</Nothing>}
      {expiring.length > 0 && (
        <Sheet
          caption={t("access.expiringLead")}
          heads={[t("access.agreement"), t("access.endsOn"), t("access.reminder"), ""]}
          rows={expiring}
          keyOf={({ version }) => version.agreement.number}
          cells={({ version, withinDays }) => [
            <Anchor key="to" component={Link} to={toAgreement(version.agreement.number)}>
              {version.agreement.number} · {version.agreement.title}
            </Anchor>,
            lastDay(version.validTo),
            <Text key="within" span fw={withinDays <= 7 ? 700 : 400} c={withinDays <= 7 ? "var(--negative)" : "var(--warning)"}>
              {t("access.withinDays", { days: withinDays })}
            </Text>,
            <Anchor key="renew" component={Link} to={`/access/drafts/${encodeURIComponent(version.agreement.number)}`}>
              {t("access.renew")}
            </Anchor>,
          ]}
        />
      )}
    </Section>
  );
}

const MOST_SHOWN = 100;

/** Fields that nobody has decided about yet: granted to nobody. */
export function PendingFields({ fields }: { readonly fields: readonly PendingField[] }) {
  const { t } = useText();
  return (
    <Section title={t("access.pending", { count: count(fields.length) })} lead={t("access.pendingLead")}>
      {fields.length === 0 && <Nothing>{t("access.pendingEmpty")}</Nothing>}
      {fields.length > 0 && (
        <Sheet
          caption={t("access.pendingLead")}
          heads={[t("access.coordinate"), t("access.wouldOpenIn"), t("access.since")]}
          rows={fields.slice(0, MOST_SHOWN)}
          keyOf={({ coordinate, version }) => `${coordinate} ${version.agreement.number} ${version.number}`}
          cells={({ coordinate, version, since }) => [
            <Anchor
              key="to"
              component={Link}
              to={`/access/matrix?class=all&q=${encodeURIComponent(coordinate)}`}
              ff="monospace"
              size="sm"
            >
              {coordinate}
            </Anchor>,
            <Anchor key="in" component={Link} to={toAgreement(version.agreement.number)}>
              {t("access.versionOf", { agreement: version.agreement.number, version: version.number })}
            </Anchor>,
            moment(since),
          ]}
        />
      )}
      {fields.length > MOST_SHOWN && (
        <Text c="dimmed">{t("access.firstOf", { shown: MOST_SHOWN, all: count(fields.length) })}</Text>
      )}
    </Section>
  );
}
