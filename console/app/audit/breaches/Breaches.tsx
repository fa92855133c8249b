import { Anchor, Badge, Button, Group } from "@mantine/core";
import { Link, Route, Routes } from "react-router";
import { useQuery } from "urql";
import { moment } from "../../kit/format.ts";
import { Problem } from "../../kit/Problem.tsx";
import { Sheet } from "../../kit/parts/Sheet.tsx";
import { Empty, Loading, Page } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { Numeric } from "../kit/Numeric.tsx";
import { CasePage } from "./CasePage.tsx";
import { OpenCase } from "./OpenCase.tsx";
import { CASES } from "./questions.ts";
import { TimeLeft } from "./TimeLeft.tsx";
import type { Listed } from "./types.ts";

/** The workbench for breaches of data protection: cases, a new one, and one of them. */
export default function Breaches() {
  return (
    <Routes>
      <Route index element={<Cases />} />
      <Route path="new" element={<OpenCase />} />
      <Route path=":number" element={<CasePage />} />
    </Routes>
  );
}

function Cases() {
  const { t } = useText();
  const [{ data, error }] = useQuery<{ readonly breachCases: readonly Listed[] | null }>({ query: CASES });
  const rows = data?.breachCases;
  const open = (
    <Button component={Link} to="/audit/breaches/new">
      {t("audit.openCase")}
    </Button>
  );
  return (
    <Page title={t("audit.part.breaches")} lead={t("audit.breachesLead")} actions={open}>
      <Problem error={error} />
      {!data && !error && <Loading />}
      {rows?.length === 0 && <Empty>{t("audit.noCases")}</Empty>}
      {rows && rows.length > 0 && <CaseTable rows={rows} />}
    </Page>
  );
}

function CaseTable({ rows }: { readonly rows: readonly Listed[] }) {
  const { t, enumLabel } = useText();
  return (
    <Sheet
      caption={t("audit.part.breaches")}
      heads={["number", "title", "state", "left", "detected", "entries"].map((head) => t(`audit.case.${head}`))}
      rows={rows}
      keyOf={({ number }) => number}
      cells={(row) => [
        <Anchor key="number" component={Link} to={`/audit/breaches/${row.number}`} style={{ whiteSpace: "nowrap" }}>
          {row.number}
        </Anchor>,
        <Group key="title" gap="xs">
          {row.title}
          {row.isDrill && (
            <Badge variant="outline" radius="sm" tt="none" c="var(--info)">
              {t("audit.drill")}
            </Badge>
          )}
        </Group>,
        enumLabel("BreachState", row.state),
        <TimeLeft key="left" {...row} />,
        moment(row.detectedAt),
        row.searchedAt === null ? t("audit.searching") : <Numeric key="entries" value={row.entries} />,
      ]}
    />
  );
}
