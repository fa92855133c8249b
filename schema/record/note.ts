import { createPublicKey, hash } from "node:crypto";
import { isSignedBy, type Signer } from "../policy/keys.ts";
import {
  cosignedText,
  isKeyName,
  keyText,
  type NoteKeyType,
  readKeyText,
  readNote,
  readSignatureLine,
  signedBy,
  typeByte,
} from "./noteText.ts";

// Signed notes with Ed25519 signatures of two types: plain, and cosignatures of witnesses (C2SP tlog-cosignature).

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

const rawOf = (spki: string): Buffer => Buffer.from(spki, "base64url").subarray(-KEY_BYTES);
const idOfKey = (text: Uint8Array): string => hash("sha256", text, "buffer").toString("hex", 0, ID_BYTES);

/** The key of a signer under a name. Throws when the name cannot stand in a note. */
export function noteKey(signer: Pick<Signer, "publicKey">, name: string, type: NoteKeyType): NoteKey {
  if (!isKeyName(name)) throw new Error(`"${name}" cannot name a key: it must have no space and no plus`);
  return { name, type, id: idOfKey(keyText(name, type, rawOf(signer.publicKey))), publicKey: signer.publicKey };
}

/** A key as verifiers share it: `<name>+<id>+<base64 of type and key>`. */
export const vkeyOf = ({ name, type, id, publicKey }: NoteKey): string =>
  `${name}+${id}+${Buffer.concat([Buffer.of(typeByte(type)), rawOf(publicKey)]).toString("base64")}`;

/** The opposite of vkeyOf. Throws when it is none, or of a kind that is not known here. */
export function readVkey(vkey: string): NoteKey {
  const { name, id, type, raw, keyText: text } = readKeyText(vkey);
  if (idOfKey(text) !== id) throw new Error(`"${vkey}" is no verifier key of an Ed25519 key`);
  const jwk = { kty: "OKP", crv: "Ed25519", x: Buffer.from(raw).toString("base64url") };
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

/** Reads a note; nothing of it is verified. Throws when it is none. */
export function parseNote(note: string): Note {
  const { text, signatures } = readNote(note);
  return { text, signatures: signatures.map((one) => ({ ...one, bytes: Buffer.from(one.bytes) })) };
}

/** Reads a signature line. Throws when it is none. */
export function readSignature(line: string): Signature {
  const read = readSignatureLine(line);
  return { ...read, bytes: Buffer.from(read.bytes) };
}

/** Signature line of the text, without its line end. `at`: instant of a cosignature. */
export function signLine(text: string, { signer, key, at }: { signer: Signer; key: NoteKey; at: Date }): string {
  const time = BigInt(Math.floor(at.getTime() / 1000));
  const isCosignature = key.type === "COSIGNATURE";
  const head = Buffer.alloc(isCosignature ? TIME_BYTES : 0);
  if (isCosignature) head.writeBigUInt64BE(time);
  const signature = Buffer.from(signer.sign(isCosignature ? cosignedText(text, time) : text), "base64url");
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
  const signed = signedBy(text, type, bytes);
  return signed !== null && isSignedBy(publicKey, signed.text, Buffer.from(signed.signature).toString("base64url"));
}
