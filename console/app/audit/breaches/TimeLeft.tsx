import { Text } from "@mantine/core";
import { deadline } from "../../kit/format.ts";
import { useText } from "../../kit/text.tsx";

const [HOUR, SOON] = [60 * 60, 12 * 60 * 60];

/** The clock of 3 × 24 hours, always in WIB: when it runs out, and how much of it is left. */
export function TimeLeft({ dueAt, secondsLeft }: { readonly dueAt: string; readonly secondsLeft: number | null }) {
  const { t } = useText();
  if (secondsLeft === null)
    return (
      <Text span inherit c="var(--positive)">
        <span aria-hidden>✓ </span>
        {t("audit.allTold")}
      </Text>
    );
  const hours = Math.floor(Math.abs(secondsLeft) / HOUR);
  const [mark, colour] =
    secondsLeft < 0 ? ["✕", "var(--negative)"] : secondsLeft < SOON ? ["!", "var(--warning)"] : ["◷", "inherit"];
  return (
    <Text span inherit c={colour} fw={600}>
      <span aria-hidden>{mark} </span>
      {t(secondsLeft < 0 ? "audit.overdueBy" : "audit.hoursLeft", { hours, at: deadline(dueAt) })}
    </Text>
  );
}
