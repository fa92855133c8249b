import type { Barring, DeliveryRow, RuleRow, VerdictRow } from "./data.ts";

/** One reason that bars, and what it rests on. Null: what shows it lies outside of what the asker may see. */
export interface EvidencedReason {
  readonly code: string;
  readonly source: string | null;
  readonly since: string | null;
  readonly evidence: string | null;
  readonly exclusion: string | null;
  readonly legalBasis: string | null;
}

interface Grounds {
  readonly barrings: readonly Barring[];
  readonly rules: readonly RuleRow[];
  readonly delivery: DeliveryRow | undefined;
}

/** What the delivery tells by itself, without anybody's claim. */
const BY_DELIVERY: ReadonlySet<string> = new Set([
  "NOT_REGISTERED",
  "NOT_MATCHED",
  "DECILE_ABOVE_LIMIT",
  "NO_COMPONENT",
  "INCOMPLETE_DATA",
]);

/** Every reason of a verdict with each thing it rests on, in order of code. Never fewer reasons than the verdict has. Pure. */
export const reasonsOf = (row: VerdictRow, { barrings, rules, delivery }: Grounds): EvidencedReason[] =>
  row.reasons.flatMap((code): EvidencedReason[] => {
    const rule = rules.find(({ reason }) => reason === code);
    const legalBasis = rule?.source ?? null;
    const shown = barrings
      .filter((one) => one.reason === code && isAbout(one, row, rule?.applies))
      .map(({ source, since, evidence, exclusion }) => ({ code, source, since, evidence, exclusion, legalBasis }));
    const isDelivered = BY_DELIVERY.has(code) || row.barred.includes(code) || (code === "DECEASED" && shown.length === 0);
    const unseen = { code, source: null, since: null, evidence: null, exclusion: null, legalBasis };
    if (!isDelivered || !delivery) return shown.length > 0 ? shown : [unseen];
    const { determinedOn, version, number } = delivery;
    const evidence = `${version}, delivery ${number}`;
    return [{ ...unseen, source: "REGISTRY", since: determinedOn, evidence }, ...shown];
  });

const isAbout = ({ familyId, personId }: Barring, row: VerdictRow, applies: RuleRow["applies"] | undefined): boolean =>
  familyId === row.familyId && (personId === null || personId === row.personId || applies === "FAMILY");
