import type { IncomingMessage, ServerResponse } from "node:http";
import type Provider from "oidc-provider";
import { LOGIN_CSS, loginPage } from "./loginPage.ts";
import { CITIZENS_PORTAL, consolePeople, type DemoPerson, subjectOf } from "./people.ts";

/** No page of another host is asked; the form leads back to the client, which is on this machine. */
const CSP = [
  "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'",
  "form-action 'self' http://127.0.0.1:* http://localhost:*",
].join("; ");
const HEADERS = { "content-security-policy": CSP, "x-content-type-options": "nosniff", "referrer-policy": "no-referrer" };
const MOST_BYTES = 4096;

/** Path of the login page of an interaction. */
export const loginPath = (uid: string): string => `/login/${uid}`;

/** Shows who can be signed in as, and signs in whoever is chosen. Answers whether the request was for it. */
export async function answerLogin(
  provider: Provider,
  {
    request,
    response,
    citizens,
  }: { request: IncomingMessage; response: ServerResponse; citizens: () => Promise<readonly DemoPerson[]> },
): Promise<boolean> {
  if (request.url === "/login.css") {
    response
      .writeHead(200, { ...HEADERS, "content-type": "text/css; charset=utf-8", "cache-control": "max-age=300" })
      .end(LOGIN_CSS);
    return true;
  }
  if (!request.url?.startsWith(loginPath(""))) return false;
  const asked = await provider.interactionDetails(request, response).catch(() => null);
  if (asked === null) {
    response
      .writeHead(400, { "content-type": "text/plain; charset=utf-8" })
      .end("Halaman masuk ini sudah kedaluwarsa. Mulai lagi dari hub.\n");
    return true;
  }
  const client = String(asked.params["client_id"]);
  const typed = request.method === "POST" ? await typedIn(request) : undefined;
  const accountId = typed === undefined ? null : subjectOf(client, typed);
  if (accountId !== null) {
    await provider.interactionFinished(
      request,
      response,
      { login: { accountId, remember: false } },
      { mergeWithLastSubmission: false },
    );
    return true;
  }
  const isCitizens = client === CITIZENS_PORTAL;
  const people = isCitizens ? await citizens() : consolePeople();
  const page = loginPage({ action: loginPath(asked.uid), isCitizens, people, ...(typed !== undefined && { refused: typed }) });
  response
    .writeHead(typed === undefined ? 200 : 422, {
      ...HEADERS,
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
    })
    .end(page);
  return true;
}

async function typedIn(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const piece of request) {
    body += String(piece);
    if (body.length > MOST_BYTES) return "";
  }
  return new URLSearchParams(body).get("id") ?? "";
}
