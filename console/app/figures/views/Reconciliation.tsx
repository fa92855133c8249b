import { Anchor } from "@mantine/core";
import { Link } from "react-router";
import { useQuery } from "urql";
import { count, day, share } from "../../kit/format.ts";
import { Problem } from "../../kit/Problem.tsx";
import { CopyButton, Empty, Loading, Page } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { TOTAL } from "../asking/asked.ts";
import { useGround } from "../asking/ground.tsx";
import { useRegion } from "../asking/regions.ts";
import { Scroll } from "../charts/Scroll.tsx";
import { RECONCILIATION } from "../questions.ts";

/** Whole numbers as text. */
interface Reconciled {
  readonly code: string;
  readonly cube: string;
  readonly key: readonly string[];
  readonly regionCode: string;
  readonly published: string;
  readonly publishedAsOf: string;
  readonly source: string;
  readonly ours: string | null;
  readonly period: string | null;
  readonly difference: string | null;
  readonly perMille: number | null;
}

/** What others published of the same, beside ours. */
export default function Reconciliation() {
  const { t } = useText();
  const [{ data, error, fetching }] = useQuery<{ readonly reconciliation: readonly Reconciled[] | null }>({
    query: RECONCILIATION,
  });
  const rows = data?.reconciliation;
  return (
    <Page
      title={t("figures.view.reconciliation")}
      lead={t("figures.view.reconciliation.lead")}
      actions={<CopyButton text={RECONCILIATION} label={t("figures.copy", { name: "GraphQL" })} />}
    >
      <Anchor component={Link} to="/figures">
        {t("figures.all")}
      </Anchor>
      {!rows && fetching && <Loading />}
      {!rows && !fetching && <Problem error={error} />}
      {rows?.length === 0 && <Empty>{t("figures.nothing")}</Empty>}
      {rows && rows.length > 0 && <Table rows={rows} />}
      <p className="fig-note">{t("figures.reconciliation.note")}</p>
    </Page>
  );
}

function Table({ rows }: { readonly rows: readonly Reconciled[] }) {
  const { t } = useText();
  return (
    <Scroll label={t("figures.view.reconciliation")}>
      <table className="fig-table">
        <thead>
          <tr>
            <th scope="col">{t("figures.reconciliation.what")}</th>
            <th scope="col">{t("figures.region")}</th>
            <th scope="col">{t("figures.reconciliation.source")}</th>
            {["published", "ours", "difference", "part"].map((head) => (
              <th key={head} scope="col" className="fig-number">
                {t(`figures.reconciliation.${head}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Line key={row.code} row={row} />
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function Line({ row }: { readonly row: Reconciled }) {
  const { t, enumLabel, dimensionLabel } = useText();
  const { dimensions } = useGround().cubeOf(row.cube);
  const codes = row.key.flatMap((code, at) => (code === TOTAL ? [] : [dimensionLabel(dimensions[at]?.name ?? "", code)]));
  const region = useRegion(row.regionCode).path.at(-1)?.name;
  const withheld = <span className="fig-withheld">{t("figures.withheld")}</span>;
  return (
    <tr>
      <th scope="row">{[enumLabel("CubeCode", row.cube), ...codes].join(" · ")}</th>
      <td>{region}</td>
      <td className="fig-muted">
        {row.source}, {/^\d{4}-\d\d-\d\d$/.test(row.publishedAsOf) ? day(row.publishedAsOf) : row.publishedAsOf}
      </td>
      <td className="fig-number">{count(row.published)}</td>
      <td className="fig-number">
        {row.ours === null ? withheld : count(row.ours)}
        <small>{row.period}</small>
      </td>
      <td className="fig-number">{row.difference === null ? "–" : count(row.difference)}</td>
      <td className="fig-number">
        {row.perMille === null ? "–" : row.perMille === 0 && row.ours !== "0" ? `< ${share(0.001)}` : share(row.perMille / 1000)}
      </td>
    </tr>
  );
}
