import { admission } from "../../../schema/policy/admission.ts";
import { pseudonymKey, transformOf } from "../../../schema/policy/masks.ts";
import { openTable } from "../../../schema/policy/signedTable.ts";
import { ACCESS_GOVERNANCE } from "../../../schema/policy/words.ts";
import type { Agreement, AgreementVersion, Policy, PolicyClient, Terms } from "../../types/policy.ts";
import type { Supergraph } from "../../types/supergraph.ts";
import type { OutlinedVersion, ReadOutline, Sanction } from "./outline.ts";

/** What terms are opened with. */
export interface Opening {
  readonly supergraph: Pick<Supergraph, "hash" | "entries">;
  /** Public keys of governance that are believed, SPKI as base64url. */
  readonly policyKeys: readonly string[];
  /** Master key of the pairwise pseudonyms. */
  readonly pseudonymMaster: string;
}

/** Terms out of a signed decision table. Throws when it is not signed, or is another version's, supergraph's, consumer's or purpose's. */
export function termsOf(
  { agreement, version, validFrom, validTo }: OutlinedVersion,
  stored: { readonly body: string; readonly signature: string },
  { supergraph, policyKeys, pseudonymMaster }: Opening,
): Terms {
  const table = openTable(stored, { keys: policyKeys, supergraph: supergraph.hash, catalogue: supergraph });
  const { agency, purpose } = agreement;
  const isHis =
    table.agreement === agreement.number && table.version === version && table.consumer === agency && table.purpose === purpose;
  if (!isHis) throw new Error("a decision table of another agreement version");
  if (table.validFrom !== validFrom || table.validTo !== validTo) throw new Error("a validity that nobody signed");
  return {
    rows: table.rows,
    verification: { ...table.verification, persons: table.armed?.persons ?? table.quota },
    rejectsDenied: table.rejectsDenied,
    needsCase: table.needsCase,
    needsOfficer: table.needsOfficer,
    admits: admission(table.addresses),
    documents: table.documents,
    limits: table.limits ?? null,
    isArmed: table.armed !== null,
    decisions: {
      key: table.decisions,
      hidden: table.hidden,
      verdict: table.verdict,
      transform: transformOf(pseudonymKey(pseudonymMaster, { agency, purpose, period: "1" })),
    },
  };
}

/** The policy an outline tells, with the terms there are. */
export function policyOf(outline: ReadOutline, known: (version: OutlinedVersion) => Terms | null): Policy {
  const { epoch, sanctions } = outline;
  const restricted = outline.restrictions.persons;
  const clients = new Map<string, PolicyClient>(
    outline.clients.map(({ id, agency, status }) => {
      const shut = shutBy(sanctions.filter(({ client }) => client === id));
      return [id, { agency, isActive: status === "ACTIVE", ...shut }];
    }),
  );
  const people = new Set(outline.officers.map(({ id }) => id));
  const services = [...clients].flatMap(([id, client]) => (people.has(id) ? [] : [client])); // a person's own client is none
  const officers = new Map(
    outline.officers.map(({ id, ...officer }) => [id, { ...officer, ...shutWith(officer.agency, services) }]),
  );
  const agreementsOf = new Map<string, Agreement[]>();
  for (const row of outline.agreements) {
    const versions = outline.versions.filter(({ agreement }) => agreement === row).map((one) => versionOf(one, known(one)));
    const { number, purpose, needsOfficer, agency } = row;
    const onAgency = sanctions.filter((sanction) => sanction.client === null && sanction.agency === agency);
    const shut = purpose === ACCESS_GOVERNANCE ? {} : shutBy(onAgency); // else its stewards could not answer
    agreementsOf.set(agency, [...(agreementsOf.get(agency) ?? []), { number, purpose, needsOfficer, versions, ...shut }]);
  }
  return Object.freeze({ epoch, clients, officers, agreementsOf, restricted });
}

/** Whoever asks what services of an agency may ask is shut out when the last of those is; an agency that never had any has none to lose. */
function shutWith(agency: string, services: readonly PolicyClient[]): { shutUntil?: number } {
  const ends = services
    .filter((client) => client.agency === agency)
    .map(({ isActive, shutUntil = 0 }) => (isActive ? shutUntil : Number.POSITIVE_INFINITY));
  const shutUntil = ends.length > 0 ? Math.min(...ends) : 0;
  return shutUntil > 0 ? { shutUntil } : {};
}

const shutBy = (sanctions: readonly Sanction[]): { shutUntil?: number } =>
  sanctions.length > 0 ? { shutUntil: Math.max(...sanctions.map(({ until }) => until)) } : {};

/** An armed version whose windows the database does not tell is one that nobody opened, whatever column was changed. */
const versionOf = (
  { version, state, validFrom, validTo, suspendsAt, windows }: OutlinedVersion,
  terms: Terms | null,
): AgreementVersion => ({
  version,
  state,
  validFrom,
  validTo,
  suspendsAt,
  windows: windows ?? (terms?.isArmed ? [] : null),
  terms,
});
