import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type rawClient, SLICES, type Slice } from "../../../drizzle/client.ts";
import { ENVELOPE_HEADER } from "../../../schema/caller.ts";
import { Refusal } from "../../../schema/errors.ts";
import { banyuwangi } from "../../../subgraphs/banyuwangi/index.ts";
import type { Asking } from "../../../subgraphs/kit/serve/context.ts";
import { createSubgraph } from "../../../subgraphs/kit/serve/createSubgraph.ts";
import { subgraphs } from "../../../subgraphs/main.ts";
import { welfare } from "../../../subgraphs/welfare/index.ts";
import { asRole, failing, useDatabases } from "../../kit/database.ts";
import { siti } from "../../kit/people.ts";
import { codesOf, post, useSlice } from "../../kit/slice.ts";
import { officer, START, VILLAGE } from "../../subgraphs/aid/banyuwangi/kit.ts";

// An envelope acts once, however many replicas of its slice somebody on the way carries it to.

const databases = useDatabases();
const owner = <T>(work: (sql: ReturnType<typeof rawClient>) => Promise<T>) => asRole(databases.urls.banyuwangi.owner, work);

/** A slice whose acts nothing else would keep from happening twice. */
const ledger = createSubgraph({
  name: "banyuwangi",
  typeDefs: `
    type Query {
      "Jumlah — how many times it was paid."
      paid: Int
    }
    type Mutation {
      "Bayar — pays."
      pay: Int
      "Tolak — an act that the rules refuse."
      refuse: Int
    }`,
  resolvers: {
    Query: { paid: (_: unknown, _args: unknown, { load }: Context) => load.paid() },
    Mutation: {
      pay: (_: unknown, _args: unknown, { load }: Context) => load.pay(),
      refuse: (_: unknown, _args: unknown, { load }: Context) => load.refuse(),
    },
  },
  loaders: ({ db, write }: Asking) => ({
    paid: async () => Number((await db.execute("select count(*) as n from paid"))[0]?.["n"]),
    pay: () =>
      write(async (to) => {
        await to.execute("insert into paid select");
        await to.execute("select pg_sleep(0.05)"); // long enough for another to come in between
        return 1;
      }),
    refuse: () =>
      write(async (to): Promise<number> => {
        await to.execute("select 1");
        throw new Refusal({ code: "CONFLICT" });
      }),
  }),
});
interface Context {
  readonly load: Record<"paid" | "pay" | "refuse", () => Promise<number>>;
}

const options = { databaseUrl: () => databases.urls.banyuwangi.runtime };
const replicas = [useSlice(ledger, options), useSlice(ledger, options)] as const;
const [first, second] = replicas;
beforeAll(() =>
  owner((sql) => sql`create table banyuwangi.paid ()`.then(() => sql`grant select, insert on banyuwangi.paid to hub_banyuwangi`)),
);
afterAll(() => owner((sql) => sql`drop table banyuwangi.paid`));

const paid = async () => (await first.ask("{ paid }")).data.paid as number;
/** Somebody on the way between gateway and replicas has this. */
const captured = (query: string) => {
  const body = JSON.stringify({ query });
  const headers = { [ENVELOPE_HEADER]: first.mint(body) };
  return (slice: { readonly url: string }) => post(slice.url, body, headers);
};

describe("an envelope somebody carries to another replica", () => {
  test("has acted and acts no more; who carried it learns nothing, the log says so", async () => {
    const before = await paid();
    const carry = captured("mutation { pay }");
    expect((await carry(first)).data).toEqual({ pay: 1 });
    const again = await carry(second);
    expect([again.data, codesOf(again)]).toEqual([{ pay: null }, ["UNAUTHENTICATED"]]);
    expect(await paid()).toBe(before + 1);
    expect(second.log.some((line) => line.includes("replayed at another replica"))).toBe(true);
  });

  test("acts once when both have it at the same moment, whoever is first", async () => {
    const before = await paid();
    const all = Array.from({ length: 10 }, () => captured("mutation { pay }"));
    const answers = await Promise.all(all.flatMap((carry) => replicas.map(carry)));
    expect(answers.filter(({ data }) => data?.pay === 1)).toHaveLength(10);
    expect(answers.flatMap(codesOf)).toEqual(Array(10).fill("UNAUTHENTICATED"));
    expect(await paid()).toBe(before + 10);
  });

  test("acts with all its fields or none: what one of them was refused does not let the others be done twice", async () => {
    const before = await paid();
    const carry = captured("mutation { refuse again: refuse pay more: pay }");
    expect((await carry(first)).data).toEqual({ refuse: null, again: null, pay: 1, more: 1 });
    expect((await carry(second)).data).toEqual({ refuse: null, again: null, pay: null, more: null });
    expect(await paid()).toBe(before + 2);
  });

  test("of which nothing was done may be carried on, once: it is the asker's own act", async () => {
    const carry = captured("mutation { refuse }");
    expect([codesOf(await carry(first)), codesOf(await carry(second))]).toEqual([["CONFLICT"], ["CONFLICT"]]);
    expect(codesOf(await carry(first))).toEqual(["UNAUTHENTICATED"]);
  });

  test("of a question tells once more, for its ten seconds, what the gateway was told, and is once for each replica", async () => {
    const carry = captured("{ paid }");
    const [here, there] = [await carry(first), await carry(second)];
    expect(there.data).toEqual(here.data);
    expect(codesOf(await carry(second))).toEqual(["UNAUTHENTICATED"]);
  });
});

