import { labelled } from "../../../schema/errors.ts";
import { dayInWib } from "../../../schema/values/wib.ts";
import { dayOf } from "../format.ts";
import { type Hole, type Html, html } from "../html/html.ts";
import { layout } from "../html/layout.ts";
import { facts } from "../html/parts.ts";
import { commonPage, redirect } from "../http/answers.ts";
import type { Data, Page, Visit } from "../types.ts";
import { Unread } from "./regions.ts";

export const ACCOUNTABILITY = /* GraphQL */ `
  query Accountability($year: Int!, $month: Int) {
    accountabilityReport(year: $year, month: $month) {
      from to requests refused sealed subjectRequests clockBreaches lapsedObjections breaches breachesToldInTime
      refusals { code requests }
      agreements { number title requests refused consumer { name } purpose { name } }
      sanctions { id agency { name } kind from reason }
    }
  }
`;

export const ACCOUNTABILITY_FILE = /* GraphQL */ `
  query AccountabilityFile($year: Int!, $month: Int) {
    accountabilityReport(year: $year, month: $month) { csv }
  }
`;

const PATH = "/akuntabilitas";
const FILE = `${PATH}/laporan.csv`;
/** Rows of the table of agreements; the file has all. */
const MOST = 60;

interface Period {
  readonly year: number;
  /** Null: the whole year. */
  readonly month: number | null;
  /** `2026` or `2026-11`. */
  readonly text: string;
}

function periodOf({ searchParams }: URL): Period {
  const [, year = dayInWib(new Date()).slice(0, 4), month] =
    /^(\d{4})(?:-(0[1-9]|1[0-2]))?$/.exec(searchParams.get("periode") ?? "") ?? [];
  return {
    ...{ year: Number(year), month: month === undefined ? null : Number(month) },
    text: month === undefined ? year : `${year}-${month}`,
  };
}

/** The same report as a file. Throws Unread. */
export const accountabilityFile: Page = async (visit) => {
  const { year, month, text } = periodOf(visit.url);
  const { data, errors } = await visit.ask(ACCOUNTABILITY_FILE, { year, month });
  const csv: string | null = data?.["accountabilityReport"]?.csv ?? null;
  if (csv === null && errors.length > 0) throw new Unread();
  if (csv === null) return redirect(PATH);
  const type = {
    "content-type": "text/csv; charset=utf-8",
    "content-disposition": `attachment; filename="akuntabilitas-${text}.csv"`,
  };
  return { status: 200, headers: { ...type, "cache-control": "public, max-age=300" }, body: csv };
};

/** How the hub was used in a year or a month, from the record: for everybody. Throws Unread. */
export const accountability: Page = async (visit) => {
  const { t, url, request } = visit;
  const { year, month, text: period } = periodOf(url);
  const { data, errors } = await visit.ask(ACCOUNTABILITY, { year, month });
  const report: Data | null = data?.["accountabilityReport"] ?? null;
  if (!report && errors.length > 0) throw new Unread();
  const body = html`<h1>${t("menu.accountability")}</h1><p class="lead">${t("report.lead")}</p>
<form class="find" method="get" action="${PATH}"><div><label for="periode">${t("report.period")}</label><span class="hint" id="periode-hint">${t("report.period.hint")}</span>
<input id="periode" name="periode" value="${period}" maxlength="7" aria-describedby="periode-hint"></div><button class="quiet">${t("report.show")}</button></form>
${report ? shown(visit, report, period) : html`<p>${t("report.none")}</p>`}`;
  return commonPage(layout(visit, { title: t("menu.accountability"), body }), request);
};

function shown(visit: Visit, report: Data, period: string): Hole {
  const { t, language } = visit;
  const agreements = (report["agreements"] ?? []).filter((one: Data) => one["requests"] > 0) as Data[];
  const busiest = agreements.toSorted((a, b) => b["requests"] - a["requests"]);
  return html`<h2>${dayOf(report["from"], language)} – ${dayOf(report["to"], language)}</h2>
${facts(
  visit,
  (
    [
      "requests",
      "refused",
      "sealed",
      "subjectRequests",
      "clockBreaches",
      "lapsedObjections",
      "breaches",
      "breachesToldInTime",
    ] as const
  ).map((key) => [t(`report.${key}`), String(report[key] ?? 0)]),
)}
<p><a href="${FILE}?periode=${period}" download>${t("report.csv")}</a></p>
<div class="wide" role="region" tabindex="0" aria-label="${t("report.agreements")}"><table><caption>${t("report.agreements")}</caption><thead><tr><th scope="col">${t("report.agreement")}</th><th scope="col">${t("report.for")}</th><th scope="col" class="number">${t("report.requests")}</th></tr></thead>
<tbody>${busiest.slice(0, MOST).map((one) => agreement(one))}</tbody></table></div>
${sanctions(visit, report["sanctions"] ?? [])}`;
}

const agreement = (one: Data): Html =>
  html`<tr><th scope="row">${one["consumer"]?.name}<br><span class="small muted">${one["number"]}</span></th><td>${one["title"]}<br><span class="small muted">${one["purpose"]?.name}</span></td><td class="number">${one["requests"]}</td></tr>`;

const sanctions = ({ t, language }: Visit, list: readonly Data[]): Html =>
  html`<h2>${t("report.sanctions")}</h2>${
    list.length === 0
      ? html`<p>${t("report.sanctions.none")}</p>`
      : html`<ul>${list.map((one) => html`<li>${one["agency"]?.name}: ${labelled("enums", `SanctionKind.${one["kind"]}`)[language]}, ${dayOf(one["from"], language)}. ${one["reason"]}</li>`)}</ul>`
  }`;
