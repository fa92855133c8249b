import { body, type Described, inPath, inQuery, type Part, STRING, told } from "../parts.ts";

const FORMATS = ["csv", "jsonl", "json", "parquet", "xlsx"];
const TYPES = [
  ...["text/csv", "application/jsonl", "application/json", "application/vnd.apache.parquet"],
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
];
const flag: Part = { type: "string", enum: ["0", "1"] };
const cube = inPath("cube", "Kode kubus / code of the cube.", { type: "string", pattern: "^[A-Z][A-Z_]{0,40}$" });
const SELECTION = [
  inQuery("from", "Sejak bulan / from a month."),
  inQuery("to", "Sampai bulan / to a month."),
  inQuery("region", "Kode wilayah / code of a region."),
  inQuery("level", "Tingkat wilayah / level of regions."),
  inQuery("dimensions", "Rincian dengan koma / dimensions by commas."),
  inQuery("limit", "Baris sehalaman / rows of one page.", { type: "integer", minimum: 1, maximum: 10_000 }),
  inQuery("after", "Kursor / where a page begins."),
  inQuery("bom", "Tanda urutan byte / byte order mark.", flag),
  inQuery("sep", "Pemisah / separator.", { type: "string", enum: ["comma", "semicolon", "tab"] }),
  inQuery("header", "Judul kolom / heads of columns.", { type: "string", enum: ["code", "label"] }),
  inQuery("guard", "Pengaman rumus / formula guard.", flag),
];
const file = told("Berkas / the file; it is whole or breaks off.", TYPES, STRING);
const job = inPath("id", "ID ekspor / id of the export.");
const exported = told("Keadaan / as it stands.", "application/json");

/** Files of released figures (docs/statistics/export.md). */
export const FIGURES: readonly Described[] = [
  {
    ...{ method: "GET", path: "/v1/export/{cube}" },
    describes: {
      ...{ operationId: "exportCube", tags: ["figures"], summary: "Angka sebagai berkas / Released figures as a file" },
      parameters: [cube, inQuery("format", "Format.", { type: "string", enum: FORMATS }), ...SELECTION],
      responses: { 200: file },
    },
  },
  {
    ...{ method: "GET", path: "/data/{file}" },
    describes: {
      ...{
        operationId: "openFile",
        tags: ["openData"],
        isPublic: true,
        summary: "Data terbuka sebagai berkas / Open data as a file",
      },
      parameters: [
        inPath("file", "<KUBUS>.<format>", { type: "string", pattern: `^[A-Z][A-Z_]{0,40}\\.(?:${FORMATS.join("|")})$` }),
        ...SELECTION,
      ],
      responses: { 200: file, 304: told("Tidak berubah / not changed.") },
    },
  },
  {
    ...{ method: "GET", path: "/data.json" },
    describes: {
      ...{
        operationId: "openCatalogue",
        tags: ["openData"],
        isPublic: true,
        summary: "Katalog data terbuka / The catalogue of open data",
      },
      responses: { 200: told("Katalog / the catalogue.", "application/json") },
    },
  },
  {
    ...{ method: "GET", path: "/data/tables/{code}.json" },
    describes: {
      ...{
        operationId: "openTable",
        tags: ["openData"],
        isPublic: true,
        summary: "Kolom tabel / What the columns of a table are",
      },
      parameters: [inPath("code", "Kode kubus / code of the cube.")],
      responses: { 200: told("Kolom / columns.", "application/json") },
    },
  },
];

/** Files of rows (docs/statistics/jobs.md); not there where the operator keeps none. */
export const EXPORTS: readonly Described[] = [
  {
    ...{ method: "POST", path: "/v1/exports" },
    describes: {
      ...{ operationId: "placeExport", tags: ["exports"], summary: "Pesan ekspor baris / Order a file of rows" },
      requestBody: body("Pesanan / the order.", "application/json", {
        type: "object",
        properties: {
          ...{ dataset: STRING, format: { type: "string", enum: ["csv", "jsonl", "parquet", "xlsx"] }, caseNumber: STRING },
          ...{ filter: { type: "object" }, columns: { type: "array", items: STRING }, note: STRING },
        },
        required: ["dataset", "format"],
      }),
      responses: { 202: exported },
    },
  },
  {
    ...{ method: "GET", path: "/v1/exports" },
    describes: {
      ...{ operationId: "listExports", tags: ["exports"], summary: "Ekspor saya / The asker's exports" },
      responses: { 200: exported },
    },
  },
  {
    ...{ method: "GET", path: "/v1/exports/{id}" },
    describes: {
      ...{ operationId: "readExport", tags: ["exports"], summary: "Keadaan ekspor / How far an export is" },
      parameters: [job],
      responses: { 200: exported },
    },
  },
  {
    ...{ method: "DELETE", path: "/v1/exports/{id}" },
    describes: {
      ...{ operationId: "cancelExport", tags: ["exports"], summary: "Lepaskan ekspor / Let go of an export" },
      parameters: [job],
      responses: { 204: told("Dilepas / let go.") },
    },
  },
  {
    ...{ method: "GET", path: "/v1/exports/{id}/file" },
    describes: {
      ...{ operationId: "fetchExport", tags: ["exports"], summary: "Unduh ekspor / The file of an export" },
      parameters: [job],
      responses: { 200: file, 409: told("Tidak lagi boleh / no longer may be given out.", "application/json") },
    },
  },
];
