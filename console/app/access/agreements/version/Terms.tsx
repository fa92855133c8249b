import { Anchor, Code, List } from "@mantine/core";
import { Link } from "react-router";
import { count, day, deadline } from "../../../kit/format.ts";
import { limitsSaid } from "../../../kit/limits.ts";
import { Facts } from "../../../kit/parts/Facts.tsx";
import { Section } from "../../../kit/parts/Section.tsx";
import { useText } from "../../../kit/text.tsx";
import { Quota } from "../../kit/Quota.tsx";
import { firstDay, lastDay } from "../../kit/validity.ts";
import type { Version } from "../types.ts";

/** For whom, for what, over which rows, how much, from where, until when. */
export function Terms({ version }: { readonly version: Version }) {
  const { t } = useText();
  return (
    <Section title={t("access.terms")}>
      <Parties version={version} />
      <Limits version={version} />
    </Section>
  );
}

function Parties({ version: { agreement, author, createdAt, validFrom, validTo } }: { readonly version: Version }) {
  const { t, enumLabel } = useText();
  const { consumer, purpose } = agreement;
  return (
    <Facts
      facts={[
        [t("access.consumer"), `${consumer.name} (${consumer.code}), ${consumer.dpoContact ?? "–"}`],
        [t("access.purpose"), purpose.name],
        [t("access.legalBasis"), `${enumLabel("LegalBasis", purpose.legalBasis)} · ${purpose.citation}`],
        [t("access.caseNumber"), purpose.needsCase ? t("access.caseNeeded") : null],
        [t("access.validity"), t("access.fromTo", { from: firstDay(validFrom), to: lastDay(validTo) })],
        [t("access.drafted"), `${author?.name ?? "–"}, ${day(createdAt)}`],
        [t("access.dpia"), agreement.dpiaId],
        [t("access.document"), agreement.documentSha256 && <Code>{agreement.documentSha256}</Code>],
      ]}
    />
  );
}

function Limits({ version }: { readonly version: Version }) {
  const { t, enumLabel } = useText();
  const { regions, programs, decileMax, quota, addresses, documents, onDenied, armed, limits, verification, agreement } = version;
  const due = agreement.agreement?.reportDue;
  const ends = agreement.agreement?.suspendsOn;
  return (
    <Facts
      facts={[
        [t("access.regions"), regions.includes("0") ? t("access.wholeCountry") : regions.join(", ") || t("access.noRegion")],
        [t("access.programs"), programs === null ? t("access.allPrograms") : programs.join(", ")],
        [t("access.deciles"), decileMax === null ? t("access.allDeciles") : t("access.upToDecile", { decile: decileMax })],
        [t("access.quotaADay"), quota === null ? t("access.noQuota") : t("access.personsADay", { count: count(quota) })],
        [t("access.quotaToday"), <Quota key="quota" quota={agreement.agreement?.quotaToday ?? null} />],
        [
          t("access.verification"),
          t("access.verificationTerms", { ...verification, attemptsOfClient: count(verification.attemptsOfClient) }),
        ],
        [t("access.questionLimits"), limitsSaid(limits, { t, count }) ?? t("access.hubLimits")],
        [t("access.addresses"), addresses.length === 0 ? t("access.anyAddress") : addresses.join(", ")],
        [t("access.documents"), enumLabel("DocumentRule", documents)],
        [t("access.onDenied"), enumLabel("DeniedRule", onDenied)],
        [t("access.armed"), armed && t("access.armedTerms", { minutes: armed.minutes, persons: count(armed.persons) })],
        [t("access.reportDue"), due ? deadline(due) : t("access.noReport")],
        [t("access.clock"), ends && t("access.suspendsOn", { at: deadline(ends) })],
        [t("access.opens"), <Opened key="opened" version={version} />],
      ]}
    />
  );
}

/** How much of whose data it reaches, and what does not hold of its scope. */
function Opened({ version: { coordinatesOpened, pendingCoordinates, unboundSlices, agreement } }: { readonly version: Version }) {
  const { t, enumLabel } = useText();
  return (
    <List size="sm">
      {coordinatesOpened.map(({ owner, coordinates }) => (
        <List.Item key={owner.code}>{t("access.opensOf", { owner: owner.name, count: count(coordinates) })}</List.Item>
      ))}
      {unboundSlices.map(({ slice, dimension }) => (
        <List.Item key={`${slice} ${dimension}`}>
          {t("access.unbound", { slice, dimension: enumLabel("ScopeDimension", dimension) })}
        </List.Item>
      ))}
      {pendingCoordinates.length > 0 && (
        <List.Item>{t("access.pendingHere", { count: count(pendingCoordinates.length) })}</List.Item>
      )}
      <List.Item>
        <Anchor component={Link} to={`/access/matrix?agreement=${encodeURIComponent(agreement.number)}`}>
          {t("access.seeMatrix")}
        </Anchor>
      </List.Item>
    </List>
  );
}
