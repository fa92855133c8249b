import type { FaceAnswer } from "../../../../gateway/types/faces.ts";
import { labelled } from "../../../../schema/errors.ts";
import { type Hole, type Html, html } from "../../html/html.ts";
import { layout } from "../../html/layout.ts";
import { type Faults, NO_FAULTS, oneButton, signed, summary } from "../../html/parts.ts";
import { ownPage } from "../../http/answers.ts";
import { formOf, isMultipart } from "../../http/forms.ts";
import type { Key } from "../../text/texts.ts";
import type { Data, Told, Trouble, Visit } from "../../types.ts";
import { FIELDS } from "./fields.ts";

interface Content {
  readonly title: string;
  readonly body: Hole;
  readonly faults?: Faults;
  readonly status?: number;
}

/** What may be told after an act, by `?pesan=`. */
const NOTICES = [
  "proposed",
  "taken",
  "objected",
  "appealed",
  "filed",
  "cancelled",
  "lifted",
  "withdrawn",
  "revoked",
  "switched",
] as const;

/** A page of somebody who is signed in: who that is, whom they look after, and what just happened. */
export function ownAnswer(visit: Visit, { title, body, faults = NO_FAULTS, status = 200 }: Content): FaceAnswer {
  const { t, url, person, representing } = visit;
  const notice = NOTICES.find((one) => one === url.searchParams.get("pesan"));
  const isHome = url.pathname === "/warga";
  const head = html`<div class="who small noprint">${t("own.as", { name: person?.name ?? "" })} ${signOut(visit)}</div>
${representing !== null && html`<div class="box warn"><p>${t("own.representing")}</p>${oneButton(visit, { action: "/warga/mewakili", label: t("own.represent.stop"), hidden: { siapa: "" } })}</div>`}
${notice && html`<div class="box good" role="status"><p><strong>${t(`own.notice.${notice}`)}</strong></p></div>`}
${summary(visit, faults)}
${!isHome && html`<p class="noprint"><a href="/warga">← ${t("own.back")}</a></p>`}<h1>${title}</h1>`;
  return ownPage(layout(visit, { title, body: [head, body], isFaulty: faults.size > 0 }), status);
}

const signOut = (visit: Visit): Html =>
  html`<form class="inline" method="post" action="/sign-out?face=warga"><button class="link">${visit.t("own.signOut")}</button></form>`;

/** A value of an enum in words. */
export const word = ({ language }: Visit, type: string, value: unknown): string =>
  typeof value === "string" ? labelled("enums", `${type}.${value}`)[language] : "";

export const programName = ({ language }: Visit, code: unknown): string =>
  labelled("dimensions", `program.${String(code)}`)[language].replace(/^program\./, "");

/** The reader's language of a text the hub wrote in two. */
export const plain = ({ language }: Visit, words: Data | null | undefined): string =>
  (language === "en" ? words?.["english"] : words?.["indonesian"]) ?? "";

/** Says which part cannot be read: never as if there were nothing. */
export const unread = ({ t }: Visit, source: Key): Html =>
  html`<div class="box warn"><p><strong>${t("own.unread", { source: t(source) })}</strong></p></div>`;

/** `show` of what was asked for; where it is missing because something went wrong, that. */
export const orUnread = (visit: Visit, { errors }: Told, { value, source, show }: OrUnread): Hole =>
  value === null || value === undefined ? errors.length > 0 && unread(visit, source) : show(value);

interface OrUnread {
  // biome-ignore lint/suspicious/noExplicitAny: as deep as its document
  readonly value: any;
  readonly source: Key;
  // biome-ignore lint/suspicious/noExplicitAny: as deep as its document
  readonly show: (value: any) => Hole;
}

/** What went wrong with an act, in words for who did it, with the number to quote. */
export function troubleText({ t }: Visit, [first]: readonly Trouble[]): string {
  const code = first?.extensions.code ?? "INTERNAL_SERVER_ERROR";
  const text = TOLD.find((one) => one === code) ?? "OTHER";
  return t(`trouble.${text}`, { id: first?.extensions.requestId ?? "" });
}
const TOLD = ["BAD_USER_INPUT", "CONFLICT", "FORBIDDEN", "QUOTA_EXCEEDED", "OUTCOME_UNCONFIRMED", "OTHER"] as const;

/** The session ended while a form was filled in: everything is kept, and sent again after signing in. */
export function signInAgain(visit: Visit): FaceAnswer {
  const { t, url, request } = visit;
  const form = formOf(request);
  const fields = FIELDS.flatMap((name) => form.values(name).map((value) => [name, value] as const));
  const body = html`<h1>${t("again.title")}</h1><p class="lead">${t("again.text")}</p>
<ol><li><a href="/sign-in?face=warga&amp;to=/warga/masuk" target="_blank" rel="noopener">${t("again.signIn")}</a></li><li>${t("again.comeBack")}</li></ol>
${isMultipart(request) && html`<div class="box warn"><p>${t("again.photo")}</p></div>`}
<form method="post" action="${url.pathname}">${fields.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}<button>${t("again.send")}</button></form>`;
  return ownPage(layout(visit, { title: t("again.title"), body }), 401);
}

/** A form that is sent to `action`. */
export const actForm = (visit: Visit, action: string, fields: Hole): Html =>
  html`<form method="post" action="${action}">${signed(visit, action)}${fields}</form>`;
