import { Anchor, Group, Tabs } from "@mantine/core";
import { useState } from "react";
import { Link, useParams, useSearchParams } from "react-router";
import { day } from "../../../kit/format.ts";
import { Problem } from "../../../kit/Problem.tsx";
import { Facts } from "../../../kit/parts/Facts.tsx";
import { Empty, Loading, Page } from "../../../kit/States.tsx";
import { useText } from "../../../kit/text.tsx";
import { useAnswer } from "../../../kit/use/useAnswer.ts";
import { toAgreement } from "../../kit/paths.ts";
import { period } from "../../kit/period.ts";
import { State } from "../../kit/State.tsx";
import { DIFF, REVIEW } from "../questions.ts";
import { Decide } from "../signing/Decide.tsx";
import type { Reviewed, VersionDiff } from "../types.ts";
import { Acts } from "./Acts.tsx";
import { Approvals } from "./Approvals.tsx";
import { Diff } from "./Diff.tsx";
import { Files } from "./Files.tsx";
import { Loosenings } from "./Loosenings.tsx";
import { Sentences } from "./Sentences.tsx";
import { Simulation } from "./Simulation.tsx";

interface Answer {
  readonly agreementVersion: Reviewed | null;
}

/** One version: what it says and changes, who has decided what, and what can be done with it. */
export function ReviewPage() {
  const { agreement = "", version = "" } = useParams();
  return <Review key={`${agreement} ${version}`} which={{ agreement, version: Number(version) }} />;
}

function Review({ which }: { readonly which: Which }) {
  const { t } = useText();
  const { data, error, again } = useAnswer<Answer>(REVIEW, { ...which });
  const diff = useAnswer<{ readonly versionDiff: VersionDiff | null }>(DIFF, {
    agreement: which.agreement,
    from: null,
    to: which.version,
  });
  const [opened, setOpened] = useState<readonly string[]>(["DIFF"]);
  const reviewed = data?.agreementVersion;
  return (
    <Page title={t("steward.reviewTitle", { ...which })} actions={<Ways which={which} />}>
      <Problem error={error} />
      {!data && !error && <Loading />}
      {data && !reviewed && <Empty>{t("steward.noVersion")}</Empty>}
      {data && reviewed && (
        <>
          <Head reviewed={reviewed} />
          <Loosenings reviewed={reviewed} diff={diff.data?.versionDiff ?? null} />
          <Acts reviewed={reviewed} again={() => again()} />
          <Parts {...{ reviewed, diff }} onOpen={(preview) => setOpened([...new Set([...opened, preview])])} />
          {reviewed.state === "IN_REVIEW" && <Decide {...{ reviewed, opened }} again={() => again()} />}
        </>
      )}
    </Page>
  );
}

export interface Which {
  readonly agreement: string;
  readonly version: number;
}

function Ways({ which: { agreement } }: { readonly which: Which }) {
  const { t } = useText();
  return (
    <Group gap="md">
      <Anchor component={Link} to={toAgreement(agreement)}>
        {t("steward.toAgreement")}
      </Anchor>
      <Anchor component={Link} to="/access/decisions">
        {t("steward.decisions")}
      </Anchor>
    </Group>
  );
}

function Head({ reviewed }: { readonly reviewed: Reviewed }) {
  const { t } = useText();
  const { agreement, state, author, validFrom, validTo, createdAt, contentSha256, coordinatesOpened } = reviewed;
  return (
    <Facts
      facts={[
        [t("steward.state"), <State key="state" of="AgreementState" value={state} />],
        [t("steward.agreement"), `${agreement.title}`],
        [t("steward.consumer"), agreement.consumer.name],
        [t("steward.purpose"), `${agreement.purpose.name} (${agreement.purpose.citation})`],
        [t("steward.validity"), period(validFrom, validTo)],
        [t("steward.author"), author && `${author.name} (${author.id}), ${day(createdAt)}`],
        [t("steward.dpia"), agreement.dpiaId],
        [
          t("steward.opens"),
          coordinatesOpened
            .map(({ owner, coordinates }) => t("steward.opensOf", { owner: owner.name, count: coordinates }))
            .join("; "),
        ],
        [t("steward.content"), contentSha256 && <code>{contentSha256}</code>],
      ]}
    />
  );
}

interface PartsProps {
  readonly reviewed: Reviewed;
  readonly diff: {
    readonly data?: { readonly versionDiff: VersionDiff | null } | undefined;
    readonly error?: Parameters<typeof Problem>[0]["error"];
  };
  readonly onOpen: (preview: string) => void;
}

const PARTS = ["diff", "simulation", "sentences", "approvals", "files"] as const;
const PREVIEW: Readonly<Record<string, string>> = { simulation: "SIMULATION", sentences: "EXPLAIN" };

function Parts({ reviewed, diff, onOpen }: PartsProps) {
  const { t } = useText();
  const [search, setSearch] = useSearchParams();
  const part = PARTS.find((one) => one === search.get("part")) ?? "diff";
  const which = { agreement: reviewed.agreement.number, version: reviewed.number };
  const go = (next: string | null) => {
    setSearch((before) => new URLSearchParams([...[...before].filter(([name]) => name !== "part"), ["part", next ?? "diff"]]), {
      replace: true,
    });
    const preview = PREVIEW[next ?? ""];
    if (preview) onOpen(preview);
  };
  return (
    <Tabs value={part} onChange={go} keepMounted={false}>
      <Tabs.List>
        {PARTS.map((one) => (
          <Tabs.Tab key={one} value={one}>
            {t(`steward.part.${one}`)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value={part} pt="md">
        {part === "diff" && <Diff diff={diff.data?.versionDiff} error={diff.error} reviewed={reviewed} />}
        {part === "simulation" && <Simulation which={which} />}
        {part === "sentences" && <Sentences which={which} />}
        {part === "approvals" && <Approvals reviewed={reviewed} />}
        {part === "files" && <Files which={which} />}
      </Tabs.Panel>
    </Tabs>
  );
}
