import { DATA_SUBJECT_RIGHTS } from "../../../schema/policy/words.ts";
import { instantOf } from "../format.ts";
import { type Html, html } from "../html/html.ts";
import { ACCESSES } from "../questions.ts";
import type { Data, Page, Visit } from "../types.ts";
import { orUnread, ownAnswer, plain } from "./kit/frame.ts";

/** Who has looked at the person's data, newest first, fifteen a page: more do not fit into 14 kB. */
export const accesses: Page = async (visit) => {
  const { t, language, representing, url } = visit;
  const told = await visit.ask(ACCESSES, { representing, after: url.searchParams.get("setelah") });
  const since = told.data?.["recordedSince"];
  const body = html`<p class="lead">${t("access.lead")}</p>${since && html`<p class="muted">${t("access.since", { day: instantOf(since, language) })}</p>`}
${orUnread(visit, told, { value: told.data?.["dataSubject"]?.accesses, source: "source.governance", show: (page) => list(visit, page) })}`;
  return ownAnswer(visit, { title: t("menu.accesses"), body });
};

const list = (visit: Visit, { nodes, totalCount, pageInfo }: Data): Html => {
  const { t } = visit;
  return html`<p>${nodes.length > 0 ? t("access.count", { count: totalCount ?? nodes.length }) : t("access.none")}</p>
<ol class="plain steps">${nodes.map((one: Data) => line(visit, one))}</ol>
${pageInfo.hasNextPage && html`<p><a class="button quiet" href="/warga/akses?setelah=${encodeURIComponent(pageInfo.endCursor)}">${t("access.older")}</a></p>`}
<p>${t("access.wrong")} <a href="/warga/permohonan/baru?jenis=OBJECTION">${t("request.new")}</a></p>`;
};

const line = (visit: Visit, one: Data): Html => {
  const { t, language } = visit;
  const { agency, purpose } = one;
  return html`<li><p class="small muted">${instantOf(one["at"], language)}${one["requests"] > 1 && html` · ${t("access.requests", { count: one["requests"] })}`}</p><p>${purpose?.code === DATA_SUBJECT_RIGHTS ? html`<strong>${t("access.yours")}</strong>` : plain(visit, one["sentence"])}</p>
<details><summary>${t("access.details")}</summary><p>${plain(visit, one["sentence"])}</p><dl>
${agency && html`<dt>${t("access.agency")}</dt><dd>${agency.name}</dd><dt>${t("access.contact")}</dt><dd>${agency.dpoContact}</dd>`}
${purpose && html`<dt>${t("access.purpose")}</dt><dd>${purpose.name}</dd><dt>${t("access.basis")}</dt><dd>${purpose.citation}</dd>`}
${one["agreement"] && html`<dt>PKS</dt><dd>${one["agreement"]}</dd>`}
${one["receipt"] && html`<dt>${t("access.receipt")}</dt><dd>${one["receipt"]}</dd>`}</dl></details></li>`;
};
