import { geoMercator, geoPath } from "d3-geo";
import { feature } from "topojson-client";
import { useText } from "../../kit/text.tsx";
import type { Scale } from "../charts/scale.ts";
import type { Boundaries, Shape } from "./boundaries.ts";
import type { Mapped } from "./ProvinceMap.tsx";

interface ShapeMapProps {
  readonly topology: Boundaries;
  readonly regions: readonly Mapped[];
  readonly scale: Scale;
  readonly format: (value: number) => string;
}

const [WIDTH, HEIGHT] = [900, 360];

/** The shapes of a file of boundaries. Every region MUST have one. */
export default function ShapeMap({ topology: { topology, shapes }, regions, scale, format }: ShapeMapProps) {
  const { t } = useText();
  const features = regions.map((region) => ({ region, shape: feature(topology, shapes.get(region.code) as Shape) }));
  const whole = {
    type: "FeatureCollection" as const,
    features: features.flatMap(({ shape }) => (shape.type === "Feature" ? [shape] : shape.features)),
  };
  const path = geoPath(geoMercator().fitSize([WIDTH, HEIGHT], whole));
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className="fig-shapes">
      <title>{t("figures.map")}</title>
      <defs>
        <pattern id="fig-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <line y2="6" stroke="var(--border-control)" />
        </pattern>
      </defs>
      {features.map(({ region: { code, name, size }, shape }) => (
        <path key={code} d={path(shape) ?? ""} data-class={scale.classOf(size) ?? "none"}>
          <title>{`${name}: ${size === null ? t("figures.withheld") : format(size)}`}</title>
        </path>
      ))}
    </svg>
  );
}
