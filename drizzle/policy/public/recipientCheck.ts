import { HUB, RECIPIENT_CHECKING } from "../../../schema/policy/words.ts";
import type { AgreementSeed } from "../readyMade.ts";

/** What Cek Bansos asks for: whether somebody who is named receives aid. */
export const RECIPIENT_CHECK_PURPOSE = [
  ...([RECIPIENT_CHECKING, "Pengecekan penerima bantuan sosial oleh masyarakat", "PUBLIC_TASK"] as const),
  ...(["UU 13/2011 Ps. 8–11; UU 14/2008 Ps. 9; Permensos 3/2021", false] as const),
] as const;

const of = (type: string, ...fields: string[]) => fields.map((field) => ({ selector: `${type}.${field}` }));

/**
 * The portal in nobody's name: programs, since when, and how the last payment stands. Of the person nothing, not even the id. And how the hub was used,
 * which everybody may read (UU 14/2008 art. 9).
 */
export const RECIPIENT_CHECK: AgreementSeed = {
  number: "PKS-2025-032",
  title: "Cek Bansos: pengecekan penerima oleh masyarakat",
  agency: HUB,
  purpose: RECIPIENT_CHECK_PURPOSE[0],
  scope: { regions: ["0"], programs: null, decileMax: null },
  // of three facts who knows two may try the third five times a day. No quota of persons: once full, it would refuse those who are found and nobody else
  verification: { floor: 80, onSubject: 5, ofClient: 1_000_000, persons: null },
  grants: [
    ...of("Query", "recipientByFacts", "region", "regions", "programs"),
    ...of("Region", "code", "name", "level", "parent"),
    ...of("RegionConnection", "nodes", "pageInfo"),
    ...of("PageInfo", "hasNextPage", "endCursor"),
    ...of("Program", "code", "name", "unit", "legalBasis", "validFrom", "validTo"),
    ...of("Person", "enrolments"),
    ...of("Enrolment", "program", "state", "startedOn", "endedOn", "payments"),
    ...of("PaymentPeriod", "period", "startsOn", "endsOn", "state"),
    ...of("Query", "accountabilityReport"),
    ...of("AccountabilityReport", "from", "to", "requests", "refused", "sealed", "subjectRequests", "clockBreaches"),
    ...of(
      "AccountabilityReport",
      "lapsedObjections",
      "breaches",
      "breachesToldInTime",
      "refusals",
      "agreements",
      "sanctions",
      "csv",
    ),
    ...of("ReportedRefusal", "code", "requests"),
    ...of("ReportedAgreement", "number", "title", "requests", "refused", "consumer", "purpose"),
    ...of("Sanction", "id", "agency", "kind", "from", "reason"),
    ...of("Agency", "name"),
    ...of("Purpose", "name"),
    { selector: "Person.fullName", use: "LOOKUP" },
    { selector: "Person.region", use: "VERIFY" },
    { selector: "Person.birthDate", use: "VERIFY" },
  ],
};
