import { Button, Group, Stack, Text } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { count } from "../../kit/format.ts";
import { Problem } from "../../kit/Problem.tsx";
import { Empty, Loading, Page } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { ActBar } from "../acts/ActBar.tsx";
import type { Act, Seen } from "../acts/act.ts";
import { useDuties } from "./duties.tsx";
import { Filters } from "./Filters.tsx";
import { type Column, Rows } from "./Rows.tsx";
import { type Filter, useFilters, useList } from "./useList.ts";

type Placed = Seen & { readonly region?: { readonly code: string } | null };

/** A queue of work: what is asked, what of it is shown, what can be done. Texts: `district.queue.<name>.{title,lead,empty}`. */
export interface QueueOf<Row extends Placed> {
  readonly name: string;
  readonly query: string;
  readonly root: string;
  readonly filters: readonly Filter[];
  readonly variables: (chosen: Readonly<Record<string, string | undefined>>) => Readonly<Record<string, unknown>>;
  readonly columns: readonly Column<Row>[];
  readonly nameOf: (row: Row) => string;
  readonly acts?: readonly Act<Row>[];
  /** The question takes `$names`: whether to ask what persons are called. */
  readonly hasNames?: boolean;
  /** Rows have a page of their own: none is opened in its place. */
  readonly hasPages?: boolean;
  /** What stands below an open row, above its acts. `again`: to be called when it has changed something. */
  readonly details?: (row: Row, again: () => void) => ReactNode;
}

interface QueueProps<Row extends Placed> {
  readonly of: QueueOf<Row>;
  /** Beside the heading. `again`: to be called when something has come in. */
  readonly actions?: ReactNode | ((again: () => void) => ReactNode);
  /** Above the rows. */
  readonly children?: ReactNode;
}

export function Queue<Row extends Placed>({ of, actions, children }: QueueProps<Row>) {
  const { t } = useText();
  const { chosen, put, after, opened } = useFilters(of.filters);
  const { readsNames: names } = useDuties();
  const variables = { ...of.variables(chosen), after, ...(of.hasNames && { names }) };
  const list = useList<Row>({ query: of.query, root: of.root, variables });
  const [ids, choose] = useState<ReadonlySet<string>>(new Set());
  const acts = of.acts ?? [];
  const many = acts.filter(({ isOfMany }) => isOfMany);
  const rows = list.rows.filter(({ id }) => ids.has(id));
  const done = () => {
    choose(new Set());
    list.again();
  };
  const detailsOf = (row: Row) => (
    <Stack gap="sm" p="sm">
      {of.details?.(row, list.again)}
      <ActBar acts={acts} rows={[row]} nameOf={of.nameOf} onDone={done} />
    </Stack>
  );
  const beside = typeof actions === "function" ? actions(list.again) : actions;
  return (
    <Page title={t(`district.queue.${of.name}.title`)} lead={t(`district.queue.${of.name}.lead`)} actions={beside}>
      <Filters filters={of.filters} />
      {children}
      <Problem error={list.error} />
      {many.length > 0 && rows.length > 0 && <Chosen acts={many} rows={rows} nameOf={of.nameOf} onDone={done} />}
      {list.isLoading && <Loading />}
      {!list.isLoading && list.rows.length === 0 && !list.error && <Empty>{t(`district.queue.${of.name}.empty`)}</Empty>}
      {list.rows.length > 0 && (
        <Rows
          caption={captionOf(t, list)}
          rows={list.rows}
          columns={of.columns}
          nameOf={of.nameOf}
          {...(many.length > 0 && { chosen: { ids, put: choose } })}
          {...(!of.hasPages &&
            (of.details || acts.length > 0) && {
              details: { opened, put: (open: string | null) => put({ open }), of: detailsOf },
            })}
        />
      )}
      <Pager
        after={after}
        next={list.page?.hasNextPage ? list.page.endCursor : null}
        go={(cursor) => put({ after: cursor, open: null })}
      />
    </Page>
  );
}

const captionOf = (
  t: ReturnType<typeof useText>["t"],
  { rows, total }: { readonly rows: readonly unknown[]; readonly total: number | null },
) =>
  total === null
    ? t("district.kit.rows", { shown: count(rows.length) })
    : t("district.kit.rowsOf", { shown: count(rows.length), total: count(total) });

/** The acts on several rows, with how many they are. */
function Chosen<Row extends Placed>(props: Parameters<typeof ActBar<Row>>[0]) {
  const { t } = useText();
  return (
    <Stack gap="xs" className="desk-chosen">
      <Text fw={600} role="status">
        {t("district.kit.chosen", { count: count(props.rows.length) })}
      </Text>
      <ActBar {...props} />
      {!props.acts.some((act) => props.rows.every(act.fits)) && <Text size="sm">{t("district.kit.mixed")}</Text>}
    </Stack>
  );
}

interface PagerProps {
  readonly after: string | null;
  readonly next: string | null;
  readonly go: (cursor: string | null) => void;
}

function Pager({ after, next, go }: PagerProps) {
  const { t } = useText();
  if (after === null && next === null) return null;
  return (
    <Group component="nav" aria-label={t("district.kit.pages")}>
      <Button variant="default" disabled={after === null} onClick={() => go(null)}>
        {t("district.kit.first")}
      </Button>
      <Button variant="default" disabled={next === null} onClick={() => go(next)}>
        {t("district.kit.next")}
      </Button>
    </Group>
  );
}
