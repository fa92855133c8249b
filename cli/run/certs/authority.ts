import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from "node:crypto";
import { bits, instant, integer, octets, oid, sequence, set, tagged, text, yes } from "./der.ts";

/** A certificate and its key, PEM. */
export interface Pair {
  readonly cert: string;
  readonly key: string;
}

export interface Wanted {
  /** DNS names, or URIs where they hold a colon. */
  readonly names: readonly string[];
  readonly from: Date;
  readonly until: Date;
}

/** Somebody who signs certificates: of parts of the hub, for trials and tests. */
export interface Authority extends Pair {
  issue(wanted: Wanted): Pair;
}

/** A new one, ECDSA on P-256. */
export function createAuthority({ name, from, until }: Omit<Wanted, "names"> & { readonly name: string }): Authority {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const extensions = [extension(BASIC, sequence(yes), yes), extension(USAGE, bits(Buffer.from([0x06]), 1), yes)];
  const cert = signed({ subject: name, issuer: name, from, until, extensions }, { of: privateKey, by: privateKey });
  return authorityOf({ cert, key: pemOf(privateKey) }, name);
}

/** Signs as `name`, which MUST be the authority's own. */
export function authorityOf(pair: Pair, name: string): Authority {
  const by = createPrivateKey(pair.key);
  return {
    ...pair,
    issue({ names, from, until }) {
      const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
      const alternatives = names.map((one) => tagged(one.includes(":") ? 0x86 : 0x82, Buffer.from(one)));
      const extensions = [
        extension(BASIC, sequence(), yes),
        extension(USAGE, bits(Buffer.from([0x80]), 7), yes),
        extension(PURPOSES, sequence(oid(SERVER), oid(CLIENT))),
        extension(ALTERNATIVES, sequence(...alternatives)),
      ];
      const subject = names[0] ?? "nobody";
      return { cert: signed({ subject, issuer: name, from, until, extensions }, { of: privateKey, by }), key: pemOf(privateKey) };
    },
  };
}

const KEY_ID = "2.5.29.14";
const USAGE = "2.5.29.15";
const ALTERNATIVES = "2.5.29.17";
const BASIC = "2.5.29.19";
const ISSUER_ID = "2.5.29.35";
const PURPOSES = "2.5.29.37";
const SERVER = "1.3.6.1.5.5.7.3.1";
const CLIENT = "1.3.6.1.5.5.7.3.2";
const COMMON_NAME = "2.5.4.3";
const ALGORITHM = sequence(oid("1.2.840.10045.4.3.2")); // ECDSA with SHA-256
const VERSION_3 = tagged(0xa0, integer(Buffer.from([2])));

const extension = (id: string, value: Uint8Array, ...critical: readonly Uint8Array[]): Buffer =>
  sequence(oid(id), ...critical, octets(value));
const nameOf = (name: string): Buffer => sequence(set(sequence(oid(COMMON_NAME), text(name))));
const spkiOf = (key: KeyObject): Buffer => createPublicKey(key).export({ type: "spki", format: "der" });
const idOf = (key: KeyObject): Buffer => createHash("sha1").update(spkiOf(key)).digest();
const pemOf = (key: KeyObject): string => key.export({ type: "pkcs8", format: "pem" }).toString();

interface Content extends Omit<Wanted, "names"> {
  readonly subject: string;
  readonly issuer: string;
  readonly extensions: readonly Buffer[];
}

/** RFC 5280, as PEM. The ids tell two authorities of one name apart, of which one takes over from the other. */
function signed(content: Content, { of, by }: { of: KeyObject; by: KeyObject }): string {
  const { subject, issuer, from, until, extensions } = content;
  const ids = [extension(KEY_ID, octets(idOf(of))), extension(ISSUER_ID, sequence(tagged(0x80, idOf(by))))];
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  const body = sequence(
    VERSION_3,
    integer(serial),
    ALGORITHM,
    nameOf(issuer),
    sequence(instant(from), instant(until)),
    nameOf(subject),
    spkiOf(of),
    tagged(0xa3, sequence(...extensions, ...ids)),
  );
  const whole = sequence(body, ALGORITHM, bits(sign("sha256", body, by)));
  const lines = whole.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}
