import type { DUTIES } from "../tables/welfare/office.ts";

/** The ready-made officers of `npm start`: who acts in the registry for which agency, with which duty over which region. Rows, not rules. */
export interface ReadyOfficer {
  readonly id: string;
  readonly agency: string;
  readonly name: string;
  /** Null: of another register than welfare's. */
  readonly duty: (typeof DUTIES)[number] | null;
  /** Empty: the whole country. */
  readonly region: string;
}

const BANYUWANGI = "3510";
const PAKIS = "3510161001";
const SOBO = "3510161002";

const of = (agency: string, rows: readonly (readonly [id: string, name: string, duty: ReadyOfficer["duty"], region: string])[]) =>
  rows.map(([id, name, duty, region]): ReadyOfficer => ({ id: `${id}.${agency.toLowerCase()}`, agency, name, duty, region }));

export const OFFICERS: readonly ReadyOfficer[] = [
  ...of("DINSOS_BANYUWANGI", [
    ["rt", "Ketua RT 01 Pakis", "NEIGHBOURHOOD", PAKIS],
    ["operator", "Operator Kelurahan Pakis", "VILLAGE_OPERATOR", PAKIS],
    ["operator2", "Operator Kelurahan Sobo", "VILLAGE_OPERATOR", SOBO],
    ["lurah", "Lurah Pakis", "VILLAGE_HEAD", PAKIS],
    ["petugas", "Petugas lapangan Kecamatan Banyuwangi", "ENUMERATOR", "351016"],
    ["verifikator", "Verifikator Dinas Sosial Banyuwangi", "VERIFIER", BANYUWANGI],
    ["verifikator2", "Verifikator kedua Dinas Sosial Banyuwangi", "VERIFIER", BANYUWANGI],
    ["kadis", "Kepala Dinas Sosial Banyuwangi", "HEAD_OF_OFFICE", BANYUWANGI],
    ["bupati", "Bupati Banyuwangi", "REGENT", BANYUWANGI],
  ]),
  ...of("KEMENSOS", [
    ["pusdatin", "Pusdatin Kementerian Sosial", "MINISTRY", ""],
    ["pusdatin2", "Pusdatin Kementerian Sosial, kedua", "MINISTRY", ""],
    ["menteri", "Menteri Sosial", "MINISTER", ""],
  ]),
  ...of("BPS", [
    ["peringkat", "Pemeringkat DTSEN", "RANKING", ""],
    ["peringkat2", "Pemeringkat DTSEN kedua", "RANKING", ""],
  ]),
  ...of("DUKCAPIL", [
    ["pencatat", "Pejabat pencatatan sipil", null, ""],
    ["pencatat2", "Pejabat pencatatan sipil kedua", null, ""],
  ]),
];
