import { createPublicKey, type KeyObject, verify } from "node:crypto";
import { publicKeyOf, type Signer, signerOf } from "../../../../schema/policy/keys.ts";
import type { JsonObject } from "../types.ts";
import { digestOf } from "./canonical.ts";

/** Use of the key that messages of the standard are signed with. */
const DCI_KEY = "dci";
/** How long a signature of ours is good, and the longest of others that is believed. */
const GOOD_S = 10 * 60;
const LONGEST_S = 60 * 60;
/** Clocks differ. */
const SKEW_S = 60;
/** Words by which suites and sandboxes say that a message is not signed. */
const UNSIGNED: readonly unknown[] = [undefined, null, "", "unsigned-stub"];

interface Signed {
  readonly header: JsonObject;
  readonly message: JsonObject;
}

/** Signs messages in the name of the hub. */
export interface MessageSigner {
  sign(message: Signed, at: Date): string;
  /** Its public half as a key of a JWK set. */
  readonly jwk: Readonly<Record<string, string>>;
}

/** The signer of a secret: Ed25519, in the form of the standard's example. */
export function messageSigner(secret: string, sender: string): MessageSigner {
  const signer: Signer = signerOf(secret, DCI_KEY);
  const { x } = publicKeyOf(signer.publicKey).export({ format: "jwk" }) as { readonly x: string };
  return {
    jwk: { kty: "OKP", crv: "Ed25519", x, kid: signer.keyId, use: "sig", alg: "EdDSA" },
    sign({ header, message }, at) {
      const created = String(Math.floor(at.getTime() / 1000));
      const expires = String(Number(created) + GOOD_S);
      const text = signingText({ created, expires }, digestOf(header, message));
      const signature = Buffer.from(signer.sign(text), "base64url").toString("base64");
      return `Signature: namespace="spdci", kidId="${sender}|${signer.keyId}|ed25519", algorithm="ed25519", created="${created}", expires="${expires}", headers="${COVERED}", signature="${signature}"`;
    },
  };
}

const COVERED = "(created) (expires) digest";
const signingText = ({ created, expires }: Readonly<Record<"created" | "expires", string>>, digest: string): string =>
  `(created): ${created}\n(expires): ${expires}\ndigest: ${digest}`;

/** A message that carries no signature at all, or says so. */
export const isUnsigned = (signature: unknown): boolean => UNSIGNED.includes(signature);

/** A sender's public key out of a JWK. Throws when it is no Ed25519 key. */
export function senderKeyOf(jwk: Readonly<Record<string, unknown>>): KeyObject {
  const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: jwk["x"] } as never, format: "jwk" });
  if (jwk["kty"] !== "OKP" || jwk["crv"] !== "Ed25519") throw new Error("no Ed25519 key");
  return key;
}

interface Signatory {
  readonly sender: string;
  readonly key: KeyObject;
  readonly keyId: string | null;
}

/** Whether `signature` is the sender's over this message, and good now. False for whatever is malformed. */
export function isGood(
  signature: unknown,
  signed: Signed,
  { sender, key, keyId, now }: Signatory & { readonly now: Date },
): boolean {
  const part = typeof signature === "string" && signature.length <= 2000 ? partsOf(signature) : {};
  const { created = "", expires = "" } = part;
  if (!isOf(part["kidId"] ?? part["keyId"], sender, keyId) || !isTimely({ created, expires }, now)) return false;
  if (part["algorithm"] !== "ed25519" || part["headers"] !== COVERED) return false;
  const text = signingText({ created, expires }, digestOf(signed.header, signed.message));
  return verify(null, Buffer.from(text), key, Buffer.from(part["signature"] ?? "", "base64"));
}

/** A name twice is no signature: which of both was meant is not for us to say. */
function partsOf(signature: string): Readonly<Record<string, string>> {
  const found = [...signature.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = "", value = ""]) => [name, value] as const);
  return new Set(found.map(([name]) => name)).size === found.length ? Object.fromEntries(found) : {};
}

function isOf(kid: string | undefined, sender: string, keyId: string | null): boolean {
  const [of, id, algorithm, ...more] = (kid ?? "").split("|");
  return of === sender && algorithm === "ed25519" && more.length === 0 && (keyId === null || id === keyId);
}

function isTimely({ created, expires }: Readonly<Record<"created" | "expires", string>>, now: Date): boolean {
  if (!/^\d{1,12}$/.test(created) || !/^\d{1,12}$/.test(expires)) return false;
  const [from, to, at] = [Number(created), Number(expires), now.getTime() / 1000];
  return from <= at + SKEW_S && at <= to && to - from <= LONGEST_S;
}
