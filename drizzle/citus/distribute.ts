import { rawClient, SLICES, type Slice } from "../client.ts";
import type { DatabaseUrls } from "../cluster.ts";
import { inTransaction } from "../transaction.ts";
import { type Catalog, type ForeignKey, readCatalog } from "./catalog.ts";
import type { Given } from "./given.ts";
import { isPlain, type Layout, qualified } from "./layout.ts";
import { type Breach, breachesOf, layoutOf } from "./rules.ts";

type Client = ReturnType<typeof rawClient>;

/** What the step does to one database: statements in one transaction, or why none. */
export type Plan = { readonly slice: Slice; readonly why: string } & (
  | { readonly state: "plain" }
  | { readonly state: "blocked"; readonly breaches: readonly Breach[] }
  | { readonly state: "ready"; readonly statements: readonly string[] }
);

const LOCK = 7302; // that of migrations

/**
 * Statements that lay the tables of a database out on Citus, in order: what is given up, reference tables, parents before children, and the foreign keys
 * again last. `done`: tables that stand there already; nothing is left to do when all do. Pure.
 */
export function planOf(slice: Slice, catalog: Catalog, done: ReadonlySet<string>): Plan {
  const [layout, given] = layoutOf(slice);
  if (isPlain(layout)) return { slice, why: layout.why, state: "plain" };
  const breaches = breachesOf(slice, catalog);
  if (breaches.length > 0) return { slice, why: layout.why, state: "blocked", breaches };
  return { slice, why: layout.why, state: "ready", statements: statementsOf({ slice, layout, given, catalog, done }) };
}

interface Task {
  readonly slice: Slice;
  readonly layout: Layout;
  readonly given: Given;
  readonly catalog: Catalog;
  readonly done: ReadonlySet<string>;
}

function statementsOf(task: Task): string[] {
  const { slice, layout, given, catalog, done } = task;
  const isMissing = (name: string) => !done.has(qualified(slice, name));
  const reference = layout.reference.filter(isMissing);
  const distributed = Object.entries(layout.distributed).filter(([name]) => isMissing(name));
  const lookups = Object.entries(given.lookups).filter(([name]) => isMissing(name));
  const missing = new Set([...reference, ...distributed.map(([name]) => name)].map((name) => qualified(slice, name)));
  if (missing.size + lookups.length === 0) return [];
  const touched = catalog.foreignKeys.filter(({ table, parent }) => missing.has(table) || missing.has(parent));
  const kept = touched.filter((key) => given.constraints[`${shortened(slice, key.table)}.${key.name}`] === undefined);
  const forced = catalog.tables.filter(({ name, isForced }) => isForced && missing.has(name)).map(({ name }) => name);
  return [
    "set local citus.multi_shard_modify_mode = 'sequential'", // else a reference table and a key to it cannot be made in one transaction
    ...touched.map((key) => dropConstraint(key.table, key.name)),
    ...givenUp(task, missing),
    ...distributed.flatMap(([name]) => given.before[name] ?? []),
    ...forced.map((name) => `alter table ${name} no force row level security`), // rows are moved by COPY, which policies forbid their owner, too
    ...reference.map((name) => `select create_reference_table('${qualified(slice, name)}')`),
    ...distributed.map(([name, by]) => distributing(task, name, by)),
    ...lookups.map(
      ([name, by]) => `select create_distributed_table('${qualified(slice, name)}', '${by}', colocate_with => 'none')`,
    ),
    ...[...forced, ...lookups.map(([name]) => qualified(slice, name))].map(
      (name) => `alter table ${name} force row level security`,
    ),
    ...kept.map(addConstraint),
  ];
}

/** Keys and triggers of tables yet to be distributed that other means stand for there; foreign keys are gone by then. */
function givenUp({ slice, given, catalog }: Task, missing: ReadonlySet<string>): string[] {
  return catalog.tables
    .filter(({ name }) => missing.has(name))
    .flatMap(({ name, uniques, triggers }) => {
      const isGiven = (of: Readonly<Record<string, string>>) => (own: string) =>
        of[`${shortened(slice, name)}.${own}`] !== undefined;
      return [
        ...uniques
          .map((unique) => unique.name)
          .filter(isGiven(given.constraints))
          .map((own) => dropConstraint(name, own)),
        ...triggers.filter(isGiven(given.triggers)).map((own) => `drop trigger "${own}" on ${name}`),
      ];
    });
}

