import { randomBytes } from "node:crypto";
import type { Incoming } from "../gateway/types/chain.ts";
import type { FaceAnswer } from "../gateway/types/faces.ts";
import type { Language } from "../schema/errors.ts";
import { AGAIN, FAULTS, type Fault, LEAVING } from "./session/text.ts";

interface Plain {
  readonly status: number;
  readonly language: Language;
  readonly title: string;
  /** HTML. */
  readonly content: string;
}

/** A page that needs no file beside it, for when something is not there. `title` and `content` MUST hold nothing that a client sent. */
export function plainPage({ status, language, title, content }: Plain): FaceAnswer {
  const nonce = randomBytes(16).toString("base64");
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
  const body = `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} – dtks-hub</title>
<style nonce="${nonce}">${STYLE}</style>
</head>
<body><main><h1>${title}</h1>${content}</main></body>
</html>`;
  const headers = { "content-type": "text/html; charset=utf-8", "cache-control": "no-store", "content-security-policy": policy };
  return { status, headers, body };
}

const STYLE = `:root{color-scheme:light dark}body{margin:0;background:#f4f6f8;color:#17212b;font:1.0625rem/1.55 system-ui,sans-serif}
main{max-width:40rem;margin:10vh auto;padding:0 1.25rem}h1{font-size:1.6rem;line-height:1.25}a{color:#0b5a74;display:inline-block;padding:.5rem 0;margin-right:1.5rem}
code{background:#fff;border:1px solid #6b7684;border-radius:.25rem;padding:.1rem .35rem}a:focus-visible{outline:3px solid #0b5a74;outline-offset:2px}
@media(prefers-color-scheme:dark){body{background:#12181f;color:#eef2f5}a{color:#6cc5e0}a:focus-visible{outline-color:#6cc5e0}code{background:#1b242d;border-color:#8593a1}}`;

/** A page that says what went wrong at a sign-in, and how to begin again. */
export function faultPage(
  fault: Fault,
  { request, face = "console" }: { request: Incoming; face?: "console" | "warga" },
): FaceAnswer {
  const language = languageOf(request);
  const { status, [language]: said } = FAULTS[fault];
  const [again, home] = AGAIN[language];
  const content = `<p>${said[1]}</p><p><a href="/sign-in?face=${face}">${again}</a><a href="/">${home}</a></p>`;
  return plainPage({ status, language, title: said[0], content });
}

/**
 * Says that the session is over and goes on to `to` by itself. A page and no redirect: browsers hold redirects of a form to the form-action of the page
 * it was sent from, which is this host alone.
 */
export function leavingPage(to: string, request: Incoming): FaceAnswer {
  const language = languageOf(request);
  const [title, said, link] = LEAVING[language];
  const page = plainPage({ status: 200, language, title, content: `<p>${said}</p><p><a href="${escaped(to)}">${link}</a></p>` });
  return { ...page, headers: { ...page.headers, refresh: `0; url=${to}` } };
}

const escaped = (url: string): string => url.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

/** The one chosen on our pages, else Indonesian. */
export const languageOf = ({ headers }: Pick<Incoming, "headers">): Language =>
  /(?:^|;\s*)hub_lang=en\b/.test(String(headers["cookie"] ?? "")) ? "en" : "id";
