import { PROGRAM_MANAGEMENT } from "../../../schema/policy/words.ts";
import { PARTNER_FIGURES } from "../figures.ts";
import type { AgreementSeed, GrantSeed } from "../readyMade.ts";
import { candidates } from "./candidates.ts";
import { catalogue } from "./catalogue.ts";
import { contribution } from "./contribution.ts";
import { events } from "./events.ts";
import { families } from "./families.ts";
import { history } from "./history.ts";
import { local } from "./local.ts";
import { office } from "./office.ts";
import type { OpensAid } from "./opens.ts";
import { payments } from "./payments.ts";
import { school } from "./school.ts";
import { selection } from "./selection.ts";
import { trace } from "./trace.ts";

const PARTS: readonly OpensAid[] = [
  office,
  catalogue,
  candidates,
  selection,
  history,
  school,
  contribution,
  payments,
  trace,
  families,
  events,
  local,
];

/** What all parts open to one audience, each coordinate once. */
export const opensAidTo = (audience: keyof OpensAid): string[] => [...new Set(PARTS.flatMap((part) => part[audience] ?? []))];

const open = (selectors: readonly string[]): GrantSeed[] => selectors.map((selector) => ({ selector }));
const uses = (...selectors: string[]): GrantSeed[] =>
  (["LOOKUP", "FILTER", "SORT"] as const).flatMap((use) => selectors.map((selector) => ({ selector, use })));

/** Officers of the ministry and of districts read PUBLIC and GENERAL and may look up, filter and sort by them; NIK and card number end in four digits. */
const broad = (audience: keyof OpensAid): GrantSeed[] => [
  ...open(["PUBLIC", "GENERAL", ...opensAidTo(audience)]),
  ...["Person.nik", "Member.claimedNik", "FamilyCard.familyCardNumber"].map(
    (selector): GrantSeed => ({ selector, effect: "mask", mask: "last4" }),
  ),
  ...uses("GENERAL", "PUBLIC"),
  ...PARTNER_FIGURES,
];
/** Officers of other houses read what is named. */
const named = (audience: keyof OpensAid): GrantSeed[] => [
  ...open(["PUBLIC", ...opensAidTo(audience)]),
  ...uses("GENERAL", "PUBLIC"),
];

const everywhere = { regions: ["0"], programs: null, decileMax: null };
const managing = { purpose: PROGRAM_MANAGEMENT, scope: everywhere };

/** Agreements about running the aid programs: acts of officers. */
export const AID_AGREEMENTS: readonly AgreementSeed[] = [
  {
    ...managing,
    number: "PKS-2025-025",
    title: "Pengelolaan program bantuan sosial oleh Kementerian Sosial",
    agency: "KEMENSOS",
    grants: broad("ministry"),
  },
  {
    number: "PKS-2025-026",
    title: "Pengelolaan bantuan sosial Kabupaten Banyuwangi",
    agency: "DINSOS_BANYUWANGI",
    purpose: PROGRAM_MANAGEMENT,
    scope: { ...everywhere, regions: ["3510"] },
    grants: broad("district"),
  },
  {
    ...managing,
    number: "PKS-2025-027",
    title: "Pencairan dana bantuan sosial oleh Ditjen Perbendaharaan",
    agency: "KEMENKEU",
    grants: named("treasury"),
  },
  {
    ...managing,
    number: "PKS-2025-028",
    title: "Penyaluran bantuan sosial oleh Bank Rakyat Indonesia",
    agency: "BRI",
    grants: named("bank"),
  },
  {
    number: "PKS-2025-029",
    title: "Pengelolaan Program Indonesia Pintar dan KIP Kuliah",
    agency: "KEMENDIKDASMEN",
    purpose: PROGRAM_MANAGEMENT,
    scope: { ...everywhere, programs: ["KIP", "KIP_KULIAH"] },
    grants: named("education"),
  },
  {
    number: "PKS-2025-030",
    title: "Pengelolaan kepesertaan PBI Jaminan Kesehatan",
    agency: "BPJS_KESEHATAN",
    purpose: PROGRAM_MANAGEMENT,
    scope: { ...everywhere, programs: ["PBI_JK"] },
    grants: named("health"),
  },
];
