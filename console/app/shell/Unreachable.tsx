import { Alert } from "@mantine/core";
import { useEffect, useState } from "react";
import { useText } from "../kit/text.tsx";

const PREFIX = "circuit:";

/** Sources the hub does not reach just now: their fields are empty on every page, with an error each. Nothing where all are well. */
export function Unreachable() {
  const { t } = useText();
  const [sources, setSources] = useState<readonly string[]>([]);
  useEffect(() => {
    unreachable().then(setSources, () => setSources([]));
  }, []);
  if (sources.length === 0) return null;
  return <Alert title={t("shell.unreachable", { sources: sources.join(", ") })}>{t("shell.unreachableLead")}</Alert>;
}

async function unreachable(): Promise<readonly string[]> {
  const answer = await fetch("/ready");
  const { alarms = [] } = (await answer.json()) as { readonly alarms?: readonly string[] };
  return alarms.filter((alarm) => alarm.startsWith(PREFIX)).map((alarm) => alarm.slice(PREFIX.length));
}
