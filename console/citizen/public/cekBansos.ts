import type { FaceAnswer } from "../../../gateway/types/faces.ts";
import { levelOf, parseRegionCode } from "../../../schema/values/regionCode.ts";
import { isoOf } from "../format.ts";
import { type Html, html } from "../html/html.ts";
import { layout } from "../html/layout.ts";
import { type DateParts, dateField, type Faults, NO_FAULTS, signed, summary, textField } from "../html/parts.ts";
import { commonPage, ownPage, redirect } from "../http/answers.ts";
import type { Form } from "../http/forms.ts";
import type { Page, Visit } from "../types.ts";
import { MOST_FOUND, type Place, type Regions, type Trail } from "./regions.ts";

export const PATH = "/cek-bansos";

/** Characters of a name, as the hub takes them. */
const MOST_OF_NAME = 100;

/** Who is asked about. */
export interface Facts {
  readonly name: string;
  readonly birth: DateParts;
}
export const NO_FACTS: Facts = { name: "", birth: { day: "", month: "", year: "" } };

/** Region by region down to the village, each step a page of its own that can be kept; at a village, the form. */
export const cekBansos =
  (regions: Regions): Page =>
  async (visit) => {
    const given = visit.url.searchParams.get("wilayah") ?? "";
    if (given === "") return choicePage(visit, { regions, code: null, trail: [] });
    const code = parseRegionCode(given);
    const trail = code === null ? null : await regions.trail(visit, code);
    if (code === null || trail === null) return redirect(PATH);
    if (levelOf(code) === "VILLAGE") return ownPage(formPage(visit, { trail, facts: NO_FACTS, faults: NO_FAULTS }));
    return choicePage(visit, { regions, code, trail });
  };

interface Choosing {
  readonly regions: Regions;
  /** Null: nothing is chosen yet. */
  readonly code: string | null;
  readonly trail: readonly Place[];
}

async function choicePage(visit: Visit, { regions, code, trail }: Choosing): Promise<FaceAnswer> {
  const { t, url, request } = visit;
  const words = isSearchable(code) ? (url.searchParams.get("cari") ?? "").trim().slice(0, 60) : "";
  const found = words === "" ? null : await regions.find(visit, code, words);
  const body = html`${intro(visit, trail)}
<h2>${t(`cek.choose.${levelBelow(code)}`)}</h2>
${isSearchable(code) && search(visit, { trail, words })}
${found && results(visit, found)}
${choices((await regions.below(visit, code)).map((place) => [place]))}`;
  return commonPage(layout(visit, { title: t("cek.title"), body }), request);
}

/** Where a name is typed sooner than a list is read: not in a district, whose villages stand on the page. */
const isSearchable = (code: string | null): boolean => code === null || levelOf(code) !== "DISTRICT";

const BELOW = { PROVINCE: "REGENCY", REGENCY: "DISTRICT", DISTRICT: "VILLAGE", VILLAGE: "VILLAGE" } as const;
const levelBelow = (code: string | null) => {
  const level = code === null ? null : levelOf(code);
  return level === null ? "PROVINCE" : BELOW[level];
};

const addressOf = (code: string): string => `${PATH}?wilayah=${code}`;

const intro = ({ t }: Visit, trail: readonly Place[]): Html => html`<h1>${t("cek.title")}</h1>
${trail.length === 0 && html`<p class="lead">${t("cek.lead")}</p>`}
${
  trail.length > 0 &&
  html`<ol class="trail" aria-label="${t("cek.chosen")}">${trail.map(
    (
      { code, name },
      at,
    ) => html`<li><span><span class="muted">${t(`cek.level.${levelOf(code) ?? "VILLAGE"}`)}</span> <b>${name}</b></span>
<a href="${at === 0 ? PATH : addressOf(trail[at - 1]?.code ?? "")}">${t("cek.change")}<span class="trap"> ${name}</span></a></li>`,
  )}</ol>`
}`;

const search = ({ t }: Visit, { trail, words }: { readonly trail: readonly Place[]; readonly words: string }): Html => {
  const here = trail.at(-1);
  return html`<form class="find" method="get" action="${PATH}" role="search">${here && html`<input type="hidden" name="wilayah" value="${here.code}">`}
<div><label for="cari">${here ? t("cek.find.below", { place: here.name }) : t("cek.find.country")}</label><span class="hint" id="cari-hint">${t("cek.find.hint")}</span>
<input id="cari" name="cari" value="${words}" maxlength="60" inputmode="search" autocomplete="off" aria-describedby="cari-hint"></div><button class="quiet">${t("cek.find")}</button></form>`;
};

const results = ({ t }: Visit, found: readonly Trail[]): Html =>
  html`<section aria-labelledby="hasil"><h3 id="hasil">${t("cek.found", { count: found.length })}</h3>${found.length > 0 ? [found.length >= MOST_FOUND && html`<p>${t("cek.found.many")}</p>`, choices(found)] : html`<p>${t("cek.found.none")}</p>`}</section><h3>${t("cek.all")}</h3>`;

/** Links to regions; where a trail leads to one, what it lies in is told below its name. */
const choices = (trails: readonly Trail[]): Html =>
  html`<ul class="choices">${trails.map((trail) => {
    const place = trail.at(-1);
    const above = trail.slice(0, -1).reverse();
    return (
      place &&
      html`<li><a href="${addressOf(place.code)}"><span>${place.name}${above.length > 0 && html`<small>${above.map(({ name }) => name).join(", ")}</small>`}</span></a></li>`
    );
  })}</ul>`;

interface FormState {
  readonly trail: readonly Place[];
  readonly facts: Facts;
  readonly faults: Faults;
}

/** The form, at a village. */
export function formPage(visit: Visit, { trail, facts, faults }: FormState): Html {
  const { t } = visit;
  const body = html`${summary(visit, faults)}${intro(visit, trail)}
<h2>${t("cek.who")}</h2>
<form method="post" action="${PATH}" autocomplete="on">${signed(visit, PATH)}<input type="hidden" name="wilayah" value="${trail.at(-1)?.code}">
${textField({ name: "nama", label: t("cek.name"), hint: t("cek.name.hint"), value: facts.name, faults, autocomplete: "name" })}
${dateField(visit, { name: "lahir", label: t("cek.birth"), hint: t("cek.birth.hint"), value: facts.birth, faults, autocomplete: true })}
<div class="trap" aria-hidden="true"><label for="situs">${t("cek.trap")}</label><input id="situs" name="situs" tabindex="-1" autocomplete="off"></div>
<button>${t("cek.submit")}</button></form>
<p class="small muted">${t("cek.privacy")}</p>`;
  return layout(visit, { title: t("cek.title"), body, isFaulty: faults.size > 0 });
}

/** What was filled in. */
export const factsOf = (form: Form): Facts => ({
  name: form.value("nama"),
  birth: { day: form.value("lahir"), month: form.value("lahir-month"), year: form.value("lahir-year") },
});

/** What is wrong with it: a name too short or with a number in it, a day there is not or that is to come. */
export function faultsOf({ t }: Visit, { name, birth }: Facts, today: string): Faults {
  const day = isoOf(birth);
  const faults = new Map<string, string>();
  if (name.length < 2 || /\d/.test(name) || !/\p{L}/u.test(name)) faults.set("nama", t("cek.fault.name"));
  if (name.length > MOST_OF_NAME) faults.set("nama", t("form.long", { most: MOST_OF_NAME }));
  if (day === null || day > today || day < "1900-01-01") faults.set("lahir", t("cek.fault.birth"));
  return faults;
}
