import type { Visit } from "../types.ts";
import { type Hole, type Html, html } from "./html.ts";
import { STYLE_PATH } from "./style.ts";

export interface Content {
  readonly title: string;
  readonly body: Hole;
  /** Something was filled in wrongly: screen readers hear it first, in the title. */
  readonly isFaulty?: boolean;
}

/** A whole page. Help, language and contact stand in the same place on each. */
export const layout = (visit: Visit, { title, body, isFaulty = false }: Content): Html => html`<!doctype html>
<html lang="${visit.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${isFaulty && `${visit.t("page.fault")} `}${title} – ${visit.t("page.site")}</title>
<link rel="stylesheet" href="${STYLE_PATH}">
<link rel="icon" href="data:,">
</head>
<body>
<a class="skip" href="#isi">${visit.t("page.skip")}</a>
${header(visit)}
<main id="isi">${body}</main>
${footer(visit)}
</body>
</html>`;

const MARK = html`<svg width="28" height="28" viewBox="0 0 28 28" aria-hidden="true"><path d="M14 2 26 9v10l-12 7L2 19V9z" fill="none" stroke="currentColor" stroke-width="2"/><path d="m9 14 4 4 7-8" fill="none" stroke="currentColor" stroke-width="2.5"/></svg>`;

const header = ({ t, url }: Visit): Html => html`<header>
<a class="name" href="/">${MARK} ${t("page.site")}</a>
<nav aria-label="${t("page.menu")}"><ul>
${["/cek-bansos", "/warga", "/bantuan"].map(
  (path) =>
    html`<li><a href="${path}"${(url.pathname === path || url.pathname.startsWith(`${path}/`)) && html` aria-current="${url.pathname === path ? "page" : "true"}"`}>${t(`menu.${path.slice(1)}` as "menu.warga")}</a></li>`,
)}
</ul></nav>
</header>`;

const footer = ({ t, url, language, host, contact, today }: Visit): Html => {
  const other = language === "id" ? "en" : "id";
  const here = new URLSearchParams(url.searchParams);
  here.set("lang", other);
  return html`<footer>
<nav aria-label="${t("page.more")}"><ul>
<li><a href="/warga/akses">${t("menu.accesses")}</a></li>
<li><a href="/akuntabilitas">${t("menu.accountability")}</a></li>
<li><a href="/bantuan">${t("menu.help")}</a></li>
<li><a href="${url.pathname}?${here.toString()}" lang="${other}" hreflang="${other}">${other === "en" ? "English" : "Bahasa Indonesia"}</a></li>
</ul></nav>
<p>${t("footer.domain", { host })}</p>
${contact.telephone && html`<p>${t("footer.telephone")} <a href="tel:${contact.telephone.replace(/[^+\d]/g, "")}">${contact.telephone}</a></p>`}
${contact.email && html`<p>${t("footer.email")} <a href="mailto:${contact.email}">${contact.email}</a></p>`}
${contact.address && html`<p>${contact.address}</p>`}
<p class="muted">${t("footer.asOf", { day: today })}</p>
</footer>`;
};
