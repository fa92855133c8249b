import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import { deadline } from "../../kit/format.ts";
import { useText } from "../../kit/text.tsx";
import { useNames } from "./names.ts";

/** Values by name; what is not there is left out. Names: `district.column.<name>`. */
export function Facts({ of }: { readonly of: readonly (readonly [name: string, value: ReactNode])[] }) {
  const { t } = useText();
  return (
    <dl className="desk-facts">
      {of
        .filter(([, value]) => value !== null && value !== undefined && value !== "")
        .map(([name, value]) => (
          <div key={name}>
            <dt>{t(`district.column.${name}`)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

const GOOD = new Set([
  "MATCHED",
  "FINALISED",
  "ENDORSED",
  "SENT_TO_CENTRE",
  "DETERMINED",
  "UPHELD",
  "APPLIED",
  "VERIFIED",
  "CREDITED",
  "TRANSACTED",
  "PASSED",
  "DONE",
  "GRANTED",
  "PAID",
]);
const BAD = /REJECTED|NOT_MATCHED|MISMATCHED|FAILED|LAPSED|EXPIRED|ANOMALY|NOT_FOUND|DECEASED|BLOCKED|CANCELLED|RETURNED/;

/** A state: its word, with a mark that tells good from bad without colour. */
export function State({ type, value }: { readonly type: string; readonly value: string | null | undefined }) {
  const name = useNames();
  if (value == null) return null;
  const [mark, colour] = BAD.test(value)
    ? ["✕", "var(--negative)"]
    : GOOD.has(value)
      ? ["✓", "var(--positive)"]
      : ["●", "var(--info)"];
  return (
    <span className="desk-state" style={{ color: colour }}>
      <span aria-hidden>{mark}</span> {name(type, value)}
    </span>
  );
}

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;

/** Until when, in WIB, and how long that is. Null: no clock runs. */
export function Clock({ until }: { readonly until: string | null | undefined }) {
  const { t } = useText();
  if (!until) return <span>{t("district.kit.noClock")}</span>;
  const left = Date.parse(until) - Date.now();
  const isSoon = left < 3 * DAY;
  const words =
    left < 0
      ? t("district.kit.over")
      : left < 2 * DAY
        ? t("district.kit.hours", { count: Math.floor(left / HOUR) })
        : t("district.kit.days", { count: Math.floor(left / DAY) });
  return (
    <span>
      <Text span inherit {...(isSoon && { fw: 700, c: "var(--negative)" })}>
        {isSoon && <span aria-hidden>⚠ </span>}
        {words}
      </Text>
      <Text span size="sm" c="dimmed" display="block" className="desk-word">
        {deadline(until)}
      </Text>
    </span>
  );
}
