import { hash, randomBytes, randomUUID } from "node:crypto";
import type { Incoming } from "../../gateway/types/chain.ts";
import type { FaceAnswer } from "../../gateway/types/faces.ts";
import { faultPage, leavingPage } from "../page.ts";
import { dropped, found, kept, TooLong } from "./cookies.ts";
import type { IssuerClient } from "./issuer.ts";
import { header, isOwn, originOf, safePath } from "./origin.ts";
import type { Sealer } from "./seal.ts";
import { FACES, type FaceName, LONGEST_MS, type Sessions } from "./session.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** Longest somebody takes at the issuer's login page. */
const PENDING_MS = 10 * MINUTE;

const HOMES: Readonly<Record<FaceName, string>> = { console: "/console/", warga: "/warga" };
const CALLBACK = "/sign-in/callback";

/** A sign-in under way, sealed in the browser that began it. */
interface Pending {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly redirectUri: string;
  readonly to: string;
}

interface SignInOptions {
  readonly faces: Readonly<Record<FaceName, { readonly issuer: IssuerClient; readonly sessions: Sessions }>>;
  readonly sealer: Sealer;
  readonly publicUrl: string;
  /** Told of outages of the issuer, and of tokens of it that no browser can keep. */
  readonly onFault: (error: unknown) => void;
}

/** Sign-in by code and PKCE on the server's side, sign-out, and what a page may know of the session. The tokens never reach a page. */
export class SignIn {
  private readonly options: SignInOptions;
  readonly paths = ["/sign-in", CALLBACK, "/sign-out", "/session"];

  constructor(options: SignInOptions) {
    this.options = options;
  }

  async answer(request: Incoming): Promise<FaceAnswer> {
    const { pathname, searchParams } = new URL(request.url, "http://hub.invalid");
    if (pathname === "/session") return await this.session(request);
    if (pathname === CALLBACK) return await this.finish(request, searchParams);
    const face = FACES.find((name) => name === (searchParams.get("face") ?? "console"));
    if (face === undefined) return faultPage("stale", { request });
    if (pathname === "/sign-in") return await this.begin(request, { face, to: searchParams.get("to") });
    return await this.end(request, face);
  }

  /** The session of the face whose page asks; of one browser both may be there, and neither counts at the other's pages, nor where no page says which it is. */
  async held(request: Incoming) {
    const face = pageOf(request);
    const held = face && (await this.options.faces[face].sessions.of(request));
    return face && held && { face, ...held };
  }

  private async begin(request: Incoming, { face, to }: { face: FaceName; to: string | null }): Promise<FaceAnswer> {
    const { faces, sealer, publicUrl } = this.options;
    const [state, nonce, verifier] = [`${face}.${secret()}`, secret(), secret()];
    const redirectUri = `${originOf(request, publicUrl)}${CALLBACK}`;
    const challenge = hash("sha256", verifier, "base64url");
    try {
      const location = await faces[face].issuer.authorizationUrl({ redirectUri, state, nonce, challenge });
      const pending: Pending = { state, nonce, verifier, redirectUri, to: safePath(to, HOMES[face]) };
      const sealed = await sealer.seal(sealedFor(face), pending, Date.now() + PENDING_MS);
      return redirect(location, kept(cookieOf(face), sealed, { ...this.secure(request), forMs: PENDING_MS }));
    } catch (error) {
      this.options.onFault(error);
      return faultPage("issuer", { request, face });
    }
  }

  private async finish(request: Incoming, answered: URLSearchParams): Promise<FaceAnswer> {
    const { faces, sealer } = this.options;
    const state = answered.get("state") ?? "";
    const face = FACES.find((name) => state.startsWith(`${name}.`));
    const sealed = face && found(cookieOf(face), request, this.secure(request));
    const pending = face && sealed ? await sealer.open<Pending>(sealedFor(face), sealed) : null;
    // the state stands in the cookie of the browser that began: nobody can make another finish a sign-in of theirs
    if (!face || pending?.state !== state) return faultPage("stale", { request, ...(face && { face }) });
    const cookies = dropped(cookieOf(face), request, this.secure(request));
    const code = answered.get("code");
    if (code === null) return { ...faultPage("refused", { request, face }), cookies };
    try {
      const signedIn = await faces[face].issuer.exchange({ ...pending, code, iss: answered.get("iss") });
      const now = Date.now();
      const { subject, name, accessToken, accessUntil, refreshToken } = signedIn;
      const tokens = { accessToken, accessUntil, refreshToken };
      const session = { id: randomUUID(), subject, name, ...tokens, startedAt: now, seenAt: now };
      return redirect(pending.to, [...cookies, ...(await faces[face].sessions.keep(session, request))]);
    } catch (error) {
      return { ...this.unfinished(error, { request, face }), cookies };
    }
  }

  private unfinished(error: unknown, asked: { request: Incoming; face: FaceName }): FaceAnswer {
    if (!(error instanceof TooLong)) return faultPage("stale", asked);
    this.options.onFault(error);
    return faultPage("long", asked);
  }

  private async end(request: Incoming, face: FaceName): Promise<FaceAnswer> {
    const { faces, publicUrl } = this.options;
    if (request.method !== "POST" || !isOwn(request, publicUrl)) return faultPage("foreign", { request, face });
    const { sessions, issuer } = faces[face];
    const held = await sessions.of(request);
    const cookies = await sessions.end(request); // it goes in any case
    const home = face === "console" ? HOMES.console : "/";
    const to = held && (await farewell(issuer, held.session.refreshToken, `${originOf(request, publicUrl)}${home}`));
    return to === null ? redirect(home, cookies) : { ...leavingPage(to, request), cookies };
  }

  private async session(request: Incoming): Promise<FaceAnswer> {
    const headers = { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" };
    const held = await this.held(request);
    if (held === null) return { status: 401, headers, body: JSON.stringify({ face: null, person: null, expiresAt: null }) };
    const { face, cookies } = held;
    const { subject, name, startedAt } = held.session;
    const expiresAt = new Date(startedAt + LONGEST_MS).toISOString();
    const body = JSON.stringify({ face, person: { id: subject, name }, expiresAt });
    return { status: 200, headers, body, cookies };
  }

  private secure(request: Incoming) {
    return { isSecure: originOf(request, this.options.publicUrl).startsWith("https:") };
  }
}

/** Where the issuer ends its own session; null: nowhere, or it does not answer, and nobody is left standing before a page that does not come. */
async function farewell(issuer: IssuerClient, refreshToken: string | null, back: string): Promise<string | null> {
  try {
    if (refreshToken !== null) await issuer.revoke(refreshToken);
    return await issuer.endSessionUrl(back);
  } catch {
    return null;
  }
}

/** The face of the page that sends a request, as browsers name it (Referer); the console also asks from files of its own. */
function pageOf(request: Incoming): FaceName | null {
  const referer = header(request, "referer") ?? "";
  const path = URL.canParse(referer) ? new URL(referer).pathname : "";
  return FACES.find((face) => path === `/${face}` || path.startsWith(`/${face}/`)) ?? null;
}

const secret = (): string => randomBytes(32).toString("base64url");
const cookieOf = (face: FaceName): string => `hub_sign_in_${face}`;
const sealedFor = (face: FaceName): string => `sign-in ${face}`;

const redirect = (location: string, cookies: readonly string[]): FaceAnswer => ({
  status: 303,
  headers: { location, "cache-control": "no-store" },
  body: "",
  cookies,
});
