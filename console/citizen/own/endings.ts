import { instantOf } from "../format.ts";
import { type Html, html } from "../html/html.ts";
import { type Faults, NO_FAULTS, oneButton, options } from "../html/parts.ts";
import { redirect } from "../http/answers.ts";
import { formOf } from "../http/forms.ts";
import {
  AID,
  REVOKE_PROGRAM_WITHDRAWAL,
  REVOKE_WITHDRAWAL,
  SELF,
  WITHDRAW_FROM_PROGRAM,
  WITHDRAW_FROM_REGISTRY,
} from "../questions.ts";
import type { Data, Page, Visit } from "../types.ts";
import { act } from "./kit/act.ts";
import { actForm, ownAnswer, programName, unread, word } from "./kit/frame.ts";

const REGISTRY = "/warga/mundur";
const PROGRAM = "/warga/bantuan/mundur";

/** One must say that one knows what it means: nobody leaves by one careless click. */
const confirmation = ({ t }: Visit, text: string, faults: Faults): Html =>
  html`${options({ name: "yakin", label: t("leave.sure"), choices: [["ya", text]], chosen: [], kind: "checkbox", faults })}`;
const sureFaults = ({ t }: Visit, value: string): Faults => (value === "ya" ? NO_FAULTS : new Map([["yakin", t("leave.fault")]]));

/** To leave the registry, with what that means; or to take it back. */
export const leaveRegistry: Page = (visit) => registryPage(visit, NO_FAULTS);

async function registryPage(visit: Visit, faults: Faults) {
  const { t, language } = visit;
  const { data } = await visit.ask(SELF, { representing: null });
  const members: readonly Data[] | null = data?.["dataSubject"]?.registryMembers ?? null;
  const left = members
    ?.flatMap((member) => (member["eligibilityDecisions"] ?? []) as Data[])
    .find(
      ({ reason, revokedAt, revocableUntil }) => reason === "WITHDRAWN" && !revokedAt && Date.parse(revocableUntil) > Date.now(),
    );
  const body = !members
    ? unread(visit, "source.welfare")
    : left
      ? html`<div class="box warn"><p>${t("leave.left", { day: instantOf(left["revocableUntil"], language) })}</p>${oneButton(visit, { action: `${REGISTRY}/batal`, label: t("leave.revoke"), look: "" })}</div>`
      : members.length === 0
        ? html`<p>${t("own.unregistered")}</p>`
        : html`<p class="lead">${t("leave.registry.lead")}</p><ul><li>${t("leave.registry.1")}</li><li>${t("leave.registry.2")}</li><li>${t("leave.registry.3")}</li></ul>
${actForm(visit, REGISTRY, [confirmation(visit, t("leave.registry.sure"), faults), html`<button class="danger">${t("leave.registry.send")}</button>`])}`;
  return ownAnswer(visit, { title: t("own.part.mundur"), body, faults, status: faults.size > 0 ? 422 : 200 });
}

export const withdrawFromRegistry: Page = async (visit) => {
  const form = formOf(visit.request);
  return act(visit, {
    form,
    faults: sureFaults(visit, form.value("yakin")),
    ask: () => visit.ask(WITHDRAW_FROM_REGISTRY),
    done: `${REGISTRY}?pesan=withdrawn`,
    again: (faults) => registryPage(visit, faults),
  });
};

export const revokeWithdrawal: Page = async (visit) =>
  act(visit, {
    form: formOf(visit.request),
    faults: NO_FAULTS,
    ask: () => visit.ask(REVOKE_WITHDRAWAL),
    done: `${REGISTRY}?pesan=revoked`,
    again: (faults) => registryPage(visit, faults),
  });

/** To leave one program, named in the address by the enrolment. */
export const leaveProgram: Page = (visit) => programPage(visit, visit.url.searchParams.get("kepesertaan") ?? "", NO_FAULTS);

async function programPage(visit: Visit, id: string, faults: Faults) {
  const { t } = visit;
  const { data } = await visit.ask(AID, { representing: null });
  const one = (data?.["dataSubject"]?.enrolments as readonly Data[] | null)?.find((enrolment) => enrolment["id"] === id);
  if (!one) return redirect("/warga/bantuan");
  const name = programName(visit, one["program"]?.code);
  const body = html`<p class="lead">${t("leave.program.lead", { program: name })}</p><ul><li>${t("leave.program.1")}</li><li>${t("leave.program.2")}</li></ul>
<p>${t("leave.program.state")} ${word(visit, "EnrolmentState", one["state"])}</p>
${actForm(visit, PROGRAM, [html`<input type="hidden" name="kepesertaan" value="${id}"><input type="hidden" name="versi" value="${one["version"]}">`, confirmation(visit, t("leave.program.sure", { program: name }), faults), html`<button class="danger">${t("leave.program.send", { program: name })}</button>`])}`;
  return ownAnswer(visit, {
    title: t("leave.program.title", { program: name }),
    body,
    faults,
    status: faults.size > 0 ? 422 : 200,
  });
}

export const withdrawFromProgram: Page = async (visit) => {
  const form = formOf(visit.request);
  const enrolment = form.value("kepesertaan");
  return act(visit, {
    form,
    faults: sureFaults(visit, form.value("yakin")),
    ask: () =>
      visit.ask(WITHDRAW_FROM_PROGRAM, { input: { enrolment, version: Number(form.value("versi")), isConfirmed: true } }),
    done: "/warga/bantuan?pesan=withdrawn",
    again: (faults) => programPage(visit, enrolment, faults),
  });
};

export const revokeProgramWithdrawal: Page = async (visit) => {
  const form = formOf(visit.request);
  return act(visit, {
    form,
    faults: NO_FAULTS,
    ask: () => visit.ask(REVOKE_PROGRAM_WITHDRAWAL, { id: form.value("id"), version: Number(form.value("versi")) }),
    done: "/warga/bantuan?pesan=revoked",
    again: (faults) =>
      ownAnswer(visit, {
        title: visit.t("aid.title"),
        body: html`<p><a class="button" href="/warga/bantuan">${visit.t("aid.title")}</a></p>`,
        faults,
        status: 409,
      }),
  });
};
