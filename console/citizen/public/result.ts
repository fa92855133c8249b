import type { FaceAnswer } from "../../../gateway/types/faces.ts";
import { labelled } from "../../../schema/errors.ts";
import { places } from "../../../schema/values/places.ts";
import { levelOf, parseRegionCode } from "../../../schema/values/regionCode.ts";
import { dayInWib, secondsToMidnightInWib } from "../../../schema/values/wib.ts";
import { isoOf } from "../format.ts";
import { type Hole, type Html, html } from "../html/html.ts";
import { layout } from "../html/layout.ts";
import { ownPage, redirect } from "../http/answers.ts";
import { type Form, formOf } from "../http/forms.ts";
import { type Patience, padded, untilBeat } from "../http/patience.ts";
import type { Data, Page, Told, Visit } from "../types.ts";
import { busy, comingBack } from "./busy.ts";
import { factsOf, faultsOf, formPage, NO_FACTS, PATH } from "./cekBansos.ts";
import type { Place, Regions } from "./regions.ts";

/** Programs that are told of, whether somebody takes part or not. */
const PROGRAMS = ["PKH", "BPNT", "PBI_JK", "KIP", "KIP_KULIAH"] as const;

/** `programs` is asked of nobody: where enrolments cannot be read, it cannot either, whether somebody was found or not. */
export const RECIPIENT = /* GraphQL */ `
  query Recipient($input: RecipientFactsInput!) {
    programs { code }
    recipientByFacts(input: $input) {
      enrolments {
        program { code }
        state
        payments(latest: 1) { period state }
      }
    }
  }
`;

/** Searches running at one time; beyond, people are asked to come back rather than kept waiting for nothing. */
const MOST_AT_ONCE = 100;
/** How long somebody who was sent away should wait. */
const COME_BACK_S = 20;
/** Nobody fills a form in at once; browsers that remember a name do, so such a question waits and is asked all the same. */
const HASTE_MS = 2_000;

interface Options {
  readonly regions: Regions;
  readonly patience: Patience;
}

/**
 * Answers the form. Whoever is not found, found twice, found with another birthday or not to be told of gets the same page, of the same status and
 * size, after the same time. So do all whose question failed, at whatever it failed: who is found is asked more, and more of that can fail.
 */
export function cekBansosResult({ regions, patience }: Options): Page {
  const room = places(MOST_AT_ONCE);
  return async (visit) => {
    const form = formOf(visit.request);
    const trail = await villageOf(visit, form, regions);
    if (trail === null) return redirect(PATH);
    const { token, faults } = checked(visit, form);
    if (faults.size > 0) return ownPage(formPage(visit, { trail, facts: visit.isOwn ? factsOf(form) : NO_FACTS, faults }), 422);
    const tag = visit.forms.tagOf(visit.request.address);
    if (!(await patience.slowDown(tag, token === "too fast" ? HASTE_MS : 0))) return answerOf(visit, { trail, told: null });
    const startedAt = performance.now(); // what depends on who asks is over: a whole beat is left for what depends on whom
    const told = await room(() => asked(visit, form, trail));
    await untilBeat(startedAt);
    return answerOf(visit, { trail, told });
  };
}

/** What is wrong with what was filled in, and with the form itself. */
function checked(visit: Visit, form: Form) {
  const token = visit.forms.check(form.value("tanda"), PATH, visit.holder);
  if (!visit.isOwn) return { token, faults: new Map([["", visit.t("form.strange")]]) }; // nobody's browser uses up tries for another page
  const faults = new Map(faultsOf(visit, factsOf(form), dayInWib(new Date())));
  if (token !== "good" && token !== "too fast") faults.set("", visit.t("form.stale"));
  return { token, faults };
}

async function villageOf(visit: Visit, form: Form, regions: Regions): Promise<readonly Place[] | null> {
  const code = parseRegionCode(form.value("wilayah"));
  return code !== null && levelOf(code) === "VILLAGE" ? regions.trail(visit, code) : null;
}

const formAt = (trail: readonly Place[]): string => `${PATH}?wilayah=${trail.at(-1)?.code}`;

async function asked(visit: Visit, form: Form, trail: readonly Place[]): Promise<Told> {
  if (form.value("situs") !== "") return NOBODY;
  const { name, birth } = factsOf(form);
  const visitor = visit.forms.tagOf(visit.request.address);
  return visit.ask(RECIPIENT, { input: { village: trail.at(-1)?.code, fullName: name, birthDate: isoOf(birth), visitor } });
}

/** What a machine is told that fills in what people do not see. */
const NOBODY: Told = { data: { recipientByFacts: null }, errors: [] };

interface Result {
  readonly trail: readonly Place[];
  /** Null: there was no room to ask. */
  readonly told: Told | null;
}

