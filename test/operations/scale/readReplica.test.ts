import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openPool, type rawClient, type Scope } from "../../../drizzle/client.ts";
import { FRESH_HEADER } from "../../../schema/caller.ts";
import { ConfigFaults } from "../../../schema/settings.ts";
import { readConfig } from "../../../subgraphs/kit/serve/config.ts";
import type { Asking } from "../../../subgraphs/kit/serve/context.ts";
import { createSubgraph } from "../../../subgraphs/kit/serve/createSubgraph.ts";
import { asRole } from "../../kit/database.ts";
import { type Standby, serverTools, startStandby } from "../../kit/machines/standby.ts";
import { type Asked, callerWith, useSlice, WHOLE_COUNTRY } from "../../kit/slice.ts";

// Questions on a streaming replica of the machine's own PostgreSQL: never further behind than is said, and never missed when it goes away.

const bin = serverTools();
if (bin === null)
  process.stderr.write("readReplica: SKIPPED, this machine has no PostgreSQL with pg_basebackup (apt install postgresql-15)\n");

const register = createSubgraph({
  name: "population",
  typeDefs: `
    type Query {
      "Asal — which server answers: replica or primary."
      server: String
      "Catatan — numbers of the notes in the rows of the asker."
      notes: [Int!]
      "Lambat — as notes, after a while."
      slowNotes: [Int!]
      "Hitung — notes that are there once one more was written."
      counted: [Int!]
    }
    type Mutation {
      "Catat — writes a note; all there are."
      note: [Int!]
    }`,
  resolvers: {
    Query: {
      server: (_: unknown, _args: unknown, { load }: Context) => load.server(),
      notes: (_: unknown, _args: unknown, { load }: Context) => load.notes(),
      slowNotes: (_: unknown, _args: unknown, { load }: Context) => load.notes("where (select pg_sleep(0.3)) is not null"),
      counted: (_: unknown, _args: unknown, { load }: Context) => load.written(),
    },
    Mutation: { note: (_: unknown, _args: unknown, { load }: Context) => load.written() },
  },
  loaders: ({ db, write }: Asking) => {
    const notes = async (where = "") =>
      (await db.execute(`select n from note ${where} order by n`)).map((row) => Number(row["n"]));
    return {
      notes,
      server: async () => ((await db.execute("select pg_is_in_recovery() as is"))[0]?.["is"] ? "replica" : "primary"),
      async written() {
        await notes(); // what an act looks at first must not be old either
        await write(async (to) => void (await to.execute("insert into note (region) values ('3510161001')")));
        return notes();
      },
    };
  },
});
interface Context {
  readonly load: { server(): Promise<string>; notes(where?: string): Promise<number[]>; written(): Promise<number[]> };
}

const TABLES = `
  create role hub_population login;
  create schema population; grant usage on schema population to hub_population;
  alter database postgres set search_path to population;
  create table population.note (n int generated always as identity primary key, region text collate "C" not null);
  alter table population.note enable row level security; alter table population.note force row level security;
  create policy seen on population.note for select to hub_population using (
    region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]);
  create policy written on population.note for insert to hub_population with check (true);
  grant select, insert on population.note to hub_population;
  create table population.used_envelope (id text primary key); grant insert on population.used_envelope to hub_population;
  insert into population.note (region) values ('3510161001'), ('9301011002')`;

let standby: Standby;
const roleOf = (url: string) => url.replace("postgres@", "hub_population@");
const onPrimary = <T>(work: (sql: ReturnType<typeof rawClient>) => Promise<T>) => asRole(standby.primaryUrl, work);
const replay = (word: "pause" | "resume") =>
  asRole(standby.replicaUrl, async (sql) => {
    await sql.unsafe(`select pg_wal_replay_${word}()`);
    const wanted = word === "pause" ? "paused" : "not paused";
    await expect.poll(async () => (await sql`select pg_get_wal_replay_pause_state() as s`)[0]?.["s"]).toBe(wanted);
  });
const write = async (): Promise<number> => {
  const [row] = await onPrimary((sql) => sql`insert into population.note (region) values ('3510161001') returning n`);
  return Number(row?.["n"]);
};

beforeAll(async () => {
  if (bin === null) return;
  standby = await startStandby(bin, "-c max_standby_streaming_delay=0");
  await onPrimary((sql) => sql.unsafe(TABLES));
});
afterAll(() => standby?.stop());

const good = ({ data, errors, text }: Asked) => {
  if (errors.length > 0) throw new Error(text);
  return data;
};

