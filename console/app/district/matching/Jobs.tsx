import { Anchor, Title } from "@mantine/core";
import { Link } from "react-router";
import { useQuery } from "urql";
import { count, moment } from "../../kit/format.ts";
import { Problem } from "../../kit/Problem.tsx";
import { Empty, Loading, Page } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { State } from "../kit/Facts.tsx";
import { Rows } from "../kit/Rows.tsx";
import { JOBS } from "./questions.ts";
import type { Job } from "./types.ts";
import { Upload } from "./Upload.tsx";

/** Files matched against the population register. */
export function Jobs() {
  const { t } = useText();
  const [{ data, error, fetching }] = useQuery<{ readonly matchJobs: readonly Job[] | null }>({ query: JOBS });
  const jobs = data?.matchJobs ?? [];
  return (
    <Page title={t("district.jobs.title")} lead={t("district.jobs.lead")}>
      <Upload />
      <Title order={2} size="h4">
        {t("district.jobs.list")}
      </Title>
      <Problem error={error} />
      {fetching && !data && <Loading />}
      {data && jobs.length === 0 && !error && <Empty>{t("district.jobs.empty")}</Empty>}
      {jobs.length > 0 && (
        <Rows
          caption={t("district.kit.rows", { shown: count(jobs.length) })}
          rows={jobs}
          nameOf={({ fileName }) => fileName}
          columns={[
            { name: "file", cell: (job) => <ToJob job={job} /> },
            { name: "registerOf", cell: ({ source }) => source },
            { name: "state", cell: ({ state }) => <State type="MatchState" value={state} /> },
            { name: "lines", isNumber: true, cell: ({ rows }) => rows !== null && count(rows) },
            { name: "createdAt", cell: ({ createdAt }) => moment(createdAt) },
          ]}
        />
      )}
    </Page>
  );
}

function ToJob({ job: { id, fileName } }: { readonly job: Job }) {
  return (
    <Anchor component={Link} to={`/district/matching/jobs/${id}`} size="sm">
      {fileName}
    </Anchor>
  );
}
