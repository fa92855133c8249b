import { holdsNik } from "../../../schema/errors.ts";
import { parseRegionCode } from "../../../schema/values/regionCode.ts";
import { dayOf, instantOf, isoOf, placeOf } from "../format.ts";
import { type Hole, type Html, html } from "../html/html.ts";
import { type Choice, dateField, type Faults, NO_FAULTS, oneButton, options, select, textField } from "../html/parts.ts";
import { type Form, formOf } from "../http/forms.ts";
import { PROPOSALS, PROPOSE, SELF, WITHDRAW_PROPOSAL } from "../questions.ts";
import type { Data, Page, Visit } from "../types.ts";
import { act } from "./kit/act.ts";
import { actForm, orUnread, ownAnswer, unread, word } from "./kit/frame.ts";

const LIST = "/warga/usulan";
const NEW = `${LIST}/baru`;
const AID = ["PKH", "BPNT", "PBI_JK", "PIP", "KIP_KULIAH", "OTHER"] as const;
const RELATIONS = ["HEAD", "SPOUSE", "CHILD", "CHILD_IN_LAW", "GRANDCHILD", "PARENT_OR_IN_LAW", "OTHER"] as const;
/** Others of the household that one form takes. */
const OTHERS = [1, 2, 3, 4] as const;

/** What the person has proposed, and what became of it. */
export const proposals: Page = async (visit) => {
  const { t } = visit;
  const told = await visit.ask(PROPOSALS);
  const body = html`<p>${t("proposal.lead")}</p><p><a class="button" href="${NEW}">${t("own.propose")}</a></p>
${orUnread(visit, told, { value: told.data?.["myProposals"], source: "source.welfare", show: (list: readonly Data[]) => (list.length > 0 ? list.map((one) => proposal(visit, one)) : html`<p>${t("proposal.none")}</p>`) })}`;
  return ownAnswer(visit, { title: t("own.part.usulan"), body });
};

const proposal = (visit: Visit, one: Data): Html => {
  const { t, language } = visit;
  const candidates: readonly Data[] = one["candidates"] ?? [];
  return html`<section class="card"><h2>${one["number"]}</h2><p><strong>${word(visit, "ProposalState", one["state"])}</strong>${one["reason"] && html`: ${one["reason"]}`}</p><dl>
<dt>${t("proposal.aid")}</dt><dd>${(one["aid"] ?? []).map((kind: string, at: number) => [at > 0 && ", ", word(visit, "AidKind", kind)])}</dd>
<dt>${t("proposal.submitted")}</dt><dd>${instantOf(one["submittedAt"], language)}</dd>
${one["expiresAt"] && html`<dt>${t("proposal.expires")}</dt><dd>${instantOf(one["expiresAt"], language)}</dd>`}
<dt>${t("proposal.people")}</dt><dd>${candidates.map(({ claimedName, matchStatus }, at) => [at > 0 && html`<br>`, claimedName, matchStatus && ` – ${word(visit, "MatchStatus", matchStatus)}`])}</dd></dl>
<details><summary>${t("page.history")}</summary><ol>${(one["history"] ?? []).map(({ at, to, reason }: Data) => html`<li>${instantOf(at, language)}: ${word(visit, "ProposalState", to)}${reason && ` – ${reason}`}</li>`)}</ol></details>
${one["acts"]?.includes("WITHDRAW") && oneButton(visit, { action: `${LIST}/tarik`, label: t("proposal.take"), hidden: { id: one["id"], versi: one["version"] } })}</section>`;
};

interface State {
  readonly value: (name: string) => string;
  readonly aid: readonly string[];
  readonly faults: Faults;
}
const EMPTY: State = { value: () => "", aid: [], faults: NO_FAULTS };

/** The form: what the population register knows of the person is not asked again. */
export const proposalForm: Page = (visit) => formPage(visit, EMPTY);

async function formPage(visit: Visit, { value, aid, faults }: State) {
  const { t, language } = visit;
  const { data } = await visit.ask(SELF, { representing: null });
  const self: Data | null = data?.["dataSubject"] ?? null;
  const body = !self
    ? unread(visit, "source.population")
    : html`<p class="lead">${t("proposal.new.lead")}</p>${actForm(
        visit,
        NEW,
        html`<section class="card"><h2>${t("proposal.you")}</h2><p>${self["fullName"]}, ${dayOf(self["birthDate"], language)}<br>${self["region"] && placeOf(self["region"].name)}</p></section>
${textField({ name: "alamat", label: t("proposal.address"), hint: t("proposal.address.hint"), value: value("alamat") || (self["address"] ?? ""), most: 200, faults, autocomplete: "street-address" })}
${options({ name: "bantuan", label: t("proposal.aid"), hint: t("proposal.aid.hint"), choices: AID.map((kind) => [kind, word(visit, "AidKind", kind)]), chosen: aid, kind: "checkbox", faults })}
${relation(visit, { name: "hubungan", value, faults, label: t("proposal.relation") })}
${OTHERS.map((at) => other(visit, at, { value, aid, faults }))}<button>${t("proposal.send")}</button>`,
      )}`;
  return ownAnswer(visit, { title: t("own.propose"), body, faults, status: faults.size > 0 ? 422 : 200 });
}

