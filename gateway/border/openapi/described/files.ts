import { body, type Described, inPath, inQuery, told } from "../parts.ts";

const BYTES = { type: "string", format: "binary" };
const job = inPath("id", "ID pekerjaan / id of the job.");
const json = told("Keadaan / as it stands.", "application/json");
const csv = told("Tabel / the table.", "text/csv");
const [matching, evidence, events] = [["matching"], ["evidence"], ["events"]];
const sse = told("Peristiwa SSE / server-sent events.", "text/event-stream");

/** Files in and out, and streams (docs/life-of-a-request.md). */
export const FILES: readonly Described[] = [
  {
    ...{ method: "POST", path: "/matching/jobs" },
    describes: {
      ...{
        operationId: "startMatching",
        tags: matching,
        summary: "Mulai pemadanan / Match a file of people against the register",
      },
      parameters: [
        { ...inQuery("source", "Sumber / whose file it is."), required: true },
        inQuery("fileName", "Nama berkas / name of the file."),
        inQuery("mapping", "Kolom / which column is what."),
      ],
      requestBody: body("CSV.", "text/csv", BYTES),
      responses: { 201: told("ID pekerjaan / id of the job.", "application/json") },
    },
  },
  {
    ...{ method: "GET", path: "/matching/jobs/{id}" },
    describes: {
      ...{ operationId: "matchJob", tags: matching, summary: "Pekerjaan pemadanan / How far a matching job is" },
      parameters: [job],
      responses: { 200: json },
    },
  },
  {
    ...{ method: "DELETE", path: "/matching/jobs/{id}" },
    describes: {
      ...{ operationId: "cancelMatching", tags: matching, summary: "Batalkan pemadanan / Cancel a matching job" },
      parameters: [job],
      responses: { 200: json },
    },
  },
  ...(["results", "rejects"] as const).map(
    (table): Described => ({
      ...{ method: "GET", path: `/matching/jobs/{id}/${table}.csv` },
      describes: {
        operationId: table === "results" ? "matchResults" : "matchRejects",
        tags: matching,
        summary: table === "results" ? "Hasil pemadanan / Results of a job" : "Baris ditolak / Rows that could not be read",
        parameters: [job],
        responses: { 200: csv },
      },
    }),
  ),
  {
    ...{ method: "GET", path: "/matching/jobs/{id}/events" },
    describes: {
      ...{ operationId: "matchProgress", tags: matching, summary: "Kemajuan pemadanan / Progress of a job as it happens" },
      parameters: [job],
      responses: { 200: sse },
    },
  },
  {
    ...{ method: "PUT", path: "/evidence/{id}" },
    describes: {
      ...{ operationId: "bringEvidence", tags: evidence, summary: "Unggah bukti / Bring the bytes of evidence announced before" },
      parameters: [inPath("id", "ID bukti / id of the evidence.")],
      requestBody: body("Isi berkas / the file.", "application/octet-stream", BYTES),
      responses: { 201: told("Diterima / taken.", "application/json") },
    },
  },
  {
    ...{ method: "GET", path: "/evidence/{id}" },
    describes: {
      ...{ operationId: "evidence", tags: evidence, summary: "Unduh bukti / The bytes of evidence" },
      parameters: [inPath("id", "ID bukti / id of the evidence.")],
      responses: { 200: told("Isi berkas / the file.", "application/octet-stream", BYTES) },
    },
  },
  {
    ...{ method: "GET", path: "/events" },
    describes: {
      ...{ operationId: "followEvents", tags: events, summary: "Ikuti peristiwa / Follow the events of the aid programs" },
      parameters: [
        inQuery("after", "Posisi / the place of the last event seen.", { type: "string", pattern: "^\\d{1,18}$" }),
        inQuery("programs", "Kode program dengan koma / codes by commas."),
        inQuery("kinds", "Jenis dengan koma / kinds by commas."),
      ],
      responses: { 200: sse },
    },
  },
  {
    ...{ method: "GET", path: "/events/keys" },
    describes: {
      ...{ operationId: "eventKeys", tags: events, isPublic: true, summary: "Kunci webhook / Public keys of webhooks" },
      responses: { 200: told("Kunci / keys.", "application/json") },
    },
  },
];
