import { Alert, Code, List, Text } from "@mantine/core";
import { useText } from "../../../kit/text.tsx";
import type { Change, Reviewed, VersionDiff } from "../types.ts";
import { said } from "./said.ts";

/**
 * What the version opens further than the one in force, and what it opens further than its class: each with the reason its author gave. Of a class it
 * stands beside what is widened without a reason of its own.
 */
export function Loosenings({ reviewed, diff }: { readonly reviewed: Reviewed; readonly diff: VersionDiff | null }) {
  const { t, language, enumLabel } = useText();
  const widened = diff?.from == null ? [] : diff.changes.filter(({ kind }) => kind === "WIDENED");
  const reasoned = reviewed.grants.filter(({ widenReason, selector }) => widenReason !== null && selector.includes("."));
  const reasonOf = ({ coordinate }: Change) => reasoned.find(({ selector }) => selector === coordinate)?.widenReason;
  const isUnsaid = widened.some((change) => change.coordinate !== null && reasonOf(change) === undefined);
  const classes = reviewed.grants.filter(
    ({ widenReason, selector }) => isUnsaid && widenReason !== null && !selector.includes("."),
  );
  const others = reasoned.filter(({ selector }) => !widened.some(({ coordinate }) => coordinate === selector));
  if (widened.length + others.length === 0) return null;
  return (
    <Alert color="red" variant="outline" title={`▲ ${t("steward.loosenTitle", { count: widened.length + others.length })}`}>
      <List size="sm" spacing={4}>
        {widened.map((change) => (
          <List.Item key={`${change.coordinate} ${change.term} ${change.sentence.indonesian}`}>
            {said(change.sentence, language)}
            {change.coordinate !== null && (classes.length === 0 || reasonOf(change)) && (
              <Reason reason={reasonOf(change) ?? null} />
            )}
          </List.Item>
        ))}
        {classes.map(({ selector, topic, use, widenReason }) => (
          <List.Item key={`${selector} ${topic} ${use}`}>
            {t("steward.ofClass", { class: enumLabel("DataClass", selector) })} <Reason reason={widenReason} />
          </List.Item>
        ))}
        {others.map(({ selector, use, effect, widenReason }) => (
          <List.Item key={`${selector} ${use}`}>
            <Code>{selector}</Code> {t("steward.widerThanClass", { effect: enumLabel("GrantEffect", effect) })}
            <Reason reason={widenReason} />
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}

function Reason({ reason }: { readonly reason: string | null }) {
  const { t } = useText();
  return (
    <Text size="sm" fw={600}>
      {reason === null ? t("steward.noReason") : t("steward.becauseOf", { reason })}
    </Text>
  );
}
