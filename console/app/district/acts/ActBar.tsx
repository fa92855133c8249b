import { Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useText } from "../../kit/text.tsx";
import { type Duties, useDuties } from "../kit/duties.tsx";
import { ActDialog } from "./ActDialog.tsx";
import type { Act, Seen } from "./act.ts";

interface BarProps<Row extends Placed> {
  readonly acts: readonly Act<Row>[];
  readonly rows: readonly Row[];
  readonly nameOf: (row: Row) => string;
  readonly onDone: () => void;
}
type Placed = Seen & { readonly region?: { readonly code: string } | null };

/** What can be done with these rows now: a button an act; of another's act, whose it is. */
export function ActBar<Row extends Placed>({ acts, rows, nameOf, onDone }: BarProps<Row>) {
  const { t, enumLabel } = useText();
  const duties = useDuties();
  const [chosen, choose] = useState<Act<Row> | null>(null);
  const [told, tell] = useState("");
  const fitting = acts.filter((act) => rows.length > 0 && rows.every(act.fits) && (rows.length === 1 || act.isOfMany));
  const [own, others] = [fitting.filter((act) => isOwn(act, rows, duties)), fitting.filter((act) => !isOwn(act, rows, duties))];
  const dutyName = (role: string) => [enumLabel("Duty", role), enumLabel("AidDuty", role)].find((name) => name !== role) ?? role;
  const done = (act: Act<Row>) => {
    choose(null);
    tell(t("district.kit.done", { act: t(`district.act.${act.name}`), count: rows.length }));
    onDone();
  };
  return (
    <Stack gap="xs">
      <Group gap="xs">
        {own.map((act) => (
          <Button key={act.name} {...(act.isEnd && { variant: "outline", color: "red" })} onClick={() => choose(act)}>
            {t(`district.act.${act.name}`)}
            {act.isOfMany && rows.length > 1 ? ` (${rows.length})` : ""}
          </Button>
        ))}
      </Group>
      {byDuties(others).map((acts) => (
        <Text key={acts[0]?.name} size="sm" c="dimmed">
          {t("district.kit.takes", {
            act: acts.map(({ name }) => t(`district.act.${name}`)).join(", "),
            duties: (acts[0]?.by ?? []).map(dutyName).join(", "),
          })}
        </Text>
      ))}
      <Text role="status" size="sm" c="var(--positive)">
        {told}
      </Text>
      {chosen && <ActDialog act={chosen} rows={rows} nameOf={nameOf} onClose={() => choose(null)} onDone={() => done(chosen)} />}
    </Stack>
  );
}

const isOwn = <Row extends Placed>({ by }: Act<Row>, rows: readonly Row[], duties: Duties): boolean =>
  by.length === 0 || rows.every(({ region }) => duties.over(by, region?.code));

/** Acts of the same duties together, in their order. */
function byDuties<Row extends Placed>(acts: readonly Act<Row>[]): readonly (readonly Act<Row>[])[] {
  const groups = new Map<string, Act<Row>[]>();
  for (const act of acts) groups.set(`${act.by}`, [...(groups.get(`${act.by}`) ?? []), act]);
  return [...groups.values()];
}
