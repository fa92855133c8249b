import { Anchor, Button, Card, Code, Group, Stack, Text, Title } from "@mantine/core";
import { Link } from "react-router";
import { useMutation, useQuery } from "urql";
import { count, moment } from "../../kit/format.ts";
import { Problem } from "../../kit/Problem.tsx";
import { Act } from "../../kit/parts/Act.tsx";
import { Facts } from "../../kit/parts/Facts.tsx";
import { Empty, Loading, Page } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { usePermissions } from "../../kit/use/usePermissions.ts";
import { useMe } from "../../shell/me.ts";
import { toAgreement } from "../kit/paths.ts";
import { State } from "../kit/State.tsx";
import { AnswerDraft } from "./AnswerDraft.tsx";
import type { Wish } from "./answering.ts";
import { DECLINE_REQUEST, REQUESTS } from "./questions.ts";

/** Wishes of one's own agency, and those that concern data it controls. */
export function RequestList() {
  const { t } = useText();
  const [{ data, error }, again] = useQuery<{ readonly accessRequests: readonly Wish[] }>({ query: REQUESTS });
  return (
    <Page
      title={t("steward.requestList")}
      lead={t("steward.requestsLead")}
      actions={
        <Button component={Link} to="/access/requests/new">
          {t("steward.askAccess")}
        </Button>
      }
    >
      <Problem error={error} />
      {!data && !error && <Loading />}
      {data?.accessRequests?.length === 0 && <Empty>{t("steward.noRequests")}</Empty>}
      <Stack>
        {data?.accessRequests?.map((wish) => (
          <OneWish key={wish.id} wish={wish} again={() => again({ requestPolicy: "network-only" })} />
        ))}
      </Stack>
    </Page>
  );
}

const DAY_MS = 24 * 60 * 60 * 1000;

function OneWish({ wish, again }: { readonly wish: Wish; readonly again: () => void }) {
  const { t, enumLabel } = useText();
  const { agency, purpose, requester, coordinates, regions, days, justification, state, createdAt } = wish;
  const waited = Math.floor((Date.now() - Date.parse(createdAt)) / DAY_MS);
  return (
    <Card withBorder component="article" aria-label={`${agency.name}, ${purpose.name}`}>
      <Group justify="space-between" align="flex-start">
        <div>
          <Title order={2} size="h5">
            {agency.name}: {purpose.name}
          </Title>
          <Text size="sm" c="dimmed">
            {moment(createdAt)} · {requester} {state === "OPEN" && `· ${t("steward.waited", { days: count(waited) })}`}
          </Text>
        </div>
        <State of="AccessRequestState" value={state} />
      </Group>
      <Facts
        facts={[
          [t("steward.legalBasis"), `${enumLabel("LegalBasis", purpose.legalBasis)} (${purpose.citation})`],
          [
            t("steward.columns"),
            coordinates.map((one) => (
              <Code key={one} mr={4}>
                {one}
              </Code>
            )),
          ],
          [t("steward.regions"), regions.join(", ")],
          [t("steward.duration"), t("steward.days", { count: days })],
          [t("steward.justification"), justification],
          [t("steward.answeredBy"), answered(wish)],
          [t("steward.declined"), wish.declineReason && `${wish.declineReason} (${wish.declinedBy})`],
          [t("steward.closedBy"), wish.closedBy && enumLabel("AccessRequestEnd", wish.closedBy)],
        ]}
      />
      {state === "OPEN" && <Ways wish={wish} again={again} />}
    </Card>
  );
}

function answered({ agreement, version }: Wish) {
  if (version === null) return null;
  if (agreement === null) return version;
  return (
    <>
      <Anchor component={Link} to={toAgreement(agreement.number)}>
        {agreement.number}
      </Anchor>{" "}
      <Anchor component={Link} to={`/access/decisions/${encodeURIComponent(agreement.number)}/${version}`}>
        v{version}
      </Anchor>
    </>
  );
}

function Ways({ wish, again }: { readonly wish: Wish; readonly again: () => void }) {
  const { t } = useText();
  const { me } = useMe();
  const permission = usePermissions();
  const [, decline] = useMutation(DECLINE_REQUEST);
  const isOwn = wish.agency.code === me?.agency.code;
  const run = async (reason: string) => {
    const { error } = await decline({ id: wish.id, reason });
    if (!error) again();
    return error;
  };
  return (
    <Group mt="sm" align="flex-end">
      {wish.version === null && (isOwn || me?.steward?.roles.includes("OPERATOR")) && <AnswerDraft wish={wish} />}
      {wish.version === null && !isOwn && (
        <Act
          label={t("steward.decline")}
          tells={t("steward.declineTells", { agency: wish.agency.name })}
          asks={{ called: t("steward.reason"), about: `declineAccessRequest.${wish.id}` }}
          because={permission("declineAccessRequest")}
          isGrave
          act={run}
        />
      )}
    </Group>
  );
}
