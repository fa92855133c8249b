import type { Text } from "../errors.ts";

/** Produsen data and their walidata, by agency code. Who keeps an agency's data it names itself (Perpres 39/2019). */
const AGENCIES: Readonly<Record<string, { readonly name: Text; readonly keeper: Text }>> = {
  DUKCAPIL: {
    name: {
      id: "Ditjen Kependudukan dan Pencatatan Sipil, Kementerian Dalam Negeri",
      en: "Directorate General of Population and Civil Registration, Ministry of Home Affairs",
    },
    keeper: keeperOf("Kementerian Dalam Negeri", "Ministry of Home Affairs"),
  },
  KEMENDAGRI: {
    name: { id: "Kementerian Dalam Negeri", en: "Ministry of Home Affairs" },
    keeper: keeperOf("Kementerian Dalam Negeri", "Ministry of Home Affairs"),
  },
  KEMENSOS: {
    name: { id: "Kementerian Sosial", en: "Ministry of Social Affairs" },
    keeper: {
      id: "Pusat Data dan Informasi Kesejahteraan Sosial, Kementerian Sosial",
      en: "Centre of Social Welfare Data and Information, Ministry of Social Affairs",
    },
  },
  BPS: {
    name: { id: "Badan Pusat Statistik", en: "Statistics Indonesia" },
    keeper: keeperOf("Badan Pusat Statistik", "Statistics Indonesia"),
  },
  KEMENDIKDASMEN: {
    name: { id: "Kementerian Pendidikan Dasar dan Menengah", en: "Ministry of Primary and Secondary Education" },
    keeper: keeperOf("Kementerian Pendidikan Dasar dan Menengah", "Ministry of Primary and Secondary Education"),
  },
  KEMDIKTISAINTEK: {
    name: {
      id: "Kementerian Pendidikan Tinggi, Sains, dan Teknologi",
      en: "Ministry of Higher Education, Science and Technology",
    },
    keeper: keeperOf(
      "Kementerian Pendidikan Tinggi, Sains, dan Teknologi",
      "Ministry of Higher Education, Science and Technology",
    ),
  },
  DINSOS_BANYUWANGI: {
    name: { id: "Dinas Sosial Kabupaten Banyuwangi", en: "Social Office of Banyuwangi Regency" },
    keeper: keeperOf("Kabupaten Banyuwangi", "Banyuwangi Regency"),
  },
  HUB: {
    name: { id: "Penyelenggara dtks-hub", en: "Operator of dtks-hub" },
    keeper: keeperOf("penyelenggara dtks-hub", "the operator of dtks-hub"),
  },
};

function keeperOf(id: string, en: string): Text {
  return { id: `Walidata ${id}`, en: `Data keeper (walidata) of ${en}` };
}

/** An agency nobody has written down here goes by its code. */
export const agencyOf = (code: string): { readonly name: Text; readonly keeper: Text } =>
  AGENCIES[code] ?? { name: { id: code, en: code }, keeper: keeperOf(code, code) };

/** Whether somebody has written down who it is. */
export const isKnownAgency = (code: string): boolean => Object.hasOwn(AGENCIES, code);
