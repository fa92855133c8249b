import "./district.css";
import { Anchor, Group, Stack, Text } from "@mantine/core";
import { Link, Route, Routes, useLocation } from "react-router";
import { useText } from "../kit/text.tsx";
import { NoSuchPage } from "../shell/Crashed.tsx";
import { useMe } from "../shell/me.ts";
import { Errors } from "./aid/errors.tsx";
import { Pbi } from "./aid/pbi.tsx";
import { PbiCandidates, PbiMembers } from "./aid/pbiPeople.tsx";
import { REVIEWS_QUEUE } from "./aid/reviews.tsx";
import { SCHOOL_QUEUE } from "./aid/school.tsx";
import { Home } from "./home/Home.tsx";
import { Households } from "./households/Households.tsx";
import { DutiesProvider, useDuties } from "./kit/duties.tsx";
import { Queue } from "./kit/Queue.tsx";
import { JobPage } from "./matching/JobPage.tsx";
import { Jobs } from "./matching/Jobs.tsx";
import { Review } from "./matching/Review.tsx";
import { CASES_QUEUE, DIFFERENCES_QUEUE } from "./payments/cases.tsx";
import { Failures } from "./payments/Failures.tsx";
import { Trace } from "./payments/Trace.tsx";
import { NewProposal } from "./proposals/NewProposal.tsx";
import { ProposalList } from "./proposals/ProposalList.tsx";
import { ProposalPage } from "./proposals/ProposalPage.tsx";
import { CHANGES_QUEUE } from "./registry/changes.tsx";
import { Needs } from "./registry/needs.tsx";
import { OBJECTIONS_QUEUE, RANKING_QUEUE } from "./registry/objections.tsx";
import { Quality } from "./registry/Quality.tsx";
import { ToValidate } from "./registry/ToValidate.tsx";

const REVIEWERS = ["VERIFIER", "HEAD_OF_OFFICE"];
/** All but the education ministry, which has no part in the chain. */
const PAYERS = ["PROGRAM_STEWARD", "PROGRAM_HEAD", "DISTRICT", "COMPANION", "TREASURY", "BANK", "HEALTH"];
/** Pages by group, with the duties that have work there; empty: everybody of the group. */
const GROUPS: Readonly<Record<string, readonly (readonly [path: string, by: readonly string[]])[]>> = {
  registry: [
    ["proposals", []],
    ["objections", [...REVIEWERS, "RANKING", "MINISTRY"]],
    ["ranking", ["RANKING", "MINISTRY"]],
    ["households", [...REVIEWERS, "VILLAGE_OPERATOR"]],
    ["changes", ["VILLAGE_OPERATOR", "VERIFIER", "MINISTRY"]],
    ["quality", [...REVIEWERS, "VILLAGE_OPERATOR", "MINISTRY"]],
    ["validation", ["VERIFIER"]],
    ["needs", REVIEWERS],
  ],
  aid: [
    ["payments", PAYERS],
    ["payments/differences", ["PROGRAM_STEWARD", "PROGRAM_HEAD", "TREASURY", "BANK", "DISTRICT"]],
    ["payments/failures", []],
    ["payments/trace", []],
    ["reviews", ["DISTRICT", "PROGRAM_STEWARD"]],
    ["errors", ["DISTRICT", "PROGRAM_STEWARD"]],
    ["pbi", ["DISTRICT", "PROGRAM_STEWARD", "HEALTH"]],
    ["pbi/members", ["DISTRICT", "HEALTH"]],
    ["pbi/candidates", ["DISTRICT"]],
    ["school", ["DISTRICT", "PROGRAM_STEWARD", "EDUCATION"]],
  ],
  matching: [
    ["matching", []],
    ["matching/jobs", []],
  ],
};

/** The desk of those who work the registry and the aid programs, and of analysts who match files. */
export default function District() {
  return (
    <DutiesProvider>
      <Stack>
        <Pages />
        <Routes>
          <Route index element={<Home />} />
          <Route path="proposals" element={<ProposalList />} />
          <Route path="proposals/new" element={<NewProposal />} />
          <Route path="proposals/:id" element={<ProposalPage />} />
          <Route path="objections" element={<Queue of={OBJECTIONS_QUEUE} />} />
          <Route path="ranking" element={<Queue of={RANKING_QUEUE} />} />
          <Route path="households" element={<Households />} />
          <Route path="changes" element={<Queue of={CHANGES_QUEUE} />} />
          <Route path="quality" element={<Quality />} />
          <Route path="validation" element={<ToValidate />} />
          <Route path="needs" element={<Needs />} />
          <Route path="payments" element={<Queue of={CASES_QUEUE} />} />
          <Route path="payments/differences" element={<Queue of={DIFFERENCES_QUEUE} />} />
          <Route path="payments/failures" element={<Failures />} />
          <Route path="payments/trace" element={<Trace />} />
          <Route path="reviews" element={<Queue of={REVIEWS_QUEUE} />} />
          <Route path="errors" element={<Errors />} />
          <Route path="pbi" element={<Pbi />} />
          <Route path="pbi/members" element={<PbiMembers />} />
          <Route path="pbi/candidates" element={<PbiCandidates />} />
          <Route path="school" element={<Queue of={SCHOOL_QUEUE} />} />
          <Route path="matching" element={<Review />} />
          <Route path="matching/jobs" element={<Jobs />} />
          <Route path="matching/jobs/:id" element={<JobPage />} />
          <Route path="*" element={<NoSuchPage />} />
        </Routes>
      </Stack>
    </DutiesProvider>
  );
}

/** The pages of the desk that are this person's. */
function Pages() {
  const { t } = useText();
  const { registry, aid, has } = useDuties();
  const { me } = useMe();
  const { pathname } = useLocation();
  const isThere: Readonly<Record<string, boolean>> = {
    registry: registry.length > 0,
    aid: aid.length > 0,
    matching: me?.steward?.roles.includes("ANALYST") ?? false,
  };
  const here = Object.values(GROUPS)
    .flat()
    .map(([path]) => `/district/${path}`)
    .filter((path) => pathname === path || pathname.startsWith(`${path}/`))
    .sort((a, b) => b.length - a.length)[0];
  return (
    <nav aria-label={t("district.kit.pagesOfDesk")} className="no-print">
      {Object.entries(GROUPS)
        .filter(([group]) => isThere[group])
        .map(([group, pages]) => (
          <Group key={group} gap="md">
            <Text size="sm" fw={600} miw={90}>
              {t(`district.group.${group}`)}
            </Text>
            {pages
              .filter(([, by]) => by.length === 0 || has(by))
              .map(([path]) => (
                <Anchor
                  key={path}
                  component={Link}
                  to={`/district/${path}`}
                  size="sm"
                  {...(here === `/district/${path}` && { "aria-current": "page" as const, fw: 700 })}
                >
                  {t(`district.page.${path}`)}
                </Anchor>
              ))}
          </Group>
        ))}
    </nav>
  );
}
