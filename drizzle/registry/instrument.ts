import type { ANSWER_KINDS, OPENINGS, SCOPES } from "../tables/welfare/registry.ts";
import { HOUSEHOLD_CODES, MEMBER_CODES } from "./codes.ts";

/** A variable of the survey instrument, as a row of data. */
export interface Variable {
  readonly code: string;
  readonly rawName: string;
  readonly scope: (typeof SCOPES)[number];
  readonly kind: (typeof ANSWER_KINDS)[number];
  readonly unit: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly opens: (typeof OPENINGS)[number];
  readonly source: string;
  readonly validFrom: string;
}

type Parts = Partial<Pick<Variable, "unit" | "opens" | "source" | "validFrom">>;
const BDT: Required<Parts> = { unit: null, opens: "ANSWERS", source: "BDT 2015", validFrom: "2015-01-01" };
const DECREE: Parts = { source: "Kepmensos 262/HUK/2022", validFrom: "2022-01-01" };
/** Codes of which no public text was found: ours, to be checked with the questionnaire. */
const OURS: Parts = { source: "BDT 2015; codes ours, unverified" };

const of =
  (scope: Variable["scope"], kind: Variable["kind"], parts: Parts = {}) =>
  (rawNames: string): Variable[] =>
    rawNames.split(" ").map((rawName) => ({
      ...BDT,
      code: scope === "HOUSEHOLD" ? rawName : `ART_${rawName}`,
      rawName,
      scope,
      kind,
      labels: {},
      ...parts,
    }));

const coded = (scope: Variable["scope"], lists: Readonly<Record<string, readonly string[]>>, parts: Parts = OURS): Variable[] =>
  Object.entries(lists).flatMap(([rawName, texts]) =>
    of(
      scope,
      "CODE",
      parts,
    )(rawName).map((variable) => ({
      ...variable,
      labels: Object.fromEntries(texts.map((text, at) => [String(at + 1), text])),
    })),
  );

/**
 * All variables of the basic data questionnaire (BDT) by their raw names, and the indicators of the poor that it lacks. An asset is YESNO: 1 yes,
 * 2 no. What tells health or disability, and the mother's maiden name, never stands among the plain answers.
 */
export const INSTRUMENT: readonly Variable[] = [
  ...of("HOUSEHOLD", "NUMBER", { unit: "orang" })("Jumlah_ART"),
  ...of("HOUSEHOLD", "NUMBER", { unit: "keluarga" })("Jumlah_Keluarga"),
  ...of("HOUSEHOLD", "NUMBER", { unit: "m2" })("Luas_lantai Luas_atb"),
  ...of("HOUSEHOLD", "NUMBER", { unit: "kamar" })("Jumlah_kamar"),
  ...of("HOUSEHOLD", "NUMBER", { unit: "ekor" })("Jumlah_sapi Jumlah_kerbau Jumlah_kuda Jumlah_babi Jumlah_kambing"),
  ...of("HOUSEHOLD", "NUMBER", { unit: "persentil" })("Percentile"),
  ...of("HOUSEHOLD", "TEXT")("Nomor_PLN Nomor_gas"),
  ...of(
    "HOUSEHOLD",
    "YESNO",
  )(
    "Ada_tabung_gas Ada_lemari_es Ada_ac Ada_pemanas Ada_telpon Ada_tv Ada_emas Ada_laptop Ada_sepeda Ada_motor Ada_mobil Ada_perahu Ada_motor_tempel Ada_perahu_motor Ada_kapal Aset_tak_bergerak Rumah_lain",
  ),
  ...of(
    "HOUSEHOLD",
    "YESNO",
  )("Sta_art_usaha Sta_kks Sta_kip Sta_kis Sta_bpjs_mandiri Sta_jamsostek Sta_asuransi Sta_pkh Sta_rastra Sta_kur"),
  ...coded("HOUSEHOLD", HOUSEHOLD_CODES),
  ...of("HOUSEHOLD", "YESNO", DECREE)("Kepala_bekerja Khawatir_pangan Belanja_pangan_dominan Beli_pakaian"),
  ...of("MEMBER", "TEXT")("Nama TmpLahir TglLahir"),
  ...of("MEMBER", "NUMBER")("NUK Umur Jumlah_jamkerja Anak_diluar_rt"),
  ...of("MEMBER", "YESNO")("Ada_diKK Sta_Bekerja Sta_kepesertaan_pbi Ada_kks Ada_pbi Ada_kip Ada_pkh Ada_BPNT"),
  ...coded("MEMBER", MEMBER_CODES),
  ...of("MEMBER", "YESNO", { opens: "HEALTH" })("Sta_hamil"),
  ...coded("MEMBER", { Penyakit_kronis: ["Tidak ada", "Ada"] }, { ...OURS, opens: "HEALTH" }),
  ...coded(
    "MEMBER",
    { Jenis_cacat: ["Tidak cacat", "Fisik", "Sensorik", "Intelektual", "Mental", "Ganda"] },
    { ...OURS, opens: "PROTECTED" },
  ),
  ...of("MEMBER", "TEXT", { opens: "NEVER" })("namagadis_ibukandung"),
];
