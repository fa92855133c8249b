import { Button, Code, Group, List, Text } from "@mantine/core";
import { useState } from "react";
import { csvLine } from "../../../../schema/values/csv.ts";
import { count } from "../../kit/format.ts";
import { Problem } from "../../kit/Problem.tsx";
import { Sheet } from "../../kit/parts/Sheet.tsx";
import { Loading } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { useAnswer } from "../../kit/use/useAnswer.ts";
import { download } from "../kit/download.ts";
import { Numeric } from "../kit/Numeric.tsx";
import { AFFECTED } from "./questions.ts";
import type { BreachCase } from "./types.ts";

interface Page {
  readonly nodes: readonly { readonly id: string; readonly type: string }[] | null;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null } | null;
  readonly totalCount: number | null;
}

/** Whom a breach concerns: by type as numbers; by id on demand, for that puts on record who was looked into. */
export function Affected({ found: { number, counts, unnamed, isDrill } }: { readonly found: BreachCase }) {
  const { t } = useText();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      {counts && counts.length > 0 ? (
        <Sheet
          caption={t("audit.affected")}
          heads={[
            t("audit.type"),
            <Text key="n" ta="right" inherit fw={700}>
              {t("audit.subjects")}
            </Text>,
          ]}
          rows={counts}
          keyOf={({ type }) => type}
          cells={({ type, subjects }) => [type, <Numeric key="n" value={subjects} />]}
        />
      ) : (
        <Text>{t("audit.nobodyAffected")}</Text>
      )}
      {unnamed !== null && unnamed > 0 && <Text c="dimmed">{t("audit.unnamed", { count: count(unnamed) })}</Text>}
      {isDrill ? (
        <Text c="dimmed">{t("audit.drillNamesNobody")}</Text>
      ) : isOpen ? (
        <Ids number={number} />
      ) : (
        <div>
          <Button variant="default" onClick={() => setOpen(true)}>
            {t("audit.showIds")}
          </Button>
        </div>
      )}
    </>
  );
}

function Ids({ number }: { readonly number: string }) {
  const { t } = useText();
  const [after, setAfter] = useState<string | null>(null);
  const { data, error, isLoading } = useAnswer<{ readonly breachCase: { readonly subjects: Page | null } | null }>(AFFECTED, {
    number,
    type: null,
    after,
  });
  const page = data?.breachCase?.subjects;
  const nodes = page?.nodes ?? [];
  const next = page?.pageInfo?.hasNextPage ? page.pageInfo.endCursor : null;
  if (isLoading && !page) return <Loading />;
  return (
    <>
      <Problem error={error} />
      <Text size="sm">{t("audit.idsOf", { shown: count(nodes.length), total: count(page?.totalCount ?? 0) })}</Text>
      <List size="sm" spacing={2} listStyleType="none">
        {nodes.map(({ id, type }) => (
          <List.Item key={id}>
            {type} <Code>{id}</Code>
          </List.Item>
        ))}
      </List>
      <Group>
        <Button
          variant="subtle"
          onClick={() =>
            download(`${number}.csv`, [["type", "id"], ...nodes.map(({ id, type }) => [type, id])].map(csvLine).join(""))
          }
        >
          {t("audit.csv")}
        </Button>
        <Button variant="default" disabled={next === null} onClick={() => setAfter(next)}>
          {t("audit.nextPage")}
        </Button>
      </Group>
    </>
  );
}