const relation = (
  visit: Visit,
  { name, value, faults, label }: { name: string; value: State["value"]; faults: Faults; label: string },
): Html => {
  const choices: readonly Choice[] = [
    ["", visit.t("form.choose")],
    ...RELATIONS.map((one) => [one, word(visit, "FamilyRelation", one)] as const),
  ];
  return select({ name, label, choices, chosen: value(name), faults });
};

const other = (visit: Visit, at: number, { value, faults }: State): Html => {
  const { t } = visit;
  const of = (name: string) => `${name}${at}`;
  const birth = { day: value(of("lahir")), month: value(`${of("lahir")}-month`), year: value(`${of("lahir")}-year`) };
  const isOpen = [...faults.keys()].some((name) => name.endsWith(String(at))) || value(of("nama")) !== "";
  return html`<details${isOpen && html` open`}><summary>${t("proposal.other", { at })}</summary>
${textField({ name: of("nama"), label: t("own.name"), value: value(of("nama")), faults })}
${relation(visit, { name: of("hubungan"), value, faults, label: t("proposal.relation.other") })}
${textField({ name: of("nik"), label: "NIK", hint: t("proposal.nik.hint"), value: value(of("nik")), most: 20, faults, inputmode: "numeric" })}
${dateField(visit, { name: of("lahir"), label: t("own.born"), value: birth, faults, autocomplete: false })}</details>`;
};

/** Takes the form. */
export const propose: Page = async (visit) => {
  const form = formOf(visit.request);
  const { data } = await visit.ask(SELF, { representing: null });
  const self: Data = data?.["dataSubject"] ?? {};
  const village = parseRegionCode(self["region"]?.code ?? "");
  const input = {
    village,
    address: form.value("alamat"),
    aid: form.values("bantuan"),
    candidates: [own(self, form), ...others(form)],
  };
  return act(visit, {
    form,
    faults: faultsOf(visit, form),
    ask: () => visit.ask(PROPOSE, { input }),
    done: `${LIST}?pesan=proposed`,
    again: (faults, shown) => formPage(visit, { value: shown.value, aid: shown.values("bantuan"), faults }),
  });
};

const own = (self: Data, form: Form) => ({
  relation: form.value("hubungan"),
  claimedName: self["fullName"],
  claimedNik: self["nik"],
  claimedBirthDate: self["birthDate"],
  claimedSex: self["sex"],
  claimedCardNumber: self["familyCard"]?.familyCardNumber ?? null,
});

const named = (form: Form) => OTHERS.filter((at) => form.value(`nama${at}`) !== "");
const bornOf = (form: Form, at: number) =>
  isoOf({ day: form.value(`lahir${at}`), month: form.value(`lahir${at}-month`), year: form.value(`lahir${at}-year`) });
const others = (form: Form) =>
  named(form).map((at) => ({
    relation: form.value(`hubungan${at}`),
    claimedName: form.value(`nama${at}`),
    claimedNik: form.value(`nik${at}`) || null,
    claimedBirthDate: bornOf(form, at),
  }));

function faultsOf({ t }: Visit, form: Form): Faults {
  const faults = new Map<string, string>();
  const relations = ["hubungan", ...named(form).map((at) => `hubungan${at}`)];
  if (form.value("alamat") === "") faults.set("alamat", t("proposal.fault.address"));
  if (holdsNik(form.value("alamat"))) faults.set("alamat", t("form.fault.nik"));
  if (form.values("bantuan").length === 0) faults.set("bantuan", t("proposal.fault.aid"));
  for (const name of relations)
    if (!RELATIONS.includes(form.value(name) as "HEAD")) faults.set(name, t("proposal.fault.relation"));
  const heads = relations.filter((name) => form.value(name) === "HEAD").length;
  if (heads !== 1 && !faults.has("hubungan")) faults.set("hubungan", t("proposal.fault.head"));
  for (const at of named(form)) if (bornOf(form, at) === null) faults.set(`lahir${at}`, t("cek.fault.birth"));
  return faults;
}

/** Takes a proposal back. */
export const takeBack: Page = async (visit) => {
  const form = formOf(visit.request);
  const seen = { id: form.value("id"), version: Number(form.value("versi")) };
  return act(visit, {
    form,
    faults: NO_FAULTS,
    ask: () => visit.ask(WITHDRAW_PROPOSAL, { proposals: [seen], reason: "Ditarik oleh pengusul" }),
    done: `${LIST}?pesan=taken`,
    again: (faults) => again(visit, faults),
  });
};

const again = (visit: Visit, faults: Faults) =>
  ownAnswer(visit, {
    title: visit.t("own.part.usulan"),
    body: html`<p><a class="button" href="${LIST}">${visit.t("own.part.usulan")}</a></p>` as Hole,
    faults,
    status: 409,
  });
