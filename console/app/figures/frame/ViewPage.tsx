import { Alert, Anchor, Button, Group, NativeSelect } from "@mantine/core";
import type { ReactNode } from "react";
import { Link, useLocation, useNavigate } from "react-router";
import { day } from "../../kit/format.ts";
import { Page } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { COUNTRY } from "../asking/asked.ts";
import { type Cube, freshnessOf } from "../asking/cells.ts";
import { useGround } from "../asking/ground.tsx";
import type { View } from "../asking/useView.ts";
import { PATHS } from "../pages.ts";
import { Places } from "./Places.tsx";

interface ViewPageProps {
  readonly name: string;
  readonly cubes: readonly Cube[];
  readonly view: View;
  /** What else can be chosen. */
  readonly choices?: ReactNode;
  readonly children: ReactNode;
}

/** A view: what it tells, where and when it is about, how old it is, and the way to the others. */
export function ViewPage({ name, cubes, view, choices, children }: ViewPageProps) {
  const { t } = useText();
  const months = [...new Set(cubes.flatMap(({ releases }) => releases.map(({ period }) => period)))].sort().reverse();
  return (
    <Page
      title={t(`figures.view.${name}`)}
      lead={t(`figures.view.${name}.lead`)}
      actions={
        <Group className="no-print" align="flex-end">
          <Others name={name} />
          <Button variant="default" onClick={() => print()}>
            {t("figures.print")}
          </Button>
        </Group>
      }
    >
      <div className="fig-choices">
        <Places view={view} />
        <Group align="flex-end" gap="sm" className="no-print">
          <NativeSelect
            label={t("figures.month")}
            value={view.month ?? ""}
            data={[{ value: "", label: t("figures.newest") }, ...months]}
            onChange={({ currentTarget: { value } }) => view.change({ month: value || null })}
          />
          {choices}
        </Group>
      </div>
      <Outside cubes={cubes} view={view} />
      {cubes.map((cube) => (
        <Late key={cube.code} cube={cube} />
      ))}
      {children}
    </Page>
  );
}

/** The other views, about the same place and month. */
function Others({ name }: { readonly name: string }) {
  const { t } = useText();
  const go = useNavigate();
  const { search } = useLocation();
  const kept = new URLSearchParams([...new URLSearchParams(search)].filter(([key]) => key === "region" || key === "month"));
  return (
    <NativeSelect
      aria-label={t("figures.others")}
      value={name}
      data={[{ value: "", label: t("figures.all") }, ...PATHS.map((path) => ({ value: path, label: t(`figures.view.${path}`) }))]}
      onChange={({ currentTarget: { value } }) => void go({ pathname: `/figures/${value}`, search: `${kept}` })}
    />
  );
}

/** Figures for partners end at the border of the agreement. */
function Outside({ cubes, view }: { readonly cubes: readonly Cube[]; readonly view: View }) {
  const { t } = useText();
  const { regions, home } = useGround();
  const isInside = regions.includes(COUNTRY) || regions.some((region) => view.region.startsWith(region));
  if (isInside || cubes.every(({ isPublic }) => isPublic)) return null;
  return (
    <Alert role="note" variant="outline" title={t("figures.outside")}>
      {t("figures.outsideLead", { regions: regions.join(", ") })}{" "}
      <Anchor component={Link} to={view.to({ region: home })}>
        {t("figures.toOwn")}
      </Anchor>
    </Alert>
  );
}

function Late({ cube }: { readonly cube: Cube }) {
  const { t, enumLabel } = useText();
  const freshness = freshnessOf(cube, Date.now());
  if (freshness && !freshness.isLate) return null;
  const name = enumLabel("CubeCode", cube.code);
  return (
    <Alert role="note" className="fig-warning" variant="outline" title={t("figures.late", { cube: name })}>
      {freshness
        ? t("figures.lateLead", {
            day: day(freshness.asOf),
            refresh: enumLabel("StatisticsRefresh", cube.refresh).toLowerCase(),
            owner: cube.owner,
          })
        : t("figures.neverReleased", { owner: cube.owner })}
    </Alert>
  );
}
