import type { Text } from "../errors.ts";

interface Unit {
  /** Ukuran. */
  readonly measure: Text;
  /** Satuan. */
  readonly unit: Text;
}

const of = (measure: Text, id: string, en: string): Unit => ({ measure, unit: { id, en } });
const COUNT = { id: "Jumlah", en: "Count" };
const ORDER = { id: "Urutan", en: "Order" };
const SPAN = { id: "Lama waktu", en: "Duration" };
const SHARE = { id: "Bagian", en: "Share" };
const SCORE = { id: "Skor", en: "Score" };
const PLACE = { id: "Kedudukan", en: "Position" };

/** Units of measured fields, by the code a slice's metadata.json writes. */
export const UNITS = {
  PERSON: of(COUNT, "orang", "persons"),
  HOUSEHOLD: of(COUNT, "rumah tangga", "households"),
  FAMILY: of(COUNT, "keluarga", "families"),
  BENEFICIARY: of(COUNT, "penerima", "beneficiaries"),
  SEAT: of(COUNT, "kursi kuota", "seats"),
  PAYMENT: of(COUNT, "penyaluran", "payments"),
  PAIR: of(COUNT, "pasang", "pairs"),
  ROW: of(COUNT, "baris", "rows"),
  CELL: of(COUNT, "sel", "cells"),
  CASE: of(COUNT, "kasus", "cases"),
  ITEM: of(COUNT, "butir", "items"),
  REQUEST: of(COUNT, "permintaan", "requests"),
  ATTEMPT: of(COUNT, "percobaan", "attempts"),
  TIME: of(COUNT, "kali", "times"),
  MEAL: of(COUNT, "porsi makanan", "meals"),
  BYTE: of({ id: "Ukuran berkas", en: "Size" }, "bita", "bytes"),
  RUPIAH: of({ id: "Nilai uang", en: "Amount of money" }, "rupiah", "rupiah"),
  DAY: of(SPAN, "hari kalender", "calendar days"),
  MONTH: of(SPAN, "bulan", "months"),
  SEMESTER: of(SPAN, "semester", "semesters"),
  YEAR: of({ id: "Tahun", en: "Year" }, "tahun kalender", "calendar year"),
  DAY_OF_MONTH: of({ id: "Tanggal", en: "Day" }, "hari dalam bulan (1–31)", "day of the month (1–31)"),
  AGE: of({ id: "Umur", en: "Age" }, "tahun", "years"),
  PERCENT: of(SHARE, "persen", "per cent"),
  PER_MILLE: of(SHARE, "per seribu", "per mille"),
  FRACTION: of(SHARE, "pecahan 0 sampai 1", "fraction from 0 to 1"),
  BIT: of(SCORE, "bit", "bits"),
  POINT: of(SCORE, "poin 0 sampai 100", "points from 0 to 100"),
  LEVEL: of(SCORE, "derajat", "levels"),
  SCORE: of(SCORE, "tanpa satuan", "without unit"),
  DECILE: of({ id: "Peringkat", en: "Rank" }, "desil (1 termiskin sampai 10)", "decile (1 poorest to 10)"),
  ORDINAL: of(ORDER, "nomor urut", "ordinal number"),
  VERSION: of(ORDER, "nomor versi", "version number"),
  GRADE: of({ id: "Kelas", en: "Grade" }, "tingkat kelas", "school grade"),
  CLUSTER: of({ id: "Kelompok", en: "Group" }, "nomor klaster", "cluster number"),
  SQUARE_METRE: of({ id: "Luas", en: "Area" }, "meter persegi", "square metres"),
  DEGREE: of(PLACE, "derajat (WGS 84)", "degrees (WGS 84)"),
  METRE: of({ id: "Jarak", en: "Distance" }, "meter", "metres"),
} as const satisfies Record<string, Unit>;
export type UnitCode = keyof typeof UNITS;
export const isUnit = (code: string): code is UnitCode => Object.hasOwn(UNITS, code);

/** Names that mean one unit wherever they stand; a slice writes down what differs. First match wins. */
const BY_NAME: readonly (readonly [RegExp, UnitCode])[] = [
  [/^version$/, "VERSION"],
  [/^totalCount$|^rows/, "ROW"],
  [/[dD]ecile(?:Limit)?$/, "DECILE"],
  [/^(?:households)$/, "HOUSEHOLD"],
  [/^(?:families)$/, "FAMILY"],
  [/^(?:members|memberCount|persons|recipients)$/, "PERSON"],
  [/^seats$/, "SEAT"],
  [/^bytes$/, "BYTE"],
  [/^days$|Days$/, "DAY"],
  [/^months|Months$/, "MONTH"],
  [/[yY]ear$/, "YEAR"],
  [/^requests$/, "REQUEST"],
  [/^(?:place|rank|waitingPosition|number|line|index|delivery)$/, "ORDINAL"],
  [/^(?:latitude|longitude)$/, "DEGREE"],
];

/** Unit of a number by the name of its field; undefined: its name says none. */
export const unitByName = (field: string): UnitCode | undefined => BY_NAME.find(([name]) => name.test(field))?.[1];
