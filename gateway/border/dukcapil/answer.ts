import type { ClaimRead } from "./request.ts";

/** What the hub tells of a claim, as far as the agreement opens it. */
export interface Verification {
  readonly status: string | null;
  readonly elements: readonly ElementTold[] | null;
}

interface ElementTold {
  readonly element: string | null;
  readonly result: string | null;
  readonly similarity?: number | null;
}

/** One row of `content`, by parameter. */
type Row = Readonly<Record<string, string>>;

/** Outcomes that this service tells in place of elements, by its own numbers. */
const OUTCOMES: Readonly<Record<string, readonly [code: string, words: string]>> = {
  DECEASED: ["11", "Data Ditemukan, Meninggal Dunia"],
  DUPLICATE: ["12", "Data Ditemukan, Data Ganda"],
  NOT_FOUND: ["13", "Data Not Found"],
  INACTIVE: ["14", "Data Ditemukan, Data Inactive"],
};
/** The NIK is none. */
export const NO_NIK = responseRow("15", "NIK tidak sesuai format");

/** Clients look for the words in one of three places. */
export function responseRow(code: string, words: string): Row {
  return { RESPONSE_CODE: code, RESPON: words, RESPONSE: words, RESPONSE_DESC: words };
}

/** A row in the frame that this service has around its rows. How much of a quota is left is nobody's to know. */
export const framed = (row: Row): object => ({
  ...{ content: [row], lastPage: true, numberOfElements: 1, sort: null, totalElements: 1 },
  ...{ firstPage: true, number: 0, size: 1, quotaLimiter: null },
});

/** The row of a verification; of what was not compared nothing stands in it. Null: nothing of it may be told. Pure. */
export function rowOf({ status, elements }: Verification, { tested }: Pick<ClaimRead, "tested">): Row | null {
  const outcome = OUTCOMES[status ?? ""];
  if (outcome) return responseRow(...outcome);
  const entries = (elements ?? []).flatMap((told) => {
    const names = tested.get(told.element ?? "") ?? [];
    const words = wordsOf(told);
    return words === null ? [] : namedBy(told, names).map((name) => [name, words] as const);
  });
  return entries.length > 0 ? Object.fromEntries(entries) : null;
}

/** Of a village that differs it is not known where: the province may be right. Only the deepest is said to differ. */
const namedBy = ({ element, result }: ElementTold, names: readonly string[]): readonly string[] =>
  element === "REGION" && result === "NO_MATCH" ? names.slice(-1) : names;

function wordsOf({ result, similarity = null }: ElementTold): string | null {
  if (result !== "MATCH" && result !== "NO_MATCH") return null;
  const words = result === "MATCH" ? "Sesuai" : "Tidak Sesuai";
  return similarity === null ? words : `${words} (${similarity})`;
}
