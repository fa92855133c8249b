import { Alert, Anchor, List } from "@mantine/core";
import { useEffect, useRef } from "react";
import { useText } from "../../kit/text.tsx";
import type { Fault } from "./draft.ts";

/** Id of the field that a place of DraftVersionInput is typed into. */
export const fieldId = (place: string): string => `at-${place.replace(/\W+/g, "-")}`;

/** Everything the hub refused, each a link to its field. Takes the focus when it appears. */
export function FaultSummary({ faults }: { readonly faults: readonly Fault[] }) {
  const { t } = useText();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (faults.length > 0) box.current?.focus();
  }, [faults]);
  if (faults.length === 0) return null;
  return (
    <Alert
      ref={box}
      tabIndex={-1}
      color="red"
      variant="outline"
      role="alert"
      title={t("steward.faults", { count: faults.length })}
    >
      <List size="sm">
        {faults.map(({ place, text }) => (
          <List.Item key={place + text}>
            <Anchor
              size="sm"
              underline="always"
              href={`#${fieldId(place.replace(/^(grants\[\d+\]).*/, "$1").replace(/^((?!grants)\w+)\[\d+\]$/, "$1"))}`}
            >
              {place || t("steward.wholeDraft")}
            </Anchor>
            {`: ${text}`}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
