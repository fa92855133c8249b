import { type Opened, openRegister, RESERVE, type Register } from "../../../../subgraphs/population/matching/linkage/linkage.ts";
import { attachLexica, functionsOf } from "../../../../subgraphs/population/matching/linkage/prepared.ts";

/** Room for words the register does not know: one view learns from a sample and forgets nothing, the others forget batch by batch. */
const LEARNER_ROOM = 8;
const LEARNER = { entries: LEARNER_ROOM * RESERVE.entries, codes: LEARNER_ROOM * RESERVE.codes, place: 1 };
/** Views `buildRegister` is asked to leave room for. */
export const VIEWS = 2 * LEARNER_ROOM - 1;
/** New words of one row at most. */
const WORDS_A_ROW = 16;

/** A view of the register with room for the words of a whole sample. */
export function openForLearning(register: Register): Opened {
  const opened = openRegister(register, 0);
  const lexica = attachLexica(opened.frame, register.lexica, LEARNER);
  return { ...opened, lexica, functions: functionsOf(opened.frame, lexica) };
}

export const hasRoom = ({ lexica }: Opened): boolean => [...lexica.values()].every(({ room }) => room > WORDS_A_ROW);

/** Bytes of memory that threads share, each buffer once. */
export function bytesOf(value: unknown, seen = new Set<unknown>()): number {
  if (typeof value !== "object" || value === null || seen.has(value)) return 0;
  seen.add(value);
  if (!ArrayBuffer.isView(value)) return Object.values(value).reduce((sum: number, part) => sum + bytesOf(part, seen), 0);
  if (seen.has(value.buffer)) return 0;
  seen.add(value.buffer);
  return value.buffer.byteLength;
}
