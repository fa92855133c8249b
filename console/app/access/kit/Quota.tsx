import { Progress, Text } from "@mantine/core";
import { count, share } from "../../kit/format.ts";
import { useText } from "../../kit/text.tsx";

interface QuotaProps {
  readonly quota: { readonly used: number; readonly limit: number | null } | null;
}

const ALMOST = 0.8;

/** Distinct persons asked about today, of as many as a day has. */
export function Quota({ quota }: QuotaProps) {
  const { t } = useText();
  if (quota === null) return "–";
  const { used, limit } = quota;
  if (limit === null) return t("access.quotaUnlimited", { used: count(used) });
  const part = limit === 0 ? 1 : used / limit;
  const text = t("access.quotaUsed", { used: count(used), limit: count(limit), part: share(part) });
  return (
    <div style={{ minWidth: "8rem", maxWidth: "16rem" }}>
      <Text size="sm">{text}</Text>
      <Progress
        value={Math.min(100, part * 100)}
        color={part >= ALMOST ? "var(--negative)" : "var(--brand)"}
        size="sm"
        aria-label={text}
      />
    </div>
  );
}
