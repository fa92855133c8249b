import type { Incoming } from "../../gateway/types/chain.ts";
import { isLoopback } from "../../schema/settings.ts";

type Asking = Pick<Incoming, "headers">;

export const header = ({ headers }: Asking, name: string): string | undefined => {
  const value = headers[name];
  return typeof value === "string" ? value : value?.[0];
};

/** Origin people reach the hub at: the published one; on one machine the one asked, whose port and name may be others. */
export function originOf(request: Asking, publicUrl: string): string {
  const published = new URL(publicUrl);
  const asked = urlOf(`http://${header(request, "host")}`);
  const isLocal = (url: URL) => isLoopback(url.hostname.replace(/^\[(.*)\]$/, "$1"));
  return asked && isLocal(published) && isLocal(asked) ? asked.origin : published.origin;
}

/** Where a sign-in leads: a path of this origin, or else `otherwise`. Browsers read `//` and `/\` as the start of another host, and drop tabs and line ends. */
export function safePath(path: string | null, otherwise: string): string {
  return path !== null && /^\/(?!\/)[\x21-\x5b\x5d-\x7e]*$/.test(path) ? path : otherwise;
}

const urlOf = (text: string): URL | null => (URL.canParse(text) ? new URL(text) : null);

/** Does a page of ours send it? Browsers say so themselves; those too old to say name the origin of what is posted. */
export function isOwn(request: Asking, publicUrl: string): boolean {
  const site = header(request, "sec-fetch-site");
  return site === undefined ? header(request, "origin") === originOf(request, publicUrl) : site === "same-origin";
}
