import { afterAll, beforeAll, expect, test } from "vitest";
import { type Db, drizzleOn, rawClient } from "../../../drizzle/client.ts";
import { ownersAsked, PolicyFault } from "../../../drizzle/policy/compile.ts";
import { newestSupergraph } from "../../../drizzle/policy/ground.ts";
import { ownPublication, publish } from "../../../drizzle/policy/publish.ts";
import { useDatabases } from "../../kit/database.ts";
import { COMPILER } from "../../kit/policy.ts";

const databases = useDatabases();
let owner: ReturnType<typeof rawClient>;
beforeAll(() => {
  owner = rawClient(databases.urls.governance.owner, { max: 1 });
});
afterAll(() => owner?.end());

test("the database and the compiler ask the same agencies for their consent, coordinate by coordinate", async () => {
  const published = await newestSupergraph(drizzleOn(owner));
  const over = new Error("over");
  let seen: { coordinate: string; owners: string[] | null; governed: boolean }[] = [];
  const trial = owner.begin(async (tx) => {
    await tx`insert into governance.agreement_version (agreement_number, version, valid_from, valid_to, row_scope, author)
      values ('PKS-2025-001', 99, now(), now() + interval '1 day', '{}', 'steward.kemensos')`;
    await tx`insert into governance.resolved_coordinate
      select 'PKS-2025-001', 99, coordinate from governance.coordinate where supergraph_hash = ${published.hash}`;
    seen = [...(await tx<typeof seen>`select coordinate, owners, governed from governance.pinned('PKS-2025-001', 99)`)];
    throw over;
  });
  await expect(trial).rejects.toBe(over);
  expect(seen.length).toBe(published.catalogue.entries.size);
  const asked = seen.filter(({ governed }) => governed);
  expect([asked.length, seen.length - asked.length].every((n) => n > 50)).toBe(true);
  for (const { coordinate, owners, governed } of seen)
    expect([coordinate, ...(governed ? (owners ?? []).toSorted() : [])]).toEqual([
      coordinate,
      ...ownersAsked({ coordinates: [coordinate] }, published),
    ]);
});

test("a schema with a service that no agency controls is not published: nobody could consent to what it answers", async () => {
  const { sdl, controllers } = ownPublication();
  const { population: _, welfare: __, ...left } = controllers;
  const before = await owner`select hash, published_at from governance.supergraph`;
  const publishing = drizzleOn(owner).transaction((tx) => publish(tx as unknown as Db, { sdl, controllers: left }, COMPILER));
  await expect(publishing).rejects.toThrow(new PolicyFault("no agency is named that controls population, welfare"));
  expect([...(await owner`select hash, published_at from governance.supergraph`)]).toEqual([...before]);
});
