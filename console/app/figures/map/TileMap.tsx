import { useText } from "../../kit/text.tsx";
import type { Scale } from "../charts/scale.ts";
import type { Mapped } from "./ProvinceMap.tsx";
import { shortName, TILES } from "./tiles.ts";

interface TileMapProps {
  readonly regions: readonly Mapped[];
  readonly scale: Scale;
  readonly format: (value: number) => string;
}

/** A tile a province: code and short name on it, its figure in the title. */
export function TileMap({ regions, scale, format }: TileMapProps) {
  const { t } = useText();
  const byCode = new Map(regions.map((region) => [region.code, region]));
  return (
    <div className="fig-tiles">
      {TILES.map(({ code, column, row }) => {
        const region = byCode.get(code);
        const size = region?.size ?? null;
        return (
          <div
            key={code}
            className="fig-tile"
            data-class={region ? (scale.classOf(size) ?? "none") : "outside"}
            style={{ gridColumn: column, gridRow: row }}
            title={region ? `${region.name}: ${size === null ? t("figures.withheld") : format(size)}` : shortName(code)}
          >
            <b>{code}</b>
            <span>{shortName(code)}</span>
          </div>
        );
      })}
    </div>
  );
}
