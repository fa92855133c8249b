import { Badge, Button, Code, Group, List, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { EffectMark } from "../../../kit/EffectMark.tsx";
import { useText } from "../../../kit/text.tsx";
import { type DataClass, type Fault, faultAt, type Grant } from "../draft.ts";
import { fieldId } from "../FaultSummary.tsx";
import { GrantForm } from "./GrantForm.tsx";
import { looseningOf } from "./loosening.ts";

interface RowProps {
  readonly at: number;
  readonly grant: Grant;
  readonly consumer: string;
  readonly inForce: readonly Grant[] | null;
  readonly classes: readonly DataClass[];
  readonly faults: readonly Fault[];
  /** What stands in its place: itself changed, or nothing. */
  readonly onGrants: (...instead: readonly Grant[]) => void;
}

/** One grant: a sentence, or the same sentence with its words to be chosen. */
export function GrantRow({ at, grant, consumer, inForce, classes, faults, onGrants }: RowProps) {
  const { t } = useText();
  const [isEdited, setEdited] = useState(grant.selector === "");
  const loosening = looseningOf(grant, inForce);
  const fault = faultAt(faults, `grants[${at}]`, true);
  const edge = fault || loosening ? "3px solid var(--negative)" : "3px solid transparent";
  return (
    <List.Item
      id={fieldId(`grants[${at}]`)}
      style={{ borderInlineStart: edge, borderBottom: "1px solid var(--border-soft)", padding: "0.4rem 0.75rem" }}
    >
      <Stack gap={4}>
        <Group justify="space-between" align="flex-start">
          <GrantSentence grant={grant} consumer={consumer} />
          <Group gap={4}>
            <Button
              size="compact-sm"
              variant="subtle"
              onClick={() => setEdited(!isEdited)}
              aria-expanded={isEdited}
              aria-label={`${t(isEdited ? "steward.done" : "steward.change")}: ${grant.selector}`}
            >
              {t(isEdited ? "steward.done" : "steward.change")}
            </Button>
            <Button
              size="compact-sm"
              variant="subtle"
              color="var(--negative)"
              onClick={() => onGrants()}
              aria-label={`${t("steward.remove")}: ${grant.selector}`}
            >
              {t("steward.remove")}
            </Button>
          </Group>
        </Group>
        {loosening && (
          <Text size="sm" c="var(--negative)">
            <Badge
              component="span"
              variant="outline"
              color="var(--negative)"
              radius="sm"
              tt="none"
              style={{ color: "var(--negative)", borderColor: "var(--negative)" }}
            >
              ▲ {t("steward.loosens")}
            </Badge>{" "}
            {t(`steward.loosening.${loosening}`)} {grant.widenReason && t("steward.becauseOf", { reason: grant.widenReason })}
          </Text>
        )}
        {fault && (
          <Text size="sm" c="var(--negative)" fw={600}>
            {fault}
          </Text>
        )}
        {isEdited && <GrantForm {...{ grant, classes, loosening }} place={`grants[${at}]`} faults={faults} onGrant={onGrants} />}
      </Stack>
    </List.Item>
  );
}

interface SentenceProps {
  readonly grant: Grant;
  readonly consumer: string;
}

/** Who does what with which field, how far, under which clause. */
export function GrantSentence({ grant, consumer }: SentenceProps) {
  const { t, enumLabel } = useText();
  const { selector, topic, use, effect, mask, thresholds, clause, home, elsewhere } = grant;
  const isClass = selector !== "" && !selector.includes(".");
  return (
    <Text component="div" style={{ flex: "1 1 18rem", overflowWrap: "anywhere" }}>
      {consumer} {t(`steward.use.${use}`)} <Code fz="sm">{selector || "…"}</Code>
      {isClass && ` (${enumLabel("DataClass", selector)}${topic ? `: ${enumLabel("DataTopic", topic)}` : ""})`}{" "}
      <EffectMark effect={effect} />
      {mask && ` (${t(`steward.mask.${mask}`)})`}
      {thresholds?.map(({ argument, values }) => ` ${argument}: ${values.join(", ")}`)}
      {home && ` ${t("steward.onlyIn", { regions: home.join(", "), mask: t(`steward.mask.${elsewhere ?? "null"}`) })}`}{" "}
      <Text span c="dimmed">
        {t("steward.under", { clause: clause || "…" })}
      </Text>
    </Text>
  );
}
