import type { HttpAnswer, Incoming } from "./chain.ts";

/** A page, an asset or a redirect. */
export interface FaceAnswer extends Omit<HttpAnswer, "body"> {
  readonly body: string | Uint8Array;
  /** Values of Set-Cookie headers. */
  readonly cookies?: readonly string[];
}

/** What a browser's session stands for. */
export interface HeldSession {
  /** Value of an Authorization header. */
  readonly authorization: string;
  /** Values of Set-Cookie headers that renew the session. */
  readonly cookies: readonly string[];
}

/** Pages for people. */
export interface Faces {
  /** Paths that belong to it, as patterns of the router: "/console", "/console/*". */
  readonly paths: readonly string[];
  /** The one of them that takes a form with a file (multipart/form-data), and from whom; `isOpen` MUST NOT reject. */
  readonly withFile: { readonly path: string; readonly isOpen: (request: Incoming) => Promise<boolean> };
  /** One page, asset or redirect; MUST NOT reject. A form with a file comes as one character a byte, of others than those it is open to its beginning. */
  readonly answer: (request: Incoming) => Promise<FaceAnswer>;
  /** The session of a request that brings no credential of its own, or null; MUST NOT reject. Only asked where the browser says that the hub's own page asks. */
  readonly sessionOf: (request: Incoming) => Promise<HeldSession | null>;
}

/** A question that a page asks the hub. */
export interface OwnRequest {
  readonly method: "GET" | "POST" | "PUT";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Whose request the page answers: the hub counts by it. */
  readonly address: string;
}

/** The hub as its own pages ask it: through the same routes as everybody, without a wire between; rejects when it cannot answer at all. */
export type OwnHub = (request: OwnRequest) => Promise<{
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}>;
