import type { GraphQLSchema } from "graphql";
import type { Db } from "../../../drizzle/client.ts";
import { contentOf, PolicyFault, type Which } from "../../../drizzle/policy/compile.ts";
import { apiOf, ceilingRules, newestSupergraph } from "../../../drizzle/policy/ground.ts";
import { type Content, readContent, sha256Hex } from "../../../schema/policy/content.ts";
import type { Consent } from "../../../schema/policy/insight/explain/explained.ts";
import type { InsightGround } from "../../../schema/policy/insight/ground.ts";
import type { Asking } from "../../kit/serve/context.ts";
import { type AgreementRow, agreementsByNumber } from "../data.ts";
import { approvalsOf, keyOf } from "../lifecycle/data.ts";

/** A version as it stands in the database, with its text. */
export interface Seen {
  readonly which: Which;
  readonly text: string;
  readonly content: Content;
}

/** What the asker may know of versions: what row-level security hides, and to clients what only persons ask under, is null like what does not exist. */
export const seenBy = ({ db, now, caller }: Pick<Asking, "db" | "now" | "caller">) => {
  let ground: Promise<InsightGround> | undefined;
  return {
    ground: (): Promise<InsightGround> => {
      ground ??= groundOf(db);
      return ground;
    },
    version: async (agreement: string, version: number): Promise<Seen | null> => {
      const found = await seenVersion(db, { agreement, version });
      return found?.content.needsOfficer && caller.officer === null ? null : found;
    },
    /** The agreement with the version that speaks for it now. */
    agreement: async (agreement: string): Promise<AgreementRow | null> =>
      (await agreementsByNumber(db, [agreement], now))[0] ?? null,
    /** Consents of owners to this very content. */
    consents: async ({ which: { agreement, version }, text }: Seen): Promise<Consent[]> => {
      const rows = await approvalsOf(db, [keyOf({ agreementNumber: agreement, version })]);
      const sha256 = sha256Hex(text);
      return rows
        .filter((row) => row.capacity === "OWNER" && row.decision === "APPROVED" && row.contentSha256 === sha256)
        .map(({ ownerAgency: owner, stewardId: steward }) => ({ owner, steward }));
    },
    schema: async (): Promise<GraphQLSchema> => apiOf(await newestSupergraph(db)),
  };
};

async function groundOf(db: Db): Promise<InsightGround> {
  const { catalogue, controllers } = await newestSupergraph(db);
  return { catalogue, controllers, ceilings: await ceilingRules(db) };
}

async function seenVersion(db: Db, which: Which): Promise<Seen | null> {
  try {
    const text = await contentOf(db, which);
    return { which, text, content: readContent(text) };
  } catch (error) {
    if (error instanceof PolicyFault) return null;
    throw error;
  }
}
