import { dayInWib } from "../../../schema/values/wib.ts";
import { dayOf } from "../format.ts";
import { type Hole, type Html, html } from "../html/html.ts";
import { redirect } from "../http/answers.ts";
import { TRACE } from "../questions.ts";
import type { Data, Page, Visit } from "../types.ts";
import { ownAnswer, plain, programName, unread, word } from "./kit/frame.ts";

/** How often each program pays, as its periods are written. */
const PERIODS: Readonly<Record<string, (year: string, month: number) => string>> = {
  PKH: quarterOf,
  BPNT: quarterOf,
  PBI_JK: (year, month) => `${year}-${String(month).padStart(2, "0")}`,
  KIP: (year) => year,
  KIP_KULIAH: (year, month) => `${year}-S${month <= 6 ? 1 : 2}`,
};
function quarterOf(year: string, month: number): string {
  return `${year}-Q${Math.ceil(month / 3)}`;
}

/** Why aid has not arrived: the first step that blocks, whose it is, and what to do; then all steps. */
export const trace: Page = async (visit) => {
  const { t, url } = visit;
  const program = url.searchParams.get("program") ?? "";
  const written = PERIODS[program];
  if (!written) return redirect("/warga/bantuan");
  const [year = "", month = ""] = dayInWib(new Date()).split("-");
  const period = url.searchParams.get("periode") || written(year, Number(month));
  if (!/^\d{4}(-(S[12]|Q[1-4]|\d\d))?$/.test(period)) return redirect("/warga/bantuan");
  const { data, errors } = await visit.ask(TRACE, { person: visit.person?.id, program, period });
  const found: Data | null = data?.["paymentTrace"] ?? null;
  const body = html`<p class="lead">${programName(visit, program)}, ${t("trace.period", { period })}</p>
${found ? way(visit, found) : errors.length > 0 ? unread(visit, "source.programs") : html`<div class="box"><p>${t("trace.none")}</p></div>`}`;
  return ownAnswer(visit, { title: t("aid.why"), body });
};

const LOOKS: Readonly<Record<string, string>> = { PAID: "good", BLOCKED: "bad", UNDER_WAY: "", UNKNOWN: "warn" };

function way(visit: Visit, found: Data): Hole {
  const { t, language } = visit;
  const steps: readonly Data[] = found["steps"] ?? [];
  const stop = steps.find(({ step }) => step === found["stoppedAt"]);
  return html`<div class="box ${LOOKS[found["outcome"]] ?? ""}"><h2>${word(visit, "TraceOutcome", found["outcome"])}</h2><p>${plain(visit, found["sentence"])}</p>
${found["paidOn"] && html`<p>${t("trace.paidOn", { day: dayOf(found["paidOn"], language) })}</p>`}
${found["isDrawnByAnother"] && html`<p>${t("trace.family")}</p>`}</div>
${stop && stopped(visit, stop, found[String(stop["step"]).toLowerCase()])}
<h2>${t("trace.steps")}</h2><ol class="steps">${steps.map((one) => step(visit, one, found["stoppedAt"]))}</ol>`;
}

const stopped = (visit: Visit, { step, office }: Data, why: Data | null): Html => {
  const { t } = visit;
  const [text, remedy, bring] = [why?.["text"], why?.["remedy"], why?.["bring"]].map((words) => plain(visit, words));
  return html`<section class="card"><h2>${t("trace.stoppedAt", { step: word(visit, "TraceStepKind", step) })}</h2>
${text && html`<p>${text}</p>`}<dl>
${office && html`<dt>${t("trace.office")}</dt><dd>${office}</dd>`}
${remedy && html`<dt>${t("trace.remedy")}</dt><dd>${remedy}</dd>`}
${bring && html`<dt>${t("trace.bring")}</dt><dd>${bring}</dd>`}
${why?.["usualDays"] && html`<dt>${t("trace.usual")}</dt><dd>${t("trace.days", { days: why["usualDays"] })}</dd>`}
${why?.["today"] && html`<dt>${t("trace.today")}</dt><dd>${word(visit, "TraceState", why["today"])}</dd>`}</dl></section>`;
};

const MARKS: Readonly<Record<string, readonly [mark: string, look: string]>> = {
  PASSED: ["✓", "yes"],
  BLOCKED: ["✕", "stop"],
  UNDER_WAY: ["…", "wait"],
  NOT_REACHED: ["–", "no"],
  UNKNOWN: ["?", "wait"],
};

const step = (visit: Visit, { step: kind, state, office }: Data, stoppedAt: unknown): Html => {
  const [mark, look] = MARKS[state] ?? ["?", "wait"];
  return html`<li${kind === stoppedAt && html` class="stopped"`}><p><strong>${word(visit, "TraceStepKind", kind)}</strong>: <span class="mark ${look}"><span aria-hidden="true">${mark}</span> ${word(visit, "TraceState", state)}</span>
${office && html`<br><span class="small muted">${office}</span>`}</p></li>`;
};
