import { PKH } from "../../../schema/aid/pkh.ts";

/** What holds of a program in a period, as published. Amounts in whole rupiah. */
export interface TermRow {
  readonly program: string;
  readonly validFrom: string;
  readonly validTo: string | null;
  readonly decileLimit: number | null;
  readonly monthsAPayment: number;
  readonly monthly: bigint | null;
  readonly mostCounted: number | null;
  readonly reentryMonths: number | null;
  readonly planned: number | null;
  readonly legalBasis: string;
  readonly source: string;
}

export interface RateRow {
  readonly program: string;
  readonly component: string;
  readonly validFrom: string;
  readonly validTo: string | null;
  readonly yearly: bigint;
  readonly rank: number;
  readonly atMost: number | null;
  readonly target: string;
  readonly legalBasis: string;
  readonly source: string;
}

const PUBLISHED = "Published by the ministry in charge; secondary sources (domain reference, section 4).";
const UNVERIFIED = "Background knowledge, not verified against the official text: to be corrected as a change of the catalogue.";
const OUR_REENTRY = "Twelve months before a re-entry are this hub's own rule until one is found.";

const NEW_CEILINGS = "Kepmensos 79/HUK/2025";
const OPEN = { decileLimit: null, monthly: null, mostCounted: null, reentryMonths: null, planned: null, validTo: null };
type Period = readonly [validFrom: string, validTo: string | null];
type Said = Pick<TermRow, "monthsAPayment" | "legalBasis" | "source"> & Partial<TermRow>;
const term = (program: string, [validFrom, validTo]: Period, said: Said): TermRow => ({
  program,
  ...OPEN,
  ...said,
  validFrom,
  validTo,
});

const pkh = (period: Period, said: Said) =>
  term("PKH", period, { mostCounted: PKH.most, decileLimit: 4, reentryMonths: 12, planned: 10_000_000, ...said });
const bpnt = (period: Period, said: Said) =>
  term("BPNT", period, { monthly: 200_000n, reentryMonths: 12, planned: 18_800_000, ...said });

export const TERMS: readonly TermRow[] = [
  pkh(["2021-01-01", "2023-12-31"], { monthsAPayment: 3, legalBasis: "Permensos 1/2018", source: UNVERIFIED }),
  pkh(["2024-01-01", "2024-12-31"], {
    monthsAPayment: 2,
    legalBasis: "Permensos 1/2018",
    source: `${PUBLISHED} ${OUR_REENTRY} At most four members a family: not verified.`,
  }),
  pkh(["2025-01-01", null], {
    monthsAPayment: 3,
    legalBasis: `Permensos 1/2018; ${NEW_CEILINGS}`,
    source: `${PUBLISHED} ${OUR_REENTRY} At most four members a family: not verified.`,
  }),
  bpnt(["2021-01-01", "2024-12-31"], {
    monthsAPayment: 2,
    decileLimit: 4,
    legalBasis: "Perpres 63/2017",
    source: `${PUBLISHED} ${OUR_REENTRY} Ceiling before 2025: not verified.`,
  }),
  bpnt(["2025-01-01", null], {
    monthsAPayment: 3,
    decileLimit: 5,
    legalBasis: `Perpres 63/2017; ${NEW_CEILINGS}`,
    source: `${PUBLISHED} ${OUR_REENTRY}`,
  }),
  term("PBI_JK", ["2021-01-01", "2024-12-31"], {
    monthsAPayment: 1,
    monthly: 42_000n,
    decileLimit: 4,
    planned: 96_800_000,
    legalBasis: "UU 40/2004; PP 101/2012; Perpres 64/2020",
    source: UNVERIFIED,
  }),
  term("PBI_JK", ["2025-01-01", null], {
    monthsAPayment: 1,
    monthly: 42_000n,
    decileLimit: 5,
    planned: 96_800_000,
    legalBasis: `UU 40/2004; PP 101/2012; Perpres 64/2020; ${NEW_CEILINGS}; Kepmensos 3/HUK/2026`,
    source: `${PUBLISHED} The contribution of 42,000 a month: not verified.`,
  }),
  term("KIP", ["2021-01-01", "2023-12-31"], { monthsAPayment: 12, legalBasis: "Permendikbud 10/2020", source: UNVERIFIED }),
  term("KIP", ["2024-01-01", null], {
    monthsAPayment: 12,
    planned: 20_400_000,
    legalBasis: "Permendikbud 10/2020",
    source: `${PUBLISHED} In the new and the final class half a year is paid: not verified.`,
  }),
  term("KIP_KULIAH", ["2021-01-01", null], {
    monthsAPayment: 6,
    planned: 1_040_192,
    legalBasis: "Permendikbud 10/2020",
    source: PUBLISHED,
  }),
  term("BST", ["2020-04-01", "2020-06-30"], {
    monthsAPayment: 1,
    monthly: 600_000n,
    legalBasis: "Kepmensos 54/HUK/2020",
    source: PUBLISHED,
  }),
  term("BST", ["2020-07-01", "2020-12-31"], {
    monthsAPayment: 1,
    monthly: 300_000n,
    legalBasis: "Kepmensos 54/HUK/2020",
    source: UNVERIFIED,
  }),
  term("BST", ["2021-01-01", "2021-08-31"], {
    monthsAPayment: 1,
    monthly: 300_000n,
    planned: 10_000_000,
    legalBasis: "Kepmensos 161/HUK/2020",
    source: `${PUBLISHED} Number of the decree: not verified.`,
  }),
];

