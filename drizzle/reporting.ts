import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import { rawClient } from "./client.ts";

type Client = ReturnType<typeof rawClient>;

/** Connections of one login at a time. */
const CONNECTIONS = 10;
/** Where a session begins. PostgreSQL lets every login set these anew, for a session and for good: they are for tools that mean well. */
const SETTINGS = {
  default_transaction_read_only: "on",
  statement_timeout: "30s",
  idle_in_transaction_session_timeout: "60s",
  idle_session_timeout: "1h",
  work_mem: "32MB",
  max_parallel_workers_per_gather: "1",
  search_path: "reporting",
  jit: "off",
};
/** What a superuser alone sets, and a login cannot lift: the disk that sorting takes. */
const TEMP_FILES = "1GB";
/** What every role of a server may call, and no reader of figures should: large objects are a way to write. */
const LARGE_OBJECTS = "^(lo_.*|loread|lowrite)$";
/** Whoever holds a lock keeps others waiting; messages, notices, snapshots and transaction numbers are written, by read-only transactions too. */
const WRITING = "^(pg_(try_)?advisory_.*|pg_logical_emit_message|pg_notify|pg_export_snapshot|pg_current_xact_id|txid_current)$";
const RENEWING = "hub_statistics_owner, hub_statistics_jobs";
const OWN = `${RENEWING}, hub_statistics`;

export const loginOf = (agency: string): string => `hub_bi_${agency.toLowerCase()}`;

/**
 * Makes a login of PostgreSQL that reads and nothing else, and lets it connect to the database of the address. Its grants come with its row in
 * statistics.reader. Returns its password, drawn here and kept nowhere, and what an administrator has still to see to. Takes over a role that a close
 * could not remove; throws when it exists and may log in.
 */
export async function createLogin(adminUrl: string, login: string): Promise<{ password: string; open: readonly string[] }> {
  const password = randomBytes(24).toString("base64url");
  return asAdmin(adminUrl, async (admin) => {
    const [left] = await admin`select rolcanlogin as "isLive" from pg_roles where rolname = ${login}`;
    if (left?.["isLive"]) throw new Error(`the role ${login} exists already: remove it first (npx hub reporting close)`);
    await admin.unsafe(
      `${left ? "alter" : "create"} role ${login} login nosuperuser nocreatedb nocreaterole noreplication nobypassrls noinherit connection limit ${CONNECTIONS} password '${verifierOf(password)}'`,
    );
    for (const [name, value] of Object.entries(SETTINGS)) await admin.unsafe(`alter role ${login} set ${name} = '${value}'`);
    await admin.unsafe(`grant connect on database "${databaseOf(adminUrl)}" to ${login}`);
    await admin.unsafe(`grant ${login} to ${RENEWING}`); // who holds a role may end its sessions
    return {
      password,
      open: [...(await boundDisk(admin, login)), ...(await closeFunctions(admin)), ...(await otherDoors(admin, login))],
    };
  });
}

/**
 * Ends its connections and removes it, with what it made in any database of the server. False when it is gone already. Throws when it cannot be removed:
 * it may log in no more then.
 */
export const dropLogin = (adminUrl: string, login: string): Promise<boolean> =>
  asAdmin(adminUrl, async (admin) => {
    const [found] = await admin`select from pg_roles where rolname = ${login}`;
    if (!found) return false;
    await admin.unsafe(`alter role ${login} nologin`);
    await admin`select pg_terminate_backend(pid) from pg_stat_activity where usename = ${login}`;
    try {
      await admin.unsafe(`grant ${login} to current_user`); // an administrator who is no superuser drops by holding
      for (const database of await databasesWith(admin, login))
        await asAdmin(at(adminUrl, database), (there) => there.unsafe(`drop owned by ${login}`));
      await admin.unsafe(`drop role ${login}`);
    } catch (error) {
      throw new Error(`${login} may log in no more, but its role is left (npx hub reporting open takes it over)`, {
        cause: error,
      });
    }
    return true;
  });

/** This database, where its grants are, and each where it made something. */
async function databasesWith(admin: Client, login: string): Promise<string[]> {
  const rows = await admin`select datname from pg_database where datname = current_database()
    or oid in (select dbid from pg_shdepend where refclassid = 'pg_authid'::regclass and refobjid = (select oid from pg_roles where rolname = ${login}))`;
  return rows.map((row) => row["datname"]);
}

/** What PostgreSQL keeps of a password (SCRAM-SHA-256, RFC 5803): sent in its place, it stands in no log. */
function verifierOf(password: string): string {
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password, salt, 4096, 32, "sha256");
  const keyed = (text: string) => createHmac("sha256", salted).update(text).digest();
  const stored = createHash("sha256").update(keyed("Client Key")).digest("base64");
  return `SCRAM-SHA-256$4096:${salt.toString("base64")}$${stored}:${keyed("Server Key").toString("base64")}`;
}

async function boundDisk(admin: Client, login: string): Promise<string[]> {
  const bound = `alter role ${login} set temp_file_limit = '${TEMP_FILES}'`;
  return admin.unsafe(bound).then(
    () => [],
    () => [`nothing bounds the disk that sorting takes: let the server's superuser run: ${bound}`],
  );
}

/** Only who owns the server's own functions may: what could not be closed is told. */
async function closeFunctions(admin: Client): Promise<string[]> {
  const closing = (names: string, then: string) =>
    admin.unsafe(`do $$ declare one regprocedure; begin
      for one in select oid from pg_proc where pronamespace = 'pg_catalog'::regnamespace and proname ~ '${names}' loop
        execute format('revoke execute on function %s from public', one);
        ${then}
      end loop; end $$`);
  try {
    await closing(LARGE_OBJECTS, "");
    await closing(WRITING, `execute format('grant execute on function %s to ${OWN}', one);`);
    return [];
  } catch {
    return [
      "large objects, advisory locks, messages and notices are open to every role of this server: let its superuser revoke them from public",
    ];
  }
}

/** Databases beside this one that let everybody in. */
async function otherDoors(admin: Client, login: string): Promise<string[]> {
  const rows = await admin`select datname from pg_database
    where datallowconn and datname <> current_database() and has_database_privilege(${login}, oid, 'CONNECT') order by datname`;
  return rows.map((row) => `the login may also connect to the database ${row["datname"]}: revoke connect on it from public`);
}

const databaseOf = (url: string): string => decodeURIComponent(new URL(url).pathname.slice(1));

function at(url: string, database: string): string {
  const there = new URL(url);
  there.pathname = `/${encodeURIComponent(database)}`;
  return there.href;
}

async function asAdmin<T>(url: string, work: (admin: Client) => Promise<T>): Promise<T> {
  const admin = rawClient(url, { max: 1 });
  try {
    return await work(admin);
  } finally {
    await admin.end({ timeout: 5 });
  }
}
