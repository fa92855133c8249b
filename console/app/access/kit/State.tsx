import { Badge } from "@mantine/core";
import { useText } from "../../kit/text.tsx";

const MARKS: Readonly<Record<string, readonly [mark: string, colour: string]>> = {
  DRAFT: ["✎", "var(--content-muted)"],
  PROPOSED: ["✎", "var(--content-muted)"],
  OPEN: ["○", "var(--info)"],
  IN_REVIEW: ["○", "var(--info)"],
  WAITING: ["○", "var(--info)"],
  UNREVIEWED: ["○", "var(--warning)"],
  REVIEWED: ["✓", "var(--positive)"],
  APPROVED: ["◔", "var(--info)"],
  ACTIVE: ["●", "var(--positive)"],
  GRANTED: ["●", "var(--positive)"],
  SUSPENDED: ["❚❚", "var(--warning)"],
  PAUSED: ["❚❚", "var(--warning)"],
};

/** A state with its fixed mark and word; what has ended has a cross. */
export function State({ of, value }: { readonly of: string; readonly value: string }) {
  const { enumLabel } = useText();
  const [mark, colour] = MARKS[value] ?? ["✕", "var(--content-muted)"];
  return (
    <Badge
      variant="outline"
      radius="sm"
      tt="none"
      style={{ color: colour, borderColor: colour, minWidth: "max-content" }}
      leftSection={<span aria-hidden>{mark}</span>}
    >
      {enumLabel(of, value)}
    </Badge>
  );
}
