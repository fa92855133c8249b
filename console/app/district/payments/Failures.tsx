import { Table, Text } from "@mantine/core";
import { useQuery } from "urql";
import { Problem } from "../../kit/Problem.tsx";
import { Loading, Page } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { useNames } from "../kit/names.ts";
import type { Failure } from "./cases.tsx";
import { FAILURES } from "./questions.ts";

/** Why payments do not go on: whose office it is, what helps, what to bring, how long it usually takes. */
export function Failures() {
  const { t, language } = useText();
  const name = useNames();
  const [{ data, error, fetching }] = useQuery<{ readonly paymentFailures: readonly Failure[] | null }>({ query: FAILURES });
  if (fetching && !data) return <Loading />;
  return (
    <Page title={t("district.failures.title")} lead={t("district.failures.lead")}>
      <Problem error={error} />
      <Table className="desk-rows" role="table">
        <Table.Thead role="rowgroup">
          <Table.Tr role="row">
            {["failure", "office", "remedy", "bring", "usualDays"].map((column) => (
              <Table.Th key={column} role="columnheader">
                {t(`district.column.${column}`)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody role="rowgroup">
          {data?.paymentFailures?.map((one) => (
            <Table.Tr key={one.code} role="row">
              <Table.Td role="cell" data-label={t("district.column.failure")}>
                <Text fw={600}>{name("PaymentFailure", one.code)}</Text>
              </Table.Td>
              <Table.Td role="cell" data-label={t("district.column.office")}>
                {name("PaymentOffice", one.office)}
              </Table.Td>
              <Table.Td role="cell" data-label={t("district.column.remedy")}>
                {language === "id" ? one.remedy : one.remedyInEnglish}
              </Table.Td>
              <Table.Td role="cell" data-label={t("district.column.bring")}>
                {(language === "id" ? one.bring : one.bringInEnglish) ?? "–"}
              </Table.Td>
              <Table.Td role="cell" data-label={t("district.column.usualDays")}>
                {one.usualDays === null ? "–" : t("district.kit.usualDays", { count: one.usualDays })}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Page>
  );
}
