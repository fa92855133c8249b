import type { Text } from "../errors.ts";
import type { DataType } from "./words.ts";

/** What slices write by a word in their metadata.json, said in full once. */
export const RETENTIONS = {
  CIVIL_REGISTER: {
    id: "Wajib disimpan dan dilindungi oleh negara (UU 23/2006 Ps. 79, 85); penerima: sebagaimana PKS.",
    en: "The state must keep and protect them (UU 23/2006 art. 79, 85); recipients: as their agreement says.",
  },
  PRODUCER_SCHEDULE: {
    id: "Menurut jadwal retensi arsip produsen data (UU 43/2009 Ps. 48); penerima: sebagaimana PKS.",
    en: "By the producer's schedule of records retention (UU 43/2009 art. 48); recipients: as their agreement says.",
  },
  PERMANENT: { id: "Disimpan tetap.", en: "Kept for good." },
  NOT_KEPT: { id: "Tidak disimpan: dihitung saat diminta.", en: "Not kept: reckoned when asked." },
} as const satisfies Record<string, Text>;
export type Retention = keyof typeof RETENTIONS;

export const TIME_REFERENCES = {
  AS_ASKED: { id: "Keadaan pada saat diminta (WIB).", en: "The state when asked (WIB)." },
  EVENT: { id: "Saat peristiwanya terjadi atau dicatat.", en: "When what it tells happened or was recorded." },
  VERSION: { id: "Versi basis data yang disebut.", en: "The version of the registry it names." },
  VALIDITY: { id: "Masa berlakunya.", en: "The time it is in force." },
  MONTH_END: { id: "Keadaan pada akhir bulan.", en: "The state at the end of the month." },
} as const satisfies Record<string, Text>;
export type TimeReference = keyof typeof TIME_REFERENCES;

/** Aturan validasi by data type; null: any text will do. */
export const RULES: Readonly<Record<DataType, Text | null>> = {
  TEXT: null,
  OBJECT: null,
  INTEGER: { id: "Bilangan bulat.", en: "A whole number." },
  DECIMAL: { id: "Bilangan.", en: "A number." },
  RUPIAH: { id: "Rupiah utuh, ditulis sebagai teks.", en: "Whole rupiah, written as text." },
  BOOLEAN: { id: "Ya atau tidak.", en: "Yes or no." },
  DATE: { id: "Tanggal ISO 8601, TTTT-BB-HH.", en: "A day by ISO 8601, YYYY-MM-DD." },
  INSTANT: { id: "Waktu RFC 3339 dalam UTC.", en: "An instant by RFC 3339 in UTC." },
  IDENTIFIER: { id: "Tanda pengenal buram: tidak diuraikan.", en: "An opaque identifier: never parsed." },
  REGION_CODE: {
    id: "2, 4, 6, atau 10 angka tanpa titik, atau 0 untuk seluruh Indonesia.",
    en: "2, 4, 6 or 10 digits without dots, or 0 for the whole country.",
  },
  CODE: { id: "Salah satu kode daftar; daftar dapat bertambah.", en: "One code of the list; lists may grow." },
};
