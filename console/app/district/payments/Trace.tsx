import { Anchor, Button, Group, List, NativeSelect, Stack, Text, TextInput, Title } from "@mantine/core";
import type { FormEvent } from "react";
import { Link, useLocation, useNavigate } from "react-router";
import { Problem } from "../../kit/Problem.tsx";
import { Empty, Loading, Page } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { useAnswer } from "../../kit/use/useAnswer.ts";
import { Facts, State } from "../kit/Facts.tsx";
import { useNames } from "../kit/names.ts";
import { TRACE } from "./questions.ts";

interface Words {
  readonly indonesian: string;
  readonly english: string;
}
interface Why {
  readonly state: string;
  readonly today: string | null;
  readonly usualDays: number | null;
  readonly waiting: string | null;
  readonly text: Words | null;
  readonly remedy: Words | null;
  readonly bring: Words | null;
}
type Told = Readonly<Record<string, unknown>> & {
  readonly outcome: string;
  readonly stoppedAt: string | null;
  readonly isDrawnByAnother: boolean | null;
  readonly sentence: Words | null;
  readonly person: { readonly fullName: string | null } | null;
  readonly steps: readonly { readonly step: string; readonly state: string; readonly office: string | null }[] | null;
};

interface Asked {
  readonly person: string;
  readonly program: string;
  readonly period: string;
}

const NOTHING: Asked = { person: "", program: "", period: "" };
const PROGRAMS = ["PKH", "BPNT", "PBI_JK", "KIP", "KIP_KULIAH"];

/** Why the aid of a person for a period was not paid: thirteen steps, the first that stops, whose it is. */
export function Trace() {
  const { t } = useText();
  // whom it is about stays out of the address, which others read: it goes with the entry of this tab's history
  const { state } = useLocation();
  const go = useNavigate();
  const asked: Asked = { ...NOTHING, ...(state as Asked | null) };
  const isAsked = Object.values(asked).every((value) => value !== "");
  const { data, error, isLoading } = useAnswer<{ readonly paymentTrace: Told | null }>(TRACE, asked, { pause: !isAsked });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    void go(".", { state: Object.fromEntries(new FormData(event.currentTarget)) });
  };
  return (
    <Page title={t("district.trace.title")} lead={t("district.trace.lead")}>
      <Anchor component={Link} to="/district/payments">
        {t("district.trace.back")}
      </Anchor>
      <form onSubmit={submit}>
        <Group align="flex-end">
          <TextInput name="person" label={t("district.field.person")} required defaultValue={asked.person} />
          <Programs chosen={asked.program} />
          <TextInput
            name="period"
            label={t("district.field.period")}
            required
            placeholder="2026-Q3"
            defaultValue={asked.period}
          />
          <Button type="submit">{t("district.trace.ask")}</Button>
        </Group>
      </form>
      {isLoading && <Loading />}
      <Problem error={error} />
      {data && (data.paymentTrace ? <Steps told={data.paymentTrace} /> : <Empty>{t("district.trace.none")}</Empty>)}
    </Page>
  );
}

function Programs({ chosen }: { readonly chosen: string }) {
  const { t } = useText();
  const name = useNames();
  const data = PROGRAMS.map((code) => ({ value: code, label: name("ProgramCode", code) }));
  return <NativeSelect name="program" label={t("district.column.program")} data={data} defaultValue={chosen || "PKH"} />;
}

function Steps({ told }: { readonly told: Told }) {
  const { t, language } = useText();
  const name = useNames();
  const words = (one: Words | null | undefined) => (language === "id" ? one?.indonesian : one?.english);
  return (
    <Stack gap="sm">
      <Title order={2} size="h4">
        {told.person?.fullName}: {name("TraceOutcome", told.outcome)}
      </Title>
      <Text>{words(told.sentence)}</Text>
      {told.isDrawnByAnother && <Text>{t("district.trace.byAnother")}</Text>}
      <List type="ordered" spacing="xs">
        {told.steps?.map(({ step, state, office }) => {
          const why = told[step.toLowerCase()] as Why | null | undefined;
          return (
            <List.Item key={step} {...(step === told.stoppedAt && { "aria-current": "step" as const, className: "desk-here" })}>
              <strong>{name("TraceStepKind", step)}</strong> · <State type="TraceState" value={state} /> · {office}
              <Text size="sm">{words(why?.text)}</Text>
              <Facts
                of={[
                  ["remedy", words(why?.remedy)],
                  ["bring", words(why?.bring)],
                  ["usualDays", why?.usualDays != null && t("district.kit.usualDays", { count: why.usualDays })],
                  ["waiting", why?.waiting],
                  ["today", why?.today && name("TraceState", why.today)],
                ]}
              />
            </List.Item>
          );
        })}
      </List>
    </Stack>
  );
}
