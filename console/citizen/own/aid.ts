import { dayInWib } from "../../../schema/values/wib.ts";
import { dayOf, rupiahOf } from "../format.ts";
import { type Hole, type Html, html } from "../html/html.ts";
import { NO_FAULTS, oneButton, select } from "../html/parts.ts";
import { AID } from "../questions.ts";
import type { Data, Page, Visit } from "../types.ts";
import { orUnread, ownAnswer, programName, unread, word } from "./kit/frame.ts";

/** Programs whose way of payment can be asked for. */
const TRACED = ["PKH", "BPNT", "PBI_JK", "KIP", "KIP_KULIAH"] as const;

/** What aid the person has, how it was paid, and where to ask why it was not. */
export const aid: Page = async (visit) => {
  const { t, representing } = visit;
  const told = await visit.ask(AID, { representing });
  const self: Data | null = told.data?.["dataSubject"] ?? null;
  const body = html`${self === null ? unread(visit, "source.programs") : orUnread(visit, told, { value: self["enrolments"], source: "source.programs", show: (list) => enrolments(visit, list) })}
${self?.["rantangKasih"] && meals(visit, self["rantangKasih"])}
${representing === null && html`<p><a class="button quiet" href="/warga/bantuan/rincian">${t("details.title")}</a></p>`}
${representing === null && why(visit)}`;
  return ownAnswer(visit, { title: t("aid.title"), body });
};

const enrolments = (visit: Visit, list: readonly Data[]): Hole =>
  list.length > 0
    ? [received(visit, list), list.map((one) => enrolment(visit, one))]
    : html`<div class="box"><p><strong>${visit.t("aid.none")}</strong></p><p>${visit.t("aid.none.text")} <a href="/warga/usulan/baru">${visit.t("own.propose")}</a></p></div>`;

const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

/** What came in the person's own name within a year. Contributions go to the insurance, and what others of the family draw is theirs to read. */
const received = ({ t, language }: Visit, list: readonly Data[]): Html => {
  const since = dayInWib(new Date(Date.now() - YEAR_MS));
  const came = list
    .flatMap((one) => (one["payments"] ?? []) as Data[])
    .filter(({ state, creditedOn, channel }) => ARRIVED.has(state) && creditedOn >= since && channel !== "BPJS_KESEHATAN");
  const sum = came.reduce((total, { amount }) => total + BigInt(amount ?? 0), 0n);
  return html`<div class="box"><p><strong>${t("aid.received", { amount: rupiahOf(String(sum), language), count: came.length })}</strong></p><p class="small">${t("aid.received.text", { since: dayOf(since, language) })}</p></div>`;
};

const enrolment = (visit: Visit, one: Data): Html => {
  const { t, language } = visit;
  const payments: readonly Data[] = one["payments"] ?? [];
  const program: Data = one["program"] ?? {};
  return html`<section class="card"><h2>${programName(visit, program["code"])}</h2>
<p><strong class="mark ${one["state"] === "ACTIVE" ? "yes" : one["state"] === "SUSPENDED" ? "stop" : "no"}">${word(visit, "EnrolmentState", one["state"])}</strong>
${one["startedOn"] && html` · ${t("aid.since", { day: dayOf(one["startedOn"], language) })}`}${one["endedOn"] && html` · ${t("aid.until", { day: dayOf(one["endedOn"], language) })}`}</p>
${program["unit"] === "FAMILY" && html`<p class="small muted">${t("aid.family")}</p>`}
${one["waitingBand"] && html`<p>${word(visit, "WaitingBand", one["waitingBand"])}</p>`}
${one["commitmentCase"] && html`<p>${t("aid.commitments", { stage: word(visit, "CommitmentStage", one["commitmentCase"].stage), period: one["commitmentCase"].period })}</p>`}
${one["flag"] && html`<p class="stop">${word(visit, "EnrolmentFlag", one["flag"])}</p>`}
${payments.length > 0 && paymentTable(visit, program["code"], payments)}
${leaving(visit, one)}</section>`;
};

const paymentTable = (visit: Visit, program: string, payments: readonly Data[]): Html => {
  const { t, language, representing } = visit;
  return html`<div class="wide" role="region" tabindex="0" aria-label="${t("aid.payments")}"><table><caption>${t("aid.payments")}</caption><thead><tr><th scope="col">${t("aid.period")}</th><th scope="col" class="number">${t("aid.amount")}</th><th scope="col">${t("aid.state")}</th></tr></thead><tbody>
${payments.slice(0, SHOWN).map(
  (
    one,
  ) => html`<tr><th scope="row">${one["period"]}</th><td class="number">${rupiahOf(one["amount"], language)}</td><td>${word(visit, "PaymentState", one["state"])}${one["creditedOn"] && html`<br><span class="small muted">${dayOf(one["creditedOn"], language)}${one["channel"] && html`, ${word(visit, "PaymentChannel", one["channel"])}`}</span>`}
${representing === null && !ARRIVED.has(one["state"]) && html`<br><a href="/warga/penyaluran?program=${program}&amp;periode=${one["period"]}">${t("aid.why")}</a>`}</td></tr>`,
)}</tbody></table></div>`;
};
const SHOWN = 6;
const ARRIVED: ReadonlySet<unknown> = new Set(["CREDITED", "TRANSACTED"]);

/** To leave the program, or to take that back as long as one may. */
const leaving = (visit: Visit, one: Data): Hole => {
  const { t, language, representing } = visit;
  if (representing !== null) return null;
  const own = (one["endings"] as readonly Data[] | null)?.find(
    ({ state, revocableUntil }) => state === "PROPOSED" && revocableUntil,
  );
  if (own)
    return html`<div class="box warn"><p>${t("aid.leaving", { day: dayOf(own["endsOn"], language) })}</p>
${oneButton(visit, { action: "/warga/bantuan/batal-mundur", label: t("aid.leaving.revoke"), hidden: { id: own["id"], versi: own["version"] } })}</div>`;
  return (
    one["state"] === "ACTIVE" &&
    html`<p class="noprint"><a href="/warga/bantuan/mundur?kepesertaan=${one["id"]}">${t("aid.leave")}</a></p>`
  );
};

const meals = ({ t, language }: Visit, one: Data): Html =>
  html`<section class="card"><h2>Rantang Kasih</h2><p>${t("aid.meals", { from: dayOf(one["startedOn"], language) })}${one["endedOn"] && ` – ${dayOf(one["endedOn"], language)}`}</p></section>`;

const why = (
  visit: Visit,
): Html => html`<section class="card noprint"><h2>${visit.t("aid.why")}</h2><p>${visit.t("aid.why.text")}</p>
<form method="get" action="/warga/penyaluran">${select({ name: "program", label: visit.t("result.program"), choices: TRACED.map((code) => [code, programName(visit, code)]), chosen: "PKH", faults: NO_FAULTS })}<button class="quiet">${visit.t("aid.why.ask")}</button></form></section>`;
