import { Button, Group, Text } from "@mantine/core";
import { useDeferredValue, useMemo, useState } from "react";
import { count } from "../../kit/format.ts";
import { Empty } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { saved } from "../../kit/use/saved.ts";
import { Bulk } from "./Bulk.tsx";
import { csvOf } from "./csv.ts";
import { Grid } from "./grid/Grid.tsx";
import { MatrixFilters } from "./MatrixFilters.tsx";
import { type Model, narrowed, type Shown, type Wanted } from "./model.ts";
import { NOTHING, type Selection } from "./selection.ts";

interface NarrowedProps {
  readonly model: Model;
  readonly use: string;
  readonly value: Wanted;
  readonly set: (name: string, value: string) => void;
}

const FILTERS = ["q", "class", "owner", "type", "effect", "agency", "state", "agreement"] as const;

/** The part of the matrix that fits the filters, and what is to become of the cells selected in it. */
export function Narrowed({ model, use, value, set }: NarrowedProps) {
  const { t } = useText();
  const [selection, select] = useState<Selection>(NOTHING);
  const shown = useShown(model, value);
  return (
    <>
      <MatrixFilters model={model} value={value} set={set} />
      <Group justify="space-between" className="no-print">
        <Text c="dimmed" size="sm" role="status">
          {t("access.matrixShown", {
            fields: count(shown.rows.length),
            allFields: count(model.fields.length),
            agreements: count(shown.columns.length),
            allAgreements: count(model.columns.length),
          })}
        </Text>
        <Download model={model} shown={shown} use={use} />
      </Group>
      {shown.rows.length === 0 || shown.columns.length === 0 ? (
        <Empty>{t("access.noneFits")}</Empty>
      ) : (
        <Grid model={model} shown={shown} selection={selection} select={select} />
      )}
      <Bulk model={model} use={use} selection={selection} clear={() => select(NOTHING)} />
    </>
  );
}

/** What fits, a moment behind what is typed: typing never waits for it. */
function useShown(model: Model, value: Wanted): Shown {
  const typed = useDeferredValue(JSON.stringify(FILTERS.map((name) => [name, value(name)])));
  return useMemo(() => {
    const values = new Map(JSON.parse(typed) as [string, string][]);
    return narrowed(model, (name) => values.get(name) ?? "");
  }, [model, typed]);
}

function Download({ model, shown, use }: { readonly model: Model; readonly shown: Shown; readonly use: string }) {
  const { t, enumLabel } = useText();
  const save = () => {
    const heads = [t("access.coordinate"), t("access.by.class"), t("access.topic"), t("access.by.owner")];
    const effect = (one: string) => (one === "" ? t("access.notGranted") : enumLabel("GrantEffect", one));
    saved(csvOf(model, shown, { heads, effect }), `matrix-${use.toLowerCase()}.csv`, "text/csv");
  };
  return (
    <Button variant="default" onClick={save}>
      {t("access.saveCsv")}
    </Button>
  );
}
