import type { Text } from "../errors.ts";
import type { DataClass } from "../policy/words.ts";

/** Tipe data. */
export const DATA_TYPES = [
  ...["TEXT", "INTEGER", "DECIMAL", "RUPIAH", "BOOLEAN", "DATE", "INSTANT"],
  ...["IDENTIFIER", "REGION_CODE", "CODE", "OBJECT"],
] as const;
export type DataType = (typeof DATA_TYPES)[number];

/** How often what is told is brought up to date. */
export const FREQUENCIES = ["CONTINUOUS", "DAILY", "WEEKLY", "MONTHLY", "QUARTERLY", "YEARLY", "IRREGULAR"] as const;
export type Frequency = (typeof FREQUENCIES)[number];

/** Produsen data. */
export interface Producer {
  readonly code: string;
  readonly name: Text;
}

/** Indonesian is null where nobody has written it yet. */
export interface Definition {
  readonly id: string | null;
  readonly en: string;
}

/** What a type and each of its fields say of themselves alike. */
export interface Described {
  /** Konsep: the official Indonesian term. */
  readonly concept: string;
  readonly definition: Definition;
  readonly producer: Producer;
  /** Walidata: the unit that keeps and publishes the producer's data. */
  readonly keeper: Text;
  readonly legalBasis: string;
  readonly frequency: Frequency;
  /** Retensi. */
  readonly retention: Text;
  /** Referensi waktu: what instant or period a value is of. */
  readonly timeReference: Text;
  /** Since when these metadata hold, `YYYY-MM-DD`. */
  readonly validFrom: string;
}

export interface FieldMetadata extends Described {
  readonly coordinate: string;
  readonly name: string;
  /** Klasifikasi: of several classes the strictest. */
  readonly class: DataClass;
  readonly topic: string | null;
  /** Whoever may ask the hub at all is told it. */
  readonly isOpen: boolean;
  readonly dataType: DataType;
  /** As the schema writes it: `[Member!]`. */
  readonly type: string;
  readonly isList: boolean;
  readonly isRequired: boolean;
  /** Ukuran and satuan: null where nothing is measured. */
  readonly measure: Text | null;
  readonly unit: Text | null;
  /** Aturan validasi; null where any text will do. */
  readonly rule: Text | null;
  /** Kode referensi: name of a code list. */
  readonly codeList: string | null;
}

export interface TypeMetadata extends Described {
  readonly name: string;
  /** Of its fields, each once. */
  readonly classes: readonly DataClass[];
  readonly fields: readonly FieldMetadata[];
}

export interface CodeValue {
  readonly code: string;
  readonly label: Text;
  readonly definition: string;
}

/** Kode referensi. */
export interface CodeList {
  readonly name: string;
  readonly concept: string;
  readonly definition: string;
  readonly publisher: string;
  readonly legalBasis: string | null;
  /** Empty where they are too many to stand here: `definition` says where they do. */
  readonly values: readonly CodeValue[];
}

export interface IndicatorDimension {
  readonly name: string;
  readonly label: Text;
  readonly values: readonly { readonly code: string; readonly label: Text }[];
}

/** A cube of released figures, in the words of the metadata of indicators. */
export interface IndicatorMetadata extends Described {
  readonly code: string;
  /** Interpretasi: what was done to the figures, and so how they may be read. */
  readonly interpretation: Text;
  readonly measure: Text;
  readonly unit: Text;
  readonly dimensions: readonly IndicatorDimension[];
  /** Level estimasi: the smallest regions there are figures of. */
  readonly level: string;
  /** Indikator pembangun: the cube it is read off; null: it is counted from rows. */
  readonly builtFrom: string | null;
  readonly isOpen: boolean;
}

export interface Metadata {
  readonly types: readonly TypeMetadata[];
  readonly codeLists: readonly CodeList[];
  readonly indicators: readonly IndicatorMetadata[];
}
