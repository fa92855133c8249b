import { attest } from "../../../schema/attestation.ts";
import { type Claim, claimHash } from "../../../schema/claimHash.ts";
import { Refusal } from "../../../schema/errors.ts";
import { REGISTRY_EXCHANGE } from "../../../schema/policy/words.ts";
import { dayInWib } from "../../../schema/values/wib.ts";
import { byKey } from "../../kit/byKey.ts";
import type { Asking } from "../../kit/serve/context.ts";
import { identitiesByNik } from "../data.ts";
import { readClaim } from "../matching/verify/claim.ts";
import { type Element, type Status, verifyElements } from "../matching/verify/verify.ts";
import { idsByNik } from "./data.ts";
import type { Register } from "./held.ts";

/** A row of the registry that claims to be somebody, as welfare holds it. */
export interface Claimant {
  readonly id: string;
  readonly claimedNik?: string | null;
  readonly claimedName?: string | null;
  readonly claimedBirthDate?: string | null;
  readonly claimedSex?: "MALE" | "FEMALE" | null;
  readonly claimedBirthPlace?: string | null;
  readonly claimedCardNumber?: string | null;
}

/** What the register says to one claim. */
export interface Outcome {
  readonly status: Status;
  readonly reasons: readonly Status[];
  /** Elements that differ. */
  readonly differing: readonly Element[];
  readonly attestation: string;
}

interface Found {
  readonly nik: string;
  readonly id: string;
  readonly identity: Parameters<typeof verifyElements>[0];
}

/**
 * Validations of claims: all that are asked together are looked up together, two statements for any number. For the exchange alone (FORBIDDEN
 * otherwise): whoever makes claims and reads verdicts would search the register without a quota.
 */
export const validations = ({ db, caller, now }: Asking, { attestation }: Register) => {
  const today = dayInWib(now);
  const found = byKey(
    (niks: readonly string[]) => foundByNik(db, niks),
    (row) => row.nik,
  );
  return async (claimant: Claimant): Promise<Outcome> => {
    if (caller.purpose !== REGISTRY_EXCHANGE || caller.agency !== "SIKS_NG")
      throw new Refusal({ code: "FORBIDDEN", detail: "only the exchange between controllers holds claims against the register" });
    const claim = claimOf(claimant);
    const nik = claim.nik ?? "";
    const person = /^[1-9][0-9]{15}$/.test(nik) ? await found.load(nik) : null;
    const verdict = verdictOn(claim, person, { today, threshold: caller.verification.floor });
    const fact = { by: "population", kind: "VALIDATION", about: claimant.id, at: now.toISOString() } as const;
    return { ...verdict, attestation: attest(attestation.signer, { ...fact, says: said(claim, person, verdict) }) };
  };
};

async function foundByNik(db: Asking["db"], niks: readonly string[]): Promise<Found[]> {
  const [identities, ids] = await Promise.all([identitiesByNik(db, niks), idsByNik(db, niks)]);
  const idOf = new Map(ids.map(({ nik, id }) => [nik, id]));
  return identities.map((identity) => ({ nik: identity.nik, id: idOf.get(identity.nik) ?? "", identity }));
}

const claimOf = (claimant: Claimant): Claim => ({
  nik: claimant.claimedNik ?? null,
  name: claimant.claimedName ?? null,
  birthDate: claimant.claimedBirthDate ?? null,
  sex: claimant.claimedSex ?? null,
  birthPlace: claimant.claimedBirthPlace ?? null,
  cardNumber: claimant.claimedCardNumber ?? null,
});

type Verdict = Omit<Outcome, "attestation">;

/** What is signed: names of statuses and elements, and the person's id only where the claim is that person. */
const said = (claim: Claim, person: Found | null, { status, reasons, differing }: Verdict) => ({
  claimHash: claimHash(claim),
  status,
  personId: status === "MATCHED" ? (person?.id ?? null) : null,
  reasons: [...reasons.filter((reason) => reason !== "MATCHED"), ...differing],
});

interface Terms {
  readonly today: string;
  readonly threshold: number;
}

/**
 * Two controllers of the same persons: existence may be told. A NIK nobody can have is nobody's; an element that is none matches nothing. A card
 * number changes with the card, so it is no element of it (domain.md §3.1).
 */
function verdictOn(claim: Claim, person: Found | null, { today, threshold }: Terms): Verdict {
  if (person === null) return { status: "NOT_FOUND", reasons: ["NOT_FOUND"], differing: [] };
  const { name: fullName, birthDate, sex, birthPlace } = claim;
  const read = readClaim({ nik: person.nik, fullName, birthDate, sex, birthPlace }, today);
  const verdict = verifyElements(person.identity, read.claim, { threshold, tellsExistence: true });
  const reasons = [
    ...verdict.reasons.filter((reason) => reason !== "MATCHED"),
    ...(read.faults.length > 0 ? (["MISMATCHED"] as const) : []),
  ];
  const differing = verdict.elements.filter(({ result }) => result === "NO_MATCH").map(({ element }) => element);
  return { status: reasons[0] ?? "MATCHED", reasons: reasons.length > 0 ? [...new Set(reasons)] : ["MATCHED"], differing };
}
