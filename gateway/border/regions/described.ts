import type { DescribedOperation } from "../../types/border.ts";

const CODE = { type: "string", pattern: "^[0-9]{2}([0-9]{2})?$" };
const DAY = { type: ["string", "null"], format: "date" };
const REGION = {
  type: "object",
  description: "Satu provinsi atau kabupaten/kota dalam satu kurun waktu / One province or regency over one span of time.",
  required: ["kemendagri", "bps", "level", "name", "validFrom", "validTo", "basis", "predecessors", "successors"],
  properties: {
    kemendagri: { ...CODE, description: "Kode Kemendagri / Kemendagri's number" },
    bps: { ...CODE, type: ["string", "null"], description: "Kode BPS / BPS's number" },
    level: { type: "string", enum: ["PROVINCE", "REGENCY"] },
    name: { type: ["string", "null"], description: "Nama resmi sekarang / Official name of today" },
    validFrom: { ...DAY, description: "Null: sudah ada sebelum riwayat dimulai / it stood before the history begins" },
    validTo: { ...DAY, description: "Hari pertama tidak berlaku lagi / First day on which it was no longer so; null: it stands" },
    basis: { type: ["string", "null"], description: "Dasar hukum / Law it began with" },
    predecessors: { type: "array", items: CODE },
    successors: { type: "array", items: CODE },
  },
};

export const SCHEMAS = {
  RegionCrosswalkRow: REGION,
  RegionCrosswalkFile: {
    type: "object",
    required: ["asOf", "historyFrom", "attribution", "regions"],
    properties: {
      asOf: DAY,
      historyFrom: { type: "string", format: "date" },
      attribution: { type: "string" },
      regions: { type: "array", items: { $ref: "#/components/schemas/RegionCrosswalkRow" } },
    },
  },
} as const;

const CONTENT = {
  json: { "application/json": { schema: { $ref: "#/components/schemas/RegionCrosswalkFile" } } },
  csv: { "text/csv": { schema: { type: "string" } } },
} as const;

/** The file in one form, as OpenAPI has it. */
export const describedAs = (form: keyof typeof CONTENT): DescribedOperation => ({
  operationId: form === "json" ? "regionCrosswalk" : "regionCrosswalkCsv",
  tags: ["regions"],
  summary: "Padanan kode wilayah BPS dan Kemendagri / Crosswalk of the region codes of BPS and Kemendagri",
  description: "Provinces and regencies with their history since 2012. Open to everybody; keep it by its ETag.",
  parameters: [
    {
      ...{ name: "asOf", in: "query", required: false, schema: { type: "string", format: "date" } },
      description: "Per tanggal / As they stood on this day; left out: the whole history.",
    },
  ],
  responses: {
    "200": { description: "Padanan / The crosswalk", content: CONTENT[form] },
    "304": { description: "Tidak berubah / Not changed since the ETag of If-None-Match" },
  },
  isPublic: true,
});
