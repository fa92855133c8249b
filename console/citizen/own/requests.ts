import { holdsNik } from "../../../schema/errors.ts";
import { instantOf } from "../format.ts";
import { type Hole, type Html, html } from "../html/html.ts";
import { type Choice, type Faults, NO_FAULTS, oneButton, select, textArea } from "../html/parts.ts";
import { redirect } from "../http/answers.ts";
import { type Form, formOf } from "../http/forms.ts";
import { CANCEL_REQUEST, FILE_REQUEST, LIFT_RESTRICTION, PURPOSES, REQUESTS } from "../questions.ts";
import type { Data, Page, Visit } from "../types.ts";
import { act } from "./kit/act.ts";
import { actForm, orUnread, ownAnswer, word } from "./kit/frame.ts";

const LIST = "/warga/permohonan";
const NEW = `${LIST}/baru`;
const KINDS = ["ACCESS", "CORRECTION", "RESTRICTION", "DELETION", "OBJECTION", "WITHDRAWAL"] as const;
type Kind = (typeof KINDS)[number];
/** What a correction may be about, by the part of it people know. */
const COORDINATES = [
  "Person.fullName",
  "Person.birthDate",
  "Person.birthPlace",
  "Person.address",
  "Person.sex",
  "Household.monthlyIncome",
] as const;
const HOUR_MS = 60 * 60 * 1000;

/** What the person has asked for, with the clock of each. */
export const requests: Page = async (visit) => {
  const { t, representing } = visit;
  const told = await visit.ask(REQUESTS, { representing });
  const body = html`<p>${t("request.lead")}</p><h2>${t("request.new")}</h2><ul class="choices">${KINDS.map((kind) => html`<li><a href="${NEW}?jenis=${kind}"><span>${word(visit, "SubjectRequestKind", kind)}<small>${t(`request.kind.${kind}`)}</small></span></a></li>`)}</ul>
<h2>${t("request.list")}</h2>${orUnread(visit, told, { value: told.data?.["dataSubject"]?.subjectRequests, source: "source.governance", show: (list: readonly Data[]) => (list.length > 0 ? list.map((one) => request(visit, one)) : html`<p>${t("request.none")}</p>`) })}`;
  return ownAnswer(visit, { title: t("own.part.permohonan"), body });
};

const isOpen = ({ state }: Data): boolean => state === "RECEIVED" || state === "IN_REVIEW";

const request = (visit: Visit, one: Data): Html => {
  const { t, language } = visit;
  const hidden = { nomor: one["number"] };
  return html`<section class="card"><h3>${word(visit, "SubjectRequestKind", one["kind"])} <span class="muted">${one["number"]}</span></h3>
<p><strong>${word(visit, "SubjectRequestState", one["state"])}</strong> · ${clock(visit, one)}</p><dl>
<dt>${t("request.statement")}</dt><dd>${one["statement"]}</dd>
<dt>${t("request.received")}</dt><dd>${instantOf(one["receivedAt"], language)}</dd>
<dt>${t("request.controller")}</dt><dd>${one["controller"]?.name}, ${one["controller"]?.dpoContact}</dd>
${one["outcome"] && html`<dt>${t("request.outcome")}</dt><dd>${one["outcome"]}</dd>`}
${one["refusalReason"] && html`<dt>${t("request.refusal")}</dt><dd>${word(visit, "RefusalReason", one["refusalReason"])} (${one["citation"]})</dd>`}
${one["restriction"] && html`<dt>${t("request.restriction")}</dt><dd>${one["restriction"].liftedAt ? t("request.restriction.lifted", { day: instantOf(one["restriction"].liftedAt, language) }) : t("request.restriction.since", { day: instantOf(one["restriction"].imposedAt, language) })}</dd>`}</dl>
${isOpen(one) && oneButton(visit, { action: `${LIST}/batal`, label: t("request.cancel"), hidden })}
${!isOpen(one) && one["restriction"]?.imposedAt && !one["restriction"].liftedAt && oneButton(visit, { action: `${LIST}/akhiri`, label: t("request.lift"), hidden })}</section>`;
};

/** How the 72 hours stand: those left, or that they are over. */
function clock(visit: Visit, one: Data): Hole {
  const { t, language } = visit;
  if (!isOpen(one))
    return html`${t("request.closed", { day: instantOf(one["closedAt"], language) })}${one["clock"] === "OVERDUE" && html` – ${t("request.late")}`}`;
  const hours = Math.floor((Date.parse(one["dueAt"]) - Date.now()) / HOUR_MS);
  const due = t("request.due.at", { day: instantOf(one["dueAt"], language) });
  return hours < 0
    ? html`<span class="mark stop">${t("request.late")}</span> ${due}`
    : html`${due} <span class="mark ${hours < 24 ? "wait" : ""}">(${t("request.hours", { hours })})</span>`;
}

