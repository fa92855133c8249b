import type { CubeDefinition } from "../../../schema/statistics/cubes.ts";
import type { Column, Row } from "./encode/columns.ts";

/** One released cell as `statistics` tells it. */
export interface Cell {
  readonly period: string;
  readonly regionCode: string;
  readonly key: readonly string[];
  readonly persons: number | null;
  readonly units: number | null;
  readonly total: string | null;
  readonly isSuppressed: boolean;
  readonly asOf: string | null;
}

const LABELS: Readonly<Record<string, string>> = {
  ...{ period: "Bulan", region_code: "Kode wilayah", persons: "Orang", units: "Satuan", total_rupiah: "Jumlah (Rp)" },
  ...{ suppressed: "Disamarkan", as_of: "Per tanggal", program: "Program", decile: "Desil", sex: "Jenis kelamin", age: "Umur" },
  ...{ match: "Hasil padanan", stage: "Tahap", waited: "Hari menunggu", state: "Status", standing: "Kedudukan" },
  ...{ combination: "Gabungan program", failure: "Sebab gagal", disposition: "Penyaluran" },
};

const column = (name: string, type: Column["type"]): Column => ({ name, label: LABELS[name] ?? name, type });

/** Columns of a cube's table. Its reporting view has more: level, parent_code and release, and the month as a date. */
export const columnsOf = ({ dimensions, hasTotal }: CubeDefinition): readonly Column[] => [
  ...[column("period", "text"), column("region_code", "text"), ...dimensions.map(({ name }) => column(name, "text"))],
  ...[column("persons", "integer"), column("units", "integer"), ...(hasTotal ? [column("total_rupiah", "rupiah")] : [])],
  ...[column("suppressed", "boolean"), column("as_of", "instant")],
];

export const rowOf = ({ hasTotal }: CubeDefinition, cell: Cell): Row => [
  ...[cell.period, cell.regionCode, ...cell.key, cell.persons, cell.units],
  ...(hasTotal ? [cell.total] : []),
  ...[cell.isSuppressed, cell.asOf],
];
