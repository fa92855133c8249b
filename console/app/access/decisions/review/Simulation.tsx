import { Button, Group, NativeSelect, Stack, Text } from "@mantine/core";
import { useSearchParams } from "react-router";
import { count, moment } from "../../../kit/format.ts";
import { Problem } from "../../../kit/Problem.tsx";
import { Section } from "../../../kit/parts/Section.tsx";
import { Sheet } from "../../../kit/parts/Sheet.tsx";
import { Empty, Loading } from "../../../kit/States.tsx";
import { useText } from "../../../kit/text.tsx";
import { useAnswer } from "../../../kit/use/useAnswer.ts";
import { SIMULATION } from "../questions.ts";
import type { Which } from "./ReviewPage.tsx";

interface Reach {
  readonly scope: string;
  readonly households: number | null;
  readonly persons: number | null;
  readonly enrolments: number | null;
}

interface Operation {
  readonly client: string;
  readonly mark: string;
  readonly name: string | null;
  readonly requests: number;
  readonly newlyDenied: readonly string[];
  readonly newlyMasked: readonly string[];
  readonly uncovered: readonly string[];
  readonly newlyAllowed: readonly string[];
}

interface Simulated {
  readonly since: string;
  readonly requests: number;
  readonly operations: readonly Operation[];
  readonly reachBefore: Reach | null;
  readonly reachAfter: Reach | null;
}

const DAYS = ["7", "30", "90", "366"];

/** Questions on record, judged by this version: who would lose and who would gain, and how many rows its scope opens. `?days=` back. */
export function Simulation({ which }: { readonly which: Which }) {
  const { t } = useText();
  const [search, setSearch] = useSearchParams();
  const days = DAYS.find((one) => one === search.get("days")) ?? "30";
  const { data, error, isAsking, again } = useAnswer<{ readonly simulateVersion: Simulated | null }>(
    SIMULATION,
    { ...which, days: Number(days) },
    { policy: "cache-first" },
  );
  const span = (next: string) =>
    setSearch((before) => new URLSearchParams([...[...before].filter(([name]) => name !== "days"), ["days", next]]), {
      replace: true,
    });
  return (
    <Stack>
      <Group align="flex-end">
        <NativeSelect
          label={t("steward.replayDays")}
          value={days}
          data={DAYS.map((value) => ({ value, label: t("steward.days", { count: value }) }))}
          onChange={({ currentTarget: { value } }) => span(value)}
        />
        <Button variant="default" loading={isAsking} onClick={() => again()}>
          {t("steward.replayAgain")}
        </Button>
      </Group>
      <Problem error={error} />
      {!data && !error && <Loading />}
      {data?.simulateVersion && <Result simulated={data.simulateVersion} />}
    </Stack>
  );
}

function Result({ simulated: { since, requests, operations, reachBefore, reachAfter } }: { readonly simulated: Simulated }) {
  const { t } = useText();
  const loses = operations.filter(({ newlyDenied, newlyMasked }) => newlyDenied.length + newlyMasked.length > 0);
  return (
    <>
      <Text>
        {t("steward.replayed", {
          requests: count(requests),
          since: moment(since),
          loses: loses.length,
          gains: operations.length - loses.length,
        })}
      </Text>
      <Section title={t("steward.operations")}>
        {operations.length === 0 ? <Empty>{t("steward.noOperation")}</Empty> : <Operations operations={operations} />}
      </Section>
      <Section title={t("steward.reach")} lead={t("steward.reachLead")}>
        <ReachTable before={reachBefore} after={reachAfter} />
      </Section>
    </>
  );
}

const LOSSES = ["newlyDenied", "newlyMasked"] as const;
const GAINS = ["uncovered", "newlyAllowed"] as const;

function Operations({ operations }: { readonly operations: readonly Operation[] }) {
  const { t } = useText();
  const told = (operation: Operation, kinds: readonly ("newlyDenied" | "newlyMasked" | "uncovered" | "newlyAllowed")[]) =>
    kinds
      .filter((kind) => operation[kind].length > 0)
      .map((kind) => (
        <Text key={kind} size="sm" style={{ overflowWrap: "anywhere" }}>
          {t(`steward.replay.${kind}`)}: {operation[kind].join(", ")}
        </Text>
      ));
  return (
    <Sheet
      caption={t("steward.operations")}
      heads={[
        t("steward.client"),
        t("steward.operation"),
        t("steward.requests"),
        `▼ ${t("steward.loses")}`,
        `▲ ${t("steward.gains")}`,
      ]}
      rows={operations}
      keyOf={({ client, mark }) => `${client} ${mark}`}
      cells={(operation) => [
        operation.client,
        operation.name ?? operation.mark,
        count(operation.requests),
        told(operation, LOSSES),
        told(operation, GAINS),
      ]}
    />
  );
}

const COUNTED = ["households", "persons", "enrolments"] as const;

function ReachTable({ before, after }: { readonly before: Reach | null; readonly after: Reach | null }) {
  const { t } = useText();
  const told = (reach: Reach | null, what: (typeof COUNTED)[number]) => {
    if (reach === null) return t("steward.noScope");
    const rows = reach[what];
    return rows === null ? t("steward.withheld") : count(rows);
  };
  return (
    <Sheet
      caption={t("steward.reach")}
      heads={[t("steward.rows"), t("steward.before"), t("steward.after")]}
      rows={COUNTED}
      keyOf={(what) => what}
      cells={(what) => [t(`steward.reach.${what}`), told(before, what), told(after, what)]}
    />
  );
}
