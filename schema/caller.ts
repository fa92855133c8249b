import { createHmac, createSecretKey, hash, hkdfSync, type KeyObject, randomBytes, timingSafeEqual } from "node:crypto";
import type { CoordinateList } from "./sdl/coordinates.ts";

/** Above every decile; a household never ranked counts as this. */
export const ALL_DECILES = 100;

/** Rows an agreement opens. Half-open ranges of region codes in C order; programs null = all; decileMax ALL_DECILES = all. */
export interface RowScope {
  readonly regions: readonly (readonly [from: string, before: string])[];
  readonly programs: readonly string[] | null;
  readonly decileMax: number;
}

/** How an agreement lets identities be verified. Days are those of western Indonesia; a limit of 0 lets nothing through. */
export interface VerificationTerms {
  /** Least similarity of a text a partner may call a match, 1 to 100. */
  readonly floor: number;
  /** Distinct claims about one person a day. */
  readonly attemptsOnSubject: number;
  /** Distinct claims of the agency a day: of its clients and its analysts together. */
  readonly attemptsOfClient: number;
  /** Distinct persons a day, found or not; null: no quota. */
  readonly persons: number | null;
}

/** Who asks, under which agreement. Made by the gateway from the credential and governance's rows only. */
export interface Caller {
  readonly client: string;
  readonly agency: string;
  /** The steward who asks, where a person does. */
  readonly officer: string | null;
  /** To sources only: the analyst who asks what services of the agency may ask, and is no officer there. */
  readonly analyst?: string;
  /** Id of the person who asks about themselves or whom they represent, where one does. Never on record in plain. */
  readonly citizen: string | null;
  readonly agreement: string;
  readonly version: number;
  readonly purpose: string;
  readonly case: string | null;
  readonly epoch: number;
  /** SHA-256 of the decision table the request was judged by. */
  readonly table: string;
  readonly rows: RowScope;
  readonly verification: VerificationTerms;
  readonly requestId: string;
}

/** What one fetch may touch, as indexes into the subgraph's coordinate list. */
export interface Verbs {
  readonly output: readonly string[];
  readonly internal: readonly string[];
  readonly arguments: readonly string[];
}

/** An opened envelope: verified, for this subgraph, this body, now. */
export interface OpenedEnvelope {
  readonly caller: Caller;
  /** May this field be resolved (shown or internal)? */
  mayRead(coordinate: string): boolean;
  /** May this argument, input field or enum value be used? */
  mayUse(coordinate: string): boolean;
  readonly id: string;
  readonly expiresAt: number;
}

export const ENVELOPE_HEADER = "hub-envelope";
/**
 * What follows an act in the same request carries it: the answer is read where it was written. Not signed: who adds or drops it decides only
 * whether a replica that may be a second behind is asked.
 */
export const FRESH_HEADER = "hub-fresh";
/** Head of a stream, JSON as base64url. */
export const STREAM_HEADER = "hub-stream-head";

/**
 * What an envelope signs of a stream, whose body nobody has read yet: which stream it is and its head. Begins as no GraphQL body does, so
 * that an envelope for one never opens the other.
 */
export const streamText = (name: string, head: string): string => `stream ${name}\n${head}`;
const LIFETIME_MS = 10_000;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Key of one subgraph for one UTC day. Only the gateway and that subgraph hold the secret. */
export const envelopeKey = (secret: string | Uint8Array, audience: string, day: string): Buffer =>
  Buffer.from(hkdfSync("sha256", secret, "", `hub-envelope/v1|${audience}|${day}`, 32));

/** One secret, or two by a comma or a line while one follows the other: envelopes are made with the first, and those of either opened. */
export const envelopeSecretsIn = (text: string): readonly string[] => text.split(/[,\n]/).flatMap((part) => part.trim() || []);

/** The secret both sides know without being told; each refuses it outside HUB_ENV=dev. */
export const devEnvelopeSecret = (audience: string): string => `dtks-hub development envelope secret of ${audience}`;

export const bodyHash = (body: string | Uint8Array): string => hash("sha256", body, "base64url");
const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
const sign = (key: Uint8Array | KeyObject, payload: string): string =>
  createHmac("sha256", key).update(payload).digest("base64url");

/** The text of an envelope: `<payload>.<signature>`, both base64url. Exported for the test vectors. */
export function seal(key: Uint8Array | KeyObject, payloadJson: string): string {
  const payload = Buffer.from(payloadJson).toString("base64url");
  return `${payload}.${sign(key, payload)}`;
}

/** Every fetch of a request tells the same caller. */
const callers = new WeakMap<Caller, string>();
function textOf(caller: Caller): string {
  const known = callers.get(caller) ?? JSON.stringify(caller);
  callers.set(caller, known);
  return known;
}

/** Mints envelopes for one subgraph. The part that is constant per fetch of a plan is encoded once per `verbs` object. */
export function createMinter(options: {
  audience: string;
  secret: string | Uint8Array;
  list: CoordinateList;
  now?: () => number;
}) {
  const { audience, secret, list, now = Date.now } = options;
  const encoded = new WeakMap<Verbs, string>();
  const nextId = createIds();
  let [day, endsAt] = ["", 0];
  let key = createSecretKey(Buffer.alloc(32));
  const encode = (verbs: Verbs): string => {
    const known = encoded.get(verbs);
    if (known !== undefined) return known;
    const text = `"sx":"${list.hash}","out":"${bits(verbs.output, list)}","int":"${bits(verbs.internal, list)}","arg":"${bits(verbs.arguments, list)}"`;
    encoded.set(verbs, text);
    return text;
  };
  return (call: { caller: Caller; verbs: Verbs; body: string }): string => {
    const at = now();
    if (at >= endsAt || at < endsAt - DAY_MS) {
      day = dayOf(at);
      endsAt = Date.parse(day) + DAY_MS;
      key = createSecretKey(envelopeKey(secret, audience, day));
    }
    const claims = `{"v":1,"kid":"${day}","aud":"${audience}","exp":${at + LIFETIME_MS},"jti":"${nextId()}","bh":"${bodyHash(call.body)}"`;
    return seal(key, `${claims},"caller":${textOf(call.caller)},${encode(call.verbs)}}`);
  };
}

