import { Anchor, Text } from "@mantine/core";
import { useMemo } from "react";
import { Link, useParams, useSearchParams } from "react-router";
import { day } from "../../kit/format.ts";
import { Problem } from "../../kit/Problem.tsx";
import { Facts } from "../../kit/parts/Facts.tsx";
import { Loading, Page } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { DraftEditor } from "./DraftEditor.tsx";
import { draftFrom } from "./draft.ts";
import { type Based, type Ground, useDraftGround } from "./useDrafting.ts";

/** `?from=`: the version taken over, 0 for none. `?version=`: the draft that is changed. `?request=`: the wish for access it answers. */
export function DraftPage() {
  const { t } = useText();
  const { agreement = "" } = useParams();
  const [search] = useSearchParams();
  const version = numberIn(search.get("version"));
  const { ground, based, base, isReady, error } = useDraftGround(agreement, version ?? numberIn(search.get("from")));
  return (
    <Page
      title={version === null ? t("steward.newVersion", { agreement }) : t("steward.changeDraft", { agreement, version })}
      actions={
        <Anchor component={Link} to="/access/drafts">
          {t("steward.drafts")}
        </Anchor>
      }
    >
      <Problem error={error} />
      {!isReady && !error && <Loading />}
      {isReady && ground && based && (
        <Loaded
          key={`${agreement} ${version} ${base}`}
          {...{ agreement, version, ground, based }}
          request={search.get("request")}
        />
      )}
    </Page>
  );
}

const numberIn = (text: string | null): number | null => (text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null);

interface LoadedProps {
  readonly agreement: string;
  readonly version: number | null;
  readonly ground: Ground;
  readonly based: Based;
  readonly request: string | null;
}

function Loaded({ agreement, version, ground, based, request }: LoadedProps) {
  const { t } = useText();
  const about = ground.agreementVersions?.[0]?.agreement;
  const empty = useMemo(() => draftFrom(based.base, new Date()), [based.base]);
  const due = about?.agreement?.reportDue;
  return (
    <>
      <Facts
        facts={[
          [t("steward.agreement"), about?.title ?? agreement],
          [t("steward.consumer"), about?.consumer.name],
          [t("steward.purpose"), about && `${about.purpose.name} (${about.purpose.citation})`],
          [t("steward.basedOn"), based.base ? t("steward.versionNumber", { version: based.base.number }) : t("steward.scratch")],
          [
            t("steward.comparedWith"),
            based.active ? t("steward.versionNumber", { version: based.active.number }) : t("steward.noneInForce"),
          ],
          [t("steward.reportDue"), due && day(due)],
        ]}
      />
      <Text c="dimmed" size="sm">
        {t("steward.keptInTab")}
      </Text>
      <DraftEditor
        {...{ agreement, version, empty, request }}
        consumer={about?.consumer.name ?? agreement}
        inForce={based.active?.grants ?? null}
        classes={ground.dataClasses}
      />
    </>
  );
}
