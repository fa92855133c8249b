import { cubeOf } from "../../schema/statistics/cubes.ts";
import { topByKey } from "../kit/byKey.ts";
import { badInput } from "../kit/errors.ts";
import type { Paging } from "../kit/page.ts";
import type { Asking, SliceContext } from "../kit/serve/context.ts";
import type { Asked } from "./asked.ts";
import { type CellPage, pageOfCells } from "./cells.ts";
import { listCubes, listFigures, newestReleases } from "./data.ts";
import { reconciled } from "./reconciliation.ts";

export type Context = SliceContext<ReturnType<typeof loaders>>;

export const loaders = (asking: Asking) => ({
  cubes: () => listCubes(asking.db),
  releases: topByKey(
    (cubes: readonly string[], n) => newestReleases(asking.db, cubes, n),
    (row) => row.cube,
  ),
  cells({ cube: code, ...asked }: Asked & Paging & { readonly cube: string }): CellPage {
    const cube = cubeOf(code);
    if (!cube) throw badInput("cube: is not registered");
    return pageOfCells(asking, cube, asked);
  },
  reconciliation: async () => (await listFigures(asking.db)).map(reconciled),
});
