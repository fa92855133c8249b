import { Button, Group, Title } from "@mantine/core";
import { type ReactNode, useId, useState } from "react";
import { Empty, Loading } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import type { Answer } from "../asking/useCells.ts";
import { Scroll } from "../charts/Scroll.tsx";
import { Caption } from "./Caption.tsx";
import { Copies } from "./Copies.tsx";
import { Unreadable } from "./Unreadable.tsx";

interface FigureProps {
  readonly title: string;
  /** What to know to read it. */
  readonly note?: string;
  readonly answers: readonly Answer[];
  /** Drawn when all answers are there. */
  readonly children: () => ReactNode;
  /** The numbers of a drawing as a table; absent: what is drawn is one. */
  readonly table?: () => ReactNode;
}

/** Figures with what belongs to every one: where they come from, how old they are, the question behind them, and the same as a table and a file. */
export function Figure({ title, note, answers, children, table }: FigureProps) {
  const id = useId();
  const { t } = useText();
  const [isTable, setTable] = useState(false);
  return (
    <figure className="fig" aria-labelledby={id}>
      <Group justify="space-between" align="flex-start" wrap="wrap" gap="xs">
        <Title order={2} size="h4" id={id}>
          {title}
        </Title>
        <Group gap="xs" className="no-print">
          {table && (
            <Button size="compact-md" variant="default" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
              {t("figures.asTable")}
            </Button>
          )}
          <Copies answers={answers} title={title} />
        </Group>
      </Group>
      {note && <p className="fig-note">{note}</p>}
      <Shown title={title} answers={answers} isTable={isTable} table={table}>
        {children}
      </Shown>
      <Caption answers={answers} />
    </figure>
  );
}

type ShownProps = Pick<FigureProps, "title" | "answers" | "children"> & {
  readonly isTable: boolean;
  readonly table: FigureProps["table"];
};

function Shown({ title, answers, isTable, table, children }: ShownProps) {
  const { t } = useText();
  const failed = answers.find(({ error }) => error !== undefined);
  if (failed) return <Unreadable answer={failed} />;
  if (answers.some(({ isLoading }) => isLoading)) return <Loading />;
  if (answers.every(({ cells }) => cells.length === 0)) return <Empty>{t("figures.nothing")}</Empty>;
  return (
    <>
      {!isTable && children()}
      {table && (isTable ? <Scroll label={title}>{table()}</Scroll> : <div className="fig-unseen">{table()}</div>)}
    </>
  );
}
