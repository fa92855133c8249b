// Signed notes (C2SP signed-note), checkpoints (C2SP tlog-checkpoint) and verifier keys as texts: what each line says. No signature is verified and no
// hash taken here, so that whoever verifies, a browser too, reads them the same way.

const TYPES = { ED25519: 1, COSIGNATURE: 4 } as const;
export type NoteKeyType = keyof typeof TYPES;

const KEY_BYTES = 32;
const ID_BYTES = 4;
const ROOT_BYTES = 32;
const TIME_BYTES = 8;
const NAME = /^[^\s+\p{Cc}]+$/u;
/** Most signatures of one note that are read. */
const MOST_SIGNATURES = 100;
/** Control characters but the line end, and what stands for bytes that were no text. */
const NOT_TEXT = /(?!\n)[\p{Cc}\ufffd]/u;

/** Whether it can stand in a note as the name of a key. */
export const isKeyName = (name: string): boolean => NAME.test(name);

/** Null: not base64, or not as it is written for these bytes. */
export function bytesOf(base64: string): Uint8Array | null {
  try {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    return btoa(String.fromCharCode(...bytes)) === base64 ? bytes : null;
  } catch {
    return null;
  }
}

export const hexOf = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export interface SignatureLine {
  readonly name: string;
  /** Four bytes, hex. */
  readonly id: string;
  /** Of a cosignature its instant first. */
  readonly bytes: Uint8Array;
  /** As it stands in the note, without its line end. */
  readonly line: string;
}

/** Text and signature lines of a note. Throws when it is none. */
export function readNote(note: string): { readonly text: string; readonly signatures: readonly SignatureLine[] } {
  const end = note.lastIndexOf("\n\n");
  const lines = note.slice(end + 2).split("\n");
  const isEnded = end >= 0 && lines.pop() === "";
  if (!isEnded || lines.length === 0 || lines.length > MOST_SIGNATURES || NOT_TEXT.test(note))
    throw new Error("not a signed note: text, an empty line and signatures, each line ended");
  return { text: note.slice(0, end + 1), signatures: lines.map(readSignatureLine) };
}

/** Throws when it is none. */
export function readSignatureLine(line: string): SignatureLine {
  const [, name = "", text = ""] = /^— (\S+) (\S+)$/.exec(line) ?? [];
  const bytes = bytesOf(text);
  if (!isKeyName(name) || bytes === null || bytes.length <= ID_BYTES) throw new Error("not a signature line of a note");
  return { name, id: hexOf(bytes.subarray(0, ID_BYTES)), bytes: bytes.subarray(ID_BYTES), line };
}

/** What a checkpoint's text says. Throws when it is none. */
export function readState(text: string): { readonly origin: string; readonly size: number; readonly root: Uint8Array } {
  const [origin = "", digits = "", base64 = "", ...more] = text.split("\n");
  const root = bytesOf(base64);
  const size = Number(digits);
  const isSound = /^(?:0|[1-9]\d*)$/.test(digits) && Number.isSafeInteger(size) && root?.length === ROOT_BYTES && more.length > 0;
  if (origin === "" || !isSound || root === null) throw new Error("not a checkpoint: origin, size and root of a log");
  return { origin, size, root };
}

/** A verifier key by its parts: `keyText` is what its id is the start of the SHA-256 of. Throws when it is none, or of a kind not known here. */
export function readKeyText(vkey: string) {
  const [, name = "", id = "", text = ""] = /^([^+]+)\+([\da-f]{8})\+(\S+)$/.exec(vkey) ?? [];
  const body = bytesOf(text);
  const type = (Object.keys(TYPES) as NoteKeyType[]).find((known) => TYPES[known] === body?.[0]);
  if (!isKeyName(name) || type === undefined || body?.length !== 1 + KEY_BYTES)
    throw new Error(`"${vkey}" is no verifier key of an Ed25519 key`);
  return { name, id, type, raw: body.subarray(1), keyText: keyText(name, type, body.subarray(1)) };
}

/** What the id of a key is the start of the SHA-256 of. */
export function keyText(name: string, type: NoteKeyType, raw: Uint8Array): Uint8Array {
  const head = new TextEncoder().encode(`${name}\n`);
  return Uint8Array.of(...head, TYPES[type], ...raw);
}

export const typeByte = (type: NoteKeyType): number => TYPES[type];

/** What a signature is over, and the signature itself; null: too short to be one. */
export function signedBy(
  text: string,
  type: NoteKeyType,
  bytes: Uint8Array,
): { readonly text: string; readonly signature: Uint8Array } | null {
  if (type === "ED25519") return { text, signature: bytes };
  if (bytes.length <= TIME_BYTES) return null;
  const time = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0);
  return { text: cosignedText(text, time), signature: bytes.subarray(TIME_BYTES) };
}

/** `time`: seconds since 1970. */
export const cosignedText = (text: string, time: bigint): string => `cosignature/v1\ntime ${time}\n${text}`;
