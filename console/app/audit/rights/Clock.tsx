import { Text } from "@mantine/core";
import { useText } from "../../kit/text.tsx";

const LOOKS: Readonly<Record<string, readonly [mark: string, colour: string]>> = {
  ON_TIME: ["✓", "var(--positive)"],
  DUE_SOON: ["!", "var(--warning)"],
  OVERDUE: ["✕", "var(--negative)"],
};

/** How a request stands with its time limit, by mark and word. */
export function Clock({ clock }: { readonly clock: string }) {
  const { enumLabel } = useText();
  const [mark, colour] = LOOKS[clock] ?? ["–", "var(--content-muted)"];
  return (
    <Text span inherit c={colour} fw={600} style={{ whiteSpace: "nowrap" }}>
      <span aria-hidden>{mark} </span>
      {enumLabel("RequestClockState", clock)}
    </Text>
  );
}
