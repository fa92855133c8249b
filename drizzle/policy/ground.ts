import { desc, sql } from "drizzle-orm";
import { type GraphQLSchema, parse } from "graphql";
import type { CeilingRule } from "../../schema/policy/ceilings.ts";
import { sha256Hex } from "../../schema/policy/content.ts";
import { canonical } from "../../schema/policy/insight/file/canonical.ts";
import { apiSchemaOf } from "../../schema/sdl/apiSchema.ts";
import { type Catalogue, catalogueOf } from "../../schema/sdl/catalogue.ts";
import type { Db } from "../client.ts";
import { classCeiling, supergraph } from "../tables/governance/governance.ts";

/** A published schema, read once. */
export interface Published {
  /** SHA-256 of the SDL, hex. */
  readonly hash: string;
  readonly sdl: string;
  readonly catalogue: Catalogue;
  /** Agency that controls each service. As stored: only a good signature makes it governance's word. */
  readonly controllers: Readonly<Record<string, string>>;
  /** Of governance's key over `publicationText`, base64url. */
  readonly signature: string;
}

/** What governance signs of a publication: who controls what says whose consent is asked. */
export const publicationText = ({ hash, controllers }: Pick<Published, "hash" | "controllers">): string =>
  `hub-publication/v1\n${hash}\n${canonical(controllers)}`;

/** By hash: a catalogue takes tens of milliseconds to read, and the same text is the same catalogue for ever. Nothing else of a row is kept. */
const read = new Map<string, Pick<Published, "sdl" | "catalogue">>();
const MAX_READ = 8;

/** The schema published last. Throws when none is, or when its text is not what its hash says. */
export async function newestSupergraph(db: Db): Promise<Published> {
  const [newest] = await supergraphsInUse(db, 1);
  if (!newest) throw new Error("no supergraph is published: run `npx hub policy publish`");
  return newest;
}

/** The schema published last and the one before, which gateways may still run with. */
export async function supergraphsInUse(db: Db, most = 2): Promise<Published[]> {
  const { hash, controllers, signature, publishedAt } = supergraph;
  const rows = await db.select({ hash, controllers, signature }).from(supergraph).orderBy(desc(publishedAt)).limit(most);
  return Promise.all(rows.map(async (row) => ({ ...row, ...(read.get(row.hash) ?? (await readSdl(db, row.hash))) })));
}

async function readSdl(db: Db, hash: string): Promise<Pick<Published, "sdl" | "catalogue">> {
  const [row] = await db.select({ sdl: supergraph.sdl }).from(supergraph).where(sql`${supergraph.hash} = ${hash}`);
  if (!row || sha256Hex(row.sdl) !== hash) throw new Error(`the published supergraph ${hash} is not what its hash says`);
  const known = { sdl: row.sdl, catalogue: catalogueOf(parse(row.sdl)) };
  if (read.size >= MAX_READ) read.clear();
  read.set(hash, known);
  return known;
}

/** What clients see of a published schema: read once. */
export function apiOf({ catalogue, sdl }: Published): GraphQLSchema {
  const known = apis.get(catalogue) ?? apiSchemaOf(parse(sdl));
  apis.set(catalogue, known);
  return known;
}
const apis = new WeakMap<Catalogue, GraphQLSchema>();

/** Stewards' rules about classes. */
export const ceilingRules = (db: Db): Promise<CeilingRule[]> =>
  db
    .select({
      class: classCeiling.class,
      topic: classCeiling.topic,
      ceiling: classCeiling.ceiling,
      prohibitedPurposes: classCeiling.prohibitedPurposes,
    })
    .from(classCeiling)
    .orderBy(classCeiling.class, classCeiling.topic);
