import { Table } from "@mantine/core";
import type { ReactNode } from "react";

interface SheetProps<Row> {
  /** What the table is of; read aloud, and the name of the region that scrolls. */
  readonly caption: string;
  readonly heads: readonly ReactNode[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** One cell a head. */
  readonly cells: (row: Row) => readonly ReactNode[];
}

/** A plain table that scrolls sideways by itself where the page is narrow, with the keyboard too. */
export function Sheet<Row>({ caption, heads, rows, keyOf, cells }: SheetProps<Row>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section tabIndex={0} aria-label={caption} style={{ overflowX: "auto" }}>
      <Table verticalSpacing="xs" highlightOnHover aria-label={caption} style={{ fontVariantNumeric: "tabular-nums" }}>
        <Table.Thead>
          <Table.Tr>
            {heads.map((head, at) => (
              <Table.Th key={at}>{head}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={keyOf(row)}>
              {cells(row).map((cell, at) => (
                <Table.Td key={at} style={{ verticalAlign: "top" }}>
                  {cell}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}
