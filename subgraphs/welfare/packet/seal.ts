import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from "node:crypto";

// What travels without signal, both ways: encrypted to one X25519 key, signed by one Ed25519 key. The format is in docs/registry/packet.md.
// `<form>.<head>.<ephemeral>.<nonce>.<box>.<signature>`; all but the form base64url. The head is readable and names no person.

/** A packet on its way to a device, a return on its way to the hub, a draft that stays on the device. */
type Form = "dtks-packet-1" | "dtks-return-1" | "dtks-draft-1";

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
/** PKCS #8 and SubjectPublicKeyInfo heads of X25519; 32 raw bytes follow (RFC 8410 §7). */
const PRIVATE_HEAD = Buffer.from("302e020100300506032b656e04220420", "hex");
const PUBLIC_HEAD = Buffer.from("302a300506032b656e032100", "hex");

/** An X25519 key pair. `publicKey`: raw, base64url. */
export interface BoxKey {
  readonly publicKey: string;
  readonly privateKey: KeyObject;
}

/** The X25519 key of 32 secret bytes: the same bytes, the same key. */
export function boxKeyOf(seed: Uint8Array): BoxKey {
  if (seed.length !== KEY_BYTES) throw new Error(`an X25519 key has ${KEY_BYTES} bytes`);
  const privateKey = createPrivateKey({ key: Buffer.concat([PRIVATE_HEAD, seed]), format: "der", type: "pkcs8" });
  return { publicKey: rawOf(createPublicKey(privateKey)), privateKey };
}

const rawOf = (key: KeyObject): string =>
  key.export({ format: "der", type: "spki" }).subarray(PUBLIC_HEAD.length).toString("base64url");

const publicOf = (raw: string): KeyObject =>
  createPublicKey({ key: Buffer.concat([PUBLIC_HEAD, Buffer.from(raw, "base64url")]), format: "der", type: "spki" });

interface Sealing {
  /** Raw X25519 public key of whoever shall open it, base64url. */
  readonly to: string;
  /** Ed25519 over a text, base64url. */
  readonly sign: (text: string) => string;
}

/** Seals a content to one key and signs the whole. Throws when `to` is no point of the curve's large subgroup. */
export function seal(form: Form, { head, content }: { head: object; content: object }, { to, sign }: Sealing): string {
  const { privateKey, publicKey } = generateKeyPairSync("x25519");
  const ephemeral = rawOf(publicKey);
  const prefix = `${form}.${Buffer.from(JSON.stringify(head)).toString("base64url")}.${ephemeral}`;
  const nonce = randomBytes(NONCE_BYTES);
  const key = sharedKey({ own: privateKey, other: to, salt: [ephemeral, to] });
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(prefix));
  const box = Buffer.concat([cipher.update(JSON.stringify(content)), cipher.final(), cipher.getAuthTag()]);
  const text = `${prefix}.${nonce.toString("base64url")}.${box.toString("base64url")}`;
  return `${text}.${sign(text)}`;
}

/** The readable head of a sealed text; null when it is no text of this form. Believe nothing of it before it is opened. */
export function headOf<Head>(form: Form, text: string): Head | null {
  const [found, head = "", ...rest] = text.trim().split(".");
  if (found !== form || rest.length !== 4) return null;
  try {
    const value: unknown = JSON.parse(Buffer.from(head, "base64url").toString());
    return typeof value === "object" && value !== null ? (value as Head) : null;
  } catch {
    return null;
  }
}

interface Opening {
  readonly key: BoxKey;
  /** Whether a signature is that of whoever must have signed. */
  readonly isSigned: (text: string, signature: string) => boolean;
}

/** What a sealed text holds; null unless it is of this form, signed by whom it must be, sealed to this key, and untouched. */
export function unseal<Content>(form: Form, sealed: string, { key, isSigned }: Opening): Content | null {
  const text = sealed.trim();
  const [found, head = "", ephemeral = "", nonce = "", box = "", signature = "", ...rest] = text.split(".");
  if (found !== form || rest.length > 0 || !isSigned(text.slice(0, text.lastIndexOf(".")), signature)) return null;
  try {
    const shared = sharedKey({ own: key.privateKey, other: ephemeral, salt: [ephemeral, key.publicKey] });
    const bytes = Buffer.from(box, "base64url");
    const decipher = createDecipheriv("aes-256-gcm", shared, Buffer.from(nonce, "base64url"), { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(`${form}.${head}.${ephemeral}`))
      .setAuthTag(bytes.subarray(-TAG_BYTES));
    return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString()) as Content;
  } catch {
    return null;
  }
}

/** HKDF-SHA-256 of the X25519 secret; both public keys are the salt. A point of small order throws in diffieHellman. */
function sharedKey({ own, other, salt }: { own: KeyObject; other: string; salt: readonly string[] }): Buffer {
  const secret = diffieHellman({ privateKey: own, publicKey: publicOf(other) });
  const salted = Buffer.concat(salt.map((part) => Buffer.from(part, "base64url")));
  return Buffer.from(hkdfSync("sha256", secret, salted, "dtks-hub packet v1", KEY_BYTES));
}
