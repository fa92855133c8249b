import { CUBES } from "../../schema/statistics/cubes.ts";
import { inOneLoad } from "../copy.ts";
import { PUBLISHED_FIGURES } from "./figures.ts";

const NAMES = [
  "code",
  "slice",
  "owner",
  "universe",
  "unit",
  "depth",
  "dimensions",
  "has_total",
  "is_public",
  "is_official",
  "refresh",
];
const TYPES =
  "code text, slice text, owner text, universe text, unit text, depth text, dimensions jsonb, has_total boolean, is_public boolean, is_official boolean, refresh text";
const FIGURE_NAMES = ["code", "cube", "region", "key", "measure", "value", "as_of", "source"];
const FIGURE_TYPES = "code text, cube text, region text, key text[], measure text, value bigint, as_of text, source text";

/** Makes the registered cubes and the published figures in the database of the statistics those of this code. Repeatable; takes no release away. */
export const registerCubes = (ownerUrl: string): Promise<void> =>
  inOneLoad(ownerUrl, async (loader) => {
    const cubes = CUBES.map(({ hasTotal, isOfficial, openness, ...cube }) => ({
      ...cube,
      ...{ has_total: hasTotal, is_official: isOfficial, is_public: openness === "PUBLIC" },
    }));
    await loader.query(upsert("cube", NAMES, TYPES), [JSON.stringify(cubes)]);
    const figures = PUBLISHED_FIGURES.map(({ asOf, ...figure }) => ({ ...figure, as_of: asOf }));
    await loader.query(upsert("published_figure", FIGURE_NAMES, FIGURE_TYPES), [JSON.stringify(figures)]);
  });

/** A row that says the same is left alone: what hangs on a change of it does not happen. */
const upsert = (table: string, names: readonly string[], types: string): string =>
  `insert into statistics.${table} as held (${names.join()}) select ${names.join()} from jsonb_to_recordset($1::jsonb) as given (${types})
   on conflict (code) do update set ${names.map((name) => `${name} = excluded.${name}`).join()} where held is distinct from excluded`;
