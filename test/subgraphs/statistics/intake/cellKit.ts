import { inOneLoad } from "../../../../drizzle/copy.ts";
import { type CubeDefinition, cubeOf } from "../../../../schema/statistics/cubes.ts";
import { parentOf } from "../../../../schema/values/regionCode.ts";

/** A released cell as a test writes it: persons, units and rupiah; nulls are withheld. */
export type Written = readonly [
  region: string,
  key: readonly string[],
  persons: number | null,
  units?: number | null,
  total?: number | null,
];

/** Puts a release in force without the ceremony of signing it: what the slice shows of it is under test here. */
export const release = (url: string, code: string, months: Readonly<Record<string, readonly Written[]>>): Promise<void> =>
  inOneLoad(url, async (loader) => {
    const { openness } = cubeOf(code) as CubeDefinition;
    for (const [period, cells] of Object.entries(months)) {
      await loader.query(
        `insert into statistics.release (cube, period, number, as_of, is_final, cells, sha256, attestation, received_at, is_in_force)
         values ($1, $2, 1, ($2 || '-28T00:00:00Z')::timestamptz, true, $3, repeat('0', 64), '', now(), true)`,
        [code, period, cells.length],
      );
      for (const [region, key, persons, units = persons, total = null] of cells)
        await loader.query(
          `insert into statistics.cell (cube, period, region, parent, key, persons, units, total, is_public) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
          [
            code,
            period,
            region,
            region === "0" ? null : (parentOf(region) ?? "0"),
            key,
            persons,
            units,
            total,
            openness === "PUBLIC",
          ],
        );
    }
  });
