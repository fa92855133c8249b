import { type Place, type ReleasedPlace, releaseTable } from "../../kit/figures/release.ts";
import type { SimulationCellRow, SimulationRow } from "./data.ts";

/** One released cell of a simulation; null: all regions, all deciles. */
export interface ReleasedChange {
  readonly region: string | null;
  readonly decile: number | null;
  readonly units: number | null;
  readonly isSuppressed: boolean;
}

export interface ChangeAsked {
  /** Rounds; the same key gives the same figures. */
  readonly key: Uint8Array;
  readonly simulation: Pick<SimulationRow, "program" | "delivery">;
  readonly cells: readonly SimulationCellRow[];
  readonly isEntering: boolean;
  /** Every province: of those without a change, too. */
  readonly provinces: readonly string[];
  /** Of one province alone, with every regency of it; null: of the country. */
  readonly within: { readonly province: string; readonly regencies: readonly string[] } | null;
}

const DECILES = Array.from({ length: 10 }, (_, at) => String(at + 1));

/**
 * What a simulation changes, made fit to be told. A cell bears the same name in every simulation of a program and a delivery, so two of them that differ in
 * one regency never differ by a small number. What the country's table withholds of a province the province's withholds, too. Pure.
 */
export function releaseChange(asked: ChangeAsked): ReleasedChange[] {
  const { provinces, within } = asked;
  const country = tableOf(asked, { scope: "", rows: provinces, withheld: [] });
  if (within === null) return country.map(changeOf);
  const withheld = country.filter(({ row, n }) => row === within.province && n === null).map(({ column }) => column);
  return tableOf(asked, { scope: within.province, rows: within.regencies, withheld }).map(changeOf);
}

interface Scoped {
  /** The region whose parts are the rows. */
  readonly scope: string;
  readonly rows: readonly string[];
  readonly withheld: readonly (string | null)[];
}

function tableOf({ key, simulation, cells, isEntering }: ChangeAsked, { scope, rows, withheld }: Scoped): ReleasedPlace[] {
  const { program, delivery } = simulation;
  const counts = cells
    .filter((cell) => cell.isEntering === isEntering)
    .flatMap(({ regency, decile, units }) => {
      const row = rows.find((region) => regency.startsWith(region));
      return row === undefined ? [] : [{ row, column: String(decile), n: units }];
    });
  const nameOf = ({ row, column }: Place) =>
    `simulation/${program}/${delivery}/${isEntering ? "in" : "out"}/${row ?? scope}/${column ?? "*"}`;
  return releaseTable(key, nameOf, { rows, columns: DECILES, counts, withheld });
}

const changeOf = ({ row, column, n }: ReleasedPlace): ReleasedChange => {
  return { region: row, decile: column === null ? null : Number(column), units: n, isSuppressed: n === null };
};
