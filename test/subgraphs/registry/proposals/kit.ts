import { attest } from "../../../../schema/attestation.ts";
import { claimHash } from "../../../../schema/claimHash.ts";
import { REGISTRY_EXCHANGE, REGISTRY_MANAGEMENT } from "../../../../schema/policy/words.ts";
import { welfare } from "../../../../subgraphs/welfare/index.ts";
import { devAttestationOf } from "../../../kit/attestation.ts";
import { useDatabases } from "../../../kit/database.ts";
import { callerWith, useSlice } from "../../../kit/slice.ts";

export const PAKIS = "3510161001";
export const HASH = "a".repeat(64);
const [DAY, HOUR] = [24 * 60 * 60 * 1000, 60 * 60 * 1000];

/** Officers of Banyuwangi and the ministry, by the first part of their id. */
const by = (name: string) => {
  const isCentral = name === "pusdatin" || name === "menteri";
  const agency = isCentral ? "KEMENSOS" : "DINSOS_BANYUWANGI";
  return callerWith({
    client: `${name}.${agency.toLowerCase()}`,
    officer: `${name}.${agency.toLowerCase()}`,
    agency,
    agreement: isCentral ? "PKS-2025-020" : "PKS-2025-021",
    purpose: REGISTRY_MANAGEMENT,
  });
};
const exchange = callerWith({ client: "siks-ng", agency: "SIKS_NG", agreement: "PKS-2025-024", purpose: REGISTRY_EXCHANGE });
const citizen = (id: string) => callerWith({ client: "portal-warga", citizen: id, agreement: "PKS-2025-008" });

export interface Seen {
  readonly id: string;
  readonly version: number;
}
export const seen = ({ id, version }: Seen): Seen => ({ id, version });

/** One head of a family, made up. */
export const PONIMAN = {
  relation: "HEAD",
  claimedName: "PONIMAN",
  claimedNik: "3510161203709001",
  claimedBirthDate: "1970-03-12",
  claimedSex: "MALE",
  claimedBirthPlace: "BANYUWANGI",
  claimedCardNumber: "3510161203159001",
};

/** The slice of a test file with a clock of its own, and words for what officers do with proposals. */
export function useProposals() {
  const { urls } = useDatabases();
  let clock = Date.parse("2026-11-05T03:00:00Z");
  const slice = useSlice(welfare, { databaseUrl: () => urls.welfare.runtime, now: () => clock });
  const callers: Record<string, ReturnType<typeof callerWith>> = { exchange };
  const callerOf = (who: string) => callers[who] ?? (who.includes("-") ? citizen(who) : by(who));

  const ask = async (who: string, document: string, variables: Record<string, unknown> = {}) => {
    const { data, errors } = await slice.ask(document, { variables, caller: callerOf(who) });
    return { data, code: errors[0]?.extensions.code ?? null, detail: errors[0]?.extensions.detail ?? null };
  };
  const move = (who: string, field: string, proposals: readonly Seen[], reason?: string) =>
    ask(
      who,
      `mutation ($p: [ProposalAt!]!${reason === undefined ? "" : ", $r: String!"}) {
        did: ${field}(proposals: $p${reason === undefined ? "" : ", reason: $r"}) { id version state } }`,
      { p: proposals.map(seen), ...(reason !== undefined && { r: reason }) },
    );
  const draft = (who: string, differences: Record<string, unknown> = {}) =>
    ask(who, "mutation ($i: ProposalInput!) { did: draftProposal(input: $i) { id version state number candidates { id } } }", {
      i: {
        channel: "FORMAL",
        village: PAKIS,
        address: "JL MAWAR 1 RT 01/01",
        aid: ["PKH"],
        candidates: [PONIMAN],
        ...differences,
      },
    });
  const minutes = (who: string, decisions: readonly object[], differences: Record<string, unknown> = {}) =>
    ask(
      who,
      "mutation ($i: DeliberationInput!) { did: recordDeliberation(input: $i) { id decisions { decision proposal { id version state } } } }",
      {
        i: {
          kind: "MUSKEL",
          minutesNumber: "BA/1/2026",
          heldOn: "2026-11-04",
          village: PAKIS,
          attendees: [{ name: "LURAH PAKIS", office: "lurah" }],
          quorum: 1,
          documentSha256: HASH,
          listSha256: HASH,
          decisions,
          ...differences,
        },
      },
    );
  const endorse = (who: string, proposals: readonly Seen[]) =>
    ask(who, "mutation ($i: EndorsementInput!) { did: endorseProposals(input: $i) { id version state } }", {
      i: { letterNumber: "460/1/2026", letterSha256: HASH, proposals: proposals.map(seen) },
    });
  /** An answer of population about a candidate. */
  const answer = (
    about: string,
    says: Record<string, unknown> = {},
    { at = clock, claim = {}, by: slice = "population" } = {},
  ): string => {
    const {
      relation: _,
      claimedName: name,
      claimedNik: nik,
      claimedBirthDate: birthDate,
      claimedSex: sex,
      claimedBirthPlace: birthPlace,
      claimedCardNumber: cardNumber,
    } = { ...PONIMAN, ...claim };
    return attest(devAttestationOf(slice).attestation.signer, {
      by: "population",
      kind: "VALIDATION",
      about,
      at: new Date(at).toISOString(),
      says: {
        claimHash: claimHash({ nik, name, birthDate, sex, birthPlace, cardNumber }),
        status: "MATCHED",
        personId: crypto.randomUUID(),
        reasons: [],
        ...says,
      },
    });
  };
  const validate = (who: string, attestations: readonly string[]) =>
    ask(who, "mutation ($a: [String!]!) { did: recordValidation(attestations: $a) { about isRecorded refusal } }", {
      a: attestations,
    });
  const proposal = (id: string, who = "verifikator") =>
    ask(
      who,
      `query ($id: ID!) { proposal(id: $id) { id version state reason era verifiedBy approvedBy endorsedBy letterNumber expiresAt
      candidates { id matchStatus matchReasons memberId } history { act from to actor reason } household { id members { suffix claimedName } } } }`,
      { id },
    ).then(({ data }) => data.proposal);

  return {
    urls,
    slice,
    ask,
    move,
    draft,
    minutes,
    endorse,
    answer,
    validate,
    proposal,
    /** Sets the clock; it stays. */
    at: (instant: string) => {
      clock = Date.parse(instant);
    },
    later: ({ days = 0, hours = 0 }) => {
      clock += days * DAY + hours * HOUR;
    },
  };
}
