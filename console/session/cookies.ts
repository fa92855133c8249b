import type { Incoming } from "../../gateway/types/chain.ts";

/** Browsers keep 4096 bytes of a cookie, its name and attributes counted. */
const PIECE_LENGTH = 3600;
/** Two faces may be signed in at once, and a server takes only so many bytes of headers. */
const MOST_PIECES = 2;
const SECOND = 1000;

/** What is to be kept is more than browsers and servers take. */
export class TooLong extends Error {}

interface CookieOptions {
  /** Only over https; then also bound to this very host (`__Host-`), so that no neighbour can plant one. */
  readonly isSecure: boolean;
}

/** Values of the Set-Cookie headers that keep a text in the browser for `forMs`, in as many cookies as it needs. Throws TooLong above two. */
export function kept(name: string, text: string, { isSecure, forMs }: CookieOptions & { readonly forMs: number }): string[] {
  const count = Math.ceil(text.length / PIECE_LENGTH);
  if (count > MOST_PIECES) throw new TooLong(`cookie ${name} would need ${count} pieces; let the issuer make shorter tokens`);
  const attributes = `Path=/; HttpOnly; SameSite=Lax; Max-Age=${Math.floor(forMs / SECOND)}${isSecure ? "; Secure" : ""}`;
  return Array.from({ length: count }, (_, i) => {
    const piece = text.slice(i * PIECE_LENGTH, (i + 1) * PIECE_LENGTH);
    return `${nameOf(name, { isSecure, i })}=${i === 0 ? `${count}.` : ""}${piece}; ${attributes}`;
  });
}

/** What was kept under the name, or null. */
export function found(name: string, { headers }: Pick<Incoming, "headers">, { isSecure }: CookieOptions): string | null {
  const all = cookiesIn(headers["cookie"]);
  const first = /^(\d)\.(.*)$/s.exec(all.get(nameOf(name, { isSecure, i: 0 })) ?? "");
  const count = Number(first?.[1]);
  if (!first || count < 1 || count > MOST_PIECES) return null;
  const rest = Array.from({ length: count - 1 }, (_, i) => all.get(nameOf(name, { isSecure, i: i + 1 })) ?? "");
  return [first[2], ...rest].join("");
}

/** Values of the Set-Cookie headers that drop every piece of it. */
export const dropped = (name: string, request: Pick<Incoming, "headers">, { isSecure }: CookieOptions): string[] =>
  Array.from({ length: MOST_PIECES }, (_, i) => nameOf(name, { isSecure, i }))
    .filter((piece) => cookiesIn(request.headers["cookie"]).has(piece))
    .map((piece) => `${piece}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0${isSecure ? "; Secure" : ""}`);

const nameOf = (name: string, { isSecure, i }: CookieOptions & { readonly i: number }): string =>
  `${isSecure ? "__Host-" : ""}${name}${i === 0 ? "" : `.${i}`}`;

/** Of two of one name the first: the browser sends the one of the longer path, or else the older one, before. */
function cookiesIn(header: string | readonly string[] | undefined): Map<string, string> {
  const pairs = [header ?? ""].flat().join("; ").split(/; */);
  return new Map(pairs.reverse().map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]));
}
