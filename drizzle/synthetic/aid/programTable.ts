/** The aid programs as published, with their legal basis. Rows, not rules: corrections are data changes. */
export const PROGRAMS = [
  {
    code: "PKH",
    name: "Program Keluarga Harapan",
    unit: "FAMILY",
    decileLimit: 4,
    legalBasis: "Permensos 1/2018; Kepmensos 79/HUK/2025",
    validFrom: "2007-07-01",
    validTo: null,
  },
  {
    code: "BPNT",
    name: "Bantuan Pangan Non-Tunai (Kartu Sembako)",
    unit: "FAMILY",
    decileLimit: 5,
    legalBasis: "Perpres 63/2017; Kepmensos 79/HUK/2025",
    validFrom: "2017-01-01",
    validTo: null,
  },
  {
    code: "PBI_JK",
    name: "Penerima Bantuan Iuran Jaminan Kesehatan",
    unit: "PERSON",
    decileLimit: 5,
    legalBasis: "UU 40/2004; PP 101/2012; Kepmensos 3/HUK/2026",
    validFrom: "2014-01-01",
    validTo: null,
  },
  {
    code: "KIP",
    name: "Program Indonesia Pintar",
    unit: "PERSON",
    decileLimit: null,
    legalBasis: "Permendikbud 10/2020",
    validFrom: "2014-11-03",
    validTo: null,
  },
  {
    code: "KIP_KULIAH",
    name: "Kartu Indonesia Pintar Kuliah",
    unit: "PERSON",
    decileLimit: null,
    legalBasis: "Permendikbud 10/2020",
    validFrom: "2020-01-01",
    validTo: null,
  },
  {
    code: "BST",
    name: "Bantuan Sosial Tunai",
    unit: "FAMILY",
    decileLimit: null,
    legalBasis: "Kepmensos 54/HUK/2020",
    validFrom: "2020-04-01",
    validTo: "2021-08-31",
  },
] as const;

export type ProgramCode = (typeof PROGRAMS)[number]["code"];
