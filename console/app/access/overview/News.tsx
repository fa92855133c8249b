import { Anchor, Text } from "@mantine/core";
import { Link } from "react-router";
import { count, day, moment } from "../../kit/format.ts";
import { Section } from "../../kit/parts/Section.tsx";
import { Sheet } from "../../kit/parts/Sheet.tsx";
import { useText } from "../../kit/text.tsx";
import { Nothing } from "../kit/Nothing.tsx";
import { toAgreement } from "../kit/paths.ts";
import { State } from "../kit/State.tsx";
import type { PolicyAlert, Wish } from "./types.ts";

/** What stewards must hear of at once. */
export function Alerts({ alerts }: { readonly alerts: readonly PolicyAlert[] }) {
  const { t, enumLabel } = useText();
  return (
    <Section title={t("access.alerts", { count: count(alerts.length) })} lead={t("access.alertsLead")}>
      {alerts.length === 0 && <Nothing>{t("access.alertsEmpty")}</Nothing>}
      {alerts.length > 0 && (
        <Sheet
          caption={t("access.alertsLead")}
          heads={[t("access.at"), t("access.what"), t("access.agreement"), t("access.actor"), t("access.detail")]}
          rows={alerts}
          keyOf={({ at, kind, detail }) => `${at} ${kind} ${detail}`}
          cells={({ at, kind, actor, agreement, detail }) => [
            moment(at),
            <Text key="kind" span fw={600}>
              {enumLabel("PolicyAlertKind", kind)}
            </Text>,
            agreement && (
              <Anchor key="to" component={Link} to={toAgreement(agreement.number)}>
                {agreement.number}
              </Anchor>
            ),
            actor,
            detail,
          ]}
        />
      )}
    </Section>
  );
}

/** Wishes for access that are not settled. */
export function Requests({ requests }: { readonly requests: readonly Wish[] }) {
  const { t } = useText();
  const open = requests.filter(({ state }) => state === "OPEN" || state === "APPROVED");
  return (
    <Section title={t("access.requests", { count: count(open.length) })} lead={t("access.requestsLead")}>
      {open.length === 0 && <Nothing>{t("access.requestsEmpty")}</Nothing>}
      {open.length > 0 && (
        <Sheet
          caption={t("access.requestsLead")}
          heads={[t("access.requested"), t("access.agency"), t("access.purpose"), t("access.state"), t("access.justification")]}
          rows={open}
          keyOf={({ id }) => id}
          cells={({ id, createdAt, agency, purpose, state, justification }) => [
            <Anchor key="to" component={Link} to={`/access/requests?id=${id}`}>
              {day(createdAt)}
            </Anchor>,
            agency.name,
            purpose.name,
            <State key="state" of="AccessRequestState" value={state} />,
            justification,
          ]}
        />
      )}
    </Section>
  );
}
