import { Anchor, Text } from "@mantine/core";
import { Link } from "react-router";
import { count, deadline } from "../../kit/format.ts";
import { Section } from "../../kit/parts/Section.tsx";
import { Sheet } from "../../kit/parts/Sheet.tsx";
import { useText } from "../../kit/text.tsx";
import { Nothing } from "../kit/Nothing.tsx";
import { toAgreement } from "../kit/paths.ts";
import { Quota } from "../kit/Quota.tsx";
import { State } from "../kit/State.tsx";
import { lastDay } from "../kit/validity.ts";
import type { Own } from "./types.ts";

/** Agreements of the steward's own agency: how much of the day's quota is used, and which report is owed. */
export function OwnAgreements({ agreements }: { readonly agreements: readonly Own[] }) {
  const { t } = useText();
  return (
    <Section title={t("access.own", { count: count(agreements.length) })} lead={t("access.ownLead")}>
      {agreements.length === 0 && <Nothing>{t("access.ownEmpty")}</Nothing>}
      {agreements.length > 0 && (
        <Sheet
          caption={t("access.ownLead")}
          heads={[t("access.agreement"), t("access.state"), t("access.endsOn"), t("access.quotaToday"), t("access.reportDue")]}
          rows={agreements}
          keyOf={({ number }) => number}
          cells={(own) => [
            <Anchor key="to" component={Link} to={toAgreement(own.number)}>
              {own.number}
              <Text span size="sm" c="dimmed" display="block">
                {own.title}
              </Text>
            </Anchor>,
            <State key="state" of="AgreementState" value={own.state} />,
            lastDay(own.validTo),
            <Quota key="quota" quota={own.quotaToday} />,
            <Report key="report" own={own} />,
          ]}
        />
      )}
    </Section>
  );
}

function Report({ own: { number, reportDue, suspendsOn } }: { readonly own: Own }) {
  const { t } = useText();
  if (reportDue === null) return t("access.noReport");
  const isLate = Date.parse(reportDue) < Date.now();
  return (
    <>
      <Anchor
        component={Link}
        to={`${toAgreement(number)}?part=duties`}
        c={isLate ? "var(--negative)" : "var(--brand)"}
        fw={isLate ? 700 : 400}
      >
        {isLate ? t("access.reportLate", { at: deadline(reportDue) }) : deadline(reportDue)}
      </Anchor>
      {suspendsOn !== null && (
        <Text size="sm" c="var(--negative)">
          {t("access.suspendsOn", { at: deadline(suspendsOn) })}
        </Text>
      )}
    </>
  );
}