/** The first table of a database opens the group that the others are co-located in. */
function distributing({ slice, layout }: Task, name: string, by: string): string {
  const [first] = Object.keys(layout.distributed);
  const group = name === first ? "none" : qualified(slice, first as string);
  return `select create_distributed_table('${qualified(slice, name)}', '${by}', colocate_with => '${group}')`;
}

const shortened = (slice: Slice, name: string) => (name.startsWith(`${slice}.`) ? name.slice(slice.length + 1) : name);
const dropConstraint = (table: string, name: string) => `alter table ${table} drop constraint "${name}"`;
const addConstraint = ({ table, name, definition }: ForeignKey) => `alter table ${table} add constraint "${name}" ${definition}`;

/** What the step would do to every database as it stands. Changes nothing. */
export function planAll(urls: DatabaseUrls): Promise<Plan[]> {
  return Promise.all(SLICES.map((slice) => onOwner(urls, slice, (client) => planOn(client, slice))));
}

/**
 * Lays out on Citus every database whose layout breaks no rule. Repeatable: what stands there stays. Throws where a database would be distributed and its
 * server has no Citus, before anything is changed.
 */
export async function distributeAll(urls: DatabaseUrls): Promise<Plan[]> {
  const plans: Plan[] = [];
  for (const slice of SLICES) plans.push(await onOwner(urls, slice, (client) => distribute(client, slice)));
  return plans;
}

async function distribute(client: Client, slice: Slice): Promise<Plan> {
  await client`select pg_advisory_lock(${LOCK})`; // dies with the connection
  const plan = await planOn(client, slice);
  if (plan.state !== "ready" || plan.statements.length === 0) return plan;
  await mustHaveCitus(client, slice);
  await inTransaction(client, async (tx) => {
    for (const statement of plan.statements) await tx.unsafe(statement);
    const [{ name } = { name: "" }] = await tx`select current_database() as name`;
    // the scope of a question is SET LOCAL, and the nodes must hear of it
    await tx.unsafe(`alter database "${name}" set citus.propagate_set_commands to 'local'`);
  });
  return plan;
}

async function planOn(client: Client, slice: Slice): Promise<Plan> {
  return planOf(slice, await readCatalog(client), await standing(client));
}

/** Tables that Citus knows already. */
async function standing(client: Client): Promise<Set<string>> {
  const [found] = await client`select to_regclass('pg_dist_partition') is not null as knows`;
  if (!found?.["knows"]) return new Set();
  const rows = await client`select n.nspname || '.' || c.relname as name from pg_dist_partition p
    join pg_class c on c.oid = p.logicalrelid join pg_namespace n on n.oid = c.relnamespace where p.partmethod = 'h' or p.repmodel = 't'`;
  return new Set(rows.map((row) => String(row["name"])));
}

async function mustHaveCitus(client: Client, slice: Slice): Promise<void> {
  const [found] = await client`select exists (select from pg_proc where proname = 'create_distributed_table') as has`;
  if (found?.["has"]) return;
  const [available] = await client`select 1 from pg_available_extensions where name = 'citus'`;
  if (!available) throw new Error(`${slice}: HUB_CITUS is true, and its server has no Citus: install it, or unset HUB_CITUS`);
  await client.unsafe("create extension if not exists citus").catch((cause: unknown) => {
    throw new Error(
      `${slice}: its owner may not make the extension: run "create extension citus" there as the server's administrator`,
      {
        cause,
      },
    );
  });
}

async function onOwner<T>(urls: DatabaseUrls, slice: Slice, work: (client: Client) => Promise<T>): Promise<T> {
  const client = rawClient(urls[slice].owner, { max: 1 });
  try {
    return await work(client);
  } finally {
    await client.end({ timeout: 5 });
  }
}
