import { Anchor } from "@mantine/core";
import { Link, useLocation } from "react-router";
import { day } from "../../kit/format.ts";
import { Page } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { freshnessOf } from "../asking/cells.ts";
import { useGround } from "../asking/ground.tsx";
import { Scroll } from "../charts/Scroll.tsx";
import { PATHS } from "../pages.ts";

/** Cubes that views show. */
const CUBES_OF: Readonly<Record<string, readonly string[]>> = {
  coverage: ["COVERAGE"],
  candidates: ["COVERAGE"],
  overlap: ["OVERLAP"],
  matching: ["MATCH_QUALITY"],
  proposals: ["PROPOSAL_FUNNEL"],
  payments: ["PAYMENT_FUNNEL"],
  quota: ["QUOTA", "BENEFICIARIES", "WAITING_LIST"],
  budget: ["BUDGET"],
  registry: ["REGISTRY_HOUSEHOLDS", "REGISTRY_MEMBERS"],
  reconciliation: ["RESIDENTS", "REGISTRY_MEMBERS", "BENEFICIARIES"],
};

/** What there is to look at, for whom, and how old it is. */
export function Overview() {
  const { t } = useText();
  const { search } = useLocation();
  return (
    <Page title={t("shell.area.figures")} lead={t("figures.lead")}>
      <Scroll label={t("shell.area.figures")}>
        <table className="fig-table fig-overview">
          <thead>
            <tr>
              <th scope="col">{t("figures.viewOf")}</th>
              <th scope="col">{t("figures.openTo")}</th>
              <th scope="col">{t("figures.newestOf")}</th>
            </tr>
          </thead>
          <tbody>
            {PATHS.map((path) => (
              <tr key={path}>
                <th scope="row">
                  <Anchor component={Link} to={{ pathname: path, search }}>
                    {t(`figures.view.${path}`)}
                  </Anchor>
                  <small>{t(`figures.view.${path}.lead`)}</small>
                </th>
                <Standing codes={CUBES_OF[path] ?? []} />
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <p className="fig-note">{t("figures.protected")}</p>
    </Page>
  );
}

function Standing({ codes }: { readonly codes: readonly string[] }) {
  const { t } = useText();
  const { cubeOf } = useGround();
  const cubes = codes.map(cubeOf);
  const oldest = cubes
    .map((cube) => freshnessOf(cube, Date.now()))
    .sort((a, b) => (a?.asOf ?? "").localeCompare(b?.asOf ?? ""))[0];
  const isOpen = cubes.every(({ isPublic }) => isPublic);
  return (
    <>
      <td>{t(cubes.length === 0 ? "figures.openByCube" : isOpen ? "figures.openToAll" : "figures.openToPartners")}</td>
      <td>
        {cubes.length === 0 ? "–" : oldest ? day(oldest.asOf) : t("figures.never")}
        {oldest?.isLate && <small className="fig-over">{t("figures.isLate")}</small>}
      </td>
    </>
  );
}
