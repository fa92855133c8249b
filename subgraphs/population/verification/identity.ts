import type { VerificationTerms } from "../../../schema/caller.ts";
import { type DailyLimit, limitReached, Refusal } from "../../../schema/errors.ts";
import { dayInWib } from "../../../schema/values/wib.ts";
import { byKey } from "../../kit/byKey.ts";
import { badInput } from "../../kit/errors.ts";
import type { Asking, SliceContext } from "../../kit/serve/context.ts";
import { addAttempts, addUse, type CountedDay, identitiesByNik } from "../data.ts";
import { type ClaimInput, readClaim } from "../matching/verify/claim.ts";
import { type Identity, SIMILARITY_STEP, type Verdict, verifyElements } from "../matching/verify/verify.ts";
import { attemptsOn, createTagger, MOST } from "./tags.ts";

const MAX_THRESHOLD = 100;

/** Whether anybody has a NIK is a field of its own: where a question may not read it, no other field may tell. */
const EXISTENCE = "IdentityVerification.isRegistered";
type Asked = Pick<SliceContext<unknown>, "envelope">;

export type VerificationInput = ClaimInput & { readonly threshold?: number | null | undefined };

/** A person looked up by one claim: an attempt, counted before its answer may be known. */
interface LookedUp {
  /** The claim, as text. */
  readonly claim: string;
  readonly nik: string;
  readonly isRefused: boolean;
  readonly identity: Identity | null;
}

/** Verdicts on claims: all that are asked together are counted and looked up together, three statements for any number. */
export const verifications = (asking: Asking) => {
  const { verification: terms } = asking.caller;
  const today = dayInWib(asking.now);
  const lookedUp = byKey(
    (claims: readonly string[]) => lookUp(claims, { asking, terms, today }),
    (row) => row.claim,
  );
  return {
    /** Refuses bad input, a threshold below the agreement's floor, and who has asked too often. */
    async verdictOn({ threshold: asked, ...input }: VerificationInput, { envelope }: Asked): Promise<Verdict> {
      const raised = thresholdOf(asked, terms);
      const { claim, faults } = readClaim(input, today);
      if (faults.length > 0) throw badInput(faults.join("; "));
      const found = await lookedUp.load(JSON.stringify({ ...claim, raised }));
      if (!found || found.isRefused) throw tooOften("ATTEMPTS_ON_SUBJECT");
      return verifyElements(found.identity, claim, {
        threshold: terms.floor,
        raised,
        tellsExistence: envelope.mayRead(EXISTENCE),
      });
    },
  };
};

function thresholdOf(asked: number | null | undefined, { floor }: VerificationTerms): number {
  if (asked == null) return floor;
  if (asked < SIMILARITY_STEP || asked > MAX_THRESHOLD || asked % SIMILARITY_STEP !== 0)
    throw badInput(`threshold must be a multiple of ${SIMILARITY_STEP} from ${SIMILARITY_STEP} to ${MAX_THRESHOLD}`);
  if (asked < floor) throw new Refusal({ code: "USE_NOT_GRANTED", coordinate: "VerifyIdentityInput.threshold" });
  return asked;
}

interface LookingUp {
  readonly asking: Asking;
  readonly terms: VerificationTerms;
  readonly today: string;
}

/**
 * One transaction: nothing is known before it is counted, and nothing is counted that is not answered. The busiest rows come last, so
 * that they are locked for as short a time as can be.
 */
async function lookUp(claims: readonly string[], { asking, terms, today }: LookingUp): Promise<LookedUp[]> {
  const { caller, write, keyFor } = asking;
  const counted: CountedDay = { agreement: caller.agreement, day: today };
  const tagOf = createTagger(keyFor("verification"), counted);
  const asked = claims.map((claim) => ({ claim, nik: (JSON.parse(claim) as Pick<Identity, "nik">).nik }));
  const attempts = attemptsOn(asked.map(({ nik }) => tagOf(nik)));
  return write(async (db) => {
    const [identities, taken] = await Promise.all([
      identitiesByNik(db, [...new Set(asked.map(({ nik }) => nik))]),
      addAttempts(db, counted, { asked: attempts, most: terms.attemptsOnSubject }),
    ]);
    const subjects = new Set(taken.map(({ subject }) => subject));
    const answered = asked.filter(({ nik }) => subjects.has(tagOf(nik)));
    const now = new Map(attempts.map((row) => [row.subject, row.attempts]));
    const news = taken.filter((row) => row.attempts === now.get(row.subject));
    if (answered.length > 0) {
      const uses = [
        // its analysts come through the console: they add no second limit to that of its services
        { counted: `agency:${caller.agency}`, more: answered.length, most: terms.attemptsOfClient },
        { counted: "persons", more: news.length, most: terms.persons ?? MOST },
      ].filter(({ more }) => more > 0);
      const within = await addUse(db, counted, uses);
      const over = uses.find((use) => !within.includes(use.counted));
      if (over) throw tooOften(over.counted === "persons" ? "QUOTA" : "ATTEMPTS_OF_CLIENT");
    }
    const found = new Map(identities.map((identity) => [identity.nik, identity]));
    return asked.map((row) => ({ ...row, isRefused: !answered.includes(row), identity: found.get(row.nik) ?? null }));
  });
}

const tooOften = (limit: DailyLimit): Refusal => new Refusal(limitReached(limit, { coordinate: "Query.verifyIdentity" }));
