import { Anchor, Blockquote, Code, List, Stack } from "@mantine/core";
import { Link, useParams } from "react-router";
import { deadline, moment } from "../../kit/format.ts";
import { Problem } from "../../kit/Problem.tsx";
import { Facts } from "../../kit/parts/Facts.tsx";
import { Section } from "../../kit/parts/Section.tsx";
import { Empty, Loading, Page } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { useAnswer } from "../../kit/use/useAnswer.ts";
import { Answering } from "./Answering.tsx";
import { Clock } from "./Clock.tsx";
import { ONE } from "./questions.ts";
import type { SubjectRequest } from "./types.ts";

/** One request: what is asked for, by when, and how it is answered. */
export function RequestPage() {
  const { t, enumLabel } = useText();
  const { number = "" } = useParams();
  const { data, error, again } = useAnswer<{ readonly subjectRequest: SubjectRequest | null }>(ONE, { number });
  const request = data?.subjectRequest;
  return (
    <Page title={t("audit.requestOf", { number })} lead={request ? enumLabel("SubjectRequestKind", request.kind) : ""}>
      <Problem error={error} />
      {!data && !error && <Loading />}
      {data && !request && <Empty>{t("audit.noSuchRequest")}</Empty>}
      {request && (
        <Stack gap="lg">
          <Wish request={request} />
          {request.closedAt === null ? <Answering request={request} onDone={() => again()} /> : <Answered request={request} />}
          <History request={request} />
        </Stack>
      )}
      <Anchor component={Link} to="/audit/requests">
        {t("audit.toRequests")}
      </Anchor>
    </Page>
  );
}

function Wish({ request }: { readonly request: SubjectRequest }) {
  const { t, enumLabel } = useText();
  const { restriction } = request;
  return (
    <Section title={t("audit.wish")}>
      <Blockquote p="md" color="var(--brand)">
        {request.statement}
      </Blockquote>
      <Facts
        facts={[
          [t("audit.request.state"), enumLabel("SubjectRequestState", request.state)],
          [t("audit.request.clock"), <Clock key="clock" clock={request.clock} />],
          [t("audit.request.due"), deadline(request.dueAt)],
          [t("audit.request.received"), moment(request.receivedAt)],
          [t("audit.request.controller"), request.controller?.name],
          [t("audit.request.subject"), request.subject && <Code key="subject">{request.subject}</Code>],
          [t("audit.request.by"), t(request.isByRepresentative ? "audit.byRepresentative" : "audit.bySubject")],
          [t("audit.filter.coordinate"), request.coordinate ?? t("audit.everything")],
          [t("audit.request.correction"), request.correction],
          [t("audit.filter.purpose"), request.purpose?.name],
          [t("audit.request.handler"), request.handler ?? t("audit.nobodyYet")],
          [
            t("audit.request.restriction"),
            restriction &&
              t(restriction.liftedAt ? "audit.restrictionLifted" : "audit.restrictionStands", {
                at: moment(restriction.liftedAt ?? restriction.imposedAt),
              }),
          ],
        ]}
      />
    </Section>
  );
}

function Answered({ request }: { readonly request: SubjectRequest }) {
  const { t, enumLabel } = useText();
  return (
    <Section title={t("audit.answer")}>
      <Facts
        facts={[
          [t("audit.closedAt"), request.closedAt && moment(request.closedAt)],
          [t("audit.closedBy"), request.closedBy],
          [t("audit.outcomeText"), request.outcome],
          [t("audit.review"), request.review && enumLabel("RankingReview", request.review)],
          [t("audit.refusalReason"), request.refusalReason && enumLabel("RefusalReason", request.refusalReason)],
          [t("audit.citation"), request.citation],
        ]}
      />
    </Section>
  );
}

function History({ request: { events } }: { readonly request: SubjectRequest }) {
  const { t, enumLabel } = useText();
  return (
    <Section title={t("audit.history")}>
      <List size="sm" spacing={4}>
        {(events ?? []).map(({ at, actor, step }) => (
          <List.Item key={`${at}${step}`}>
            {moment(at)} · {enumLabel("SubjectRequestStep", step)} · {actor}
          </List.Item>
        ))}
      </List>
    </Section>
  );
}
