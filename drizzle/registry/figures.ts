/** A figure that others published. What no cube counts alike is not among them: families of DTSEN are no households. */
export interface PublishedFigure {
  readonly code: string;
  readonly cube: string;
  readonly region: string;
  readonly key: readonly string[];
  readonly measure: "PERSONS" | "UNITS" | "TOTAL";
  readonly value: string;
  readonly asOf: string;
  readonly source: string;
}

const COUNTRY = "0";
const BANYUWANGI = "3510";

const residents = (code: string, figure: Pick<PublishedFigure, "region" | "key" | "value">): PublishedFigure => ({
  ...{ code, cube: "RESIDENTS", measure: "PERSONS", asOf: "2024-12-31", ...figure },
  source: "Ditjen Dukcapil, Data Kependudukan Bersih Semester II 2024",
});
const served = (program: string, figure: Pick<PublishedFigure, "value" | "asOf" | "source">): PublishedFigure => ({
  ...{ code: `${program}_${figure.asOf}`, cube: "BENEFICIARIES", region: COUNTRY, key: [program], measure: "UNITS" },
  ...figure,
});

export const PUBLISHED_FIGURES: readonly PublishedFigure[] = [
  residents("RESIDENTS_2024_S2", { region: COUNTRY, key: ["*", "*"], value: "284973643" }),
  residents("RESIDENTS_MALE_2024_S2", { region: COUNTRY, key: ["MALE", "*"], value: "143863392" }),
  residents("RESIDENTS_FEMALE_2024_S2", { region: COUNTRY, key: ["FEMALE", "*"], value: "141110251" }),
  residents("RESIDENTS_3510_2024_S2", { region: BANYUWANGI, key: ["*", "*"], value: "1791789" }),
  {
    ...{ code: "DTSEN_PEOPLE_2026_01", cube: "REGISTRY_MEMBERS", region: COUNTRY, key: ["*", "*", "*"], measure: "UNITS" },
    ...{ value: "289060513", asOf: "2026-01-23", source: "BPS, DTSEN" },
  },
  served("PKH", { value: "10000000", asOf: "2025", source: "Kementerian Sosial, sasaran PKH" }),
  served("BPNT", { value: "18800000", asOf: "2025", source: "Kementerian Sosial, sasaran Kartu Sembako" }),
  served("PBI_JK", { value: "96800000", asOf: "2025", source: "Kementerian Sosial, kuota PBI Jaminan Kesehatan" }),
  served("KIP", { value: "20400000", asOf: "2025", source: "Kementerian Pendidikan Dasar dan Menengah, sasaran PIP" }),
  served("KIP_KULIAH", { value: "1100000", asOf: "2025", source: "Kementerian Pendidikan Tinggi, penerima KIP Kuliah" }),
  served("BST", { value: "10000000", asOf: "2021", source: "Kementerian Sosial, sasaran BST" }),
];
