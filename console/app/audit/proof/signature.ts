import { hexOf, readKeyText, readNote, signedBy } from "../../../../schema/record/noteText.ts";
import { sha256 } from "./merkle.ts";

export type Signed = "SIGNED" | "FORGED" | "UNSIGNED" | "UNKNOWN_KEY" | "UNSUPPORTED";

/**
 * Whether a note carries the signature of a verifier key (Ed25519 by WebCrypto). UNKNOWN_KEY: the key is none, or its id is not its own; UNSUPPORTED:
 * this browser cannot verify Ed25519. Of several signatures of the key every one must be right. Throws when the note is none.
 */
export async function signedNote(note: string, vkey: string): Promise<Signed> {
  const { text, signatures } = readNote(note);
  const key = await keyOf(vkey);
  if (key === null) return "UNKNOWN_KEY";
  const mine = signatures.filter(({ name, id }) => name === key.name && id === key.id);
  if (mine.length === 0) return "UNSIGNED";
  const imported = await crypto.subtle.importKey("raw", key.raw, "Ed25519", false, ["verify"]).catch(() => null);
  if (imported === null) return "UNSUPPORTED";
  for (const { bytes } of mine) {
    const signed = signedBy(text, key.type, bytes);
    if (signed === null) return "FORGED";
    const [signature, told] = [Uint8Array.from(signed.signature), new TextEncoder().encode(signed.text)];
    if (!(await crypto.subtle.verify("Ed25519", imported, signature, told))) return "FORGED";
  }
  return "SIGNED";
}

async function keyOf(vkey: string) {
  try {
    const { name, id, type, raw, keyText } = readKeyText(vkey.trim());
    const isItsOwn = hexOf(await sha256(keyText)).startsWith(id);
    return isItsOwn ? { name, id, type, raw: Uint8Array.from(raw) } : null;
  } catch {
    return null;
  }
}