const PKH_TARGETS: Readonly<Record<string, string>> = {
  PREGNANCY: "Ibu hamil atau nifas, paling banyak kehamilan kedua",
  EARLY_CHILDHOOD: "Anak usia dini 0 sampai 6 tahun",
  PRIMARY: "Anak SD atau sederajat",
  JUNIOR: "Anak SMP atau sederajat",
  SENIOR: "Anak SMA atau sederajat",
  ELDERLY: "Lanjut usia 60 tahun ke atas",
  SEVERE_DISABILITY: "Penyandang disabilitas berat",
  RIGHTS_VIOLATION_VICTIM: "Korban pelanggaran HAM berat",
};
const HAM = "RIGHTS_VIOLATION_VICTIM";

const ofPkh = ([validFrom, validTo]: Period, source: string): RateRow[] =>
  PKH.rates
    .filter(({ component }) => component !== HAM)
    .map((rate) => ({
      program: "PKH",
      ...rate,
      validFrom,
      validTo,
      target: PKH_TARGETS[rate.component] ?? "",
      legalBasis: "Permensos 1/2018",
      source,
    }));

const SCHOOLS = [
  ["PRIMARY", "Siswa SD atau sederajat"],
  ["JUNIOR", "Siswa SMP atau sederajat"],
  ["SENIOR", "Siswa SMA, SMK atau sederajat"],
] as const;
const ofKip = ([validFrom, validTo]: Period, source: string, yearly: readonly bigint[]): RateRow[] =>
  SCHOOLS.map(([component, target], at) => ({
    ...{ program: "KIP", component, validFrom, validTo, yearly: yearly[at] ?? 0n, rank: at + 1, atMost: null, target },
    ...{ legalBasis: "Permendikbud 10/2020", source },
  }));

const CLUSTER_MONTHS = [800_000n, 950_000n, 1_100_000n, 1_250_000n, 1_400_000n];

export const RATES: readonly RateRow[] = [
  ...ofPkh(["2021-01-01", "2023-12-31"], UNVERIFIED),
  ...ofPkh(["2024-01-01", null], PUBLISHED),
  ...PKH.rates
    .filter(({ component }) => component === HAM)
    .map(
      (rate): RateRow => ({
        ...{ program: "PKH", ...rate, validFrom: "2024-10-01", validTo: null, target: PKH_TARGETS[HAM] ?? "" },
        legalBasis: "Inpres 2/2023; Permensos 1/2018",
        source: `${PUBLISHED} Late in 2024: the first day is not verified.`,
      }),
    ),
  ...ofKip(["2021-01-01", "2023-12-31"], UNVERIFIED, [450_000n, 750_000n, 1_000_000n]),
  ...ofKip(["2024-01-01", null], PUBLISHED, [450_000n, 750_000n, 1_800_000n]),
  ...CLUSTER_MONTHS.map(
    (monthly, at): RateRow => ({
      ...{ program: "KIP_KULIAH", component: `CLUSTER_${at + 1}`, validFrom: "2021-01-01", validTo: null, yearly: 12n * monthly },
      ...{ rank: at + 1, atMost: null, target: `Mahasiswa di daerah klaster ${at + 1}` },
      ...{ legalBasis: "Permendikbud 10/2020", source: PUBLISHED },
    }),
  ),
];

/** Whole rupiah a month by the newest term of a program with a flat amount. */
export const latestMonthly = (program: string): number => Number(TERMS.findLast((row) => row.program === program)?.monthly ?? 0n);

/** Whole rupiah a year by the newest rate of a component. */
export const latestYearly = (program: string, component: string): number =>
  Number(RATES.findLast((row) => row.program === program && row.component === component)?.yearly ?? 0n);
