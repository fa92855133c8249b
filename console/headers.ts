/** On every answer of a face; what an answer says itself goes before. */
export const FACE_HEADERS: Readonly<Record<string, string>> = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin", // which page asks, our own are told: the session of that page counts
  "cross-origin-opener-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
};

/** For pages with scripts of ours. Of the explorer's editor two more things must work, on its own page only. */
export const policyOf = (nonce: string, { isExplorer = false } = {}): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    isExplorer ? "style-src 'self' 'unsafe-inline'" : `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    isExplorer ? "font-src 'self' data:" : "font-src 'self'",
    ...(isExplorer ? ["worker-src 'self'"] : []),
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
