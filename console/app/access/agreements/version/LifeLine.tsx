import { Alert, Group, Text } from "@mantine/core";
import { moment } from "../../../kit/format.ts";
import { useText } from "../../../kit/text.tsx";
import type { Version } from "../types.ts";

const LINE = ["DRAFT", "IN_REVIEW", "APPROVED", "ACTIVE"] as const;
const ENDS = ["REVOKED", "EXPIRED", "SUPERSEDED"];

/** How far a version has come, as a line of states with the one it has marked; and what that means for access. */
export function LifeLine({ version, isSpeaking }: { readonly version: Version; readonly isSpeaking: boolean }) {
  const { t, enumLabel } = useText();
  const { state } = version;
  const last = ENDS.includes(state) ? state : undefined;
  const line = [...LINE, ...(state === "SUSPENDED" ? ["SUSPENDED"] : []), ...(last ? [last] : [])];
  const at = line.indexOf(state);
  return (
    <div>
      <Text size="sm" c="dimmed">
        {t("access.versionOf", { agreement: version.agreement.number, version: version.number })}
        {isSpeaking && ` · ${t("access.speaks")}`}
      </Text>
      <Group component="ol" gap={4} my={4} p={0} aria-label={t("access.lifeLine")} style={{ listStyle: "none" }}>
        {line.map((one, index) => (
          <Step key={one} label={enumLabel("AgreementState", one)} isHere={index === at} isPast={index < at} />
        ))}
      </Group>
      <Meaning version={version} />
    </div>
  );
}

function Step({ label, isHere, isPast }: { readonly label: string; readonly isHere: boolean; readonly isPast: boolean }) {
  const ground = isHere ? { background: "var(--brand)", color: "var(--ground)", borderColor: "var(--brand)" } : {};
  return (
    <Text
      component="li"
      size="sm"
      aria-current={isHere ? "step" : undefined}
      fw={isHere ? 700 : 400}
      px="sm"
      py={4}
      style={{ border: "1px solid var(--border-soft)", color: isPast ? "var(--content)" : "var(--content-muted)", ...ground }}
    >
      {isPast && <span aria-hidden>✓ </span>}
      {label}
    </Text>
  );
}

/** What the state means, where its name alone could be misread. */
function Meaning({
  version: { state, validFrom, suspensionReason, resumeAskedBy, missingApprovals },
}: {
  readonly version: Version;
}) {
  const { t, enumLabel } = useText();
  const missing = missingApprovals
    .map(({ agency, capacity }) => `${agency.code} (${enumLabel("ApprovalCapacity", capacity)})`)
    .join(", ");
  const isAhead = Date.parse(validFrom) > Date.now();
  if (state === "IN_REVIEW") return <Alert variant="outline">{t("access.waitsFor", { agencies: missing })}</Alert>;
  if (state === "APPROVED") return <Alert variant="outline">{t("access.approvedIsNotGranted")}</Alert>;
  if (state === "ACTIVE" && isAhead) return <Alert variant="outline">{t("access.beginsOn", { at: moment(validFrom) })}</Alert>;
  if (state !== "SUSPENDED") return null;
  const because = suspensionReason === null ? t("access.byTheClock") : enumLabel("SuspensionReason", suspensionReason);
  return (
    <Alert variant="outline" color="orange" title={t("access.suspended", { because })}>
      {resumeAskedBy ? t("access.resumeAsked", { name: resumeAskedBy.name }) : t("access.resumeNeedsTwo")}
    </Alert>
  );
}
