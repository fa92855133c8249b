import { Card, Code, Group, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQuery } from "urql";
import { count, moment } from "../../kit/format.ts";
import { Problem } from "../../kit/Problem.tsx";
import { Act } from "../../kit/parts/Act.tsx";
import { Facts } from "../../kit/parts/Facts.tsx";
import { Empty, Loading, Page } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { usePermissions } from "../../kit/use/usePermissions.ts";
import { State } from "../kit/State.tsx";
import {
  APPROVE_SUBSCRIPTION,
  PAUSE_SUBSCRIPTION,
  REDELIVER,
  RESUME_SUBSCRIPTION,
  REVOKE_SUBSCRIPTION,
  SUBSCRIPTIONS,
} from "./questions.ts";
import { Subscribe } from "./Subscribe.tsx";

interface Dead {
  readonly id: string;
  readonly code: string;
  readonly attempts: number;
  readonly at: string;
  readonly state: string;
}

interface Subscription {
  readonly id: string;
  readonly agreement: { readonly number: string };
  readonly client: string;
  readonly url: string;
  readonly format: string;
  readonly programs: readonly string[];
  readonly kinds: readonly string[];
  readonly state: string;
  readonly reason: string | null;
  readonly madeBy: string;
  readonly madeAt: string;
  readonly approvedBy: string | null;
  readonly version: number;
  readonly attempts: number;
  readonly code: string | null;
  readonly deliveredAt: string | null;
  readonly deadEvents: readonly Dead[];
}

/** Webhooks of the events of the aid programs. */
export function EventsPage() {
  const { t } = useText();
  const [{ data, error }, again] = useQuery<{ readonly eventSubscriptions: readonly Subscription[] | null }>({
    query: SUBSCRIPTIONS,
  });
  const reload = () => again({ requestPolicy: "network-only" });
  return (
    <Page title={t("steward.events")} lead={t("steward.eventsLead")}>
      <Subscribe again={reload} />
      <Problem error={error} />
      {!data && !error && <Loading />}
      {data?.eventSubscriptions?.length === 0 && <Empty>{t("steward.noEvents")}</Empty>}
      {data?.eventSubscriptions?.map((one) => (
        <One key={one.id} subscription={one} again={reload} />
      ))}
    </Page>
  );
}

interface OneProps {
  readonly subscription: Subscription;
  readonly again: () => void;
}

function One({ subscription, again }: OneProps) {
  const { t, enumLabel } = useText();
  const {
    agreement,
    client,
    url,
    programs,
    kinds,
    format,
    state,
    reason,
    madeBy,
    madeAt,
    approvedBy,
    attempts,
    code,
    deliveredAt,
    deadEvents,
  } = subscription;
  return (
    <Card withBorder component="article" aria-label={url}>
      <Group justify="space-between" align="flex-start">
        <Title order={2} size="h5" style={{ overflowWrap: "anywhere" }}>
          {url}
        </Title>
        <State of="EventSubscriptionState" value={state} />
      </Group>
      <Facts
        facts={[
          [t("steward.agreement"), `${agreement.number} (${client})`],
          [t("steward.programs"), programs.join(", ") || t("steward.all")],
          [t("steward.eventFormat"), format === "DCI" ? t("steward.eventFormatDci") : enumLabel("EventFormat", format)],
          [t("steward.eventKinds"), kinds.map((kind) => enumLabel("AidEventKind", kind)).join(", ") || t("steward.all")],
          [t("steward.askedBy"), `${madeBy}, ${moment(madeAt)}`],
          [t("steward.approvedBy"), approvedBy ?? t("steward.nobodyYet")],
          [t("steward.delivered"), deliveredAt ? moment(deliveredAt) : t("steward.nothingYet")],
          [t("steward.delivery"), code && t("steward.failing", { code, attempts: count(attempts) })],
          [t("steward.reason"), reason],
        ]}
      />
      {deadEvents.length > 0 && <DeadList dead={deadEvents} again={again} />}
      {state !== "REVOKED" && <Ways subscription={subscription} again={again} />}
    </Card>
  );
}

function DeadList({ dead, again }: { readonly dead: readonly Dead[]; readonly again: () => void }) {
  const { t } = useText();
  const because = usePermissions()("redeliverEvents");
  const [, redeliver] = useMutation(REDELIVER);
  const run = async (id: string) => {
    const { error } = await redeliver({ id });
    if (!error) again();
    return error;
  };
  return (
    <Stack gap="xs" mt="sm">
      <Text fw={600}>{t("steward.dead")}</Text>
      {dead.map(({ id, code, attempts, at, state }) => (
        <Group key={id} gap="sm">
          <State of="DeadEventState" value={state} />
          <Text size="sm">
            {moment(at)} <Code>{code}</Code> {t("steward.tried", { attempts: count(attempts) })}
          </Text>
          {state === "DEAD" && (
            <Act label={t("steward.redeliver")} tells={t("steward.redeliverTells")} because={because} act={() => run(id)} />
          )}
        </Group>
      ))}
    </Stack>
  );
}

/** What can be done with a subscription in which state. */
const ACTS = [
  { kind: "approve", mutation: "approveEventSubscription", document: APPROVE_SUBSCRIPTION, states: ["PROPOSED"], asks: false },
  { kind: "pause", mutation: "pauseEventSubscription", document: PAUSE_SUBSCRIPTION, states: ["ACTIVE"], asks: true },
  { kind: "resume", mutation: "resumeEventSubscription", document: RESUME_SUBSCRIPTION, states: ["PAUSED"], asks: false },
  {
    kind: "revoke",
    mutation: "revokeEventSubscription",
    document: REVOKE_SUBSCRIPTION,
    states: ["PROPOSED", "ACTIVE", "PAUSED"],
    asks: true,
  },
] as const;

function Ways({ subscription, again }: OneProps) {
  const possible = ACTS.filter(({ states }) => (states as readonly string[]).includes(subscription.state));
  return (
    <Group mt="sm" align="flex-start">
      {possible.map((act) => (
        <Way key={act.kind} act={act} subscription={subscription} again={again} />
      ))}
    </Group>
  );
}

function Way({
  act: { kind, mutation, document, asks },
  subscription: { id, version },
  again,
}: OneProps & { readonly act: (typeof ACTS)[number] }) {
  const { t } = useText();
  const because = usePermissions()(mutation);
  const [, act] = useMutation(document);
  const run = async (reason: string) => {
    const { error } = await act({ id, version, ...(asks && { reason }) });
    if (!error) again();
    return error;
  };
  return (
    <Act
      label={t(`steward.webhook.${kind}`)}
      tells={t(`steward.webhook.${kind}Tells`)}
      asks={asks ? { called: t("steward.reason"), about: `${mutation}.${id}` } : undefined}
      because={because}
      isGrave={kind === "revoke"}
      act={run}
    />
  );
}
