import { Paper, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useText } from "../../../kit/text.tsx";
import { Clock } from "../../kit/Facts.tsx";
import { useNames } from "../../kit/names.ts";
import { dayOfMonth } from "../../kit/today.ts";
import type { Whole, Window } from "../types.ts";
import { NEXT } from "./way.ts";

interface NextProps {
  readonly proposal: Whole;
  readonly calendar: readonly Window[];
  readonly children: ReactNode;
}

/** Who has to do what next, and by when. */
export function NextStep({ proposal, calendar, children }: NextProps) {
  const { t } = useText();
  const name = useNames();
  const next = NEXT[proposal.state];
  const window = calendar.find(({ step }) => step === next?.window);
  return (
    <Paper withBorder p="md">
      <Stack gap="xs">
        <Title order={2} size="h4">
          {t("district.proposal.next")}
        </Title>
        <Text>
          <strong>{name("ProposalState", proposal.state)}.</strong>{" "}
          {next
            ? t("district.proposal.whose", { duties: next.by.map((duty) => name("Duty", duty)).join(", ") })
            : t("district.proposal.atEnd")}
        </Text>
        {proposal.reason && <Text>{t("district.proposal.because", { reason: proposal.reason })}</Text>}
        {window && proposal.channel === "FORMAL" && <Open window={window} />}
        {proposal.expiresAt && (
          <Text component="div">
            {t("district.proposal.expires")} <Clock until={proposal.expiresAt} />
          </Text>
        )}
        {children}
      </Stack>
    </Paper>
  );
}

/** Whether the calendar lets it happen today. */
function Open({ window: { step, fromDay, toDay } }: { readonly window: Window }) {
  const { t } = useText();
  const name = useNames();
  const today = dayOfMonth();
  const isOpen = fromDay <= today && today <= toDay;
  return (
    <Text c={isOpen ? "var(--positive)" : "var(--warning)"}>
      {t(isOpen ? "district.proposal.open" : "district.proposal.shut", {
        step: name("CalendarStep", step),
        from: fromDay,
        to: toDay,
      })}
    </Text>
  );
}
