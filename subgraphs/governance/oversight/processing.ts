import { newestSupergraph } from "../../../drizzle/policy/ground.ts";
import type { Text } from "../../../schema/errors.ts";
import { typeOf } from "../../../schema/policy/insight/words/names.ts";
import type { Catalogue } from "../../../schema/sdl/catalogue.ts";
import type { Asking } from "../../kit/serve/context.ts";
import { stewardAsking } from "../steward.ts";
import { csvOf } from "./csv.ts";
import { type ProcessedRow, processedAt } from "./data.ts";

/** One record: an agreement in force, and whose data it opens. */
export interface Processing extends ProcessedRow {
  /** Types of rows that are subjects. */
  readonly subjectTypes: readonly string[];
  /** It opens specific personal data, which an assessment must come before (UU 27/2022 art. 34). */
  readonly needsDpia: boolean;
}

export interface Register {
  readonly records: readonly Processing[];
}

/** Records of all agreements in force, for stewards. */
export const processing =
  ({ db, caller, now }: Asking) =>
  async (): Promise<Register> => {
    await stewardAsking(db, caller);
    const { hash, catalogue } = await newestSupergraph(db);
    const rows = await processedAt(db, now, hash);
    return { records: rows.map((row) => processingOf(row, catalogue)) };
  };

const processingOf = (row: ProcessedRow, { subjectTypes }: Catalogue): Processing => ({
  ...row,
  subjectTypes: [...new Set(row.coordinates.map(typeOf))].filter((type) => subjectTypes.has(type)),
  needsDpia: row.classes.some((one) => one.class === "SPECIFIC"),
});

/** What protects every exchange; the same for all agreements, for the hub does it. */
export const SECURITY_MEASURES: readonly Text[] = [
  {
    id: "Akses per elemen data menurut perjanjian yang ditandatangani setiap pengendali; tanpa pemberian akses tidak ada yang terbuka.",
    en: "Access by data element under agreements signed by every controller; what is not granted is closed.",
  },
  {
    id: "Pembatasan baris menurut wilayah dan program di basis data sendiri.",
    en: "Rows limited by region and program in the database itself.",
  },
  {
    id: "Penyamaran, nama samaran, dan agregat menurut kelas data.",
    en: "Masks, pseudonyms and aggregates by class of data.",
  },
  {
    id: "Catatan akses yang tidak dapat diubah, dengan pohon hash yang ditandatangani; tanpa catatan tidak ada jawaban.",
    en: "An access record nobody can change, under a signed hash tree; without a record there is no answer.",
  },
  {
    id: "Kuota orang per hari, pengawasan otomatis, dan prinsip empat mata untuk keadaan darurat.",
    en: "Daily quotas of persons, automatic watch, and two persons for emergencies.",
  },
];

const NAMES = [
  ...[
    "number",
    "title",
    "version",
    "controllers",
    "processor",
    "recipient",
    "purpose",
    "dataClasses",
    "coordinates",
    "subjectTypes",
  ],
  ...["retentionDays", "dpiaId", "needsDpia", "requestsOfYear"],
];

/** The register as one table. */
export const processingCsv = ({ records }: Register, processor: string): string =>
  csvOf(
    NAMES,
    records.map((row) => [
      ...[row.number, row.title, row.version, row.controllers.join(" "), processor, row.consumerAgency, row.purposeCode],
      row.classes.map((one) => `${one.class}:${one.coordinates}`).join(" "),
      ...[row.coordinates.length, row.subjectTypes.join(" "), row.retentionDays, row.dpiaId, row.needsDpia, row.requestsOfYear],
    ]),
  );
