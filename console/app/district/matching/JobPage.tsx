import { Anchor, Button, Group, Progress, Stack, Text, Title } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { Link, useParams } from "react-router";
import { headersUnder, useAsking } from "../../kit/ask.tsx";
import { count, moment, share } from "../../kit/format.ts";
import { Problem } from "../../kit/Problem.tsx";
import { Empty, Loading, Page } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { useAnswer } from "../../kit/use/useAnswer.ts";
import { ActBar } from "../acts/ActBar.tsx";
import type { Act } from "../acts/act.ts";
import { Facts, State } from "../kit/Facts.tsx";
import { useNames } from "../kit/names.ts";
import { Rows } from "../kit/Rows.tsx";
import { CANCEL_JOB, ONE_JOB } from "./questions.ts";
import { download } from "./send.ts";
import type { Job } from "./types.ts";

interface Count {
  readonly status: string | null;
  readonly reason: string | null;
  readonly rows: number;
  readonly firstLine: number | null;
}
interface Whole extends Job {
  readonly predictedPrecision: number | null;
  readonly counts: readonly Count[] | null;
}

const ENDED = new Set(["DONE", "CANCELLED", "FAILED"]);
const EVERY_MS = 2000;

const CANCEL: Act<Job> = {
  ...{ name: "cancelJob", document: CANCEL_JOB, by: [], isEnd: true },
  fits: ({ state }) => !ENDED.has(state),
  variables: ([job]) => ({ id: job?.id }),
};

/** One job: how far it is, and what came of it. */
export function JobPage() {
  const { t } = useText();
  const { id = "" } = useParams();
  const { data, error, isLoading, isAsking, again } = useAnswer<{ readonly matchJob: Whole | null }>(ONE_JOB, { id });
  const job = data?.matchJob;
  const runs = job !== undefined && job !== null && !ENDED.has(job.state);
  const ask = useRef(again);
  ask.current = again;
  useEffect(() => {
    if (!runs || isAsking) return;
    const timer = setTimeout(() => ask.current(), EVERY_MS);
    return () => clearTimeout(timer);
  }, [runs, isAsking]);
  if (isLoading) return <Loading />;
  return (
    <Page title={job?.fileName ?? t("district.jobs.none")}>
      <Anchor component={Link} to="/district/matching/jobs">
        {t("district.jobs.back")}
      </Anchor>
      <Problem error={error} />
      {!job && !error && <Empty>{t("district.jobs.noneLead")}</Empty>}
      {job && (
        <>
          <How job={job} />
          <ActBar acts={[CANCEL]} rows={[job]} nameOf={({ fileName }) => fileName} onDone={again} />
          {job.state === "DONE" && <Outcome job={job} />}
        </>
      )}
    </Page>
  );
}

function How({ job }: { readonly job: Whole }) {
  const { t } = useText();
  const [rows, done] = [job.rows ?? 0, job.rowsDone ?? 0];
  return (
    <Stack gap="sm">
      <Facts
        of={[
          ["state", <State key="state" type="MatchState" value={job.state} />],
          ["registerOf", job.source],
          ["createdAt", moment(job.createdAt)],
          ["finishedAt", job.finishedAt && moment(job.finishedAt)],
          ["lines", count(rows)],
          ["precision", job.predictedPrecision === null ? null : share(job.predictedPrecision)],
          ["fault", job.fault],
        ]}
      />
      {!ENDED.has(job.state) && (
        <div>
          <Text role="status" size="sm">
            {t("district.jobs.progress", { done: count(done), rows: count(rows) })}
          </Text>
          <Progress
            value={rows === 0 ? 0 : (done / rows) * 100}
            aria-label={t("district.jobs.progress", { done: count(done), rows: count(rows) })}
          />
        </div>
      )}
    </Stack>
  );
}

function Outcome({ job }: { readonly job: Whole }) {
  const { t } = useText();
  const name = useNames();
  const counts = (job.counts ?? []).map((one) => ({ ...one, id: `${one.status}/${one.reason}` }));
  return (
    <Stack gap="sm">
      <Title order={2} size="h4">
        {t("district.jobs.outcome")}
      </Title>
      <Group>
        <Fetch id={job.id} table="results" />
        <Fetch id={job.id} table="rejects" />
      </Group>
      <Rows
        caption={t("district.jobs.counts")}
        rows={counts}
        nameOf={({ id }) => id}
        columns={[
          { name: "result", cell: ({ status }) => (status ? name("MatchOutcome", status) : t("district.jobs.rejected")) },
          { name: "why", cell: ({ reason }) => name("MatchReason", reason) },
          { name: "firstLine", isNumber: true, cell: ({ firstLine }) => firstLine },
          { name: "lines", isNumber: true, cell: ({ rows }) => count(rows) },
        ]}
      />
    </Stack>
  );
}

function Fetch({ id, table }: { readonly id: string; readonly table: "results" | "rejects" }) {
  const { t } = useText();
  const { agreement, caseNumber } = useAsking();
  const [fault, blame] = useState<string | null>(null);
  const [isComing, come] = useState(false);
  const fetchIt = async () => {
    come(true);
    blame(null);
    await download(`/matching/jobs/${id}/${table}.csv`, `${table}.csv`, headersUnder(agreement, caseNumber)).catch(
      (error: Error) => blame(error.message),
    );
    come(false);
  };
  return (
    <div>
      <Button variant="default" loading={isComing} onClick={() => void fetchIt()}>
        {t(`district.jobs.${table}`)}
      </Button>
      {fault && (
        <Text role="alert" size="sm" c="var(--negative)">
          {fault}
        </Text>
      )}
    </div>
  );
}
