import { Anchor, NativeSelect } from "@mantine/core";
import { Link } from "react-router";
import { useText } from "../../kit/text.tsx";
import { useRegion } from "../asking/regions.ts";
import type { View } from "../asking/useView.ts";

/** The way up the tree of regions, and the next step down. */
export function Places({ view }: { readonly view: View }) {
  const { t } = useText();
  const { path, below } = useRegion(view.region);
  return (
    <div className="fig-places">
      <nav aria-label={t("figures.region")}>
        <ol className="fig-crumbs">
          {path.map(({ code, name }) =>
            code === view.region ? (
              <li key={code} aria-current="page">
                {name}
              </li>
            ) : (
              <li key={code}>
                <Anchor component={Link} to={view.to({ region: code })}>
                  {name}
                </Anchor>
              </li>
            ),
          )}
        </ol>
      </nav>
      {view.levels.length > 0 && below.length > 0 && (
        <NativeSelect
          className="no-print"
          label={t("figures.goDown")}
          value=""
          data={[{ value: "", label: t("figures.choose") }, ...below.map(({ code, name }) => ({ value: code, label: name }))]}
          onChange={({ currentTarget: { value } }) => view.change({ region: value })}
        />
      )}
    </div>
  );
}
