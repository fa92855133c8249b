import { createHash } from "node:crypto";
import type { Incoming } from "../../../gateway/types/chain.ts";
import type { FaceAnswer } from "../../../gateway/types/faces.ts";
import type { Html } from "../html/html.ts";
import { PAGE_HEADERS, single } from "./headers.ts";

/** Seconds a page that is the same for everybody may be kept. */
const KEPT_S = 300;

/** A page for one reader alone, kept nowhere. */
export const ownPage = (page: Html, status = 200, headers: Readonly<Record<string, string>> = {}): FaceAnswer => ({
  status,
  headers: { ...PAGE_HEADERS, "cache-control": "no-store", ...headers },
  body: page.text,
});

/** A page that is the same for everybody who reads its language: kept some minutes, then asked for by its tag. */
export function commonPage(page: Html, { headers: asked }: Incoming): FaceAnswer {
  const etag = `"${createHash("sha256").update(page.text).digest("base64url").slice(0, 22)}"`;
  const headers = { "cache-control": `public, max-age=${KEPT_S}`, vary: "Cookie", etag };
  if (isHeld(single(asked["if-none-match"]), etag)) return { status: 304, headers, body: "" };
  return { status: 200, headers: { ...PAGE_HEADERS, ...headers }, body: page.text };
}

const isHeld = (tags: string | undefined, etag: string): boolean =>
  (tags ?? "").split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag);

/** To another page, with GET. */
export const redirect = (to: string, cookies: readonly string[] = []): FaceAnswer => ({
  status: 303,
  headers: { location: to, "cache-control": "no-store" },
  body: "",
  cookies,
});
