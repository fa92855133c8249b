import { Anchor, Button, Stack, Text } from "@mantine/core";
import { Link, useParams } from "react-router";
import { count, deadline, moment } from "../../kit/format.ts";
import { Problem } from "../../kit/Problem.tsx";
import { Facts } from "../../kit/parts/Facts.tsx";
import { Section } from "../../kit/parts/Section.tsx";
import { Empty, Loading, Page } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { useAnswer } from "../../kit/use/useAnswer.ts";
import { Coordinates } from "../kit/Coordinates.tsx";
import { Affected } from "./Affected.tsx";
import { CloseAct, Handling } from "./Handling.tsx";
import { Notices } from "./Notices.tsx";
import { CASE } from "./questions.ts";
import { TimeLeft } from "./TimeLeft.tsx";
import type { BreachCase } from "./types.ts";

/** One breach: its clock, whom it affected, what is done, who is told. */
export function CasePage() {
  const { t } = useText();
  const { number = "" } = useParams();
  const { data, error, again: ask } = useAnswer<{ readonly breachCase: BreachCase | null }>(CASE, { number });
  const found = data?.breachCase;
  const again = () => ask();
  return (
    <Page title={found ? `${number} · ${found.title}` : number}>
      <Problem error={error} />
      {!data && !error && <Loading />}
      {data && !found && <Empty>{t("audit.noSuchCase")}</Empty>}
      {found && <Whole found={found} again={again} />}
      <Anchor component={Link} to="/audit/breaches">
        {t("audit.toCases")}
      </Anchor>
    </Page>
  );
}

function Whole({ found, again }: { readonly found: BreachCase; readonly again: () => void }) {
  const { t } = useText();
  return (
    <Stack gap="xl">
      <Text size="lg">
        <TimeLeft {...found} />
      </Text>
      <What found={found} />
      <Section title={t("audit.affected")} lead={t("audit.affectedLead")}>
        {found.searchedAt === null ? (
          <div>
            <Text role="status">{t("audit.searchingTo", { at: moment(found.searchedTo ?? found.windowFrom) })}</Text>
            <Button mt="xs" variant="default" onClick={again}>
              {t("audit.lookAgain")}
            </Button>
          </div>
        ) : (
          <Affected found={found} />
        )}
      </Section>
      <Handling found={found} again={again} />
      <Notices found={found} again={again} />
      <CloseAct found={found} again={again} />
    </Stack>
  );
}

function What({ found }: { readonly found: BreachCase }) {
  const { t, enumLabel } = useText();
  return (
    <Section title={t("audit.whatHappened")}>
      <Text maw="75ch">{found.description}</Text>
      <Facts
        facts={[
          [t("audit.case.state"), enumLabel("BreachState", found.state)],
          [t("audit.drill"), found.isDrill ? t("audit.isDrill") : null],
          [t("audit.breach.window"), `${moment(found.windowFrom)} – ${moment(found.windowTo)}`],
          [t("audit.client"), found.client ?? t("audit.any")],
          [t("audit.breach.detectedAt"), deadline(found.detectedAt)],
          [t("audit.case.due"), deadline(found.dueAt)],
          [t("audit.openedBy"), found.openedBy],
          [t("audit.case.entries"), found.searchedAt === null || found.entries === null ? null : count(found.entries)],
          [t("audit.closedAt"), found.closedAt && moment(found.closedAt)],
          [t("audit.closedBy"), found.closedBy],
        ]}
      />
      <Coordinates of={found.coordinates} title={t("audit.breach.searchedFor")} colour="var(--content-muted)" mark="⌕" />
      <Coordinates of={found.disclosed} title={t("audit.breach.disclosed")} colour="var(--negative)" mark="!" />
    </Section>
  );
}
