/** A header that must not repeat: the first value, if there is one. */
export const single = (header: string | readonly string[] | undefined): string | undefined =>
  typeof header === "string" ? header : header?.[0];

/** Value of a cookie; null: there is none. */
export function cookieOf(header: string | readonly string[] | undefined, name: string): string | null {
  const cookies = [header ?? []].flat().join("; ").split(/;\s*/);
  return cookies.find((cookie) => cookie.startsWith(`${name}=`))?.slice(name.length + 1) ?? null;
}

/** No script, no frame, nothing from elsewhere. */
const POLICY = [
  ...["default-src 'none'", "style-src 'self'", "img-src 'self' data:", "form-action 'self'"],
  ...["base-uri 'none'", "frame-ancestors 'none'"],
].join("; ");

export const PAGE_HEADERS = { "content-type": "text/html; charset=utf-8", "content-security-policy": POLICY } as const;
