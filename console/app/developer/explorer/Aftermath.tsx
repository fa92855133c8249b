import { Code, Group, List, Text, Title } from "@mantine/core";
import { count } from "../../kit/format.ts";
import { useText } from "../../kit/text.tsx";

/** An answer of the hub, as far as it is about the question itself. */
export interface Answer {
  readonly data?: unknown;
  readonly extensions?: {
    readonly governance?: {
      readonly agreement?: string;
      readonly version?: number;
      readonly denied?: readonly string[];
      readonly masked?: readonly string[];
      readonly receipt?: { readonly id?: string } | string;
    };
    readonly cost?: { readonly estimated?: number; readonly limit?: number; readonly persons?: number };
  };
}

/** What the hub says of the answer: under which agreement, what was denied or masked, what it cost, and where it stands on record. */
export function Aftermath({ answer }: { readonly answer: Answer | null }) {
  const { t } = useText();
  const { governance, cost } = answer?.extensions ?? {};
  return (
    <section aria-labelledby="aftermath">
      <Title order={2} size="h4" id="aftermath">
        {t("developer.aftermath")}
      </Title>
      <div role="status">
        {!governance && <Text c="dimmed">{t("developer.notAsked")}</Text>}
        {governance && (
          <>
            <Text>{t("developer.under", { agreement: governance.agreement ?? "", version: governance.version ?? "" })}</Text>
            <Named title={t("developer.denied")} names={governance.denied ?? []} />
            <Named title={t("developer.masked")} names={governance.masked ?? []} />
            <Receipt receipt={governance.receipt} />
          </>
        )}
        {cost && (
          <Text size="sm">{t("developer.cost", { estimated: count(cost.estimated ?? 0), limit: count(cost.limit ?? 0) })}</Text>
        )}
      </div>
    </section>
  );
}

function Named({ title, names }: { readonly title: string; readonly names: readonly string[] }) {
  if (names.length === 0) return null;
  return (
    <>
      <Text fw={600}>{title}</Text>
      <List size="sm">
        {names.map((name) => (
          <List.Item key={name}>
            <Code>{name}</Code>
          </List.Item>
        ))}
      </List>
    </>
  );
}

function Receipt({ receipt }: { readonly receipt: { readonly id?: string } | string | undefined }) {
  const { t } = useText();
  const id = typeof receipt === "string" ? receipt : receipt?.id;
  if (id === undefined) return null;
  return (
    <Group gap="xs">
      <Text size="sm">{t("developer.receipt")}</Text>
      <Code>{id}</Code>
    </Group>
  );
}
