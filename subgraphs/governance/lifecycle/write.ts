import { contentOf } from "../../../drizzle/policy/compile.ts";
import { ceilingRules, newestSupergraph } from "../../../drizzle/policy/ground.ts";
import { ceilingsFor } from "../../../schema/policy/ceilings.ts";
import { readContent } from "../../../schema/policy/content.ts";
import { dayInWib } from "../../../schema/values/wib.ts";
import { agenciesByCode } from "../data.ts";
import type { CreateAgreementInput, DraftVersionInput } from "../generated.ts";
import { refused } from "../steward.ts";
import { type Act, existing, mustConsume } from "./acts.ts";
import {
  type GovernedRow,
  governedByNumber,
  insertAgreement,
  isPurpose,
  keyOf,
  type VersionRow,
  versionsByKey,
  writeDraft,
} from "./data.ts";
import { type Draft, draftOf } from "./draft/draft.ts";
import { draftFaults } from "./draft/draftFaults.ts";
import { conflict, named, refuseFaults, textFaults } from "./says.ts";

const NUMBER = /^[A-Za-z0-9][A-Za-z0-9./-]*$/;
const SHA256 = /^[0-9a-f]{64}$/;

/** Opens the file of an agreement. */
export async function createAgreement({ db, steward, now }: Act, input: CreateAgreementInput): Promise<GovernedRow> {
  const { number, title, consumer, purpose, documentSha256, dpiaId, reportDue } = input;
  if (steward.agencyCode !== consumer && !steward.roles.includes("OPERATOR"))
    throw refused(`agreements of ${consumer} are opened by its own stewards, or by the hub's operator`);
  refuseFaults([
    ...(NUMBER.test(number) ? [] : ["number: letters, digits and . / -"]),
    ...textFaults("number", number, [3, 64]),
    ...textFaults("title", title, [5, 300]),
    ...textFaults("dpiaId", dpiaId, [1, 100]),
    ...(reportDue == null || new Date(reportDue) > now ? [] : ["reportDue: must lie in the future"]),
    ...(documentSha256 == null || SHA256.test(documentSha256) ? [] : ["documentSha256: 64 hexadecimal digits"]),
    ...((await agenciesByCode(db, [consumer])).length > 0 ? [] : ["consumer: there is no such agency"]),
    ...((await isPurpose(db, purpose)) ? [] : ["purpose: there is no such purpose"]),
  ]);
  const row = await insertAgreement(db, {
    ...{ number, title: title.trim(), consumerAgency: consumer, purposeCode: purpose, dpiaId: dpiaId.trim() },
    ...{ documentSha256: documentSha256 ?? null, reportDue: reportDue ?? null },
  });
  if (!row) throw conflict("an agreement of that number exists");
  return row;
}

/** Writes a draft as it was sent in. */
export async function draftVersion(act: Act, input: DraftVersionInput): Promise<VersionRow> {
  const { agreement, basedOn, version } = input;
  const { catalogue } = await newestSupergraph(act.db);
  const base = basedOn == null ? null : await contentAt(act, agreement, basedOn);
  return saveDraft(act, { agreement, version: version ?? null, draft: draftOf(input, base, catalogue) });
}

async function contentAt({ db }: Act, agreement: string, version: number) {
  const known = await versionsByKey(db, [keyOf({ agreementNumber: agreement, version })]);
  refuseFaults(known.length > 0 ? [] : ["basedOn: there is no such version"]);
  return readContent(await contentOf(db, { agreement, version }));
}

/** What a draft is saved as: the next number of the agreement where `version` is null, else in place of that draft's content. */
export interface Saved {
  readonly agreement: string;
  readonly version: number | null;
  readonly draft: Draft;
}

/** Judges and writes a draft, wherever it came from. All faults at once (BAD_USER_INPUT). Who wrote last is its author. */
export async function saveDraft({ db, steward, now }: Act, { agreement, version, draft }: Saved): Promise<VersionRow> {
  await mustConsume(db, steward, agreement);
  const row = version === null ? null : await existing(db, { agreement, version });
  if (row && row.state !== "draft") throw conflict(`${named(row)} is ${row.state}: what was submitted is not changed`);
  const [governed] = await governedByNumber(db, [agreement]);
  const { catalogue } = await newestSupergraph(db);
  const purpose = governed?.purposeCode ?? "";
  const ceilings = ceilingsFor(purpose, await ceilingRules(db));
  const isPast = dayInWib(new Date(draft.validFrom)) < dayInWib(now);
  const faults = draftFaults(draft, { catalogue, ceilings, now, purpose });
  refuseFaults([...(isPast ? ["validFrom: not before today"] : []), ...faults]);
  const written = await writeDraft(db, { agreement, version, author: steward.id, draft });
  if (!written) throw conflict("the draft could not be written");
  return written;
}
