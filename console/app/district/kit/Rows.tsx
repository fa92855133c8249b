import { Checkbox, Table, UnstyledButton } from "@mantine/core";
import { Fragment, type ReactNode } from "react";
import { useText } from "../../kit/text.tsx";

export interface Column<Row> {
  /** Of the text `district.column.<name>`. */
  readonly name: string;
  readonly cell: (row: Row) => ReactNode;
  readonly isNumber?: boolean;
}

export interface RowsProps<Row> {
  readonly caption: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  /** What a row is called when it is chosen or opened. */
  readonly nameOf: (row: Row) => string;
  readonly chosen?: { readonly ids: ReadonlySet<string>; readonly put: (ids: ReadonlySet<string>) => void };
  /** What stands below a row that is open. */
  readonly details?: {
    readonly opened: string | null;
    readonly put: (id: string | null) => void;
    readonly of: (row: Row) => ReactNode;
  };
}

/** Rows of a queue: a table; on a narrow screen a row is a block of named values. */
export function Rows<Row extends { readonly id: string }>(props: RowsProps<Row>) {
  const { caption, rows, columns, chosen, details } = props;
  const { t } = useText();
  const all = rows.length > 0 && rows.every(({ id }) => chosen?.ids.has(id));
  const some = !all && rows.some(({ id }) => chosen?.ids.has(id));
  return (
    <Table className="desk-rows" verticalSpacing={6} highlightOnHover captionSide="top" role="table">
      <Table.Caption>{caption}</Table.Caption>
      <Table.Thead role="rowgroup">
        <Table.Tr role="row">
          {chosen && (
            <Table.Th role="columnheader" w={44}>
              <Checkbox
                aria-label={t("district.kit.chooseAll")}
                checked={all}
                indeterminate={some}
                onChange={() => chosen.put(new Set(all ? [] : rows.map(({ id }) => id)))}
              />
            </Table.Th>
          )}
          {columns.map(({ name, isNumber }) => (
            <Table.Th key={name} role="columnheader" ta={isNumber ? "right" : undefined}>
              {t(`district.column.${name}`)}
            </Table.Th>
          ))}
          {details && <Table.Th role="columnheader">{t("district.column.more")}</Table.Th>}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody role="rowgroup">
        {rows.map((row) => (
          <Fragment key={row.id}>
            <One row={row} {...props} />
            {details?.opened === row.id && (
              <Table.Tr role="row" className="desk-open">
                <Table.Td role="cell" colSpan={columns.length + 1 + Number(chosen !== undefined)}>
                  {details.of(row)}
                </Table.Td>
              </Table.Tr>
            )}
          </Fragment>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function One<Row extends { readonly id: string }>({
  row,
  columns,
  nameOf,
  chosen,
  details,
}: RowsProps<Row> & { readonly row: Row }) {
  const { t } = useText();
  const isOpen = details?.opened === row.id;
  const choose = (ids: ReadonlySet<string>) => {
    const next = new Set(ids);
    if (!next.delete(row.id)) next.add(row.id);
    chosen?.put(next);
  };
  return (
    <Table.Tr role="row" aria-selected={chosen?.ids.has(row.id)}>
      {chosen && (
        <Table.Td role="cell">
          <Checkbox
            aria-label={t("district.kit.chooseOne", { name: nameOf(row) })}
            checked={chosen.ids.has(row.id)}
            onChange={() => choose(chosen.ids)}
          />
        </Table.Td>
      )}
      {columns.map(({ name, cell, isNumber }) => (
        <Table.Td
          key={name}
          role="cell"
          data-label={t(`district.column.${name}`)}
          className={isNumber ? "desk-number" : undefined}
        >
          <span>{cell(row)}</span>
        </Table.Td>
      ))}
      {details && (
        <Table.Td role="cell">
          <UnstyledButton className="desk-more" aria-expanded={isOpen} onClick={() => details.put(isOpen ? null : row.id)}>
            {t(isOpen ? "district.kit.shut" : "district.kit.open")}
            <span className="desk-hidden"> {nameOf(row)}</span>
          </UnstyledButton>
        </Table.Td>
      )}
    </Table.Tr>
  );
}
