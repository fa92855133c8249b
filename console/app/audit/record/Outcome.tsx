import { Text } from "@mantine/core";
import { useText } from "../../kit/text.tsx";
import { outcomeLabel } from "./SearchForm.tsx";

/** How an entry ended, by mark and word. */
export function Outcome({ status }: { readonly status: string }) {
  const { t, codeLabel } = useText();
  const [mark, colour] =
    status === "ANSWERED" ? ["✓", "var(--positive)"] : status === "INTENDED" ? ["…", "var(--info)"] : ["✕", "var(--negative)"];
  return (
    <Text span inherit c={colour} title={status}>
      <span aria-hidden>{mark} </span>
      {outcomeLabel(status, t, codeLabel)}
    </Text>
  );
}
