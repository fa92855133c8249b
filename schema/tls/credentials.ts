import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import type { Env } from "../settings.ts";

/** Where somebody keeps who they are and whom they believe. */
export interface TlsFiles {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** What the files hold: PEM. */
export type TlsTexts = TlsFiles;

/** Somebody's certificate and key, fit to be used, and the authorities they believe. */
export interface Credentials extends TlsTexts {
  /** When the certificate ends, as milliseconds. */
  readonly endsAt: number;
}

/** Settings of gateway and subgraphs alike. */
export const TLS_SETTINGS = {
  HUB_TLS_CA_FILE: {
    about: "file of the authorities whose certificates count between gateway and subgraphs, PEM; both while one takes over",
    or: "",
  },
  HUB_TLS_CERT_FILE: { about: "file of its own certificate, PEM; renewed in place", or: "" },
  HUB_TLS_KEY_FILE: { about: "file of the certificate's key, PEM, without passphrase", or: "" },
  HUB_TLS_BY_MESH: {
    about: "`true`: a service mesh does TLS between gateway and subgraphs, plain http may leave the machine",
    or: "false",
  },
} as const;

const NAMES = { ca: "HUB_TLS_CA_FILE", cert: "HUB_TLS_CERT_FILE", key: "HUB_TLS_KEY_FILE" } as const;

/** The files; a fault is added where what is in them cannot be used. Undefined: none are named. */
export function tlsFrom(env: Env, { faults, now = Date.now() }: { faults: string[]; now?: number }): TlsFiles | undefined {
  const missing = Object.values(NAMES).filter((name) => !env[name]);
  if (missing.length === 3) return undefined;
  faults.push(...missing.map((name) => `${name} is missing: TLS takes authorities, certificate and key`));
  const files = eachOf((part) => env[NAMES[part]] ?? "");
  try {
    if (missing.length === 0) readCredentials(files, now);
  } catch (error) {
    faults.push(error instanceof UnfitCertificate ? error.message : String(error));
  }
  return files;
}

/** Does a mesh do what TLS would? */
export function isByMesh(env: Env, faults: string[]): boolean {
  const { HUB_TLS_BY_MESH: value = "false" } = env;
  if (!/^(true|false)?$/.test(value)) faults.push("HUB_TLS_BY_MESH must be true or false");
  return value === "true";
}

/** Why files cannot be used, in a sentence that names the setting. Holds nothing of what is in them. */
export class UnfitCertificate extends Error {
  override name = "UnfitCertificate";
}

type Part = keyof typeof NAMES;
const eachOf = (text: (part: Part) => string): TlsTexts => ({ ca: text("ca"), cert: text("cert"), key: text("key") });

function textFrom(path: string, part: Part): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new UnfitCertificate(`${NAMES[part]} cannot be read`);
  }
}

/** At a start. Throws UnfitCertificate. */
export const readCredentials = (files: TlsFiles, now = Date.now()): Credentials =>
  credentialsOf(
    eachOf((part) => textFrom(files[part], part)),
    now,
  );

/** While running. */
export async function readTexts(files: TlsFiles): Promise<TlsTexts> {
  const read = (part: Part) =>
    readFile(files[part], "utf8").catch(() => {
      throw new UnfitCertificate(`${NAMES[part]} cannot be read`);
    });
  const [ca, cert, key] = await Promise.all([read("ca"), read("cert"), read("key")]);
  return { ca, cert, key };
}

/** Throws UnfitCertificate for what is cut off, does not fit together, has not begun or has ended. Pure. */
export function credentialsOf(texts: TlsTexts, now: number): Credentials {
  const authorities = certificatesIn(texts.ca, "ca");
  // without one that counts, Node would believe every authority it was built with
  if (!authorities.some((one) => one.ca && isWithin(one, now)))
    throw new UnfitCertificate(`${NAMES.ca} holds no authority that is valid now`);
  const own = certificatesIn(texts.cert, "cert")[0] as X509Certificate;
  if (Date.parse(own.validFrom) > now) throw new UnfitCertificate(`${NAMES.cert} is valid only from ${dayOf(own.validFrom)} on`);
  if (Date.parse(own.validTo) <= now) throw new UnfitCertificate(`${NAMES.cert} ended on ${dayOf(own.validTo)}`);
  if (!isKeyOf(own, texts.key)) throw new UnfitCertificate(`${NAMES.key} is not the key of ${NAMES.cert}`);
  requireUsable(texts);
  return { ...texts, endsAt: Date.parse(own.validTo) };
}

/** What reads well may still be refused: a key that is too short, a curve that is switched off. */
function requireUsable(texts: TlsTexts): void {
  try {
    createSecureContext(tlsOptions(texts));
  } catch {
    throw new UnfitCertificate(`${NAMES.cert} and ${NAMES.key} are refused by this machine's OpenSSL`);
  }
}

const isWithin = ({ validFrom, validTo }: X509Certificate, now: number): boolean =>
  Date.parse(validFrom) <= now && now < Date.parse(validTo);
const dayOf = (text: string): string => new Date(text).toISOString().slice(0, 10);

const BLOCK = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

function certificatesIn(text: string, part: "ca" | "cert"): X509Certificate[] {
  const blocks = text.match(BLOCK) ?? [];
  const begun = text.split("-----BEGIN").length - 1;
  if (blocks.length === 0 || blocks.length !== begun)
    throw new UnfitCertificate(`${NAMES[part]} must hold certificates, PEM, and whole`);
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    throw new UnfitCertificate(`${NAMES[part]} holds a certificate that cannot be read`);
  }
}

function isKeyOf(own: X509Certificate, key: string): boolean {
  try {
    return own.checkPrivateKey(createPrivateKey(key));
  } catch {
    throw new UnfitCertificate(`${NAMES.key} must hold a private key, PEM, without passphrase`);
  }
}

/** What both sides of a connection have in common. */
export const tlsOptions = ({ ca, cert, key }: TlsTexts) => ({ ca, cert, key, minVersion: "TLSv1.3" }) as const;
