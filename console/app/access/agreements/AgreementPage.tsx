import { Alert, Anchor, Tabs } from "@mantine/core";
import { Link, useParams } from "react-router";
import { Problem } from "../../kit/Problem.tsx";
import { Loading, Page } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { useAnswer } from "../../kit/use/useAnswer.ts";
import { useFilter } from "../../kit/use/useFilter.ts";
import { Duties } from "./duties/Duties.tsx";
import { History } from "./History.tsx";
import { AGREEMENT } from "./questions.ts";
import type { Version } from "./types.ts";
import { LifeLine } from "./version/LifeLine.tsx";
import { Sentences } from "./version/Sentences.tsx";
import { Terms } from "./version/Terms.tsx";
import { VersionActs } from "./version/VersionActs.tsx";
import { Versions } from "./version/Versions.tsx";

const OF_AGREEMENT = { mayHold: ["SemesterReport"] };

/** One agreement: where a version of it stands, what it opens, how it came about, and what is owed under it. `?version=` picks the version. */
export function AgreementPage() {
  const { number = "" } = useParams();
  const { data, error } = useAnswer<{ readonly agreementVersions: readonly Version[] | null }>(
    AGREEMENT,
    { number },
    OF_AGREEMENT,
  );
  const versions = data?.agreementVersions;
  const title = versions?.[0]?.agreement.title;
  return (
    <Page title={title ? `${number} · ${title}` : number}>
      <Problem error={error} />
      {!data && !error && <Loading />}
      {versions?.length === 0 && <NoVersion number={number} />}
      {versions && versions.length > 0 && <Known versions={versions} />}
    </Page>
  );
}

function NoVersion({ number }: { readonly number: string }) {
  const { t } = useText();
  return (
    <Alert title={t("access.noVersion")}>
      {t("access.noVersionLead")}{" "}
      <Anchor component={Link} to={`/access/drafts/${encodeURIComponent(number)}?from=0`}>
        {t("access.draftFirst")}
      </Anchor>
    </Alert>
  );
}

const PARTS = ["content", "versions", "duties", "history"] as const;

function Known({ versions }: { readonly versions: readonly Version[] }) {
  const { t } = useText();
  const [value, set] = useFilter();
  const [newest] = versions;
  const speaking = newest?.agreement.agreement?.version;
  const wanted = value("version") === "" ? speaking : Number(value("version"));
  const version = versions.find(({ number }) => number === wanted) ?? newest;
  if (!version) return null;
  const part = PARTS.find((one) => one === value("part")) ?? "content";
  return (
    <>
      <LifeLine version={version} isSpeaking={version.number === speaking} />
      <VersionActs version={version} />
      <Tabs value={part} onChange={(next) => set("part", next === "content" ? "" : (next ?? ""))} keepMounted={false}>
        <Tabs.List mb="md">
          {PARTS.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {t(`access.tab.${one}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="content">
          <Terms version={version} />
          <Sentences version={version} />
        </Tabs.Panel>
        <Tabs.Panel value="versions">
          <Versions versions={versions} />
        </Tabs.Panel>
        <Tabs.Panel value="duties">
          <Duties version={version} />
        </Tabs.Panel>
        <Tabs.Panel value="history">
          <History number={version.agreement.number} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
