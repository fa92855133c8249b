import { Table, Title } from "@mantine/core";
import { useText } from "../../kit/text.tsx";
import { useNames } from "../kit/names.ts";
import { dayOfMonth } from "../kit/today.ts";

export interface Window {
  readonly step: string;
  readonly fromDay: number;
  readonly toDay: number;
  readonly era: string;
  readonly source: string | null;
}

const LAST_DAY = 31;

/** Which steps the registry's calendar lets be done today, and when the others come. */
export function Calendar({ windows }: { readonly windows: readonly Window[] }) {
  const { t } = useText();
  const name = useNames();
  const today = dayOfMonth();
  return (
    <section>
      <Title order={2} size="h4" mb="xs">
        {t("district.home.calendar", { day: today })}
      </Title>
      <Table className="desk-rows" role="table" verticalSpacing={4}>
        <Table.Thead role="rowgroup">
          <Table.Tr role="row">
            {["step", "days", "month", "open"].map((column) => (
              <Table.Th key={column} role="columnheader">
                {t(`district.column.${column}`)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody role="rowgroup">
          {windows.map(({ step, fromDay, toDay, source }) => (
            <Table.Tr key={step} role="row">
              <Table.Td role="cell" title={source ?? ""}>
                {name("CalendarStep", step)}
              </Table.Td>
              <Table.Td role="cell" data-label={t("district.column.days")}>
                {`${fromDay}–${toDay}`}
              </Table.Td>
              <Table.Td role="cell" data-label={t("district.column.month")}>
                <Month from={fromDay} to={toDay} today={today} />
              </Table.Td>
              <Table.Td role="cell" data-label={t("district.column.open")}>
                {t(fromDay <= today && today <= toDay ? "district.home.open" : "district.home.shut")}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}

/** The days of a month, with the window and today in it. The same stands beside it in words. */
function Month({ from, to, today }: { readonly from: number; readonly to: number; readonly today: number }) {
  return (
    <svg viewBox={`0 0 ${LAST_DAY * 6} 14`} width={LAST_DAY * 6} height={14} aria-hidden="true">
      <line x1={0} x2={LAST_DAY * 6} y1={7} y2={7} stroke="var(--border-control)" />
      <rect x={(from - 1) * 6} width={(to - from + 1) * 6} y={3} height={8} fill="var(--seq-3)" />
      <rect x={(today - 1) * 6 + 1} width={4} y={0} height={14} fill="var(--content)" />
    </svg>
  );
}
