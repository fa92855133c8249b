import { Anchor, Text } from "@mantine/core";
import { Link } from "react-router";
import { moment } from "../../kit/format.ts";
import { Sheet } from "../../kit/parts/Sheet.tsx";
import { useText } from "../../kit/text.tsx";
import { Numeric } from "../kit/Numeric.tsx";
import { Outcome } from "./Outcome.tsx";
import type { Entry } from "./types.ts";

/** Entries, newest first; each leads to its page. */
export function EntryTable({ entries }: { readonly entries: readonly Entry[] }) {
  const { t } = useText();
  const right = (key: string) => (
    <Text ta="right" inherit fw={700}>
      {t(key)}
    </Text>
  );
  const heads = [
    t("audit.at"),
    t("audit.filter.agency"),
    t("audit.filter.purpose"),
    t("audit.filter.status"),
    t("audit.filter.agreement"),
  ];
  return (
    <Sheet
      caption={t("audit.part.record")}
      heads={[
        ...heads,
        right("audit.shownShort"),
        right("audit.maskedShort"),
        right("audit.deniedShort"),
        right("audit.subjectsShort"),
      ]}
      rows={entries}
      keyOf={({ receipt }) => receipt}
      cells={(entry) => [
        <Anchor key="at" component={Link} to={`/audit/record/${entry.receipt}`} style={{ whiteSpace: "nowrap" }}>
          {moment(entry.at)}
        </Anchor>,
        entry.agency?.name ?? t("audit.unknownAgency"),
        entry.purpose?.name ?? "–",
        <Outcome key="status" status={entry.status} />,
        <Text key="agreement" inherit style={{ whiteSpace: "nowrap" }}>
          {entry.agreement ?? "–"}
        </Text>,
        <Numeric key="shown" value={entry.shown?.length ?? null} />,
        <Numeric key="masked" value={entry.masked?.length ?? null} />,
        <Numeric key="denied" value={entry.denied?.length ?? null} />,
        <Numeric key="subjects" value={entry.subjects} />,
      ]}
    />
  );
}
