import { Stack } from "@mantine/core";
import { useQuery } from "urql";
import { Notices } from "../../kit/notices/Notices.tsx";
import { Problem } from "../../kit/Problem.tsx";
import { Loading, Page } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { Alerts, Requests } from "./News.tsx";
import { OwnAgreements } from "./OwnAgreements.tsx";
import { OVERVIEW } from "./questions.ts";
import type { Desk } from "./types.ts";
import { Inbox, PendingFields, SoonOver } from "./Waiting.tsx";

/** What waits for the steward's agency, the most pressing first. */
export default function Overview() {
  const { t } = useText();
  const [{ data, error }] = useQuery<Desk>({ query: OVERVIEW });
  return (
    <Page title={t("access.part.overview")} lead={t("access.overviewLead")}>
      <Problem error={error} />
      {!data && !error && <Loading />}
      {data && (
        <Stack gap="xl">
          {data.stewardship && <Inbox inbox={data.stewardship.inbox} />}
          <Notices mayAcknowledge />
          {data.alerts && <Alerts alerts={data.alerts} />}
          {data.stewardship && <SoonOver expiring={data.stewardship.expiring} />}
          {data.agreements && <OwnAgreements agreements={data.agreements} />}
          {data.accessRequests && <Requests requests={data.accessRequests} />}
          {data.stewardship && <PendingFields fields={data.stewardship.pendingFields} />}
        </Stack>
      )}
    </Page>
  );
}
