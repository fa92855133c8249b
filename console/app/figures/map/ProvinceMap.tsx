import { lazy, Suspense, useEffect, useState } from "react";
import { useText } from "../../kit/text.tsx";
import { Legend } from "../charts/Legend.tsx";
import type { Scale } from "../charts/scale.ts";
import { topologyOf } from "./boundaries.ts";
import { TileMap } from "./TileMap.tsx";

const ShapeMap = lazy(() => import("./ShapeMap.tsx"));

export interface Mapped {
  readonly code: string;
  readonly name: string;
  /** Null: no figure. */
  readonly size: number | null;
}

interface ProvinceMapProps {
  readonly regions: readonly Mapped[];
  readonly scale: Scale;
  readonly format: (value: number) => string;
}

/**
 * Where the figures are, at a glance. A picture only: the numbers and the ways further down are in the table beside it. Shapes where whoever runs the hub has
 * set a file of boundaries that knows every province shown; else tiles.
 */
export function ProvinceMap({ regions, scale, format }: ProvinceMapProps) {
  const { t } = useText();
  const [topology, setTopology] = useState<Awaited<ReturnType<typeof topologyOf>>>(null);
  useEffect(() => {
    let isGone = false;
    void topologyOf().then((found) => !isGone && setTopology(found));
    return () => {
      isGone = true;
    };
  }, []);
  const tiles = <TileMap regions={regions} scale={scale} format={format} />;
  return (
    <div className="fig-map">
      <div aria-hidden="true">
        {topology && regions.every(({ code }) => topology.shapes.has(code)) ? (
          <Suspense fallback={tiles}>
            <ShapeMap topology={topology} regions={regions} scale={scale} format={format} />
            <p className="fig-note">
              {t("figures.illustrative")} {topology.attribution}
            </p>
          </Suspense>
        ) : (
          tiles
        )}
      </div>
      <Legend scale={scale} format={format} />
    </div>
  );
}
