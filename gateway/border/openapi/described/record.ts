import { type Described, inPath, inQuery, told } from "../parts.ts";

const json = (description: string) => told(description, "application/json");
const ISO = { type: "string", format: "date-time" };
const record = ["record"];

/** Addresses about the record (docs/record.md). */
export const RECORD: readonly Described[] = [
  {
    ...{ method: "GET", path: "/receipts/{id}" },
    describes: {
      ...{ operationId: "receipt", tags: record, summary: "Tanda terima / What is on record under a receipt" },
      parameters: [inPath("id", "ID tanda terima / id of the receipt.")],
      responses: { 200: json("Entri / the entry.") },
    },
  },
  {
    ...{ method: "GET", path: "/me/copy" },
    describes: {
      ...{ operationId: "copy", tags: record, summary: "Salinan data pribadi / A person's data as a file (UU 27/2022 Ps. 7)" },
      parameters: [
        inQuery("representing", "ID orang yang diwakili / id of whom the asker represents."),
        inQuery("accessesAfter", "Kursor akses / cursor of the accesses."),
      ],
      responses: { 200: json("Salinan / the copy.") },
    },
  },
  {
    ...{ method: "GET", path: "/report/{period}.csv" },
    describes: {
      ...{ operationId: "report", tags: record, summary: "Laporan akuntabilitas / The accountability report as a table" },
      parameters: [
        inPath("period", "2026 atau 2026-11 / a year or a month.", {
          type: "string",
          pattern: "^\\d{4}(?:-(?:0[1-9]|1[0-2]))?$",
        }),
      ],
      responses: { 200: told("Tabel / the table.", "text/csv") },
    },
  },
  {
    ...{ method: "GET", path: "/data-tracker/heartbeat" },
    describes: {
      ...{ operationId: "trackerHeartbeat", tags: record, summary: "Denyut pelacak / Whether the tracker answers" },
      responses: { 200: json("Status.") },
    },
  },
  {
    ...{ method: "GET", path: "/data-tracker/usagePeriod" },
    describes: {
      ...{ operationId: "trackerUsagePeriod", tags: record, summary: "Masa pencatatan / Since when accesses are on record" },
      responses: { 200: json("Masa / the period.") },
    },
  },
  {
    ...{ method: "GET", path: "/data-tracker/findUsage" },
    describes: {
      ...{ operationId: "trackerFindUsage", tags: record, summary: "Pemakaian data saya / Who used the signed-in person's data" },
      parameters: [
        inQuery("userCode", "ID orang yang diwakili / id of whom the asker represents."),
        inQuery("periodStart", "Sejak / from.", ISO),
        inQuery("periodEnd", "Sampai / until.", ISO),
        inQuery("limit", "Jumlah / how many.", { type: "integer" }),
        inQuery("offset", "Mulai / from which.", { type: "integer" }),
      ],
      responses: { 200: json("Pemakaian / the usages.") },
    },
  },
];
