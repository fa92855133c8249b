import { Alert, Code, List, Stack, Text } from "@mantine/core";
import { Facts } from "../../../kit/parts/Facts.tsx";
import { useText } from "../../../kit/text.tsx";
import type { Outcome, Step, Verdict } from "../../proof/verify.ts";
import type { Proposition, Proven } from "./useProof.ts";

const LOOKS: Readonly<Record<Verdict, readonly [mark: string, colour: string]>> = {
  GENUINE: ["✓", "var(--positive)"],
  ALTERED: ["✕", "var(--negative)"],
  NOT_COVERED: ["…", "var(--info)"],
  UNPROVEN: ["?", "var(--warning)"],
};
const MARKS: Readonly<Record<Outcome, readonly [mark: string, colour: string]>> = {
  RIGHT: ["✓", "var(--positive)"],
  WRONG: ["✕", "var(--negative)"],
  OPEN: ["–", "var(--content-muted)"],
};

interface ProofProps {
  readonly proven: Proven;
  /** What the verdict is about. */
  readonly of: Pick<Proposition, "receipt" | "leaf">;
}

/** What the browser found, check by check. */
export function Proof({ proven: { verdict, steps, said, key }, of: { receipt, leaf } }: ProofProps) {
  const { t, enumLabel } = useText();
  const [mark, colour] = LOOKS[verdict];
  const isUnknown = said === "UNKNOWN";
  return (
    <Alert
      variant="outline"
      role="status"
      title={
        <Text span fw={700} c={colour}>
          <span aria-hidden>{mark} </span>
          {isUnknown ? enumLabel("ReceiptFinding", said) : t(`audit.verdict.${verdict}`)}
        </Text>
      }
    >
      <Stack gap="xs">
        <Facts
          facts={[
            [t("audit.filter.receipt"), <Code key="receipt">{receipt}</Code>],
            [t("audit.leaf"), <Code key="leaf">{leaf}</Code>],
          ]}
        />
        <Text>{isUnknown ? t("audit.unknownReceipt") : t(`audit.verdict.${verdict}.lead`)}</Text>
        {!isUnknown && (
          <List size="sm" spacing={6} listStyleType="none">
            {steps.map((step) => (
              <One key={step.check} step={step} />
            ))}
          </List>
        )}
        <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
          {key === "" ? t("audit.noLogKey") : t("audit.logKeyUsed", { key })}
        </Text>
      </Stack>
    </Alert>
  );
}

function One({ step: { check, outcome, found } }: { readonly step: Step }) {
  const { t } = useText();
  const [mark, colour] = MARKS[outcome];
  return (
    <List.Item>
      <Text span inherit c={colour} fw={600}>
        <span aria-hidden>{mark} </span>
        {t(`audit.outcome.${outcome}`)}
      </Text>{" "}
      {t(`audit.check.${check}`)}
      {found !== "" && (
        <Text c="dimmed" size="xs" style={{ overflowWrap: "anywhere" }}>
          {found}
        </Text>
      )}
    </List.Item>
  );
}
