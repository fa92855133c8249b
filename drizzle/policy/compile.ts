import { and, eq, inArray, sql } from "drizzle-orm";
import { isApprovalSigned } from "../../schema/policy/approval.ts";
import { type Content, readContent, sha256Hex } from "../../schema/policy/content.ts";
import { isEndorsed, type StewardKey } from "../../schema/policy/endorsement.ts";
import { controllersOf } from "../../schema/policy/insight/ground.ts";
import { isSignedBy, type Signer } from "../../schema/policy/keys.ts";
import { compileSigned, type SignedTable } from "../../schema/policy/signedTable.ts";
import type { CatalogueEntry } from "../../schema/sdl/catalogue.ts";
import type { Db } from "../client.ts";
import { approval, decisionTable } from "../tables/governance/agreement.ts";
import { stewardKey } from "../tables/governance/governance.ts";
import { ceilingRules, type Published, publicationText, supergraphsInUse } from "./ground.ts";

/** An agreement version. */
export interface Which {
  readonly agreement: string;
  readonly version: number;
}

/** What a compiler holds: governance's key, and the origins whose assertions of authenticators it believes. */
export interface Compiler {
  readonly signer: Signer;
  readonly origins: readonly string[];
}

/** Policy that must not be signed, with the reason as a sentence. */
export class PolicyFault extends Error {}

/** Text of all that a version says (schema/policy/content.ts). Throws PolicyFault when there is no such version. */
export async function contentOf(db: Db, { agreement, version }: Which): Promise<string> {
  const [row] = await db.execute<{ content: string | null }>(
    sql`select governance.content_of(${agreement}, ${version}) as content`,
  );
  if (!row?.content) throw new PolicyFault(`there is no version ${version} of ${agreement}`);
  return row.content;
}

/**
 * Compiles and signs a version for every supergraph in use. Believes nothing that is merely stored: the publication with its controllers must be
 * governance's, the content's hash is computed anew, every approval's signature and the endorsement of its key are verified, and all owners must be
 * among them. Throws PolicyFault. MUST be called in a transaction: until it ends no ceiling changes, and a later change finds the table it closes.
 */
export async function compileVersion(db: Db, which: Which, compiler: Compiler): Promise<void> {
  await db.execute(sql`select governance.hold_ceilings()`);
  const text = await contentOf(db, which);
  const content = readContent(text);
  const ceilings = await ceilingRules(db);
  const [newest, ...before] = await supergraphsInUse(db);
  if (newest) verifyPublication(newest, compiler);
  for (const published of [...(newest ? [newest] : []), ...before.filter((one) => isPublicationSigned(one, compiler))]) {
    await verifyApprovals(db, { which, content, contentSha256: sha256Hex(text), published, compiler });
    const { hash: supergraph, catalogue } = published;
    const table = compileSigned(text, { supergraph, catalogue, ceilings }, compiler.signer);
    await writeTable(db, { agreementNumber: which.agreement, version: which.version, supergraphHash: published.hash }, table);
  }
}

type TableKey = Pick<typeof decisionTable.$inferInsert, "agreementNumber" | "version" | "supergraphHash">;

async function writeTable(db: Db, key: TableKey, table: SignedTable): Promise<void> {
  const { agreementNumber, version, supergraphHash } = decisionTable;
  await db
    .insert(decisionTable)
    .values({ ...key, ...table })
    .onConflictDoUpdate({
      target: [agreementNumber, version, supergraphHash],
      set: { ...table, compiledAt: sql`clock_timestamp()` },
    });
}

/** Else whoever writes to the table would choose who is asked. An older one signed by a key of before is left out, not a fault. */
const isPublicationSigned = (published: Published, { signer }: Compiler): boolean =>
  isSignedBy(signer.publicKey, publicationText(published), published.signature);

function verifyPublication(published: Published, compiler: Compiler): void {
  if (!isPublicationSigned(published, compiler))
    throw new PolicyFault(`the publication ${published.hash} is not signed by governance`);
}

interface Judged {
  readonly which: Which;
  readonly content: Content;
  readonly contentSha256: string;
  readonly published: Published;
  readonly compiler: Compiler;
}

async function verifyApprovals(db: Db, { which, content, contentSha256, published, compiler }: Judged): Promise<void> {
  const rows = await db
    .select()
    .from(approval)
    .where(and(eq(approval.agreementNumber, which.agreement), eq(approval.version, which.version)));
  const keys = await endorsedKeys(
    db,
    rows.map(({ keyId }) => keyId),
    compiler.signer.publicKey,
  );
  const good = rows.filter((row) => {
    const key = keys.get(row.keyId);
    if (!key || row.stewardId === content.author || row.contentSha256 !== contentSha256) return false;
    const { capacity, ownerAgency: owner, decision, signature } = row;
    if (decision !== "APPROVED" || key.stewardId !== row.stewardId || key.agencyCode !== owner) return false;
    if (!key.roles.includes(capacity === "DPO" ? "DPO" : "STEWARD")) return false;
    return isApprovalSigned(
      { ...which, owner, capacity, decision, contentSha256 },
      { key, signature, origins: compiler.origins },
    );
  });
  const owners = new Set(good.filter(({ capacity }) => capacity === "OWNER").map(({ ownerAgency }) => ownerAgency));
  const missing = ownersAsked(content, published).filter((owner) => !owners.has(owner));
  const isAccepted = good.some(({ capacity, ownerAgency }) => capacity === "DPO" && ownerAgency === content.consumer);
  if (missing.length === 0 && isAccepted) return;
  const lacking = [...missing.map((owner) => `${owner} as owner`), ...(isAccepted ? [] : [`${content.consumer} as DPO`])];
  throw new PolicyFault(`${which.agreement} version ${which.version} lacks a good signature of ${lacking.join(", ")}`);
}

/** Agencies that must approve: the controllers of everything pinned that is not public. Sorted. What the database asks by `owners_asked`. */
export function ownersAsked({ coordinates }: Pick<Content, "coordinates">, published: Published): string[] {
  const governed = coordinates.filter((coordinate) => isGoverned(published.catalogue.entries.get(coordinate)));
  return [...new Set(governed.flatMap((coordinate) => controllersOf(published, coordinate)))].sort();
}

/** An input states no class: the fields it stands for are pinned beside it and ask theirs. A field that states none is governed. */
const isGoverned = (entry: CatalogueEntry | undefined): boolean =>
  entry !== undefined &&
  (entry.classes.length > 0 ? entry.classes.some((data) => data.class !== "PUBLIC") : entry.kind === "output");

async function endorsedKeys(db: Db, keyIds: readonly string[], governanceKey: string): Promise<Map<string, StewardKey>> {
  if (keyIds.length === 0) return new Map();
  const rows = (await db
    .select()
    .from(stewardKey)
    .where(inArray(stewardKey.keyId, [...keyIds]))) as unknown as StewardKey[];
  return new Map(rows.filter((key) => isEndorsed(key, governanceKey)).map((key) => [key.keyId, key]));
}
