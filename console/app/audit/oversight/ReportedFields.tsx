import { Anchor, Button, Group, Text } from "@mantine/core";
import { Link } from "react-router";
import { count } from "../../kit/format.ts";
import { Section } from "../../kit/parts/Section.tsx";
import { Sheet } from "../../kit/parts/Sheet.tsx";
import { useText } from "../../kit/text.tsx";
import { useFilter } from "../../kit/use/useFilter.ts";
import { Numeric } from "../kit/Numeric.tsx";
import type { ReportedAgreement } from "./types.ts";

/** Agreements of a period, the most used first; one of them opened: how often which field was shown. */
export function ReportedFields({ agreements }: { readonly agreements: readonly ReportedAgreement[] }) {
  const { t } = useText();
  const [value, set] = useFilter();
  const opened = agreements.find(({ number }) => number === value("agreement"));
  const used = agreements.filter(({ requests }) => requests !== 0);
  const rows = [...used].sort((one, other) => (other.requests ?? 0) - (one.requests ?? 0));
  return (
    <>
      <Section title={t("audit.report.agreements")}>
        <Sheet
          caption={t("audit.report.agreements")}
          heads={[
            t("audit.filter.agreement"),
            t("audit.report.title"),
            t("audit.report.consumer"),
            t("audit.filter.purpose"),
            right(t("audit.report.requests")),
            right(t("audit.report.refused")),
          ]}
          rows={rows}
          keyOf={({ number }) => number}
          cells={(row) => [
            <Button key="number" variant="subtle" size="compact-sm" onClick={() => set("agreement", row.number)}>
              {row.number}
            </Button>,
            row.title,
            row.consumer?.name ?? "–",
            row.purpose?.name ?? "–",
            <Numeric key="requests" value={row.requests} />,
            <Numeric key="refused" value={row.refused} />,
          ]}
        />
        <Text c="dimmed">{t("audit.report.unused", { count: count(agreements.length - used.length) })}</Text>
      </Section>
      {opened && <Fields of={opened} />}
    </>
  );
}

const right = (text: string) => (
  <Text ta="right" inherit fw={700}>
    {text}
  </Text>
);

function Fields({ of }: { readonly of: ReportedAgreement }) {
  const { t } = useText();
  return (
    <Section title={t("audit.report.fieldsOf", { number: of.number })}>
      <Sheet
        caption={t("audit.report.fieldsOf", { number: of.number })}
        heads={[t("audit.filter.coordinate"), right(t("audit.shown")), right(t("audit.masked")), right(t("audit.denied"))]}
        rows={of.fields ?? []}
        keyOf={({ coordinate }) => coordinate}
        cells={({ coordinate, shown, masked, denied }) => [
          coordinate,
          <Numeric key="shown" value={shown} />,
          <Numeric key="masked" value={masked} />,
          <Numeric key="denied" value={denied} />,
        ]}
      />
      <Group>
        <Anchor component={Link} to={`/audit/record?agreement=${encodeURIComponent(of.number)}`}>
          {t("audit.entriesOf", { number: of.number })}
        </Anchor>
      </Group>
    </Section>
  );
}
