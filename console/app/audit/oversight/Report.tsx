import { Button, Group, NativeSelect, Stack, Text } from "@mantine/core";
import { dayInWib } from "../../../../schema/values/wib.ts";
import { count, day } from "../../kit/format.ts";
import { Problem } from "../../kit/Problem.tsx";
import { Facts } from "../../kit/parts/Facts.tsx";
import { Section } from "../../kit/parts/Section.tsx";
import { Sheet } from "../../kit/parts/Sheet.tsx";
import { Empty, Loading, Page } from "../../kit/States.tsx";
import { language, useText } from "../../kit/text.tsx";
import { useAnswer } from "../../kit/use/useAnswer.ts";
import { useFilter } from "../../kit/use/useFilter.ts";
import { download } from "../kit/download.ts";
import { Numeric } from "../kit/Numeric.tsx";
import { REPORT } from "./questions.ts";
import { ReportedFields } from "./ReportedFields.tsx";
import type { Report as Reported } from "./types.ts";

const MONTHS = ["", ...Array.from({ length: 12 }, (_, at) => String(at + 1))];

/** How the hub was used: a year, a month of it, an agreement in it, its fields. */
export default function Report() {
  const { t } = useText();
  const [value] = useFilter();
  const year = Number(value("year") || dayInWib(new Date()).slice(0, 4));
  const month = value("month") === "" ? null : Number(value("month"));
  const { data, error } = useAnswer<{ readonly accountabilityReport: Reported | null }>(REPORT, { year, month });
  const report = data?.accountabilityReport;
  return (
    <Page title={t("audit.part.report")} lead={t("audit.reportLead")}>
      <Period year={year} month={month} csv={report?.csv ?? null} />
      <Problem error={error} />
      {!data && !error && <Loading />}
      {data && !report && <Empty>{t("audit.noReport")}</Empty>}
      {report && <Whole report={report} />}
    </Page>
  );
}

const MONTH_NAME = new Intl.DateTimeFormat(language === "en" ? "en-ID" : "id-ID", { month: "long", timeZone: "UTC" });

function Period({ year, month, csv }: { readonly year: number; readonly month: number | null; readonly csv: string | null }) {
  const { t } = useText();
  const [, set] = useFilter();
  const now = Number(dayInWib(new Date()).slice(0, 4));
  const years = Array.from({ length: Math.max(1, now - 2024) }, (_, at) => String(now - at));
  return (
    <Group align="flex-end" className="no-print">
      <NativeSelect
        label={t("audit.year")}
        value={String(year)}
        data={years}
        onChange={({ currentTarget }) => set("year", currentTarget.value)}
      />
      <NativeSelect
        label={t("audit.month")}
        value={month === null ? "" : String(month)}
        data={MONTHS.map((one) => ({
          value: one,
          label: one === "" ? t("audit.wholeYear") : MONTH_NAME.format(Date.UTC(2026, Number(one) - 1)),
        }))}
        onChange={({ currentTarget }) => set("month", currentTarget.value)}
      />
      <Button
        variant="default"
        disabled={csv === null}
        onClick={() => download(`akuntabilitas-${year}-${month ?? "tahun"}.csv`, csv ?? "")}
      >
        {t("audit.csv")}
      </Button>
    </Group>
  );
}

function Whole({ report }: { readonly report: Reported }) {
  const { t, codeLabel } = useText();
  const known = (number: number | null) => (number === null ? null : count(number));
  return (
    <Stack gap="xl">
      <Section title={t("audit.inAll")} lead={`${day(report.from)} – ${day(report.to)}`}>
        <Facts
          facts={[
            [t("audit.report.requests"), known(report.requests)],
            [t("audit.report.refused"), known(report.refused)],
            [t("audit.report.sealed"), known(report.sealed)],
            [t("audit.report.subjectRequests"), known(report.subjectRequests)],
            [t("audit.report.clockBreaches"), known(report.clockBreaches)],
            [t("audit.report.lapsedObjections"), known(report.lapsedObjections)],
            [t("audit.report.breaches"), known(report.breaches)],
            [t("audit.report.breachesToldInTime"), known(report.breachesToldInTime)],
          ]}
        />
      </Section>
      {report.refusals && report.refusals.length > 0 && (
        <Section title={t("audit.report.refusals")}>
          <Sheet
            caption={t("audit.report.refusals")}
            heads={[
              t("audit.report.code"),
              t("audit.report.said"),
              <Text key="n" ta="right" inherit fw={700}>
                {t("audit.report.requests")}
              </Text>,
            ]}
            rows={report.refusals}
            keyOf={({ code }) => code}
            cells={({ code, requests }) => [code, codeLabel(code), <Numeric key="n" value={requests} />]}
          />
        </Section>
      )}
      <ReportedFields agreements={report.agreements ?? []} />
    </Stack>
  );
}