describe("a real slice", () => {
  const real = [useSlice(banyuwangi, options), useSlice(banyuwangi, options)] as const;
  test("says of a replayed act what it says of every envelope it refuses, not what became of the first", async () => {
    const input = { person: siti.id, region: VILLAGE, startedOn: "2026-02-03", decision: "188/7" };
    const body = JSON.stringify({ query: START, variables: { input } });
    const headers = { [ENVELOPE_HEADER]: real[0].mint(body, { caller: officer() }) };
    expect((await post(real[0].url, body, headers)).data.startMeals).toMatchObject({ version: 1 });
    expect(codesOf(await post(real[1].url, body, headers))).toEqual(["UNAUTHENTICATED"]);
  });
});

describe("a list", () => {
  const welfareUrl = { databaseUrl: () => databases.urls.welfare.runtime };
  const pages = [useSlice(welfare, welfareUrl), useSlice(welfare, welfareUrl)] as const;
  const page = async (at: number, variables: Record<string, unknown>) => {
    const query =
      "query ($first: Int, $after: String) { households(first: $first, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }";
    const { nodes, pageInfo } = (await pages[at % 2 === 0 ? 0 : 1].ask(query, { variables })).data.households;
    return { ids: nodes.map(({ id }: { id: string }) => id) as string[], pageInfo };
  };
  test("goes on at one replica where another left it", async () => {
    const ids: string[] = [];
    let [at, after]: [number, string | null] = [0, null];
    for (let isMore = true; isMore; at += 1) {
      const told = await page(at, { first: 9, after });
      ids.push(...told.ids);
      [isMore, after] = [told.pageInfo.hasNextPage, told.pageInfo.endCursor];
    }
    expect(at).toBeGreaterThan(5);
    expect(ids).toEqual((await page(0, { first: 100, after: null })).ids);
  });
});

describe("what remembers them", () => {
  test("is in every slice that has acts", async () => {
    const acting = subgraphs.filter(({ schema }) => schema.getMutationType()).map(({ name }) => name as Slice);
    expect(acting).toHaveLength(5);
    for (const slice of SLICES) {
      const [row] = await asRole(
        databases.urls[slice].owner,
        (sql) => sql`select to_regclass('used_envelope') is not null as is`,
      );
      expect([slice, row?.["is"]]).toEqual([slice, acting.includes(slice)]);
    }
  });

  test("is added to by the slice alone, read by nobody, and forgotten after an hour, not before", async () => {
    await owner(
      (sql) =>
        sql`insert into used_envelope values ('old', now() - interval '61 minutes'), ('young', now() - interval '59 minutes')`,
    );
    await asRole(databases.urls.banyuwangi.runtime, async (sql) => {
      expect(await failing(sql`select id from used_envelope`)).toBe("42501");
      expect(await failing(sql`update used_envelope set id = 'x'`)).toBe("42501");
      expect(await failing(sql`insert into used_envelope values ('x', '2020-01-01')`)).toBe("42501");
      await sql`delete from used_envelope`;
    });
    const left = await owner((sql) => sql`select id from used_envelope where id in ('old', 'young')`);
    expect(left.map(({ id }) => id)).toEqual(["young"]);
    const rights = await owner(
      (sql) => sql`select distinct grantee || ' ' || privilege_type as does from information_schema.column_privileges
        where table_name = 'used_envelope' and grantee <> 'hub_banyuwangi_owner'
        union select grantee || ' ' || privilege_type from information_schema.table_privileges
        where table_name = 'used_envelope' and grantee <> 'hub_banyuwangi_owner' order by 1`,
    );
    expect(rights.map(({ does }) => does)).toEqual(["hub_banyuwangi DELETE", "hub_banyuwangi INSERT"]);
  });
});
