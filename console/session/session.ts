import type { Incoming } from "../../gateway/types/chain.ts";
import { dropped, found, kept } from "./cookies.ts";
import type { IssuerClient, SignedIn, Tokens } from "./issuer.ts";
import { originOf } from "./origin.ts";
import type { Sealer } from "./seal.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** However busy, a session ends; and so it does when nobody is there. */
export const LONGEST_MS = 8 * HOUR;
export const IDLE_MS = 30 * MINUTE;
/** An access token is renewed before its last minute, so that it does not end on its way. */
const SPARE_MS = MINUTE;
/** That somebody is there is written down at most this often. */
const SEEN_MS = 4 * MINUTE;
/** What a renewal gave is remembered for requests that were sent before the browser had it. */
const REMEMBERED_MS = MINUTE;

/** Pages of one kind, with a client at the issuer, a cookie and a home of their own. */
export const FACES = ["console", "warga"] as const;
export type FaceName = (typeof FACES)[number];

export interface Session extends SignedIn {
  /** New with every sign-in. */
  readonly id: string;
  /** Both in ms of the Unix epoch. */
  readonly startedAt: number;
  readonly seenAt: number;
}

export interface SessionOptions {
  readonly face: FaceName;
  readonly issuer: IssuerClient;
  readonly sealer: Sealer;
  readonly publicUrl: string;
}

/** A session in force, and Set-Cookie values that keep it so. */
export interface Held {
  readonly session: Session;
  readonly cookies: readonly string[];
}

/** Sessions of one face, kept by the browsers themselves in sealed cookies. */
export interface Sessions {
  /** The session of a request; null: none, or none any more. Asks the issuer when the access token is near its end. Never rejects. */
  of(request: Incoming): Promise<Held | null>;
  /** Set-Cookie values that begin a session, or go on with it. */
  keep(session: Session, request: Incoming): Promise<string[]>;
  /** Set-Cookie values that end what the browser holds. In this process the session is over, too: what was sent before and is answered after cannot bring it back. */
  end(request: Incoming): Promise<string[]>;
}

export function createSessions({ face, issuer, sealer, publicUrl }: SessionOptions): Sessions {
  const [name, use] = [`hub_${face}`, `session ${face}`];
  const secure = (request: Incoming) => ({ isSecure: originOf(request, publicUrl).startsWith("https:") });
  const renew = renewing(issuer);
  const over = new Set<string>();
  const known = new WeakMap<Incoming, Promise<Held | null>>(); // several parts of a page ask for the same
  const keep: Sessions["keep"] = async (session, request) => {
    const until = session.startedAt + LONGEST_MS;
    return kept(name, await sealer.seal(use, session, until), { ...secure(request), forMs: until - Date.now() });
  };
  const read = async (request: Incoming): Promise<Held | null> => {
    const text = found(name, request, secure(request));
    const opened = text === null ? null : await sealer.open<Session>(use, text);
    if (opened === null || over.has(opened.id)) return null;
    const session = await renew(opened);
    if (session === null || over.has(session.id)) return null;
    return { session, cookies: session === opened ? [] : await keep(session, request) };
  };
  return {
    keep,
    async end(request) {
      const text = found(name, request, secure(request));
      const session = text === null ? null : await sealer.open<Session>(use, text);
      if (session) {
        over.add(session.id);
        setTimeout(() => over.delete(session.id), session.startedAt + LONGEST_MS - Date.now()).unref();
      }
      return dropped(name, request, secure(request));
    },
    of(request) {
      const asked = known.get(request) ?? read(request).catch(() => null);
      known.set(request, asked);
      return asked;
    },
  };
}

/** The session as it goes on from here: the same object when nothing is to be written down; null when it is over. */
function renewing(issuer: IssuerClient): (session: Session) => Promise<Session | null> {
  const renewals = new Map<string, Promise<Tokens | null>>();
  /** One renewal of a session at a time, also where many requests come at once with the same cookie. */
  const renewal = ({ id, accessUntil }: Session, refreshToken: string): Promise<Tokens | null> => {
    const key = `${id} ${accessUntil}`;
    const running = renewals.get(key) ?? issuer.refresh(refreshToken);
    if (!renewals.has(key)) {
      renewals.set(key, running);
      const forget = () => renewals.delete(key);
      running.then(() => setTimeout(forget, REMEMBERED_MS).unref(), forget);
    }
    return running;
  };
  return async (session) => {
    const now = Date.now();
    const { accessUntil, refreshToken } = session;
    if (isOver(session, now)) return null;
    if (refreshToken === null || accessUntil - now > SPARE_MS) return seen(session, now);
    const tokens = await renewal(session, refreshToken).catch(() => null);
    if (tokens) return { ...session, ...tokens, seenAt: now };
    return now < accessUntil ? session : null; // the issuer is away, or another gateway has renewed it: what there is holds to its end
  };
}

const seen = (session: Session, now: number): Session => (now - session.seenAt < SEEN_MS ? session : { ...session, seenAt: now });

/** Without a refresh token it ends with its access token. */
const isOver = ({ startedAt, seenAt, accessUntil, refreshToken }: Session, now: number): boolean =>
  now >= startedAt + LONGEST_MS || now >= seenAt + IDLE_MS || (refreshToken === null && now >= accessUntil);
