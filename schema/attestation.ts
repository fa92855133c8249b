import { isSignedBy, type Signer, signerOf } from "./policy/keys.ts";

// What one controller says to another about a row both know by an opaque id: signed by the slice that owns the fact, carried by whoever may ask
// for it, believed by the slice that acts on it. No slice reads another's tables.

/** Slices that attest, each with a key of its own. */
export const ATTESTING = ["population", "welfare", "programs"] as const;
export type Attesting = (typeof ATTESTING)[number];

/** One attested fact: of what kind, about which row, as of which instant, and what it says. */
export interface Attested<Says = unknown> {
  readonly by: Attesting;
  /** Such as `VALIDATION` or `DEATH`: the reader asks for the kinds it knows. */
  readonly kind: string;
  /** Opaque id of the row it is about. */
  readonly about: string;
  /** Instant it was attested, RFC 3339 in UTC. */
  readonly at: string;
  readonly says: Says;
}

/** Public keys (SubjectPublicKeyInfo, base64url) of the slices that attest. */
export type AttestationKeys = Readonly<Partial<Record<Attesting, string>>>;

/** The key a slice attests with, out of its secret. */
export const attestationSigner = (secret: string): Signer => signerOf(secret, "attestation");
/** The secret everybody knows; refused outside HUB_ENV=dev. */
export const devAttestationSecret = (slice: string): string => `dtks-hub development attestation key of ${slice}`;

/** `<payload>.<signature>`, both base64url. No name, NIK or address belongs into it: it travels through other hands. */
export function attest(signer: Pick<Signer, "sign">, fact: Attested): string {
  const payload = Buffer.from(JSON.stringify({ v: 1, ...fact })).toString("base64url");
  return `${payload}.${signer.sign(payload)}`;
}

/** What an attestation says; null unless it is of the slice and kind asked for, well-formed, and signed by that slice. */
export function readAttestation<Says>(
  text: string,
  { by, kind, keys }: { readonly by: Attesting; readonly kind: string; readonly keys: AttestationKeys },
): Attested<Says> | null {
  const [payload = "", signature = "", ...rest] = text.split(".");
  const key = keys[by];
  if (key === undefined || rest.length > 0 || !isSignedBy(key, payload, signature)) return null;
  const read = factIn<Says>(payload);
  if (read === null) return null;
  const { v, ...fact } = read;
  return v === 1 && fact.by === by && fact.kind === kind ? fact : null;
}

type Written<Says> = Attested<Says> & { readonly v: number };

/** What a payload holds; null: no fact. A slice's key signs other texts, too. */
function factIn<Says>(payload: string): Written<Says> | null {
  try {
    const fact = JSON.parse(Buffer.from(payload, "base64url").toString()) as Written<Says> | null;
    const isFact = typeof fact?.about === "string" && typeof fact.at === "string" && "says" in fact;
    return isFact ? fact : null;
  } catch {
    return null;
  }
}
