import { STEWARDS } from "../../../../drizzle/policy/readyMade.ts";
import { approvalText, type Decided } from "../../../../schema/policy/approval.ts";
import { devStewardSecret, signerOf } from "../../../../schema/policy/keys.ts";
import { type Asked, callerWith, type SliceUnderTest } from "../../../kit/slice.ts";

type Json = Record<string, unknown>;

const agencyOf = (id: string): string => STEWARDS.find(([known]) => known === id)?.[1] ?? "NOBODY";
export const devSignerOf = (id: string) => signerOf(devStewardSecret(id), "steward");

/** Asks governance as one steward, under the agreement by which their agency governs access. */
export const asSteward =
  (slice: SliceUnderTest, id: string) =>
  (query: string, variables: Json = {}): Promise<Asked> =>
    slice.ask(query, {
      variables,
      caller: callerWith({
        client: id,
        officer: id,
        agency: agencyOf(id),
        agreement: "PKS-2025-101",
        purpose: "ACCESS_GOVERNANCE",
      }),
    });

/** What a mutation answered, or the code and detail of its refusal. */
export function outcomeOf({ data, errors }: Asked): Json {
  const [error] = errors;
  if (error) return { code: error.extensions.code, detail: error.extensions.detail };
  return Object.values(data as Json)[0] as Json;
}

export const VERSION = "number state contentSha256 missingApprovals { agency { code } capacity }";
const WHICH = "$agreement: ID!, $version: Int!";

/** One act of a steward on one version; `more` are its further arguments, already written. */
const act = (name: string, more = "", declared = "") =>
  `mutation (${WHICH}${declared}) { ${name}(agreement: $agreement, version: $version${more}) { ${VERSION} } }`;

/** The acts of the life cycle, as one steward does them. */
export function actsOf(slice: SliceUnderTest, id: string) {
  const ask = asSteward(slice, id);
  const done = async (query: string, variables: Json) => outcomeOf(await ask(query, variables));
  return {
    create: (input: Json) =>
      done("mutation ($input: CreateAgreementInput!) { createAgreement(input: $input) { number title } }", { input }),
    draft: (input: Json) =>
      done(`mutation ($input: DraftVersionInput!) { draftVersion(input: $input) { ${VERSION} } }`, { input }),
    submit: (which: Json) => done(act("submitVersion"), which),
    withdraw: (which: Json) => done(act("withdrawVersion", ', reason: "Salah unggah naskah"'), which),
    activate: (which: Json, supersede = false) => done(act("activateVersion", `, supersede: ${supersede}`), which),
    suspend: (which: Json, reason: string) => done(act("suspendVersion", `, reason: ${reason}, note: "Ada kejanggalan"`), which),
    askToResume: (which: Json) => done(act("askToResume"), which),
    resume: (which: Json) => done(act("resumeVersion"), which),
    revoke: (which: Json) => done(act("revokeVersion", ', reason: "Tidak diperlukan lagi"'), which),
    decide: (input: Json) =>
      done(`mutation ($input: DecideVersionInput!) { decideVersion(input: $input) { ${VERSION} } }`, { input }),
    /** Decides about the content in review with the development key; name what differs, also in what is signed. */
    async sign(which: Json, capacity: Decided["capacity"], { input = {}, signed = {} }: { input?: Json; signed?: Json } = {}) {
      const read = await ask(
        `query (${WHICH}) { agreementVersion(agreement: $agreement, version: $version) { contentSha256 } }`,
        which,
      );
      const { contentSha256 } = outcomeOf(read);
      const decided = { ...which, owner: agencyOf(id), capacity, decision: "APPROVED", contentSha256 };
      const { keyId, sign } = devSignerOf(id);
      const { owner: _, ...sent } = decided;
      const signature = sign(approvalText({ ...decided, ...input, ...signed } as unknown as Decided));
      return this.decide({ ...sent, keyId, signature, ...input });
    },
  };
}