describe.skipIf(bin === null)("a slice with a replica", () => {
  const LAG_MS = 400;
  const options = (lagMs: number) => ({
    databaseUrl: () => roleOf(standby.primaryUrl),
    replica: () => ({ url: roleOf(standby.replicaUrl), lagMs }),
  });
  const near = useSlice(register, options(LAG_MS));
  const patient = useSlice(register, options(60_000));
  const server = async (slice = near) => good(await slice.ask("{ server }")).server;
  const settled = (where: string, slice = near) => expect.poll(() => server(slice), { timeout: 30_000 }).toBe(where);

  test("asks it the questions, under the rows of the agreement as on the primary", async () => {
    await settled("replica");
    const { notes } = good(await near.ask("{ notes }"));
    expect(notes.length).toBeGreaterThanOrEqual(2);
    const banyuwangi = callerWith({ rows: { ...WHOLE_COUNTRY, regions: [["3510", "3511"]] } });
    expect(good(await near.ask("{ notes }", { caller: banyuwangi })).notes).not.toContain(2);
    expect(good(await near.ask("{ notes }", { caller: callerWith({ rows: { ...WHOLE_COUNTRY, regions: [] } }) })).notes).toEqual(
      [],
    );
  });

  test("reads what an act wrote, and all that follows it in the same request, where it was written", async () => {
    await settled("replica", patient);
    await replay("pause");
    try {
      const written = good(await patient.ask("mutation { note }")).note as number[];
      const last = written.at(-1);
      expect(good(await patient.ask("{ notes server }"))).toEqual({ notes: written.slice(0, -1), server: "replica" }); // may still lag
      expect(good(await patient.ask("{ notes }", { headers: { [FRESH_HEADER]: "1" } })).notes.at(-1)).toBe(last);
      expect(good(await patient.ask("{ counted }")).counted.at(-1)).toBe(Number(last) + 1);
    } finally {
      await replay("resume");
    }
  });

  test("never answers from further behind than is said, whatever the replica does, and asks it again once it has caught up", async () => {
    await settled("replica");
    const written: { n: number; at: number }[] = [];
    const seen = new Set<string>();
    const look = async (): Promise<void> => {
      const at = performance.now();
      const due = written.findLast((one) => one.at < at - LAG_MS)?.n ?? 0;
      const { notes, server: from } = good(await near.ask("{ server notes }"));
      expect(notes.at(-1)).toBeGreaterThanOrEqual(due);
      seen.add(from);
    };
    const round = async (until: () => boolean) => {
      for (const end = Date.now() + 30_000; !until() && Date.now() < end; ) {
        const n = await write();
        written.push({ n, at: performance.now() });
        await Promise.all([look(), look(), look()]);
      }
    };
    await replay("pause");
    await round(() => seen.has("primary"));
    seen.clear();
    await replay("resume");
    await round(() => seen.has("replica"));
    expect(seen).toContain("replica");
  });

  test("asks the primary what the replica had to give up to go on replaying", async () => {
    await settled("replica");
    const from = new Set<string>();
    for (let tries = 20; tries > 0 && !from.has("primary"); tries -= 1) {
      const slow = near.ask("{ slowNotes server }");
      await new Promise((resolve) => setTimeout(resolve, 150));
      await onPrimary((sql) => sql.begin((tx) => tx`lock table population.note in access exclusive mode`));
      const answer = good(await slow);
      expect(answer.slowNotes.length).toBeGreaterThan(1);
      from.add(answer.server);
    }
    expect(from).toContain("primary");
  });

  test("misses no answer when the replica crashes in the middle of them, and asks it again when it is back", async () => {
    await settled("replica");
    const asked = Array.from({ length: 8 }, () => near.ask("{ slowNotes }"));
    await new Promise((resolve) => setTimeout(resolve, 100));
    await standby.crashReplica();
    asked.push(...Array.from({ length: 8 }, () => near.ask("{ slowNotes }")));
    await settled("primary");
    for (const answer of await Promise.all(asked)) expect(good(answer).slowNotes.length).toBeGreaterThan(1);
    await standby.startReplica();
    await settled("replica");
    expect(near.log.some((line) => line.includes("questions go to the primary"))).toBe(true);
  });

  test("never asks a server that is no replica of its primary", async () => {
    const told: boolean[] = [];
    const [primary] = [roleOf(standby.primaryUrl)];
    const pool = openPool(primary, { max: 1, replica: { url: primary, lagMs: 200, changed: (is) => told.push(is) } });
    const session = pool.session(SCOPE);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect((await session.db.execute("select pg_is_in_recovery() as is"))[0]?.["is"]).toBe(false);
    await session.close();
    await pool.end();
    expect(told).toEqual([]);
  });
});

const SCOPE: Scope = {
  ...{ regions: [["0", "A"]], programs: null, decileMax: 100, agency: "KEMENSOS", officer: null, citizen: null },
  ...{ agreement: "PKS-2025-001", purpose: "PROGRAM_ADMINISTRATION" },
};

describe("the settings of a replica", () => {
  const faultsOf = (slice: string, env: Record<string, string>): readonly string[] => {
    const own = { HUB_ENV: "dev", [`HUB_DATABASE_URL_${slice.toUpperCase()}`]: "postgres://x@127.0.0.1/x" };
    try {
      readConfig(slice, { ...own, ...env });
      return [];
    } catch (error) {
      return error instanceof ConfigFaults ? error.faults : [String(error)];
    }
  };
  test("are refused for governance: policy, restrictions and record are read where they are written", () => {
    expect(faultsOf("governance", { HUB_DATABASE_READ_URL_GOVERNANCE: "postgres://x@127.0.0.1/x" })).toEqual([
      "HUB_DATABASE_READ_URL_GOVERNANCE: policy and record are read where they are written; unset it",
    ]);
    expect(faultsOf("welfare", { HUB_DATABASE_READ_URL_WELFARE: "postgres://x@127.0.0.1/x" })).toEqual([]);
  });
  test("are refused where they name no PostgreSQL, or a lag that is none", () => {
    expect(faultsOf("welfare", { HUB_DATABASE_READ_URL_WELFARE: "http://x", HUB_REPLICA_LAG_MS: "0" })).toHaveLength(2);
  });
});
