import { List, Text } from "@mantine/core";
import { moment } from "../../../kit/format.ts";
import { Section } from "../../../kit/parts/Section.tsx";
import { Sheet } from "../../../kit/parts/Sheet.tsx";
import { Empty } from "../../../kit/States.tsx";
import { useText } from "../../../kit/text.tsx";
import { State } from "../../kit/State.tsx";
import type { Reviewed } from "../types.ts";

/** Who has decided what about which content, and whose decision is missing. */
export function Approvals({ reviewed: { approvals, missingApprovals, contentSha256 } }: { readonly reviewed: Reviewed }) {
  const { t, enumLabel } = useText();
  return (
    <>
      {missingApprovals.length > 0 && (
        <Section title={t("steward.missing")}>
          <List>
            {missingApprovals.map(({ agency, capacity }) => (
              <List.Item key={`${agency.code} ${capacity}`}>
                {agency.name}, {enumLabel("ApprovalCapacity", capacity)}{" "}
                <Text span c="dimmed">
                  {agency.dpoContact}
                </Text>
              </List.Item>
            ))}
          </List>
        </Section>
      )}
      <Section title={t("steward.decided")}>
        {approvals.length === 0 ? (
          <Empty>{t("steward.nobodyDecided")}</Empty>
        ) : (
          <Sheet
            caption={t("steward.decided")}
            heads={[
              t("steward.decision"),
              t("steward.decidedBy"),
              t("steward.capacity"),
              t("steward.reason"),
              t("steward.opened"),
              t("steward.at"),
            ]}
            rows={approvals}
            keyOf={({ steward, at }) => `${steward.id} ${at}`}
            cells={({ steward, owner, capacity, decision, reason, opened, at, contentSha256: about }) => [
              <State key="decision" of="ApprovalDecision" value={decision} />,
              `${steward.name} (${owner.name})`,
              enumLabel("ApprovalCapacity", capacity),
              `${reason ?? "–"}${about === contentSha256 ? "" : ` (${t("steward.otherContent")})`}`,
              opened.map((preview) => enumLabel("VersionPreview", preview)).join(", ") || t("steward.nothingOpened"),
              moment(at),
            ]}
          />
        )}
      </Section>
    </>
  );
}
