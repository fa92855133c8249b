import type { AID_DUTIES } from "../../tables/programs/office.ts";

/** The ready-made officers of the aid programs at `npm start`: who acts for which agency, with which duty, in which program, over which region. */
export interface ReadyAidOfficer {
  readonly id: string;
  readonly agency: string;
  readonly name: string;
  readonly duty: (typeof AID_DUTIES)[number];
  /** A code or `*`. */
  readonly program: string;
  /** Empty: the whole country. */
  readonly region: string;
}

type Row = readonly [id: string, name: string, duty: ReadyAidOfficer["duty"], program: string, region: string];

const BANYUWANGI = "3510";

const of = (agency: string, rows: readonly Row[]) =>
  rows.map(([id, name, duty, program, region]): ReadyAidOfficer => {
    return { id: `${id}.${agency.toLowerCase()}`, agency, name, duty, program, region };
  });

export const AID_OFFICERS: readonly ReadyAidOfficer[] = [
  ...of("KEMENSOS", [
    ["program", "Pengelola program bantuan sosial", "PROGRAM_STEWARD", "*", ""],
    ["program2", "Pengelola kedua program bantuan sosial", "PROGRAM_STEWARD", "*", ""],
    ["direktur", "Direktur Jenderal Perlindungan dan Jaminan Sosial", "PROGRAM_HEAD", "*", ""],
  ]),
  ...of("DINSOS_BANYUWANGI", [
    ["bansos", "Bidang jaminan sosial Dinas Sosial Banyuwangi", "DISTRICT", "*", BANYUWANGI],
    ["bansos2", "Bidang jaminan sosial Dinas Sosial Banyuwangi, kedua", "DISTRICT", "*", BANYUWANGI],
    ["pendamping", "Pendamping PKH Kecamatan Banyuwangi", "COMPANION", "PKH", "351016"],
  ]),
  ...of("KEMENKEU", [
    ["kppn", "KPPN Jakarta", "TREASURY", "*", ""],
    ["kppn2", "KPPN Jakarta, kedua", "TREASURY", "*", ""],
  ]),
  ...of("BRI", [
    ["penyalur", "Bank penyalur BRI", "BANK", "*", ""],
    ["penyalur2", "Bank penyalur BRI, kedua", "BANK", "*", ""],
  ]),
  ...["KIP", "KIP_KULIAH"].flatMap((program) =>
    of("KEMENDIKDASMEN", [
      ["puslapdik", "Puslapdik", "EDUCATION", program, ""],
      ["puslapdik2", "Puslapdik, kedua", "EDUCATION", program, ""],
    ]),
  ),
  ...of("BPJS_KESEHATAN", [
    ["kepesertaan", "Kepesertaan BPJS Kesehatan", "HEALTH", "PBI_JK", ""],
    ["kepesertaan2", "Kepesertaan BPJS Kesehatan, kedua", "HEALTH", "PBI_JK", ""],
  ]),
];
