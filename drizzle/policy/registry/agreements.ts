import { REGISTRY_EXCHANGE, REGISTRY_MANAGEMENT } from "../../../schema/policy/words.ts";
import { opensAidTo } from "../aid/agreements.ts";
import { PARTNER_FIGURES } from "../figures.ts";
import type { AgreementSeed, GrantSeed } from "../readyMade.ts";
import { changes } from "./changes.ts";
import { civil } from "./civil.ts";
import { determination } from "./determination.ts";
import { evidence } from "./evidence.ts";
import { exchange } from "./exchange.ts";
import { needs } from "./needs.ts";
import { objections } from "./objections.ts";
import type { Opens } from "./opens.ts";
import { proposals } from "./proposals.ts";
import { quality } from "./quality.ts";
import { ranking } from "./ranking.ts";
import { registry } from "./registry.ts";

const PARTS: readonly Opens[] = [
  registry,
  proposals,
  evidence,
  changes,
  ranking,
  determination,
  objections,
  needs,
  exchange,
  quality,
  civil,
];

/** What all parts open to one audience, each coordinate once. */
export const opensTo = (audience: keyof Opens): string[] => [...new Set(PARTS.flatMap((part) => part[audience] ?? []))];

const open = (selectors: readonly string[]): GrantSeed[] => selectors.map((selector) => ({ selector }));
const uses = (use: "LOOKUP" | "FILTER" | "SORT", ...selectors: string[]): GrantSeed[] =>
  selectors.map((selector) => ({ selector, use }));
const of = (type: string, ...fields: readonly string[]): string[] => fields.map((field) => `${type}.${field}`);
/** Of a child, a disabled or a stigmatised person a class opens nothing: what the registry is kept by is named. */
const ENTRIES = [
  ...of("Member", "id", "household", "family", "suffix", "relation", "matchStatus", "claimedName", "state", "person", "version"),
  ...of("Member", "versions", "history", "bases", "lineage", "determined", "firstDecree", "eligibilityDecisions"),
  ...of("ProposalCandidate", "id", "proposal", "region", "relation", "claimedName", "claimedBirthDate", "claimedSex"),
  ...of("ProposalCandidate", "claimedBirthPlace", "matchStatus", "matchReasons", "person", "validatedAt", "memberId"),
];
/** Officers read PUBLIC and GENERAL and may look up, filter and sort by them; NIK and card number end in four digits. */
const officers = (audience: keyof Opens): GrantSeed[] => [
  ...open(["PUBLIC", "GENERAL", ...new Set([...ENTRIES, ...opensTo(audience)])]),
  ...["Person.nik", "Member.claimedNik", "FamilyCard.familyCardNumber"].map(
    (selector): GrantSeed => ({ selector, effect: "mask", mask: "last4" }),
  ),
  ...uses("LOOKUP", "GENERAL", "PUBLIC"),
  ...uses("FILTER", "GENERAL", "PUBLIC"),
  ...uses("SORT", "GENERAL", "PUBLIC"),
];

const whole = { regions: ["0"], programs: null, decileMax: null };
const managing = { purpose: REGISTRY_MANAGEMENT, scope: whole };

/** Agreements about keeping the registry: acts of officers, and the exchange between controllers. */
export const REGISTRY_AGREEMENTS: readonly AgreementSeed[] = [
  {
    ...managing,
    number: "PKS-2025-020",
    title: "Pengelolaan data terpadu oleh Kementerian Sosial",
    agency: "KEMENSOS",
    grants: [...officers("ministry"), ...PARTNER_FIGURES],
  },
  {
    number: "PKS-2025-021",
    title: "Pengelolaan data terpadu Kabupaten Banyuwangi",
    agency: "DINSOS_BANYUWANGI",
    purpose: REGISTRY_MANAGEMENT,
    scope: { ...whole, regions: ["3510"] },
    grants: [...officers("regency"), ...PARTNER_FIGURES],
  },
  {
    ...managing,
    number: "PKS-2025-022",
    title: "Pemeringkatan DTSEN oleh Badan Pusat Statistik",
    agency: "BPS",
    grants: officers("ranking"),
  },
  {
    ...managing,
    number: "PKS-2025-023",
    title: "Pencatatan peristiwa kependudukan",
    agency: "DUKCAPIL",
    grants: officers("civil"),
  },
  {
    number: "PKS-2025-024",
    title: "Pertukaran peristiwa antarpengendali data",
    agency: "SIKS_NG",
    purpose: REGISTRY_EXCHANGE,
    scope: whole,
    grants: [
      ...open(["PUBLIC", ...opensTo("exchange"), ...opensAidTo("exchange")]),
      ...uses("LOOKUP", "GENERAL"),
      ...uses("FILTER", "GENERAL", "PUBLIC"),
    ],
  },
];
