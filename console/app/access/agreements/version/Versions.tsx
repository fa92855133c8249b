import { Anchor, Stack, Text } from "@mantine/core";
import { Link } from "react-router";
import { day, moment } from "../../../kit/format.ts";
import { Sheet } from "../../../kit/parts/Sheet.tsx";
import { useText } from "../../../kit/text.tsx";
import { toAgreement } from "../../kit/paths.ts";
import { State } from "../../kit/State.tsx";
import { firstDay, lastDay } from "../../kit/validity.ts";
import type { Approval, Version } from "../types.ts";

/** All versions of an agreement, newest first, with who decided about each. */
export function Versions({ versions }: { readonly versions: readonly Version[] }) {
  const { t } = useText();
  const number = versions[0]?.agreement.number ?? "";
  return (
    <Stack gap="sm">
      <Anchor component={Link} to={`/access/drafts/${encodeURIComponent(number)}`}>
        {t("access.newVersion")}
      </Anchor>
      <Sheet
        caption={t("access.tab.versions")}
        heads={[t("access.version"), t("access.state"), t("access.validity"), t("access.drafted"), t("access.decisions"), ""]}
        rows={versions}
        keyOf={(version) => String(version.number)}
        cells={(version) => [
          <Anchor key="to" component={Link} to={`${toAgreement(number)}?version=${version.number}`}>
            {t("access.versionNumber", { version: version.number })}
          </Anchor>,
          <State key="state" of="AgreementState" value={version.state} />,
          t("access.fromTo", { from: firstDay(version.validFrom), to: lastDay(version.validTo) }),
          `${version.author?.name ?? "–"}, ${day(version.createdAt)}`,
          <Decisions key="decisions" approvals={version.approvals} />,
          <Anchor key="compare" component={Link} to={`/access/decisions/${encodeURIComponent(number)}/${version.number}`}>
            {t("access.compare")}
          </Anchor>,
        ]}
      />
    </Stack>
  );
}

function Decisions({ approvals }: { readonly approvals: readonly Approval[] }) {
  const { enumLabel } = useText();
  if (approvals.length === 0) return "–";
  return approvals.map(({ owner, capacity, decision, steward, at, reason }) => (
    <Text key={`${owner.code} ${capacity} ${at}`} size="sm">
      <span aria-hidden>{decision === "APPROVED" ? "✓ " : "✕ "}</span>
      {`${enumLabel("ApprovalDecision", decision)}: ${owner.code} (${enumLabel("ApprovalCapacity", capacity)}), ${steward?.name ?? "–"}, ${moment(at)}`}
      {reason !== null && ` · ${reason}`}
    </Text>
  ));
}