/** Ids that never repeat: random for the process, counted within it. They need to be unique, not secret: the envelope is signed. */
function createIds(): () => string {
  const prefix = randomBytes(12).toString("base64url");
  let count = 0;
  return () => `${prefix}.${(count++).toString(36)}`;
}

export class EnvelopeRefused extends Error {}

/**
 * Opens envelopes at one subgraph. Order of checks (policy.md §8): shape, signature, audience, version and day, expiry, body,
 * coordinate list, replay. Throws EnvelopeRefused with the failed check as message, which MUST NOT be sent to the caller.
 */
export function createOpener(options: {
  audience: string;
  /** Those in force, the likeliest first. */
  secrets: () => readonly (string | Uint8Array)[];
  list: CoordinateList;
  now?: () => number;
}) {
  const { audience, secrets, list, now = Date.now } = options;
  const seen = createReplayGuard();
  const keysOf = createKeys(secrets, audience);
  return (header: string | undefined, body: string | Uint8Array): OpenedEnvelope => {
    const at = now();
    const claims = verified(header, { audience, keysOf, at });
    if (!(claims.exp > at && claims.exp <= at + 2 * LIFETIME_MS)) refuse("expired");
    if (claims.bh !== bodyHash(body)) refuse("another body");
    if (claims.sx !== list.hash) refuse("another coordinate list");
    if (!seen(claims.jti, at)) refuse("replayed");
    const readable = union(claims.out, claims.int);
    const usable = Buffer.from(claims.arg, "base64url");
    return {
      caller: claims.caller,
      mayRead: (coordinate) => isSet(readable, list.index.get(coordinate)),
      mayUse: (coordinate) => isSet(usable, list.index.get(coordinate)),
      id: claims.jti,
      expiresAt: claims.exp,
    };
  };
}

interface Claims {
  readonly v: 1;
  readonly kid: string;
  readonly aud: string;
  readonly exp: number;
  readonly jti: string;
  readonly bh: string;
  readonly sx: string;
  readonly out: string;
  readonly int: string;
  readonly arg: string;
  readonly caller: Caller;
}

function verified(
  header: string | undefined,
  expected: { audience: string; keysOf: (day: string) => readonly KeyObject[]; at: number },
): Claims {
  const [payload = "", signature = "", ...rest] = (header ?? "").split(".");
  if (!payload || !signature || rest.length > 0) refuse("shape");
  // The day must be read before the signature can be checked; only two days are ever tried, so it gives no one a choice of key.
  const days = [dayOf(expected.at), dayOf(expected.at - DAY_MS)];
  const given = Buffer.from(signature, "base64url");
  const isBy = (key: KeyObject): boolean => {
    const right = createHmac("sha256", key).update(payload).digest();
    return given.length === right.length && timingSafeEqual(given, right);
  };
  const day = days.find((candidate) => expected.keysOf(candidate).some(isBy));
  if (day === undefined) refuse("signature");
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as Claims;
  if (claims.v !== 1 || claims.aud !== expected.audience || claims.kid !== day) refuse("audience, version or day");
  return claims;
}

/** Keys by day. Only today and yesterday are ever asked for; older ones, and those of secrets no longer in force, are forgotten. */
function createKeys(secrets: () => readonly (string | Uint8Array)[], audience: string): (day: string) => readonly KeyObject[] {
  const keys = new Map<string, readonly KeyObject[]>();
  let madeOf = secrets();
  return (day) => {
    const now = secrets();
    if (now !== madeOf || keys.size > 2) keys.clear();
    madeOf = now;
    const known = keys.get(day) ?? now.map((secret) => createSecretKey(envelopeKey(secret, audience, day)));
    keys.set(day, known);
    return known;
  };
}

function refuse(check: string): never {
  throw new EnvelopeRefused(check);
}

/** Remembers ids for a little longer than an envelope lives; sweeps at most once a second. */
function createReplayGuard(): (id: string, at: number) => boolean {
  const seen = new Map<string, number>();
  let sweptAt = 0;
  return (id, at) => {
    if (at - sweptAt > 1000) {
      for (const [old, until] of seen) if (until < at) seen.delete(old);
      sweptAt = at;
    }
    if (seen.has(id)) return false;
    seen.set(id, at + 2 * LIFETIME_MS);
    return true;
  };
}

function bits(coordinates: readonly string[], list: CoordinateList): string {
  const bytes = Buffer.alloc(Math.ceil(list.coordinates.length / 8));
  for (const coordinate of coordinates) {
    const position = list.index.get(coordinate);
    if (position !== undefined) bytes[position >> 3] = (bytes[position >> 3] ?? 0) | (1 << (position & 7));
  }
  return bytes.toString("base64url");
}

const isSet = (bytes: Uint8Array, position: number | undefined): boolean =>
  position !== undefined && ((bytes[position >> 3] ?? 0) & (1 << (position & 7))) !== 0;

function union(a: string, b: string): Uint8Array {
  const [left, right] = [Buffer.from(a, "base64url"), Buffer.from(b, "base64url")];
  return left.map((byte, position) => byte | (right[position] ?? 0));
}
