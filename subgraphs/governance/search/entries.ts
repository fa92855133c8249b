import type { Text } from "../../../schema/errors.ts";
import type { AgencyRow, PurposeRow } from "../data.ts";
import { type Body, bodyIn } from "../record/receipts.ts";
import type { EntryRow } from "./data.ts";

/** An entry of the record as a steward reads it. */
export interface Entry extends Body {
  readonly number: number;
  readonly receipt: string;
  readonly agency: string | null;
  readonly client: string | null;
  /** Null for whom it is not, as `case` and `text` are. */
  readonly officer: string | null;
  readonly case: string | null;
  readonly text: string | null;
  readonly operation: string | null;
  readonly disclosure: EntryRow["disclosure"];
  readonly leaf: string;
  readonly index: number | null;
}

type Told = Partial<Pick<Entry, "receipt" | "agency" | "client" | "officer" | "case">> & {
  readonly operation?: { readonly name?: string | null };
};

export function entryOf({ id, body, leaf, index, disclosure, isWhole }: EntryRow): Entry {
  const { receipt = "", agency = null, client = null, officer = null, operation, ...told } = JSON.parse(body) as Told;
  const whole = isWhole ? { officer, case: told.case ?? null, text: body } : { officer: null, case: null, text: null };
  return {
    ...bodyIn(body),
    ...{ number: id, receipt, agency, client, operation: operation?.name ?? null },
    ...{ ...whole, disclosure, leaf: leaf.toString("hex"), index },
  };
}

interface Named {
  readonly agency: AgencyRow | null;
  readonly purpose: PurposeRow | null;
}

/** An entry in plain words. */
export function sentenceOf({ status, shown, masked, subjects }: Entry, { agency, purpose }: Named): Text {
  const deed = DEEDS[status === "ANSWERED" ? "answered" : status === "INTENDED" ? "announced" : "refused"];
  const fields = shown.length + masked.length;
  const why = {
    id: purpose ? ` untuk tujuan ${purpose.name}` : "",
    en: purpose ? ` for the purpose ${purpose.code}` : "",
  };
  const whom = {
    id: subjects > 0 ? ` tentang ${subjects} subjek` : "",
    en: subjects > 0 ? ` about ${plural(subjects, "subject")}` : "",
  };
  return {
    id: `${agency?.name ?? "Sebuah klien"} ${deed.id} ${fields} kolom${whom.id}${why.id}.`,
    en: `${agency?.name ?? "A client"} ${deed.en} ${plural(fields, "field")}${whom.en}${why.en}.`,
  };
}

const DEEDS = {
  answered: { id: "melihat", en: "saw" },
  announced: { id: "mengumumkan akan meminta", en: "announced to ask for" },
  refused: { id: "meminta dan ditolak; terlihat", en: "asked and was refused; it saw" },
} as const satisfies Record<string, Text>;
const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? "" : "s"}`;
