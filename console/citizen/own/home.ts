import { dayOf, placeOf } from "../format.ts";
import { type Hole, type Html, html } from "../html/html.ts";
import { facts, oneButton } from "../html/parts.ts";
import { REPRESENTED, SELF } from "../questions.ts";
import type { Data, Page, Visit } from "../types.ts";
import { orUnread, ownAnswer, unread, word } from "./kit/frame.ts";

const PARTS = ["bantuan", "usulan", "sanggahan", "akses", "permohonan", "mundur"] as const;

/** What is held about the person, source by source, and the ways on. */
export const home: Page = async (visit) => {
  const { t, representing } = visit;
  const [told, others] = await Promise.all([visit.ask(SELF, { representing }), visit.ask(REPRESENTED)]);
  const self: Data | null = told.data?.["dataSubject"] ?? null;
  const body = html`<ul class="choices">${PARTS.map(
    (part) =>
      html`<li><a href="/warga/${part}"><span>${t(`own.part.${part}`)}<small>${t(`own.part.${part}.text`)}</small></span></a></li>`,
  )}</ul>
<h2>${t("own.data")}</h2>
${self === null ? unread(visit, "source.population") : [population(visit, self), registry(visit, self, told.errors.length > 0)]}
<p><a class="button quiet" href="/warga/salinan" download>${t("own.copy")}</a></p>
<p><a href="/warga/permohonan/baru?jenis=CORRECTION">${t("own.wrong")}</a></p>
${orUnread(visit, others, { value: others.data?.["represented"], source: "source.governance", show: (list: readonly Data[]) => list.length > 0 && represented(visit, list) })}`;
  return ownAnswer(visit, { title: t("own.title"), body });
};

const population = (visit: Visit, self: Data): Html => {
  const { t, language } = visit;
  return html`<section class="card"><h3>${t("own.population")}</h3><p class="small muted">${t("source.population")}</p>${facts(
    visit,
    [
      [t("own.name"), self["fullName"]],
      ["NIK", self["nik"]],
      [t("own.card"), self["familyCard"]?.familyCardNumber],
      [t("own.birth"), [self["birthPlace"], ", ", dayOf(self["birthDate"], language)]],
      [t("own.sex"), word(visit, "Sex", self["sex"])],
      [t("own.address"), [self["address"], self["region"] && [", ", placeOf(self["region"].name)]]],
    ],
  )}</section>`;
};

const registry = (visit: Visit, self: Data, isTroubled: boolean): Hole => {
  const { t } = visit;
  const members: readonly Data[] | null = self["registryMembers"];
  if (!members) return isTroubled && unread(visit, "source.welfare");
  const shown =
    members.length > 0
      ? members.map((member) => entry(visit, member))
      : html`<p>${t("own.unregistered")} <a href="/warga/usulan/baru">${t("own.propose")}</a></p>`;
  return html`<section class="card"><h3>${t("own.registry")}</h3><p class="small muted">${t("source.welfare")}</p>${shown}</section>`;
};

const entry = (visit: Visit, member: Data): Html => {
  const { t, language } = visit;
  const [decile] = (member["household"]?.deciles ?? []) as readonly Data[];
  return facts(visit, [
    [t("own.state"), word(visit, "MemberState", member["state"])],
    [t("own.matched"), word(visit, "MatchStatus", member["matchStatus"])],
    [t("own.relation"), word(visit, "FamilyRelation", member["relation"])],
    [t("own.members"), member["household"]?.memberCount],
    [
      t("own.decile"),
      decile && t("own.decile.of", { decile: decile["decile"], day: dayOf(decile["version"]?.publishedOn, language) }),
    ],
    [t("own.surveyed"), dayOf(member["household"]?.surveyedOn, language)],
  ]);
};

const represented = (visit: Visit, list: readonly Data[]): Html =>
  html`<h2>${visit.t("own.represented")}</h2><ul class="plain">${list.map(
    ({ id, fullName }) =>
      html`<li>${oneButton(visit, { action: "/warga/mewakili", label: fullName ?? id, hidden: { siapa: id } })}</li>`,
  )}</ul>`;
