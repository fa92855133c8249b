import { Button, Group, List, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { flushSync } from "react-dom";
import { useQuery } from "urql";
import { count } from "../../kit/format.ts";
import { Problem } from "../../kit/Problem.tsx";
import { Facts } from "../../kit/parts/Facts.tsx";
import { Empty, Loading, Page } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { download } from "../kit/download.ts";
import { type Said, saidIn } from "../kit/said.ts";
import { PROCESSING } from "./questions.ts";

interface Named {
  readonly name: string;
}

interface Processed {
  readonly number: string;
  readonly title: string;
  readonly version: number;
  readonly controllers: readonly Named[] | null;
  readonly processor: Named | null;
  readonly recipient: Named | null;
  readonly purpose: { readonly name: string; readonly citation: string } | null;
  readonly categories: readonly { readonly class: string; readonly coordinates: number }[] | null;
  readonly subjectTypes: readonly string[] | null;
  readonly retentionDays: number | null;
  readonly securityMeasures: readonly Said[] | null;
  readonly dpiaId: string | null;
  readonly needsDpia: boolean | null;
  readonly requestsOfYear: number | null;
}

interface Answer {
  readonly processingRecords: { readonly records: readonly Processed[] | null; readonly csv: string | null } | null;
}

/** The register of processing activities (UU 27/2022 art. 31), to be read, printed and handed over as a table. */
export default function Processing() {
  const { t } = useText();
  const [isWhole, setWhole] = useState(false);
  const [{ data, error }] = useQuery<Answer>({ query: PROCESSING });
  const register = data?.processingRecords;
  const csv = register?.csv;
  const actions = (
    <Group className="no-print" gap="xs">
      <Button variant="default" disabled={!csv} onClick={() => download("rekaman-pemrosesan.csv", csv ?? "")}>
        {t("audit.csv")}
      </Button>
      <Button
        variant="default"
        onClick={() => {
          flushSync(() => setWhole(true)); // what is folded would not be printed
          window.print();
        }}
      >
        {t("audit.print")}
      </Button>
    </Group>
  );
  return (
    <Page title={t("audit.part.processing")} lead={t("audit.processingLead")} actions={actions}>
      <Problem error={error} />
      {!data && !error && <Loading />}
      {register?.records?.length === 0 && <Empty>{t("audit.noProcessing")}</Empty>}
      <Stack gap={0}>
        {register?.records?.map((row) => (
          <Folded key={row.number} row={row} isOpen={isWhole} />
        ))}
      </Stack>
    </Page>
  );
}

function Folded({ row, isOpen }: { readonly row: Processed; readonly isOpen: boolean }) {
  return (
    <details open={isOpen} style={{ borderBottom: "1px solid var(--border-soft)" }}>
      <summary style={{ padding: "0.75rem 0", cursor: "pointer" }}>
        <Text span fw={600}>
          {row.number}
        </Text>{" "}
        · {row.title}{" "}
        <Text span c="dimmed" size="sm">
          {row.recipient?.name}
        </Text>
      </summary>
      <div style={{ padding: "0 0 1rem 1rem" }}>
        <One row={row} />
      </div>
    </details>
  );
}

function One({ row }: { readonly row: Processed }) {
  const { t, enumLabel, language } = useText();
  const names = (rows: readonly Named[] | null) => rows?.map(({ name }) => name).join(", ");
  return (
    <Facts
      facts={[
        [t("audit.processing.version"), row.version],
        [t("audit.processing.controllers"), names(row.controllers)],
        [t("audit.processing.processor"), row.processor?.name],
        [t("audit.processing.recipient"), row.recipient?.name],
        [t("audit.filter.purpose"), row.purpose && `${row.purpose.name} (${row.purpose.citation})`],
        [
          t("audit.processing.categories"),
          row.categories?.map((one) => `${enumLabel("DataClass", one.class)} (${count(one.coordinates)})`).join(" · "),
        ],
        [t("audit.processing.subjects"), row.subjectTypes?.join(", ")],
        [
          t("audit.processing.retention"),
          row.retentionDays === null ? t("audit.asAgreed") : t("audit.days", { days: count(row.retentionDays) }),
        ],
        [t("audit.processing.dpia"), <Dpia key="dpia" row={row} />],
        [t("audit.processing.requests"), row.requestsOfYear === null ? null : count(row.requestsOfYear)],
        [
          t("audit.processing.measures"),
          <List key="measures" size="sm">
            {row.securityMeasures?.map((said) => (
              <List.Item key={said.indonesian}>{saidIn(language, said)}</List.Item>
            ))}
          </List>,
        ],
      ]}
    />
  );
}

function Dpia({ row: { dpiaId, needsDpia } }: { readonly row: Processed }) {
  const { t } = useText();
  if (dpiaId !== null) return dpiaId;
  return needsDpia ? (
    <Text span inherit c="var(--negative)">
      <span aria-hidden>✕ </span>
      {t("audit.dpiaMissing")}
    </Text>
  ) : (
    t("audit.dpiaNotNeeded")
  );
}
