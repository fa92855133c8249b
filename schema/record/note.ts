import { createPublicKey, hash } from "node:crypto";
import { isSignedBy, type Signer } from "../policy/keys.ts";

// Signed notes (C2SP signed-note) with Ed25519 signatures of two types: plain, and cosignatures of witnesses (C2SP tlog-cosignature).

const TYPES = { ED25519: 1, COSIGNATURE: 4 } as const;
export type NoteKeyType = keyof typeof TYPES;

/** Who may sign notes. */
export interface NoteKey {
  readonly name: string;
  readonly type: NoteKeyType;
  /** Four bytes, hex. */
  readonly id: string;
  /** SubjectPublicKeyInfo, DER as base64url. */
  readonly publicKey: string;
}

const KEY_BYTES = 32;
const ID_BYTES = 4;
const TIME_BYTES = 8;
const NAME = /^[^\s+\p{Cc}]+$/u;

const rawOf = (spki: string): Buffer => Buffer.from(spki, "base64url").subarray(-KEY_BYTES);
const idOfKey = (name: string, body: Uint8Array): string =>
  hash("sha256", Buffer.concat([Buffer.from(`${name}\n`), body]), "buffer").toString("hex", 0, ID_BYTES);
const bodyOfKey = (type: NoteKeyType, raw: Uint8Array): Buffer => Buffer.concat([Buffer.of(TYPES[type]), raw]);

/** The key of a signer under a name. Throws when the name cannot stand in a note. */
export function noteKey(signer: Pick<Signer, "publicKey">, name: string, type: NoteKeyType): NoteKey {
  if (!NAME.test(name)) throw new Error(`"${name}" cannot name a key: it must have no space and no plus`);
  return { name, type, id: idOfKey(name, bodyOfKey(type, rawOf(signer.publicKey))), publicKey: signer.publicKey };
}

/** A key as verifiers share it: `<name>+<id>+<base64 of type and key>`. */
export const vkeyOf = ({ name, type, id, publicKey }: NoteKey): string =>
  `${name}+${id}+${bodyOfKey(type, rawOf(publicKey)).toString("base64")}`;

/** The opposite of vkeyOf. Throws when it is none, or of a kind that is not known here. */
export function readVkey(vkey: string): NoteKey {
  const [, name = "", id = "", text = ""] = /^([^+]+)\+([\da-f]{8})\+(\S+)$/.exec(vkey) ?? [];
  const body = Buffer.from(text, "base64");
  const type = (Object.keys(TYPES) as NoteKeyType[]).find((known) => TYPES[known] === body[0]);
  if (!NAME.test(name) || type === undefined || body.length !== 1 + KEY_BYTES || idOfKey(name, body) !== id)
    throw new Error(`"${vkey}" is no verifier key of an Ed25519 key`);
  const jwk = { kty: "OKP", crv: "Ed25519", x: body.subarray(1).toString("base64url") };
  const publicKey = createPublicKey({ key: jwk, format: "jwk" }).export({ format: "der", type: "spki" }).toString("base64url");
  return { name, type, id, publicKey };
}

/** One signature of a note, by whomever. */
export interface Signature {
  readonly name: string;
  readonly id: string;
  readonly bytes: Buffer;
  /** As it stands in the note, without its line end. */
  readonly line: string;
}

export interface Note {
  /** With its last line end: what was signed. */
  readonly text: string;
  readonly signatures: readonly Signature[];
}

/** Most signatures of one note that are read. */
const MOST_SIGNATURES = 100;

/** Reads a note; nothing of it is verified. Throws when it is none. */
export function parseNote(note: string): Note {
  const end = note.lastIndexOf("\n\n");
  const lines = note.slice(end + 2).split("\n");
  const isEnded = end >= 0 && lines.pop() === "";
  if (!isEnded || lines.length === 0 || lines.length > MOST_SIGNATURES || NOT_TEXT.test(note))
    throw new Error("not a signed note: text, an empty line and signatures, each line ended");
  return { text: note.slice(0, end + 1), signatures: lines.map(readSignature) };
}

/** Control characters but the line end, and what stands for bytes that were no text. */
const NOT_TEXT = /(?!\n)[\p{Cc}\ufffd]/u;

/** Reads a signature line. Throws when it is none. */
export function readSignature(line: string): Signature {
  const [, name = "", text = ""] = /^— (\S+) (\S+)$/.exec(line) ?? [];
  const bytes = Buffer.from(text, "base64");
  if (!NAME.test(name) || bytes.length <= ID_BYTES || bytes.toString("base64") !== text)
    throw new Error("not a signature line of a note");
  return { name, id: bytes.toString("hex", 0, ID_BYTES), bytes: bytes.subarray(ID_BYTES), line };
}

/** Signature line of the text, without its line end. `at`: instant of a cosignature. */
export function signLine(text: string, { signer, key, at }: { signer: Signer; key: NoteKey; at: Date }): string {
  const time = BigInt(Math.floor(at.getTime() / 1000));
  const head = Buffer.alloc(key.type === "COSIGNATURE" ? TIME_BYTES : 0);
  if (key.type === "COSIGNATURE") head.writeBigUInt64BE(time);
  const signature = Buffer.from(signer.sign(signedText(text, key.type, time)), "base64url");
  return `— ${key.name} ${Buffer.concat([Buffer.from(key.id, "hex"), head, signature]).toString("base64")}`;
}

/**
 * Whether a note carries this key's signature: null when it carries none. Of several of the same key every one must be right, so `false` is
 * a reason to throw the note away.
 */
export function isSignedNote({ text, signatures }: Note, key: NoteKey): boolean | null {
  const mine = signatures.filter(({ name, id }) => name === key.name && id === key.id);
  return mine.length === 0 ? null : mine.every(({ bytes }) => isRight(text, bytes, key));
}

function isRight(text: string, bytes: Buffer, { type, publicKey }: NoteKey): boolean {
  const head = type === "COSIGNATURE" ? TIME_BYTES : 0;
  if (bytes.length <= head) return false;
  const time = head === 0 ? 0n : bytes.readBigUInt64BE();
  return isSignedBy(publicKey, signedText(text, type, time), bytes.subarray(head).toString("base64url"));
}

const signedText = (text: string, type: NoteKeyType, time: bigint): string =>
  type === "COSIGNATURE" ? `cosignature/v1\ntime ${time}\n${text}` : text;
