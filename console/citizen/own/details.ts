import { dayInWib } from "../../../schema/values/wib.ts";
import { dayOf, instantOf, placeOf, rupiahOf } from "../format.ts";
import { type Hole, type Html, html } from "../html/html.ts";
import { AID_DETAILS } from "../questions.ts";
import type { Key } from "../text/texts.ts";
import type { Data, Page, Visit } from "../types.ts";
import { orUnread, ownAnswer, word } from "./kit/frame.ts";

/** Rows of each list that are shown; the file of all data has the rest. */
const MOST = 12;

/** What is on record about the person beside enrolments and payments: school and college aid, the health insurance contributions, what PKH asks of families. */
export const aidDetails: Page = async (visit) => {
  const { t } = visit;
  const told = await visit.ask(AID_DETAILS, yearSoFar());
  const lists = LISTS.map(({ field, show }) =>
    orUnread(visit, told, {
      value: told.data?.[field],
      source: "source.programs",
      show: (rows: readonly Data[]) =>
        rows.length === 0
          ? html`<p>${t(`details.${field}.none`)}</p>`
          : [rows.slice(0, MOST).map((row) => show(visit, row, told.data ?? {})), rows.length > MOST && more(visit)],
    }),
  );
  const body = html`<p class="lead">${t("details.lead")}</p>${LISTS.map(({ field }, at) => html`<h2>${t(`details.${field}`)}</h2>${lists[at]}`)}
<p class="small muted">${t("details.health")} <a href="/warga/permohonan/baru?jenis=ACCESS">${t("request.new")}</a></p>
<p><a href="/warga/bantuan">${t("aid.title")}</a></p>`;
  return ownAnswer(visit, { title: t("details.title"), body });
};

const more = ({ t }: Visit): Html => html`<p class="small muted">${t("details.more", { most: MOST })}</p>`;

/** Months of this year, up to this one. */
function yearSoFar() {
  const month = dayInWib(new Date()).slice(0, 7);
  return { from: `${month.slice(0, 4)}-01`, to: month };
}

interface List {
  readonly field: "mySchoolAids" | "myCollegeAids" | "myPbiMemberships" | "myPbiRequests" | "myCommitments";
  readonly show: (visit: Visit, row: Data, all: Data) => Html;
}

/** A card: what it is, how it stands, and what is known of it; what is not known is left out. */
const card = (
  { t }: Visit,
  { title, state, rows }: Card,
): Html => html`<section class="card"><h3>${title}</h3><p><strong>${state}</strong></p><dl>
${rows.filter(([, value]) => value !== null && value !== undefined && value !== "" && value !== false).map(([term, value]) => html`<dt>${t(term)}</dt><dd>${value}</dd>`)}</dl></section>`;

interface Card {
  readonly title: Hole;
  readonly state: Hole;
  readonly rows: readonly (readonly [term: Key, value: Hole])[];
}

const schoolAid = (visit: Visit, one: Data): Html => {
  const { t, language } = visit;
  const { nomination } = one;
  const isToActivate = one["state"] === "NOMINATED" && nomination?.activateBy;
  return card(visit, {
    title: t("details.pip", { year: one["year"] }),
    state: word(visit, "SchoolAidState", one["state"]),
    rows: [
      ["details.activateBy", isToActivate && dayOf(nomination.activateBy, language)],
      ["details.extended", isToActivate && nomination.extensionReason],
      ["details.activatedOn", dayOf(one["activatedOn"], language)],
      [
        "details.level",
        one["level"] && t("details.class", { level: word(visit, "SchoolLevel", one["level"]), grade: one["grade"] ?? "" }),
      ],
      ["aid.amount", rupiahOf(one["amount"], language)],
      ["details.nomination", nomination?.number],
      ["details.grant", one["grantDecree"]],
    ],
  });
};

const collegeAid = (visit: Visit, one: Data): Html => {
  const { t, language } = visit;
  const semesters: readonly Data[] = one["semesterReports"] ?? [];
  const a = (amount: string | null) => amount && t("details.aSemester", { amount: rupiahOf(amount, language) });
  return card(visit, {
    title: one["study"],
    state: word(visit, "CollegeAidState", one["state"]),
    rows: [
      ["form.reason", one["reason"]],
      ["details.ground", word(visit, "CollegeGround", one["ground"])],
      ["details.since", one["since"] && t("details.semesters", { since: one["since"], count: one["semesters"] ?? "" })],
      ["details.living", a(one["living"])],
      ["details.tuition", a(one["tuitionCovered"])],
      ["details.grant", one["decree"]],
      [
        "details.reports",
        semesters.length > 0 &&
          html`<ul class="plain">${semesters.map((semester) => html`<li>${report(visit, semester)}</li>`)}</ul>`,
      ],
    ],
  });
};

const report = (visit: Visit, one: Data): string =>
  visit.t("details.report", {
    semester: one["semester"],
    credits: one["credits"] ?? "–",
    average:
      one["gradeAverage"] === null
        ? "–"
        : (one["gradeAverage"] / 100).toFixed(2).replace(".", visit.language === "id" ? "," : "."),
    state: word(visit, "CollegeSemesterState", one["state"]),
  });

const membership = (visit: Visit, one: Data): Html => {
  const { t, language } = visit;
  const due: Data = one["contributions"] ?? {};
  return card(visit, {
    title: t("aid.since", { day: dayOf(one["startedOn"], language) }),
    state: word(visit, "EnrolmentState", one["state"]),
    rows: [
      ["details.endedOn", dayOf(one["endedOn"], language)],
      [
        "details.due",
        due["amount"] && t("details.months", { amount: rupiahOf(due["amount"], language), months: due["months"] ?? 0 }),
      ],
    ],
  });
};

const pbiRequest = (visit: Visit, one: Data): Html => {
  const { language } = visit;
  return card(visit, {
    title: word(visit, "PbiRequestKind", one["kind"]),
    state: word(visit, "PbiRequestState", one["state"]),
    rows: [
      ["proposal.submitted", instantOf(one["proposedAt"], language)],
      ["details.proposedBy", one["proposedAgency"]],
      ["details.village", one["region"] && placeOf(one["region"].name)],
      ["details.confirmBy", one["state"] === "PROPOSED" && instantOf(one["confirmBy"], language)],
      ["objection.decision", one["decisionReason"]],
    ],
  });
};

/** How often, of how often, and what was asked for on the last day of the rules. */
const commitment = (visit: Visit, one: Data, all: Data): Html => {
  const { t } = visit;
  const rule = ((all["commitmentRules"] ?? []) as Data[]).find(({ kind, validTo }) => kind === one["kind"] && validTo === null);
  const isPercent = rule?.["measure"] === "PERCENT";
  return card(visit, {
    title: t("details.commitment", { kind: word(visit, "CommitmentKind", one["kind"]), period: one["period"] }),
    state: one["isFulfilled"] === null ? "" : t(one["isFulfilled"] ? "details.fulfilled" : "details.unfulfilled"),
    rows: [
      [
        "details.attended",
        one["held"] === null
          ? String(one["attended"] ?? "")
          : t("details.of", { attended: one["attended"] ?? "", held: one["held"] ?? "" }),
      ],
      ["details.threshold", rule && t(isPercent ? "details.percent" : "details.times", { threshold: rule["threshold"] })],
    ],
  });
};

const LISTS: readonly List[] = [
  { field: "mySchoolAids", show: schoolAid },
  { field: "myCollegeAids", show: collegeAid },
  { field: "myPbiMemberships", show: membership },
  { field: "myPbiRequests", show: pbiRequest },
  { field: "myCommitments", show: commitment },
];
