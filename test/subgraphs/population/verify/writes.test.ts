import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { openPool, type Pool, type Scope } from "../../../../drizzle/client.ts";
import type { Asking } from "../../../../subgraphs/kit/serve/context.ts";
import { createSubgraph } from "../../../../subgraphs/kit/serve/createSubgraph.ts";
import { asRole, failing, useDatabases } from "../../../kit/database.ts";
import { codesOf, useSlice } from "../../../kit/slice.ts";

// The one way in which a subgraph writes: a transaction of its own that is durable, or never was.

const databases = useDatabases();
const { adminUrl } = inject("databases");
const SCOPE: Scope = {
  regions: [["0", "A"]],
  programs: null,
  decileMax: 100,
  agency: "KEMENSOS",
  officer: null,
  citizen: null,
  agreement: "PKS-2025-001",
  purpose: "PROGRAM_ADMINISTRATION",
};
const put = (subject: string) =>
  sql.raw(`insert into population.verification_attempt values ('PKS-2025-001', '2026-11-21', '${subject}', 1)`);
const kept = async (subject: string) =>
  (await asRole(databases.urls.population.owner, (client) => client`select from verification_attempt where subject = ${subject}`))
    .length;

let pool: Pool;
beforeAll(() => {
  pool = openPool(databases.urls.population.runtime, { max: 2 });
});
afterAll(() => pool.end());

describe("a write session", () => {
  test("keeps what was written when it is closed, and only then", async () => {
    const session = pool.writeSession(SCOPE);
    await session.db.execute(put("closed"));
    expect(await kept("closed")).toBe(0);
    await session.close();
    expect([await kept("closed"), session.statements]).toEqual([1, 1]);
  });

  test("leaves no trace when it is rolled back", async () => {
    const session = pool.writeSession(SCOPE);
    await session.db.execute(put("rolled back"));
    await session.rollback();
    expect(await kept("rolled back")).toBe(0);
  });

  test("will not be closed as if all were well after a question failed", async () => {
    const session = pool.writeSession(SCOPE);
    await session.db.execute(put("failed"));
    expect(await failing(session.db.execute(sql.raw("select 1/0")))).toBe("22012");
    await expect(session.close()).rejects.toThrow(/nothing is written/);
    expect(await kept("failed")).toBe(0);
  });

  test("will not be closed as if all were well when its connection died before the commit", async () => {
    const session = pool.writeSession(SCOPE);
    await session.db.execute(put("died"));
    const [row] = await session.db.execute(sql.raw("select pg_backend_pid() as pid"));
    const pid = Number(row?.["pid"]);
    await asRole(databases.urls.population.runtime, (client) => client`select pg_terminate_backend(${pid})`);
    await expect
      .poll(() => asRole(adminUrl, (client) => client`select from pg_stat_activity where pid = ${pid}`))
      .toHaveLength(0);
    await expect(session.close()).rejects.toThrow(/not confirmed/);
    expect(await kept("died")).toBe(0);
  });

  test("asked nothing, sends nothing", async () => {
    const session = pool.writeSession(SCOPE);
    await session.close();
    await pool.writeSession(SCOPE).rollback();
    expect(session.statements).toBe(0);
  });

  test("is bound by rows and agreement as a reading one is, and a reading one still cannot write", async () => {
    const other = pool.writeSession({ ...SCOPE, agreement: "PKS-2025-002" });
    expect(await failing(other.db.execute(put("of another")))).toBe("42501");
    await other.rollback();
    const reading = pool.session(SCOPE);
    expect(await failing(reading.db.execute(put("reading")))).toBe("25006");
    await reading.close();
    expect((await kept("of another")) + (await kept("reading"))).toBe(0);
  });

  test("does not wait for readers that hold every reading connection", async () => {
    const readers = [pool.session(SCOPE), pool.session(SCOPE)];
    for (const reader of readers) await reader.db.execute(sql.raw("select 1"));
    const session = pool.writeSession(SCOPE);
    await session.db.execute(put("beside readers"));
    await session.close();
    for (const reader of readers) await reader.close();
    expect(await kept("beside readers")).toBe(1);
  });
});

describe("a resolver that writes", () => {
  const SDL = `type Query { "Tulis — writes." write("Kata — word." word: String! @unguarded(reason: "test")): Boolean @data(class: PUBLIC) }`;
  const toy = createSubgraph({
    name: "population",
    typeDefs: SDL,
    loaders: ({ write }: Asking) => ({ write }),
    resolvers: {
      Query: {
        write: async (_: unknown, { word }: { word: string }, { load }: { load: Pick<Asking, "write"> }) => {
          await load.write(async (db) => {
            await db.execute(put(word));
            if (word === "thrown") throw new Error("after all not");
          });
          return (await kept(word)) === 1; // durable before it goes on
        },
      },
    },
  });
  const slice = useSlice(toy, { databaseUrl: () => databases.urls.population.runtime });

  test("goes on when it is durable, and its statements are counted", async () => {
    const answer = await slice.ask("query ($w: String!) { write(word: $w) }", { variables: { w: "whole" } });
    expect([answer.data, slice.statements]).toEqual([{ write: true }, 1]);
  });

  test("leaves nothing behind when it throws", async () => {
    const answer = await slice.ask("query ($w: String!) { write(word: $w) }", { variables: { w: "thrown" } });
    expect(codesOf(answer)).toEqual(["INTERNAL_SERVER_ERROR"]);
    expect(await kept("thrown")).toBe(0);
  });
});
