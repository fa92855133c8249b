import { newestSupergraph } from "../../../drizzle/policy/ground.ts";
import { controllersOf } from "../../../schema/policy/insight/ground.ts";
import { badInput } from "../../kit/errors.ts";
import type { Asking } from "../../kit/serve/context.ts";
import { agreementsByNumber } from "../data.ts";
import { ruled } from "../faults.ts";
import { stewardFor } from "../lifecycle/needs.ts";
import { refused } from "../steward.ts";
import { raise, subjectsBehind } from "./data.ts";
import { told } from "./words.ts";

export interface Pseudonyms {
  readonly agreement: string;
  readonly pseudonyms: readonly string[];
  readonly case: string;
  readonly reason: string;
}
interface Reidentified {
  readonly id: string;
  readonly pseudonym: string;
  readonly subject: string;
}

const MAX_AT_ONCE = 100;
/** Whoever controls it knows who people are. */
const IDENTITY = "Person.nik";

/** Names persons by pseudonyms an agency was given, and raises the alarm in the same transaction: nobody is named in silence. */
export const reidentification =
  ({ write, caller, now }: Asking) =>
  (asked: Pseudonyms): Promise<readonly Reidentified[]> =>
    ruled(
      write(async (to) => {
        const steward = await stewardFor(to, caller, "reidentify");
        const owners = controllersOf(await newestSupergraph(to), IDENTITY);
        if (!owners.includes(steward.agencyCode)) throw refused(`persons are named by ${owners.join(", ")} alone`);
        if (asked.pseudonyms.length < 1 || asked.pseudonyms.length > MAX_AT_ONCE)
          throw badInput(`pseudonyms: must be 1 to ${MAX_AT_ONCE}`);
        const why = `case ${told("case", asked.case)}: ${told("reason", asked.reason)}`;
        const [agreement] = await agreementsByNumber(to, [asked.agreement], now);
        if (!agreement) throw badInput("agreement: there is no such agreement");
        const given = new Map(asked.pseudonyms.flatMap((pseudonym) => hexOf(pseudonym).map((hex) => [hex, pseudonym] as const)));
        const { consumerAgency: agency, purposeCode: purpose, current, number } = agreement;
        const found = await subjectsBehind(to, { agency, purpose, pseudonyms: [...given.keys()] });
        const detail = `${found.length} of ${given.size} pseudonyms of ${agency}, ${why}`;
        await raise(to, { actor: steward.id, kind: "REIDENTIFIED", agreementNumber: number, version: current.version, detail });
        return found.map(({ pseudonym, subject }) => ({ id: subject, pseudonym: given.get(pseudonym) ?? "", subject }));
      }),
    );

const BYTES = 16;

/** The bytes of a pseudonym, hex; nothing for what can be none. */
function hexOf(pseudonym: string): string[] {
  const bytes = Buffer.from(pseudonym, "base64url");
  return bytes.length === BYTES && bytes.toString("base64url") === pseudonym ? [bytes.toString("hex")] : [];
}
