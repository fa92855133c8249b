import { holdsNik } from "../../../schema/errors.ts";
import { instantOf } from "../format.ts";
import { type Html, html } from "../html/html.ts";
import { type Faults, fileField, NO_FAULTS, options, select, signed, textArea, textField } from "../html/parts.ts";
import { redirect } from "../http/answers.ts";
import { type Form, formOf } from "../http/forms.ts";
import { APPEAL, OBJECT_TO_RANKING, OBJECTIONS } from "../questions.ts";
import type { Data, Page, Visit } from "../types.ts";
import { act } from "./kit/act.ts";
import { fileWithPhoto, photoFault } from "./kit/evidence.ts";
import { actForm, orUnread, ownAnswer, programName, word } from "./kit/frame.ts";

const LIST = "/warga/sanggahan";
const NEW = `${LIST}/baru`;
const RANKING = `${LIST}/peringkat`;
const PROGRAMS = ["PKH", "BPNT", "PBI_JK", "KIP", "KIP_KULIAH"] as const;
const nothing = () => "";
const MOST_OF_NAME = 100;
/** As the hub takes it. */
const NAME = /^[\p{L}\p{M}][\p{L}\p{M}\s.,'’-]+$/u;

/** Objections to others on the list, and to one's own rank. */
export const objections: Page = async (visit) => {
  const { t } = visit;
  const told = await visit.ask(OBJECTIONS);
  const of = (key: string) => told.data?.[key];
  const body = html`<p>${t("objection.lead")}</p><p><a class="button" href="${NEW}">${t("objection.new")}</a> <a class="button quiet" href="${RANKING}">${t("ranking.new")}</a></p>
<h2>${t("objection.list")}</h2>${orUnread(visit, told, { value: of("myObjections"), source: "source.welfare", show: (list: readonly Data[]) => (list.length > 0 ? list.map((one) => objection(visit, one)) : html`<p>${t("objection.none")}</p>`) })}
<h2>${t("ranking.list")}</h2>${orUnread(visit, told, { value: of("myRankingObjections"), source: "source.welfare", show: (list: readonly Data[]) => (list.length > 0 ? list.map((one) => ranking(visit, one)) : html`<p>${t("objection.none")}</p>`) })}`;
  return ownAnswer(visit, { title: t("own.part.sanggahan"), body });
};

/** An appeal is open against these. */
const APPEALABLE: ReadonlySet<unknown> = new Set(["REJECTED", "LAPSED"]);

const objection = (visit: Visit, one: Data): Html => {
  const { t, language } = visit;
  return html`<section class="card"><h3>${t("objection.of", { day: instantOf(one["filedAt"], language) })}</h3><p><strong>${word(visit, "ObjectionState", one["state"])}</strong></p><dl>
${one["claimedName"] && html`<dt>${t("objection.against")}</dt><dd>${one["claimedName"]}</dd>`}<dt>${t("result.program")}</dt><dd>${one["program"] ? programName(visit, one["program"]) : t("objection.all")}</dd>
<dt>${t("form.reason")}</dt><dd>${one["reason"]}</dd>
${!one["decidedAt"] && !one["closedAt"] && html`<dt>${t("objection.lapses")}</dt><dd>${instantOf(one["lapsesAt"], language)}</dd>`}
${one["decisionReason"] && html`<dt>${t("objection.decision")}</dt><dd>${one["decisionReason"]}</dd>`}
${one["closingReason"] && html`<dt>${t("objection.closing")}</dt><dd>${one["closingReason"]}</dd>`}</dl>
${APPEALABLE.has(one["state"]) && !one["appealedAt"] && html`<p><a href="${LIST}/banding?id=${one["id"]}&amp;versi=${one["version"]}">${t("objection.appeal")}</a></p>`}</section>`;
};

const ranking = (visit: Visit, one: Data): Html => {
  const { t, language } = visit;
  return html`<section class="card"><h3>${word(visit, "RankingObjectionAbout", one["about"])}</h3><p><strong>${word(visit, "RankingObjectionState", one["state"])}</strong>${one["outcome"] && html`: ${word(visit, "RankingObjectionOutcome", one["outcome"])}`}</p><dl>
<dt>${t("form.reason")}</dt><dd>${one["reason"]}</dd><dt>${t("request.due")}</dt><dd>${instantOf(one["dueAt"], language)}</dd>
${one["answer"] && html`<dt>${t("request.outcome")}</dt><dd>${one["answer"]}</dd>`}</dl></section>`;
};

interface State {
  readonly value: (name: string) => string;
  readonly faults: Faults;
}

const answerOf = (visit: Visit, { title, body, faults }: { title: string; body: Html; faults: Faults }) =>
  ownAnswer(visit, { title, body, faults, status: faults.size > 0 ? 422 : 200 });

/** Against a recipient of one's own village: name, reason, picture, place. */
export const objectionForm: Page = (visit) => formPage(visit, { value: nothing, faults: NO_FAULTS });

function formPage(visit: Visit, { value, faults }: State) {
  const { t } = visit;
  const body = html`<p class="lead">${t("objection.new.lead")}</p><form method="post" action="${NEW}" enctype="multipart/form-data">${signed(visit, NEW)}
${textField({ name: "nama", label: t("objection.name"), hint: t("objection.name.hint"), value: value("nama"), most: MOST_OF_NAME, faults })}
${select({ name: "program", label: t("result.program"), choices: [["", t("objection.all")], ...PROGRAMS.map((code) => [code, programName(visit, code)] as const)], chosen: value("program"), faults })}
${textArea({ name: "alasan", label: t("form.reason"), hint: t("objection.reason.hint"), value: value("alasan"), faults })}
${fileField({ name: "foto", label: t("objection.photo"), hint: t("objection.photo.hint"), accept: "image/jpeg,image/png,image/webp", faults })}
${textField({ name: "koordinat", label: t("objection.place"), hint: t("objection.place.hint"), value: value("koordinat"), most: 60, faults })}
<button>${t("objection.send")}</button></form>`;
  return answerOf(visit, { title: t("objection.new"), body, faults });
}

/** Takes it: the picture first, then the objection that names it. */
export const object: Page = async (visit) => {
  const form = formOf(visit.request);
  const place = placeOf(form.value("koordinat"));
  const { t } = visit;
  const faults = new Map(reasonFaults(visit, form));
  if (!NAME.test(form.value("nama"))) faults.set("nama", t("objection.fault.name"));
  const photo = photoFault(form.file("foto"));
  if (photo !== null) faults.set("foto", t(`objection.fault.photo.${photo}`));
  if (place === null) faults.set("koordinat", t("objection.fault.place"));
  const input = {
    name: form.value("nama"),
    program: form.value("program") || null,
    reason: form.value("alasan"),
    ...place,
  };
  return act(visit, {
    form,
    faults,
    ask: () => fileWithPhoto(visit, form.file("foto"), input),
    done: `${LIST}?pesan=objected`,
    again: (wrong, shown) => formPage(visit, { value: shown.value, faults: wrong }),
  });
};

/** `-8.21, 114.36` as maps show it, within Indonesia; null: no such place. */
export function placeOf(text: string): { readonly latitude: number; readonly longitude: number } | null {
  const [latitude = Number.NaN, longitude = Number.NaN] = (
    /^\s*(-?\d{1,2}(?:\.\d+)?)[\s,;]+(\d{2,3}(?:\.\d+)?)\s*$/.exec(text) ?? []
  )
    .slice(1)
    .map(Number);
  return latitude >= -12 && latitude <= 7 && longitude >= 94 && longitude <= 142 ? { latitude, longitude } : null;
}

function reasonFaults({ t }: Visit, form: Form): Faults {
  const reason = form.value("alasan");
  if (reason === "") return new Map([["alasan", t("form.fault.reason")]]);
  return holdsNik(reason) ? new Map([["alasan", t("form.fault.nik")]]) : NO_FAULTS;
}

/** Against a rejection or a lapse; the objection is named in the address. */
export const appealForm: Page = ({ url, ...visit }) =>
  appealPage({ ...visit, url }, { value: (name) => url.searchParams.get(name) ?? "", faults: NO_FAULTS });

function appealPage(visit: Visit, { value, faults }: State) {
  const { t } = visit;
  const hidden = ["id", "versi"].map((name) => html`<input type="hidden" name="${name}" value="${value(name)}">`);
  const body = html`<p class="lead">${t("objection.appeal.lead")}</p>${actForm(visit, `${LIST}/banding`, [hidden, textArea({ name: "alasan", label: t("form.reason"), value: value("alasan"), faults }), html`<button>${t("objection.appeal")}</button>`])}`;
  return answerOf(visit, { title: t("objection.appeal"), body, faults });
}

export const appeal: Page = async (visit) => {
  const form = formOf(visit.request);
  const input = { id: form.value("id"), version: Number(form.value("versi")), reason: form.value("alasan") };
  return act(visit, {
    form,
    faults: reasonFaults(visit, form),
    ask: () => visit.ask(APPEAL, { input }),
    done: `${LIST}?pesan=appealed`,
    again: (faults, shown) => (shown === form ? appealPage(visit, { value: form.value, faults }) : redirect(LIST)),
  });
};

/** Against one's own rank or determination. */
export const rankingForm: Page = (visit) => rankingPage(visit, { value: nothing, faults: NO_FAULTS });

function rankingPage(visit: Visit, { value, faults }: State) {
  const { t } = visit;
  const choices = (["RANKING", "DETERMINATION"] as const).map((about) => [about, t(`ranking.${about}`)] as const);
  const body = html`<p class="lead">${t("ranking.lead")}</p>${actForm(visit, RANKING, [
    options({ name: "tentang", label: t("ranking.about"), choices, chosen: [value("tentang")], kind: "radio", faults }),
    textArea({ name: "alasan", label: t("form.reason"), value: value("alasan"), faults }),
    html`<button>${t("ranking.send")}</button>`,
  ])}`;
  return answerOf(visit, { title: t("ranking.new"), body, faults });
}

export const objectToRanking: Page = async (visit) => {
  const form = formOf(visit.request);
  const about = form.value("tentang");
  const faults = new Map(
    about === "RANKING" || about === "DETERMINATION" ? [] : [["tentang", visit.t("form.fault.choose")] as const],
  );
  return act(visit, {
    form,
    faults: new Map([...faults, ...reasonFaults(visit, form)]),
    ask: () => visit.ask(OBJECT_TO_RANKING, { input: { about, reason: form.value("alasan") } }),
    done: `${LIST}?pesan=filed`,
    again: (wrong, shown) => rankingPage(visit, { value: shown.value, faults: wrong }),
  });
};
