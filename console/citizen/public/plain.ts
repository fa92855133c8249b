import type { FaceAnswer } from "../../../gateway/types/faces.ts";
import { html } from "../html/html.ts";
import { layout } from "../html/layout.ts";
import { commonPage, ownPage } from "../http/answers.ts";
import type { Page, Visit } from "../types.ts";

/** Where everybody begins. */
export const landing: Page = (visit) => {
  const { t, request } = visit;
  const body = html`<h1>${t("landing.title")}</h1><p class="lead">${t("landing.lead")}</p><ul class="choices">
<li><a href="/cek-bansos"><span><strong>${t("menu.cek-bansos")}</strong><small>${t("landing.check")}</small></span></a></li>
<li><a href="/warga"><span><strong>${t("menu.warga")}</strong><small>${t("landing.own")}</small></span></a></li>
<li><a href="/akuntabilitas"><span><strong>${t("menu.accountability")}</strong><small>${t("landing.report")}</small></span></a></li>
<li><a href="/console/"><span><strong>${t("menu.console")}</strong><small>${t("landing.console")}</small></span></a></li>
<li><a href="/console/explorer"><span><strong>${t("menu.api")}</strong><small>${t("landing.api")}</small></span></a></li></ul>`;
  return commonPage(layout(visit, { title: t("landing.title"), body }), request);
};

const TOPICS = ["check", "date", "signIn", "propose", "object", "unpaid", "privacy", "fake"] as const;

/** Questions people ask, and who helps. */
export const help: Page = (visit) => {
  const { t, contact, request, host } = visit;
  const { telephone, email, address } = contact;
  const body = html`<h1>${t("menu.help")}</h1>${TOPICS.map((topic) => html`<h2>${t(`help.${topic}`)}</h2><p>${t(`help.${topic}.text`, { host })}</p>`)}
<h2>${t("help.contact")}</h2><p>${t("help.contact.text")}</p>
<ul>${telephone && html`<li>${t("footer.telephone")} <a href="tel:${telephone.replace(/[^+\d]/g, "")}">${telephone}</a></li>`}${email && html`<li>${t("footer.email")} <a href="mailto:${email}">${email}</a></li>`}${address && html`<li>${address}</li>`}</ul>`;
  return commonPage(layout(visit, { title: t("menu.help"), body }), request);
};

const DAY_MS = 24 * 60 * 60 * 1000;

/** Whom to tell of a weakness (RFC 9116). */
export const securityTxt: Page = ({ contact, host, url }: Visit) => ({
  status: 200,
  headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "public, max-age=86400" },
  body: `${[
    contact.email ? `Contact: mailto:${contact.email}` : `Contact: ${url.origin}/bantuan`,
    `Expires: ${new Date(Math.ceil(Date.now() / DAY_MS) * DAY_MS + 180 * DAY_MS).toISOString()}`,
    "Preferred-Languages: id, en",
    `Canonical: ${url.protocol}//${host}/.well-known/security.txt`,
  ].join("\n")}\n`,
});

/** A form with more in it than any of ours. */
export const refusedForm = (visit: Visit): FaceAnswer => {
  const { t } = visit;
  const body = html`<h1>${t("form.overfull")}</h1><p>${t("form.overfull.text")}</p><p><a class="button" href="/">${t("missing.home")}</a></p>`;
  return ownPage(layout(visit, { title: t("form.overfull"), body }), 413);
};

/** There is nothing of this address. */
export const missing: Page = (visit) => {
  const { t } = visit;
  const body = html`<h1>${t("missing.title")}</h1><p>${t("missing.text")}</p><p><a class="button" href="/">${t("missing.home")}</a></p>`;
  return ownPage(layout(visit, { title: t("missing.title"), body }), 404);
};
