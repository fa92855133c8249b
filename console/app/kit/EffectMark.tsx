import { Badge } from "@mantine/core";
import { useText } from "./text.tsx";

/** Each effect has one mark and one word, everywhere: colour alone says nothing. */
const MARKS: Readonly<Record<string, readonly [mark: string, colour: string]>> = {
  ALLOW: ["✓", "var(--positive)"],
  MASK: ["◐", "var(--warning)"],
  BAND: ["▭", "var(--warning)"],
  CLAIM: ["?", "var(--info)"],
  PSEUDONYM: ["≋", "var(--info)"],
  AGGREGATE: ["Σ", "var(--info)"],
  DENY: ["✕", "var(--negative)"],
};

export const markOf = (effect: string): string => MARKS[effect]?.[0] ?? "–";
export const colourOf = (effect: string): string => MARKS[effect]?.[1] ?? "var(--content-muted)";

export function EffectMark({ effect }: { readonly effect: string }) {
  const { enumLabel } = useText();
  const [mark, colour] = MARKS[effect] ?? ["–", "var(--content-muted)"];
  return (
    <Badge
      variant="outline"
      radius="sm"
      tt="none"
      style={{ color: colour, borderColor: colour, minWidth: "max-content" }}
      leftSection={<span aria-hidden>{mark}</span>}
    >
      {enumLabel("GrantEffect", effect)}
    </Badge>
  );
}
