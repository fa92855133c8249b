import { Anchor, NativeSelect, Text } from "@mantine/core";
import { Link, Route, Routes } from "react-router";
import { count, deadline, moment } from "../../kit/format.ts";
import { Problem } from "../../kit/Problem.tsx";
import { Sheet } from "../../kit/parts/Sheet.tsx";
import { Empty, Loading, Page } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { useAnswer } from "../../kit/use/useAnswer.ts";
import { useFilter } from "../../kit/use/useFilter.ts";
import { Clock } from "./Clock.tsx";
import { QUEUE } from "./questions.ts";
import { RequestPage } from "./RequestPage.tsx";
import type { Queue, Queued } from "./types.ts";

/** Requests of data subjects: the queue, and one of them. */
export default function Requests() {
  return (
    <Routes>
      <Route index element={<Desk />} />
      <Route path=":number" element={<RequestPage />} />
    </Routes>
  );
}

const STATES = ["", "FULFILLED", "REFUSED", "CANCELLED"];

function Desk() {
  const { t, enumLabel } = useText();
  const [value, set] = useFilter();
  const state = value("state");
  const { data, error } = useAnswer<Queue>(QUEUE, { state: state === "" ? null : state });
  const clock = data?.requestClock;
  const known = (number: number | null) => (number === null ? "–" : count(number));
  return (
    <Page title={t("audit.part.requests")} lead={t("audit.requestsLead")}>
      {clock && (
        <Text>{t("audit.clockLine", { open: known(clock.open), soon: known(clock.dueSoon), late: known(clock.breached) })}</Text>
      )}
      <NativeSelect
        label={t("audit.filter.state")}
        maw="18rem"
        value={state}
        data={STATES.map((one) => ({ value: one, label: one === "" ? t("audit.open") : enumLabel("SubjectRequestState", one) }))}
        onChange={({ currentTarget }) => set("state", currentTarget.value)}
      />
      <Problem error={error} />
      {!data && !error && <Loading />}
      {data?.subjectRequests?.length === 0 && <Empty>{t("audit.noRequests")}</Empty>}
      {data?.subjectRequests && data.subjectRequests.length > 0 && <QueueTable rows={data.subjectRequests} />}
    </Page>
  );
}

function QueueTable({ rows }: { readonly rows: readonly Queued[] }) {
  const { t, enumLabel } = useText();
  const heads = ["number", "kind", "state", "clock", "due", "received", "handler"].map((head) => t(`audit.request.${head}`));
  return (
    <Sheet
      caption={t("audit.part.requests")}
      heads={heads}
      rows={rows}
      keyOf={({ id }) => id}
      cells={(row) => [
        <Anchor key="number" component={Link} to={`/audit/requests/${row.number}`} style={{ whiteSpace: "nowrap" }}>
          {row.number}
        </Anchor>,
        enumLabel("SubjectRequestKind", row.kind),
        enumLabel("SubjectRequestState", row.state),
        <Clock key="clock" clock={row.clock} />,
        deadline(row.dueAt),
        moment(row.receivedAt),
        row.handler ?? "–",
      ]}
    />
  );
}
