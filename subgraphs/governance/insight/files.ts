import type { Db } from "../../../drizzle/client.ts";
import { contentOf, type Which } from "../../../drizzle/policy/compile.ts";
import { type Content, sha256Hex } from "../../../schema/policy/content.ts";
import type { StewardKey } from "../../../schema/policy/endorsement.ts";
import { odrlOf } from "../../../schema/policy/insight/file/odrl.ts";
import { type FileApproval, policyFileOf } from "../../../schema/policy/insight/file/policyFile.ts";
import { readPolicyFile } from "../../../schema/policy/insight/file/readFile.ts";
import { faultsOfSignatures } from "../../../schema/policy/insight/file/signatures.ts";
import { scopeOfContent } from "../../../schema/policy/insight/words/termWords.ts";
import type { Signer } from "../../../schema/policy/keys.ts";
import { badInput } from "../../kit/errors.ts";
import type { Asking } from "../../kit/serve/context.ts";
import { purposesByCode } from "../data.ts";
import { ruled } from "../faults.ts";
import type { PolicyFile } from "../generated.ts";
import type { Office } from "../held.ts";
import { approvalsOf, keyOf, type VersionRow } from "../lifecycle/data.ts";
import { stewardFor } from "../lifecycle/needs.ts";
import { saveDraft } from "../lifecycle/write.ts";
import { stewardAsking } from "../steward.ts";
import { keysById } from "./data.ts";
import { seenBy } from "./seen.ts";

type Sealed = ReturnType<typeof policyFileOf>;

/** A version as a signed file. Throws PolicyFault when there is no such version. For governance's subgraph and its command line. */
export async function fileOf(db: Db, which: Which, signer: Signer): Promise<Sealed> {
  const text = await contentOf(db, which);
  const sha256 = sha256Hex(text);
  const rows = await approvalsOf(db, [keyOf({ agreementNumber: which.agreement, version: which.version })]);
  const decided = rows.filter(({ contentSha256 }) => contentSha256 === sha256);
  const approvals = decided.map(
    ({ ownerAgency: owner, stewardId: steward, capacity, decision, contentSha256, keyId, signature, at }): FileApproval => ({
      ...{ owner, steward, capacity, decision, contentSha256, keyId, signature },
      at: new Date(at).toISOString(),
    }),
  );
  const keys = await keysById(db, [...new Set(approvals.map(({ keyId }) => keyId))]);
  return policyFileOf({ text, approvals, keys: keys.map((key) => plainKey(key as unknown as StewardKey)) }, signer);
}

const plainKey = ({ keyId, stewardId, agencyCode, roles, kind, publicKey, endorsement }: StewardKey): StewardKey => ({
  ...{ keyId, stewardId, agencyCode, roles, kind, publicKey, endorsement },
});

interface Import {
  readonly file: string;
  readonly agreement?: string | null;
  readonly version?: number | null;
}

/** Versions as files, out and in. For stewards. */
export const files = (asking: Asking, { compiler }: Office) => {
  const { db, caller, now } = asking;
  const seen = seenBy(asking);
  return {
    async json(which: Which): Promise<PolicyFile | null> {
      await stewardAsking(db, caller);
      return (await seen.version(which.agreement, which.version)) ? fileOf(db, which, compiler.signer) : null;
    },

    async odrl({ agreement, version }: Which): Promise<PolicyFile | null> {
      await stewardAsking(db, caller);
      const found = await seen.version(agreement, version);
      if (!found) return null;
      const [purpose] = await purposesByCode(db, [found.content.purpose]);
      const policy = odrlOf(found.content, await seen.ground(), { dpvIri: purpose?.dpvIri ?? null });
      const body = `${JSON.stringify(policy, null, 2)}\n`;
      return { body, sha256: sha256Hex(body), signature: compiler.signer.sign(`hub-odrl/v1\n${body}`) };
    },

    /** Makes a draft of what a file says. Refusal BAD_USER_INPUT with every fault of its form, hash and signatures. */
    import: ({ file, agreement, version = null }: Import): Promise<VersionRow> =>
      ruled(
        asking.write(async (writing) => {
          const steward = await stewardFor(writing, caller, "importVersion");
          const content = contentIn(file, compiler.origins);
          const draft = { ...content, rowScope: scopeOfContent(content) };
          return saveDraft({ db: writing, steward, now }, { agreement: agreement ?? content.agreement, version, draft });
        }),
      ),
  };
};

/** What a file says, once its form, hash and signatures are right. Refusal BAD_USER_INPUT with every fault. */
function contentIn(file: string, origins: Office["compiler"]["origins"]): Content {
  const read = readPolicyFile(file);
  const faults = "faults" in read ? read.faults : faultsOfSignatures(read, { keys: [], origins });
  if ("faults" in read || faults.length > 0) throw badInput(faults.join("; "));
  return read.content;
}
