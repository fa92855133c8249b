import { List, Text } from "@mantine/core";
import { moment } from "../../kit/format.ts";
import { useText } from "../../kit/text.tsx";
import { useNames } from "./names.ts";

export interface Step {
  readonly act?: string | null;
  readonly from?: string | null;
  readonly to: string | null;
  readonly at: string;
  readonly actor: string | null;
  readonly reason?: string | null;
}

/** What happened: to which state, who, when, why; oldest first. `type`: the enum of the states. */
export function History({ steps, type }: { readonly steps: readonly Step[] | null | undefined; readonly type: string }) {
  const { t } = useText();
  const name = useNames();
  if (!steps?.length) return null;
  return (
    <List size="sm" spacing={4} aria-label={t("district.column.history")}>
      {steps.map(({ act, to, at, actor, reason }) => (
        <List.Item key={`${at}${act}${to}`}>
          {name(type, to)} · {actor}
          <Text span inherit c="dimmed">
            {" "}
            · {moment(at)}
            {reason ? ` · ${reason}` : ""}
          </Text>
        </List.Item>
      ))}
    </List>
  );
}
