import type { DescribedOperation } from "../../types/border.ts";

const text = (description: string) => ({ type: "string", description });

const ASKED = {
  type: "object",
  description:
    "Nama parameter boleh huruf kecil; yang kosong tidak diuji / Names may be lower case; what is empty is not tested. An account of Dukcapil's own service (USER_ID, PASSWORD, IP_USER) is not read: leave it out.",
  required: ["NIK"],
  properties: {
    NIK: { ...text("16 angka, sebagai teks / 16 digits, as text"), pattern: "^[0-9]{16}$" },
    NAMA_LGKP: text("Nama lengkap / Full name"),
    TMPT_LHR: text("Tempat lahir / Place of birth"),
    TGL_LHR: text("17-08-1945, 17/08/1945 atau 1945-08-17 / Day of birth"),
    JENIS_KLMIN: text("LAKI-LAKI atau PEREMPUAN, L atau P / Sex"),
    NAMA_LGKP_IBU: text("Nama ibu kandung / Mother's name"),
    NO_KK: text("Nomor kartu keluarga, sebagai teks / Number of the family card, as text"),
    ALAMAT: text("Alamat; diuji bersama NO_RT dan NO_RW / Address; tested together with NO_RT and NO_RW"),
    NO_RT: text("RT"),
    NO_RW: text("RW"),
    NO_PROP: text("Kode Kemendagri provinsi / Kemendagri's number of the province"),
    NO_KAB: text("Kabupaten atau kota / Regency"),
    NO_KEC: text("Kecamatan / District"),
    NO_KEL: text("Desa atau kelurahan / Village"),
    TRESHOLD: text("1 sampai 100, tidak di bawah ambang perjanjian / Not below the floor of the agreement"),
  },
};
const ROW = {
  type: "object",
  description:
    "Per parameter: Sesuai, Tidak Sesuai, untuk teks dengan kemiripan: Sesuai (95) / By parameter; of what was not compared nothing. Or an outcome: RESPONSE_CODE and its words.",
  additionalProperties: { type: "string" },
};

export const SCHEMAS = {
  CallVerifyByElemenInput: ASKED,
  CallVerifyByElemenResult: {
    type: "object",
    required: ["content"],
    properties: {
      content: { type: "array", minItems: 1, maxItems: 1, items: ROW },
      lastPage: { type: "boolean" },
      numberOfElements: { type: "integer" },
      sort: { type: "null" },
      totalElements: { type: "integer" },
      firstPage: { type: "boolean" },
      number: { type: "integer" },
      size: { type: "integer" },
      quotaLimiter: { type: "null", description: "Sisa kuota tidak diberitahukan / What is left of a quota is not told" },
    },
  },
} as const;

const RESULT = { "application/json": { schema: { $ref: "#/components/schemas/CallVerifyByElemenResult" } } };
const refused = (description: string) => ({ description, content: RESULT });

export const OPERATION: DescribedOperation = {
  operationId: "callVerifyByElemen",
  tags: ["dukcapil"],
  summary: "Verifikasi elemen seperti layanan web Dukcapil / Verification of elements as Dukcapil's web service has it",
  description:
    "The question `verifyIdentity` in the shape that partners of Dukcapil's web service speak: the same verdicts, attempts, quota and record. Only verdicts come back, never a value.",
  parameters: [
    {
      ...{ name: "institution", in: "path", required: true, schema: { type: "string", maxLength: 64 } },
      description:
        "Lembaga seperti pada layanan Dukcapil; tidak dibaca / As at Dukcapil's service; not read, the token says who asks.",
    },
  ],
  requestBody: {
    required: true,
    content: { "application/json": { schema: { $ref: "#/components/schemas/CallVerifyByElemenInput" } } },
  },
  responses: {
    "200": { description: "Hasil / Verdicts, or an outcome with RESPONSE_CODE 11 to 15", content: RESULT },
    "400": refused("Parameter Tidak Lengkap, Parameter Tidak Valid"),
    "401": refused("Login Gagal"),
    "403": refused("Instansi Tidak Aktif, atau di luar perjanjian / or beyond the agreement"),
    "429": refused("Kuota Akses Hari Ini Telah Habis"),
    "503": refused("Hub tidak dapat menjawab sekarang / The hub cannot answer now"),
  },
};
