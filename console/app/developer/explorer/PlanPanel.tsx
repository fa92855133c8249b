import { Button, Code, Group, List, Text, Title } from "@mantine/core";
import { CombinedError } from "@urql/core";
import { useState } from "react";
import { useAsking } from "../../kit/ask.tsx";
import { Problem } from "../../kit/Problem.tsx";
import { Section } from "../../kit/parts/Section.tsx";
import { CopyButton } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { Picture } from "./Picture.tsx";
import { type Asked, asText, type FetchTold, type Plan, planOf } from "./plan.ts";

/** How the question in the editor would be fetched under the agreement: asked of the hub when somebody wants to know, and of no source. */
export function PlanPanel({ asked }: { readonly asked: Asked }) {
  const { t } = useText();
  const { agreement, caseNumber } = useAsking();
  const [told, tell] = useState<{ readonly of: string; readonly plan: Plan | CombinedError } | null>(null);
  const show = async () => tell({ of: asked.question, plan: await planOf(asked, { agreement, caseNumber }) });
  const fault = told?.plan instanceof CombinedError ? told.plan : undefined;
  const plan = told === null || told.plan instanceof CombinedError ? null : told.plan;
  return (
    <Section title={t("developer.plan")} lead={t("developer.planLead")}>
      <Group>
        <Button variant="default" onClick={() => void show()}>
          {t("developer.planShow")}
        </Button>
        {plan && <CopyButton text={plan.mermaid} label="Mermaid" />}
      </Group>
      <Problem error={fault} />
      <div role="status">
        {plan && (
          <Text>{t("developer.planSum", { rounds: plan.rounds, fetches: plan.fetches.length, agreement: plan.agreement })}</Text>
        )}
        {told && told.of !== asked.question && <Text c="dimmed">{t("developer.planOld")}</Text>}
      </div>
      {plan && <Told plan={plan} />}
    </Section>
  );
}

function Told({ plan: { fetches, denied, rounds } }: { readonly plan: Plan }) {
  const { t } = useText();
  return (
    <>
      {denied.length > 0 && (
        <Text size="sm">
          {t("developer.planDenied")} {denied.join(", ")}
        </Text>
      )}
      {fetches.length > 0 && <Picture fetches={fetches} />}
      {Array.from({ length: rounds }, (_, at) => at + 1).map((round) => (
        <section key={round} aria-label={t("developer.round", { round })}>
          <Title order={3} size="h5">
            {t("developer.round", { round })}
          </Title>
          <List spacing="xs">
            {fetches
              .filter((fetch) => fetch.round === round)
              .map((fetch) => (
                <OneFetch key={fetch.id} fetch={fetch} />
              ))}
          </List>
        </section>
      ))}
    </>
  );
}

function OneFetch({ fetch }: { readonly fetch: FetchTold }) {
  const { t } = useText();
  const { id, service, waits, reasons, asks } = fetch;
  const verbs = [
    ["developer.verb.output", fetch.output],
    ["developer.verb.internal", fetch.internal],
    ["developer.verb.arguments", fetch.arguments],
  ] as const;
  return (
    <List.Item>
      <Text fw={600}>
        {`${id} · ${service}`}
        {waits.length > 0 && ` · ${t("developer.waits", { ids: waits.join(", ") })}`}
      </Text>
      {reasons.map((reason) => (
        <Text key={reason} size="sm">
          {reason}
        </Text>
      ))}
      <details>
        <summary>{t("developer.planFields")}</summary>
        {asks.map((asked) => (
          <Code key={asText(asked)} block>
            {[...asked.at, asText(asked)].join("\n")}
          </Code>
        ))}
        {verbs.map(
          ([label, names]) =>
            names.length > 0 && (
              <Text key={label} size="sm">
                {t(label)}: {names.join(", ")}
              </Text>
            ),
        )}
      </details>
    </List.Item>
  );
}
