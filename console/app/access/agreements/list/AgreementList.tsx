import { Anchor, Button, Text } from "@mantine/core";
import { Link } from "react-router";
import { count } from "../../../kit/format.ts";
import { Problem } from "../../../kit/Problem.tsx";
import { Sheet } from "../../../kit/parts/Sheet.tsx";
import { Empty, Loading, Page } from "../../../kit/States.tsx";
import { useText } from "../../../kit/text.tsx";
import { useFilter } from "../../../kit/use/useFilter.ts";
import { toAgreement } from "../../kit/paths.ts";
import { Quota } from "../../kit/Quota.tsx";
import { State } from "../../kit/State.tsx";
import { usePages } from "../../kit/usePages.ts";
import { lastDay } from "../../kit/validity.ts";
import { AGREEMENTS } from "../questions.ts";
import type { Listed } from "../types.ts";
import { Filters } from "./Filters.tsx";
import { narrowed, standingOf } from "./standing.ts";

/** Every agreement, to be searched and narrowed. */
export function AgreementList() {
  const { t } = useText();
  const { nodes, error } = usePages<Listed>(AGREEMENTS);
  const actions = (
    <Button component={Link} to="/access/agreements/new" variant="default">
      {t("access.newAgreement")}
    </Button>
  );
  return (
    <Page title={t("access.part.agreements")} lead={t("access.agreementsLead")} actions={actions}>
      <Problem error={error} />
      {!nodes && !error && <Loading />}
      {nodes && <Listing agreements={nodes} />}
    </Page>
  );
}

function Listing({ agreements }: { readonly agreements: readonly Listed[] }) {
  const { t } = useText();
  const [value, set] = useFilter();
  const shown = narrowed(agreements, value);
  return (
    <>
      <Filters agreements={agreements} value={value} set={set} />
      <Text c="dimmed" size="sm" role="status">
        {t("access.shownOf", { shown: count(shown.length), all: count(agreements.length) })}
      </Text>
      {shown.length === 0 ? <Empty>{t("access.noneFits")}</Empty> : <Agreements agreements={shown} />}
    </>
  );
}

function Agreements({ agreements }: { readonly agreements: readonly Listed[] }) {
  const { t, enumLabel } = useText();
  return (
    <Sheet
      caption={t("access.part.agreements")}
      heads={[
        t("access.agreement"),
        t("access.consumer"),
        t("access.purpose"),
        t("access.version"),
        t("access.state"),
        t("access.endsOn"),
        t("access.quotaToday"),
      ]}
      rows={agreements}
      keyOf={({ number }) => number}
      cells={(one) => [
        <Anchor key="to" component={Link} to={toAgreement(one.number)}>
          {one.number}
          <Text span size="sm" c="dimmed" display="block">
            {one.title}
          </Text>
        </Anchor>,
        one.consumer.name,
        one.purpose.name,
        one.agreement?.version ?? "–",
        <div key="state">
          <State of="AgreementState" value={standingOf(one)} />
          {changeOf(one) && (
            <Text size="sm" c="dimmed">
              {t("access.alsoVersion", {
                version: changeOf(one)?.number ?? "",
                state: enumLabel("AgreementState", changeOf(one)?.state ?? ""),
              })}
            </Text>
          )}
        </div>,
        <span key="ends" style={{ whiteSpace: "nowrap" }}>
          {one.agreement ? lastDay(one.agreement.validTo) : "–"}
        </span>,
        <Quota key="quota" quota={one.agreement?.quotaToday ?? null} />,
      ]}
    />
  );
}

const UNDER_WAY = ["DRAFT", "IN_REVIEW", "APPROVED"];

/** A version on its way beside the one that speaks. */
const changeOf = ({ versions, agreement }: Listed) =>
  versions.find(({ number, state }) => number !== agreement?.version && UNDER_WAY.includes(state));
