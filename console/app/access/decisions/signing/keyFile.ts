import type { HeldKey } from "./keyStore.ts";

const ED25519 = { name: "Ed25519" };
/** DER head of an Ed25519 public key, whose 32 bytes follow (RFC 8410 §4). */
const SPKI_HEAD = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
const KEY_ID_LENGTH = 16;

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));

/** The key of a PKCS #8 PEM file, no longer extractable. Rejects on anything but an Ed25519 private key. */
export async function keyOfPem(pem: string, steward: string): Promise<HeldKey> {
  const body = /-----BEGIN PRIVATE KEY-----([\s\S]+)-----END PRIVATE KEY-----/.exec(pem)?.[1]?.replace(/\s+/g, "");
  if (body === undefined) throw new Error("no PKCS #8 private key (-----BEGIN PRIVATE KEY-----)");
  const der = bytesOf(body);
  const open = await crypto.subtle.importKey("pkcs8", der, ED25519, true, ["sign"]);
  const { x = "" } = await crypto.subtle.exportKey("jwk", open); // the one way from a private key to its public one
  const key = await crypto.subtle.importKey("pkcs8", der, ED25519, false, ["sign"]);
  return held(key, bytesOf(x), steward);
}

/** A new key that never leaves this browser. */
export async function newKey(steward: string): Promise<HeldKey> {
  const pair = (await crypto.subtle.generateKey(ED25519, false, ["sign", "verify"])) as CryptoKeyPair;
  return held(pair.privateKey, new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)), steward);
}

async function held(key: CryptoKey, point: Uint8Array, steward: string): Promise<HeldKey> {
  const spki = Uint8Array.from([...SPKI_HEAD, ...point]);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", spki));
  return { keyId: base64url(digest).slice(0, KEY_ID_LENGTH), steward, publicKey: base64url(spki), key };
}

/** Ed25519 over the text, base64url. */
export async function signWith({ key }: HeldKey, text: string): Promise<string> {
  return base64url(new Uint8Array(await crypto.subtle.sign(ED25519, key, new TextEncoder().encode(text))));
}