/** All of one size, kept by nobody and changed by nobody on the way. */
function answerOf(visit: Visit, { trail, told }: Result): FaceAnswer {
  const seconds = secondsToMidnightInWib(new Date());
  if (told?.errors.some(({ extensions }) => extensions.code === "QUOTA_EXCEEDED"))
    return sized((filling) => tooOften(visit, trail, filling), { status: 429, headers: { "retry-after": String(seconds) } });
  const back = { seconds: COME_BACK_S, to: formAt(trail) };
  if (told === null || told.errors.length > 0)
    return sized((filling) => busy(visit, back, [unread(visit), filling]), { status: 503, headers: comingBack(back) });
  return sized((filling) => resultPage(visit, { trail, told, filling }));
}

function sized(
  page: (filling: Html) => Html,
  later?: { readonly status: number; readonly headers: Record<string, string> },
): FaceAnswer {
  return ownPage(padded(page), later?.status, { "cache-control": "no-store, no-transform", ...later?.headers });
}

/** The village or the network has been asked about or from too often today, whoever was asked for. */
function tooOften(visit: Visit, trail: readonly Place[], filling: Html): Html {
  const { t } = visit;
  const body = html`<h1>${t("often.title")}</h1><p class="lead">${t("often.text", { village: trail.at(-1)?.name ?? "" })}</p>
<p>${t("often.else")}</p>${filling}`;
  return layout(visit, { title: t("often.title"), body });
}

interface Found {
  readonly trail: readonly Place[];
  readonly told: Told;
  readonly filling: Html;
}

function resultPage(visit: Visit, { trail, told: { data }, filling }: Found): Html {
  const { t } = visit;
  const enrolments: readonly Data[] | null | undefined = data?.["recipientByFacts"]?.enrolments;
  const body = html`<h1>${t("result.title")}</h1>
<p>${trail.toReversed().map(({ name }, at) => [at > 0 && ", ", name])}</p>
${enrolments?.length ? table(visit, enrolments) : none(visit)}
<p class="noprint"><a class="button quiet" href="${formAt(trail)}">${t("result.again")}</a></p>
${next(visit)}${filling}`;
  return layout(visit, { title: t("result.title"), body });
}

const unread = ({ t }: Visit): Html =>
  html`<div class="box warn"><h2>${t("result.unread")}</h2><p>${t("result.unread.text")}</p></div>`;
const none = ({ t }: Visit): Html => html`<div class="box"><h2>${t("result.none")}</h2><p>${t("result.none.text")}</p></div>`;

const table = (visit: Visit, enrolments: readonly Data[]): Html => {
  const { t } = visit;
  const others = enrolments.map((one) => one["program"]?.code as string).filter((code) => !PROGRAMS.includes(code as "PKH"));
  return html`<div class="wide" role="region" tabindex="0" aria-label="${t("result.caption")}"><table><caption>${t("result.caption")}</caption>
<thead><tr><th scope="col">${t("result.program")}</th><th scope="col">${t("result.takesPart")}</th><th scope="col">${t("result.remark")}</th><th scope="col">${t("result.period")}</th></tr></thead>
<tbody>${[...PROGRAMS, ...new Set(others)].map((code) => row(visit, code, enrolments))}</tbody></table></div>`;
};

/** Of several enrolments in a program the one that runs counts, else the newest. */
function row({ t, language }: Visit, code: string, enrolments: readonly Data[]): Html {
  const own = enrolments.filter((one) => one["program"]?.code === code);
  const one = own.find(({ state }) => RUNNING.has(state)) ?? own[0];
  const [payment] = (one?.["payments"] ?? []) as readonly Data[];
  const takesPart = RUNNING.has(one?.["state"]);
  const remark: Hole = one ? labelled("enums", `EnrolmentState.${one["state"]}`)[language] : "–";
  return html`<tr><th scope="row">${labelled("dimensions", `program.${code}`)[language]}</th>
<td class="mark ${takesPart ? "yes" : "no"}">${takesPart ? t("result.yes") : t("result.no")}</td><td>${remark}</td>
<td>${payment ? html`${payment["period"]}<br><span class="small muted">${labelled("enums", `PaymentState.${payment["state"]}`)[language]}</span>` : "–"}</td></tr>`;
}
const RUNNING: ReadonlySet<unknown> = new Set(["ACTIVE", "SUSPENDED"]);

/** What one can do, whatever the answer is. */
const next = ({ t }: Visit): Html => html`<h2>${t("next.title")}</h2>
<h3>${t("next.propose")}</h3><p>${t("next.propose.text")} <a href="/warga/usulan">${t("next.propose.link")}</a></p>
<h3>${t("next.object")}</h3><p>${t("next.object.text")} <a href="/warga/sanggahan">${t("next.object.link")}</a></p>
<h3>${t("next.unpaid")}</h3><p>${t("next.unpaid.text")} <a href="/warga/bantuan">${t("next.unpaid.link")}</a></p>
<h3>${t("next.withdraw")}</h3><p>${t("next.withdraw.text")} <a href="/warga/mundur">${t("next.withdraw.link")}</a></p>`;
