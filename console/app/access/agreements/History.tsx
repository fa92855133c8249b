import { Button, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { count, moment } from "../../kit/format.ts";
import { Problem } from "../../kit/Problem.tsx";
import { Sheet } from "../../kit/parts/Sheet.tsx";
import { Empty, Loading } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { useAnswer } from "../../kit/use/useAnswer.ts";
import { HISTORY } from "./questions.ts";

interface PolicyEvent {
  readonly id: string;
  readonly at: string;
  readonly actor: string;
  readonly kind: string;
  readonly version: number | null;
  readonly detail: string | null;
}

interface Answer {
  readonly policyEvents: {
    readonly totalCount: number;
    readonly nodes: readonly PolicyEvent[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

/** What happened to an agreement, newest first, a page at a time. */
export function History({ number }: { readonly number: string }) {
  const { t } = useText();
  const [after, setAfter] = useState<string | null>(null);
  const { data, error } = useAnswer<Answer>(HISTORY, { number, after });
  const events = data?.policyEvents;
  const next = events?.pageInfo.hasNextPage ? events.pageInfo.endCursor : null;
  return (
    <Stack gap="sm">
      <Problem error={error} />
      {!data && !error && <Loading />}
      {events?.nodes.length === 0 && <Empty>{t("access.noEvents")}</Empty>}
      {events && events.nodes.length > 0 && <Events events={events.nodes} />}
      {events && <Text c="dimmed">{t("access.eventsInAll", { count: count(events.totalCount) })}</Text>}
      {after !== null && (
        <Button variant="default" onClick={() => setAfter(null)}>
          {t("access.toNewest")}
        </Button>
      )}
      {next !== null && (
        <Button variant="default" onClick={() => setAfter(next)}>
          {t("access.older")}
        </Button>
      )}
    </Stack>
  );
}

function Events({ events }: { readonly events: readonly PolicyEvent[] }) {
  const { t, enumLabel } = useText();
  return (
    <Sheet
      caption={t("access.tab.history")}
      heads={[t("access.at"), t("access.version"), t("access.what"), t("access.actor"), t("access.detail")]}
      rows={events}
      keyOf={({ id }) => id}
      cells={({ at, version, kind, actor, detail }) => [
        moment(at),
        version ?? "–",
        wordFor(kind, enumLabel),
        actor,
        detail ?? "",
      ]}
    />
  );
}

/** A kind is a state that was reached, or names what was done as the record does. */
function wordFor(kind: string, enumLabel: (type: string, value: string) => string): string {
  const state = kind.toUpperCase();
  const word = enumLabel("AgreementState", state);
  return word === state ? kind.replaceAll("_", " ") : word;
}