interface State {
  readonly value: (name: string) => string;
  readonly faults: Faults;
}

const kindOf = (text: string | null): Kind | undefined => KINDS.find((kind) => kind === text);

/** The form of one kind of request: only what that kind needs. */
export const requestForm: Page = (visit) => {
  const kind = kindOf(visit.url.searchParams.get("jenis"));
  return kind ? formPage(visit, kind, { value: () => "", faults: NO_FAULTS }) : redirect(LIST);
};

async function formPage(visit: Visit, kind: Kind, { value, faults }: State) {
  const { t } = visit;
  const fields = [
    html`<input type="hidden" name="jenis" value="${kind}">`,
    kind === "CORRECTION" &&
      select({
        name: "bagian",
        label: t("request.part"),
        choices: [["", t("request.part.any")], ...COORDINATES.map((one) => [one, t(`part.${one}`)] as const)],
        chosen: value("bagian"),
        faults,
      }),
    kind === "WITHDRAWAL" &&
      select({ name: "tujuan", label: t("access.purpose"), choices: await purposesFor(visit), chosen: value("tujuan"), faults }),
    textArea({
      name: "pernyataan",
      label: t("request.statement"),
      hint: t(`request.hint.${kind}`),
      value: value("pernyataan"),
      faults,
    }),
    kind === "CORRECTION" &&
      textArea({
        name: "perbaikan",
        label: t("request.correction"),
        hint: t("request.correction.hint"),
        value: value("perbaikan"),
        faults,
      }),
    html`<button>${t("request.send")}</button>`,
  ];
  const body = html`<p class="lead">${t(`request.kind.${kind}`)}</p><p>${t("request.clock")}</p>${actForm(visit, NEW, fields)}`;
  return ownAnswer(visit, { title: word(visit, "SubjectRequestKind", kind), body, faults, status: faults.size > 0 ? 422 : 200 });
}

async function purposesFor(visit: Visit): Promise<readonly Choice[]> {
  const { data } = await visit.ask(PURPOSES);
  return [["", visit.t("form.choose")], ...(data?.["purposes"] ?? []).map(({ code, name }: Data): Choice => [code, name])];
}

/** Takes the form. */
export const fileRequest: Page = async (visit) => {
  const form = formOf(visit.request);
  const kind = kindOf(form.value("jenis"));
  if (!kind) return redirect(LIST);
  const input = {
    kind,
    statement: form.value("pernyataan"),
    coordinate: form.value("bagian") || null,
    correction: form.value("perbaikan") || null,
    purpose: form.value("tujuan") || null,
    representing: visit.representing,
  };
  return act(visit, {
    form,
    faults: faultsOf(visit, kind, form),
    ask: () => visit.ask(FILE_REQUEST, { input }),
    done: `${LIST}?pesan=filed`,
    again: (faults, shown) => formPage(visit, kind, { value: shown.value, faults }),
  });
};

function faultsOf({ t }: Visit, kind: Kind, form: Form): Faults {
  const faults = new Map<string, string>();
  const [statement, correction] = [form.value("pernyataan"), form.value("perbaikan")];
  if (kind === "WITHDRAWAL" && form.value("tujuan") === "") faults.set("tujuan", t("form.fault.choose"));
  if (statement === "") faults.set("pernyataan", t("request.fault.statement"));
  if (holdsNik(statement)) faults.set("pernyataan", t("form.fault.nik"));
  if (kind === "CORRECTION" && correction === "") faults.set("perbaikan", t("request.fault.correction"));
  return faults;
}

/** Acts on one request by its number. */
const onRequest =
  (query: string, notice: string): Page =>
  async (visit) => {
    const form = formOf(visit.request);
    return act(visit, {
      form,
      faults: NO_FAULTS,
      ask: () => visit.ask(query, { number: form.value("nomor") }),
      done: `${LIST}?pesan=${notice}`,
      again: (faults) =>
        ownAnswer(visit, {
          title: visit.t("own.part.permohonan"),
          body: html`<p><a class="button" href="${LIST}">${visit.t("own.part.permohonan")}</a></p>`,
          faults,
          status: 409,
        }),
    });
  };
export const cancelRequest = onRequest(CANCEL_REQUEST, "cancelled");
export const liftRestriction = onRequest(LIFT_RESTRICTION, "lifted");
