import { Button, Group, Text } from "@mantine/core";
import { useState } from "react";
import { useText } from "../../kit/text.tsx";
import { useDuties } from "../kit/duties.tsx";
import { ActDialog } from "./ActDialog.tsx";
import type { Act, Seen } from "./act.ts";

/** An act about nothing that is on record yet: its button, for whoever has one of its duties anywhere. */
export function ActButton({ act, onDone }: { readonly act: Act<Seen>; readonly onDone: () => void }) {
  const { t } = useText();
  const { has } = useDuties();
  const [isAsked, ask] = useState(false);
  const [told, tell] = useState("");
  if (!has(act.by)) return null;
  const name = t(`district.act.${act.name}`);
  const done = () => {
    ask(false);
    tell(t("district.kit.doneOnce", { act: name }));
    onDone();
  };
  return (
    <Group gap="xs">
      <Text role="status" size="sm" c="var(--positive)">
        {told}
      </Text>
      <Button onClick={() => ask(true)}>{name}</Button>
      {isAsked && <ActDialog act={act} rows={[]} nameOf={() => ""} onClose={() => ask(false)} onDone={done} />}
    </Group>
  );
}
