import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { sql } from "drizzle-orm";
import { parse } from "graphql";
import { readContent, sha256Hex } from "../../schema/policy/content.ts";
import { controllersOf, uncontrolled } from "../../schema/policy/insight/ground.ts";
import { type CatalogueEntry, catalogueOf } from "../../schema/sdl/catalogue.ts";
import type { Db } from "../client.ts";
import { agreementVersion, pendingCoordinate } from "../tables/governance/agreement.ts";
import { coordinate, supergraph } from "../tables/governance/governance.ts";
import { type Compiler, compileVersion, contentOf, PolicyFault, type Which } from "./compile.ts";
import { type Published, publicationText } from "./ground.ts";
import { reachToday } from "./reach.ts";

/** A composed schema, and which agency controls each service. */
export interface Publication {
  readonly sdl: string;
  readonly controllers: Readonly<Record<string, string>>;
}

const file = (name: string): string => readFileSync(fileURLToPath(new URL(`../../schema/${name}`, import.meta.url)), "utf8");

/** The schema of this very code. */
export const ownPublication = (): Publication => ({
  sdl: file("supergraph.graphql"),
  controllers: JSON.parse(file("controllers.json")) as Record<string, string>,
});

/**
 * Publishes a schema: its catalogue, a table for every version that is approved or in force, and what it adds to classes as pending. It never widens
 * a version. Call it in one transaction: gateways see all of it or nothing. Answers what could not be compiled, as sentences: those agreements
 * stay closed under it. Repeatable; to publish an older schema again goes back to it. Throws PolicyFault when a service has no controller, or when the
 * schema is on file with other controllers.
 */
export async function publish(db: Db, { sdl, controllers }: Publication, compiler: Compiler): Promise<string[]> {
  const hash = sha256Hex(sdl);
  const signature = compiler.signer.sign(publicationText({ hash, controllers }));
  const published: Published = { hash, sdl, controllers, signature, catalogue: catalogueOf(parse(sdl)) };
  const nobodys = uncontrolled(published);
  if (nobodys.length > 0) throw new PolicyFault(`no agency is named that controls ${nobodys.join(", ")}`);
  await writeSupergraph(db, published);
  await writeCatalogue(db, published);
  const faults: string[] = [];
  for (const { which, isCompiled } of await versionsAlive(db)) {
    await notePending(db, which);
    if (isCompiled) faults.push(...(await compiled(db, which, compiler)));
  }
  return faults;
}

async function compiled(db: Db, which: Which, compiler: Compiler): Promise<string[]> {
  try {
    await compileVersion(db, which, compiler);
    return [];
  } catch (error) {
    if (error instanceof PolicyFault) return [error.message];
    throw error;
  }
}

/** The controllers on file are signed anew only where they are the very ones published. */
async function writeSupergraph(db: Db, { hash, sdl, controllers, signature }: Published): Promise<void> {
  const written = await db
    .insert(supergraph)
    .values({ hash, sdl, controllers, signature })
    .onConflictDoUpdate({
      target: supergraph.hash,
      set: { publishedAt: sql`clock_timestamp()`, signature },
      setWhere: sql`${supergraph.controllers} = excluded.controllers`,
    })
    .returning({ hash: supergraph.hash });
  if (written.length === 0) throw new PolicyFault(`the publication ${hash} is on file with other controllers, which stay`);
}

const BATCH = 1000;

async function writeCatalogue(db: Db, published: Published): Promise<void> {
  const rows = [...published.catalogue.entries.values()].map((entry) => rowOf(entry, published));
  for (let at = 0; at < rows.length; at += BATCH)
    await db
      .insert(coordinate)
      .values(rows.slice(at, at + BATCH))
      .onConflictDoNothing();
}

/** Of several classes one that is not public: it decides who must approve. */
const classOf = ({ classes }: CatalogueEntry) => classes.find((data) => data.class !== "PUBLIC") ?? classes[0];

const rowOf = (entry: CatalogueEntry, published: Published): typeof coordinate.$inferInsert => ({
  supergraphHash: published.hash,
  coordinate: entry.coordinate,
  kind: entry.kind,
  owners: controllersOf(published, entry.coordinate),
  class: classOf(entry)?.class ?? null,
  topic: classOf(entry)?.topic ?? null,
  guards: entry.guards,
});

async function versionsAlive(db: Db): Promise<{ which: Which; isCompiled: boolean }[]> {
  const rows = await db
    .select({ agreement: agreementVersion.agreementNumber, version: agreementVersion.version, state: agreementVersion.state })
    .from(agreementVersion)
    .where(
      sql`${agreementVersion.state} in ('in_review', 'approved', 'active', 'suspended') and ${agreementVersion.validTo} > now()`,
    )
    .orderBy(agreementVersion.agreementNumber, agreementVersion.version);
  return rows.map(({ agreement, version, state }) => ({ which: { agreement, version }, isCompiled: state !== "in_review" }));
}

/** Fields that the class rows of a version would reach by now and that nobody has decided about: listed, not opened. */
async function notePending(db: Db, { agreement, version }: Which): Promise<void> {
  const { coordinates } = readContent(await contentOf(db, { agreement, version }));
  const pinned = new Set(coordinates);
  const pending = (await reachToday(db, { agreement, version })).filter((one) => !pinned.has(one));
  if (pending.length === 0) return;
  const rows = pending.map((one) => ({ agreementNumber: agreement, version, coordinate: one }));
  await db.insert(pendingCoordinate).values(rows).onConflictDoNothing();
}
