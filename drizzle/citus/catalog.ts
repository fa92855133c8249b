import type { rawClient } from "../client.ts";
import { atOneInstant } from "../transaction.ts";

type Client = ReturnType<typeof rawClient>;

export interface Column {
  readonly name: string;
  readonly type: string;
  /** Undefined: of a type without one. */
  readonly collation: string | undefined;
  readonly isDeterministic: boolean;
  readonly isNotNull: boolean;
  readonly isGenerated: boolean;
  readonly isIdentity: boolean;
}

/** A key, a unique index or an exclusion. `columns`: those compared by plain equality; an expression is none. */
export interface Unique {
  readonly name: string;
  readonly isExclusion: boolean;
  readonly columns: readonly string[];
}

export interface ForeignKey {
  readonly name: string;
  readonly table: string;
  readonly columns: readonly string[];
  readonly parent: string;
  readonly parentColumns: readonly string[];
  /** a no action, r restrict, c cascade, n set null, d set default. */
  readonly onDelete: string;
  readonly onUpdate: string;
  /** As PostgreSQL would write it again. */
  readonly definition: string;
}

export interface Table {
  readonly name: string;
  readonly isPartitioned: boolean;
  /** Row-level security binds its owner, too. */
  readonly isForced: boolean;
  readonly columns: readonly Column[];
  readonly uniques: readonly Unique[];
  readonly triggers: readonly string[];
  /** Policies that ask another question. */
  readonly askingPolicies: readonly string[];
}

/** Text of a function in SQL or PL/pgSQL. */
interface Routine {
  readonly name: string;
  readonly source: string;
}

/** What the rules look at, of one database. Partitions stand for nothing: their parent does. Names are `schema.table`. */
export interface Catalog {
  readonly tables: readonly Table[];
  readonly foreignKeys: readonly ForeignKey[];
  readonly routines: readonly Routine[];
}

const OURS = "n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";
const NAME = "n.nspname || '.' || c.relname";
/** Those of extensions are not ours to judge. */
const NOT_OF_EXTENSION = (catalog: string) =>
  `not exists (select from pg_depend d where d.classid = '${catalog}'::regclass and d.objid = %.oid and d.deptype = 'e')`;

const TABLES = `select ${NAME} as name, c.relkind = 'p' as "isPartitioned", c.relforcerowsecurity as "isForced",
  array(select jsonb_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'collation', l.collname,
      'isDeterministic', coalesce(l.collisdeterministic, true), 'isNotNull', a.attnotnull, 'isGenerated', a.attgenerated <> '', 'isIdentity', a.attidentity <> '')
    from pg_attribute a left join pg_collation l on l.oid = a.attcollation
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum) as columns,
  array(select jsonb_build_object('name', x.relname, 'isExclusion', i.indisexclusion, 'columns', array(
      select a.attname from generate_series(0, i.indnkeyatts - 1) at (n)
      join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[at.n]
      where not i.indisexclusion or exists (select from pg_constraint k join pg_operator o on o.oid = k.conexclop[at.n + 1]
        where k.conindid = i.indexrelid and k.contype = 'x' and o.oprname = '=')))
    from pg_index i join pg_class x on x.oid = i.indexrelid where i.indrelid = c.oid and (i.indisunique or i.indisexclusion) order by x.relname) as uniques,
  array(select t.tgname::text from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal order by 1) as triggers,
  array(select p.polname::text from pg_policy p where p.polrelid = c.oid
    and (p.polqual::text like '%{SUBLINK%' or p.polwithcheck::text like '%{SUBLINK%') order by 1) as "askingPolicies"
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and not c.relispartition and ${OURS} and ${NOT_OF_EXTENSION("pg_class").replace("%", "c")} order by 1`;

const columnsOf = (table: string, keys: string) =>
  `array(select a.attname::text from unnest(${keys}) with ordinality u (num, place) join pg_attribute a on a.attrelid = ${table} and a.attnum = u.num order by u.place)`;

const FOREIGN_KEYS = `select k.conname::text as name, ${NAME} as table, ${columnsOf("k.conrelid", "k.conkey")} as columns,
  pn.nspname || '.' || p.relname as parent, ${columnsOf("k.confrelid", "k.confkey")} as "parentColumns",
  k.confdeltype::text as "onDelete", k.confupdtype::text as "onUpdate", pg_get_constraintdef(k.oid) as definition
  from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
  join pg_class p on p.oid = k.confrelid join pg_namespace pn on pn.oid = p.relnamespace
  where k.contype = 'f' and k.conparentid = 0 and not c.relispartition and ${OURS} order by 2, 1`;

const ROUTINES = `select n.nspname || '.' || c.proname as name, coalesce(pg_get_function_sqlbody(c.oid), c.prosrc) as source
  from pg_proc c join pg_namespace n on n.oid = c.pronamespace join pg_language l on l.oid = c.prolang
  where l.lanname in ('sql', 'plpgsql') and ${OURS} and ${NOT_OF_EXTENSION("pg_proc").replace("%", "c")} order by 1, 2`;

/** Reads any PostgreSQL ≥ 15. The search path of the connection is made empty for the transaction, so that every name is written out. */
export function readCatalog(client: Client): Promise<Catalog> {
  return atOneInstant(client, async (tx) => {
    await tx.unsafe("set local search_path = pg_catalog");
    const tables = await tx.unsafe<RawTable[]>(TABLES);
    const foreignKeys = await tx.unsafe<ForeignKey[]>(FOREIGN_KEYS);
    const routines = await tx.unsafe<Routine[]>(ROUTINES);
    return {
      tables: tables.map(({ columns, ...table }) => ({
        ...table,
        columns: columns.map((column) => ({ ...column, collation: column.collation ?? undefined })),
      })),
      foreignKeys: [...foreignKeys],
      routines: [...routines],
    };
  }) as Promise<Catalog>;
}

interface RawTable extends Omit<Table, "columns"> {
  readonly columns: readonly (Omit<Column, "collation"> & { readonly collation: string | null })[];
}
