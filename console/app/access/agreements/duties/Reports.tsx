import { Text } from "@mantine/core";
import { useMutation } from "urql";
import { count, day, deadline, moment } from "../../../kit/format.ts";
import { Act } from "../../../kit/parts/Act.tsx";
import { Section } from "../../../kit/parts/Section.tsx";
import { Sheet } from "../../../kit/parts/Sheet.tsx";
import { useText } from "../../../kit/text.tsx";
import { usePermissions } from "../../../kit/use/usePermissions.ts";
import { useMe } from "../../../shell/me.ts";
import { Nothing } from "../../kit/Nothing.tsx";
import type { Report, Version } from "../types.ts";
import { Preview } from "./Preview.tsx";
import { SUBMIT_REPORT } from "./questions.ts";

/** The semester reports of an agreement: the one that is due, with what the record says for it, and those submitted. */
export function Reports({ version: { agreement } }: { readonly version: Version }) {
  const { t } = useText();
  const { reportDue = null, suspendsOn = null, reports = null } = agreement.agreement ?? {};
  return (
    <Section title={t("access.reports")} lead={t("access.reportsLead")}>
      <Text>{reportDue === null ? t("access.noReport") : t("access.nextReport", { at: deadline(reportDue) })}</Text>
      {suspendsOn !== null && <Text c="var(--negative)">{t("access.suspendsOn", { at: deadline(suspendsOn) })}</Text>}
      <Preview agreement={agreement.number} until={reportDue} />
      {reportDue !== null && <Submit agreement={agreement.number} consumer={agreement.consumer.code} />}
      {reports?.length === 0 && <Nothing>{t("access.noReports")}</Nothing>}
      {reports && reports.length > 0 && <Submitted reports={reports} />}
    </Section>
  );
}

function Submit({ agreement, consumer }: { readonly agreement: string; readonly consumer: string }) {
  const { t } = useText();
  const { me } = useMe();
  const lack = usePermissions();
  const [, submit] = useMutation(SUBMIT_REPORT);
  const isOther = me?.agency.code !== consumer;
  return (
    <Act
      label={t("access.submitReport")}
      tells={t("access.submitReportTells", { agreement })}
      because={lack("submitSemesterReport") ?? (isOther ? t("access.onlyConsumer", { consumer }) : undefined)}
      asks={{ called: t("access.reportNote"), about: `submitSemesterReport.${agreement}` }}
      act={async (note) => (await submit({ agreement, note })).error}
    />
  );
}

function Submitted({ reports }: { readonly reports: readonly Report[] }) {
  const { t } = useText();
  return (
    <Sheet
      caption={t("access.reportsSubmitted")}
      heads={[
        t("access.period"),
        t("access.requestsMade"),
        t("access.personsAsked"),
        t("access.refused"),
        t("access.submitted"),
        t("access.note"),
      ]}
      rows={reports}
      keyOf={({ id }) => id}
      cells={({ usage, submittedBy, submittedAt, note }) => [
        t("access.fromTo", { from: day(usage.from), to: day(usage.to) }),
        count(usage.requests),
        count(usage.persons),
        count(usage.refused),
        `${submittedBy}, ${moment(submittedAt)}`,
        note ?? "–",
      ]}
    />
  );
}
