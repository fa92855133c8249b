import { randomUUID } from "node:crypto";
import { EXCLUSION_REASONS } from "../../../drizzle/tables/programs/candidates.ts";
import { type Act, changedMeanwhile } from "../../kit/acts/acting.ts";
import { badInput } from "../../kit/errors.ts";
import type { ExclusionDecision, ExclusionEndInput, ExclusionInput } from "../generated.ts";
import { onDuty } from "../office/duty.ts";
import { reasonFault, refuseFaults, textFault } from "../office/faults.ts";
import { type ClaimRow, claimById, decideClaim, exclusionById, insertClaim } from "./data.ts";

const SOURCE = /^[A-Z][A-Z0-9_]{1,39}$/;
/** What the registry alone says. */
const OF_THE_REGISTRY: ReadonlySet<string> = new Set(["DECEASED", "WITHDRAWN", "OBJECTION_UPHELD"]);
const CLAIMED = EXCLUSION_REASONS.filter((reason) => !OF_THE_REGISTRY.has(reason));
const DECIDED: ReadonlySet<string> = new Set(["APPROVED", "REJECTED", "WITHDRAWN"]);

/** A region says who of its people is not eligible; all else the stewards of the program enter for its source. */
const enteredBy = (reason: string) =>
  reason === "REJECTED_BY_REGION" ? (["DISTRICT"] as const) : (["PROGRAM_STEWARD"] as const);
/** In which programs it is done: a claim for every program takes a duty for every program. */
const placeOf = ({ program, region }: { readonly program?: string | null; readonly region: string }) => ({
  program: program ?? "*",
  region,
});

const wordsFaults = ({ evidence, words }: Pick<ExclusionInput, "evidence" | "words">) => [
  textFault("evidence", evidence, [3, 200]),
  reasonFault(words, "words"),
];

/** Claims an exclusion. Refusal BAD_USER_INPUT with all faults at once. */
export async function propose(act: Act, input: ExclusionInput): Promise<ClaimRow | undefined> {
  const { person, family, program, region, reason, validFrom, validTo } = input;
  refuseFaults([
    (person == null) === (family == null) && "exactly one of person and family must be given",
    !CLAIMED.some((claimed) => claimed === reason) && `reason must be one of ${CLAIMED.join(", ")}`,
    !SOURCE.test(input.source) && "source must be 2 to 40 capitals, digits and underscores",
    validTo != null && validTo < validFrom && "validTo must not be before validFrom",
    ...wordsFaults(input),
  ]);
  const officer = await onDuty(act, enteredBy(reason), placeOf({ program: program ?? null, region }));
  return insertClaim(act.db, {
    ...{ id: randomUUID(), kind: "EXCLUDE", program: program ?? null, personId: person ?? null, familyId: family ?? null },
    ...{
      region,
      reason,
      source: input.source,
      evidence: input.evidence,
      words: input.words,
      validFrom,
      validTo: validTo ?? null,
    },
    ...{ madeBy: officer, madeAt: act.now.toISOString() },
  });
}

/** Claims that an exclusion ends. */
export async function proposeEnd(act: Act, input: ExclusionEndInput): Promise<ClaimRow | undefined> {
  refuseFaults(wordsFaults(input));
  const found = await exclusionById(act.db, input.exclusion);
  if (!found) throw badInput("exclusion: there is no such exclusion in force");
  const { id: exclusionId, program, personId, familyId, region, reason, source } = found;
  const officer = await onDuty(act, enteredBy(reason), placeOf(found));
  return insertClaim(act.db, {
    ...{ id: randomUUID(), kind: "LIFT", exclusionId, program, personId, familyId, region, reason, source },
    ...{ evidence: input.evidence, words: input.words, validFrom: input.from },
    ...{ madeBy: officer, madeAt: act.now.toISOString() },
  });
}

/** Decides a claim, or takes it back. */
export async function decide(act: Act, { id, version, decision, reason }: ExclusionDecision): Promise<ClaimRow> {
  refuseFaults([!DECIDED.has(decision) && "decision must be APPROVED, REJECTED or WITHDRAWN", reasonFault(reason)]);
  const claim = await claimById(act.db, id);
  if (!claim) throw badInput("id: there is no such claim");
  const officer = await onDuty(act, enteredBy(claim.reason), placeOf(claim));
  const decided = await decideClaim(act.db, { id, version, state: decision, reason, officer, now: act.now });
  if (!decided) throw changedMeanwhile("this claim");
  return decided;
}
