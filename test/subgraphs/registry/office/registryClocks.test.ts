import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rawClient } from "../../../../drizzle/client.ts";
import { asRole, failing, useDatabases } from "../../../kit/database.ts";
import { jokosHome, sitisHome, slametsHome } from "../../../kit/people.ts";

const { urls } = useDatabases();
let owner: ReturnType<typeof rawClient>;
beforeAll(() => {
  owner = rawClient(urls.welfare.owner, { max: 1 });
});
afterAll(() => owner.end());

type Fields = Readonly<Record<string, string | number>>;
interface Deed {
  /** Day it holds from, and before which it ends; null: for good. */
  readonly from: string;
  readonly until: string | null;
  readonly patch: Fields;
}

/** Does something at an instant, holding from a day, as the owner: rules of duty are tested elsewhere. */
const at = <T>(instant: string, effectiveOn: string, work: (tx: ReturnType<typeof rawClient>) => PromiseLike<T>): Promise<T> =>
  owner.begin(async (tx) => {
    await tx`select set_config('hub.now', ${instant}, true), set_config('hub.effective_on', ${effectiveOn}, true)`;
    return await work(tx as unknown as ReturnType<typeof rawClient>);
  }) as Promise<T>;

const change = (id: string, instant: string, { from, patch }: Omit<Deed, "until">) =>
  at(instant, from, (tx) => tx`update welfare.household set ${tx(patch)} where id = ${id}`);
const correct = (id: string, instant: string, { from, until, patch }: Deed) =>
  at(instant, "", (tx) => tx`select welfare.correct('HOUSEHOLD', ${id}, ${tx.json(patch)}, ${from}, ${until})`);
const told = async (id: string, asOf: string, knownAt: string | null = null): Promise<Fields | undefined> => {
  const [row] = await owner`select address, floor_area from welfare.households_at(${[id]}::uuid[], ${asOf}, ${knownAt})`;
  return row && { ...row };
};

describe("the registry by two clocks", () => {
  const { id } = slametsHome;
  const first = { address: slametsHome.address, floor_area: 36 };

  test("what was never changed is the same at all times since the registry began, and has no history", async () => {
    expect(await told(id, "2026-01-01")).toEqual(first);
    expect(await told(id, "2025-06-01", "2025-06-01T00:00:00Z")).toEqual(first);
    expect(await told(id, "2024-12-31")).toBeUndefined();
    expect(await told(id, "2026-01-01", "2024-12-31T00:00:00Z")).toBeUndefined();
    expect(await owner`select from welfare.registry_history`).toHaveLength(0);
  });

  test("a change learned late holds from its day on, and nobody is said to have known it before", async () => {
    await change(id, "2026-05-10T03:00:00Z", { from: "2026-03-01", patch: { address: "JL BARU NO 1" } });
    expect(await told(id, "2026-02-28")).toEqual(first);
    expect(await told(id, "2026-03-01")).toEqual({ ...first, address: "JL BARU NO 1" });
    expect(await told(id, "2026-03-01", "2026-05-10T02:59:59Z")).toEqual(first);
    expect(await told(id, "2026-03-01", "2026-05-10T03:00:00Z")).toEqual({ ...first, address: "JL BARU NO 1" });
  });

  test("a correction of one field leaves later changes of others standing", async () => {
    await change(id, "2026-06-01T03:00:00Z", { from: "2026-02-01", patch: { floor_area: 40 } });
    expect(await told(id, "2026-02-15")).toEqual({ address: first.address, floor_area: 40 });
    expect(await told(id, "2026-04-01")).toEqual({ address: "JL BARU NO 1", floor_area: 40 });
    expect(await told(id, "2026-04-01", "2026-05-20T00:00:00Z")).toEqual({ address: "JL BARU NO 1", floor_area: 36 });
  });

  test("a correction of the past ends where the same field changes next, and the head stays", async () => {
    await correct(id, "2026-07-01T03:00:00Z", { from: "2025-09-01", until: null, patch: { address: "JL LAMA NO 9" } });
    expect((await told(id, "2025-08-31"))?.["address"]).toBe(first.address);
    expect((await told(id, "2026-02-28"))?.["address"]).toBe("JL LAMA NO 9");
    expect((await told(id, "2026-03-01"))?.["address"]).toBe("JL BARU NO 1");
    const [head] = await owner`select address from welfare.household where id = ${id}`;
    expect(head).toEqual({ address: "JL BARU NO 1" });
  });

  test("two changes at one instant become known one after the other; none is lost", async () => {
    for (const floor of [50, 51]) await change(id, "2026-07-02T03:00:00Z", { from: "2026-07-01", patch: { floor_area: floor } });
    const versions = await owner`select "row" -> 'floor_area' as floor from welfare.registry_history
      where id = ${id} and valid @> '2026-07-01'::date and lower(known) >= '2026-07-02T03:00:00Z' order by known`;
    expect(versions.map(({ floor }) => floor)).toEqual([50, 51]);
  });

  test("changes tell which fields, since when, known when and by whom, never values", async () => {
    const changes =
      await owner`select fields, valid_from::text, actor from welfare.registry_change where subject_id = ${id} order by seq limit 2`;
    expect(changes.map((row) => ({ ...row }))).toEqual([
      { fields: ["address"], valid_from: "2026-03-01", actor: "SYSTEM" },
      { fields: ["floor_area"], valid_from: "2026-02-01", actor: "SYSTEM" },
    ]);
  });

  test("nothing is registered for a day to come, and nothing registered is deleted", async () => {
    expect(await failing(change(id, "2026-07-02T03:00:00Z", { from: "2026-07-03", patch: { floor_area: 1 } }))).toBe("HB003");
    for (const table of ["household", "family", "member", "survey", "registry_change"])
      expect(await failing(owner.unsafe(`delete from welfare.${table}`).execute()), table).toBe("HB001");
  });

  test("a decile that is counted anew is no change of the entry: rankings have versions of their own", async () => {
    const before = await owner`select version from welfare.household where id = ${jokosHome.id}`;
    await owner`update welfare.household set decile = 2 where id = ${jokosHome.id}`;
    expect(await owner`select version from welfare.household where id = ${jokosHome.id}`).toEqual(before);
    expect(await owner`select from welfare.registry_history where id = ${jokosHome.id}`).toHaveLength(0);
  });
});

const DAYS = Array.from({ length: 12 }, (_, month) => `2025-${String(month + 1).padStart(2, "0")}-15`);
const instantOf = (n: number) => new Date(Date.UTC(2026, 0, 1) + n * 3_600_000).toISOString();
const deed = fc.record({
  isCorrection: fc.boolean(),
  from: fc.integer({ min: 0, max: 10 }),
  length: fc.option(fc.integer({ min: 1, max: 6 }), { nil: null }),
  patch: fc.oneof(
    fc.record({ address: fc.constantFrom("A", "B", "C") }),
    fc.record({ floor_area: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ address: fc.constantFrom("A", "B", "C"), floor_area: fc.integer({ min: 1, max: 3 }) }),
  ),
});

type Drawn = typeof deed extends fc.Arbitrary<infer D> ? D : never;

/** The naive model: every field on every day, copied whole at every deed. What does not change the head is no change. */
function modelOf(start: Fields) {
  let now: Fields[] = DAYS.map(() => start);
  const known: (readonly Fields[])[] = [now];
  const nextChange = (field: string, from: number): number => {
    const day = now.findIndex((fields, at) => at > from && fields[field] !== now[at - 1]?.[field]);
    return day === -1 ? DAYS.length : day;
  };
  const endOf = ({ isCorrection, from, length }: Drawn, [field, value]: readonly [string, unknown]): number => {
    if (!isCorrection) return now.at(-1)?.[field] === value ? from : DAYS.length;
    return length === null ? nextChange(field, from) : Math.min(from + length, DAYS.length - 1);
  };
  return {
    known,
    do(one: Drawn) {
      const next = [...now];
      for (const [field, value] of Object.entries(one.patch))
        for (let day = one.from; day < endOf(one, [field, value]); day += 1)
          next[day] = { ...next[day], [field]: value } as Fields;
      now = next;
      known.push(now);
    },
  };
}

test("whatever is changed and corrected in whatever order, every day as known at every instant is what a plain copy of everything says", async () => {
  const { id } = sitisHome;
  const [start] = await owner`select address, floor_area from welfare.household where id = ${id}`;
  const model = modelOf({ ...start });
  let seen = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 1, maxLength: 4 }), async (deeds) => {
      for (const one of deeds) {
        const from = DAYS[one.from] as string;
        const until = one.length === null ? null : (DAYS[Math.min(one.from + one.length, DAYS.length - 1)] as string);
        const instant = instantOf(model.known.length);
        if (one.isCorrection) await correct(id, instant, { from, until, patch: one.patch });
        else await change(id, instant, { from, patch: one.patch });
        model.do(one);
      }
      for (const at of [0, Math.floor(model.known.length / 2), model.known.length - 2, model.known.length - 1])
        for (const [day, name] of DAYS.entries()) {
          seen += 1;
          expect(await told(id, name, instantOf(at)), `${name} as known at ${at}`).toEqual(model.known[at]?.[day]);
        }
      const [head] = await owner`select address, floor_area from welfare.household where id = ${id}`;
      expect({ ...head }).toEqual(model.known.at(-1)?.at(-1));
    }),
    { numRuns: 15, endOnFailure: true }, // the deeds of all runs pile up on one household
  );
  expect(seen).toBeGreaterThan(500);
});

test("a family hands out each number once, whoever left", async () => {
  const family = sitisHome.families[0]?.id ?? "";
  const next = async (relation: string) => (await owner`select welfare.next_suffix(${family}, ${relation}) as n`)[0]?.["n"];
  expect([await next("HEAD"), await next("SPOUSE"), await next("CHILD")]).toEqual(["04", "04", "04"]);
  const widow = jokosHome.families[0]?.id ?? "";
  const [{ n } = { n: "" }] = await owner`select welfare.next_suffix(${widow}, 'SPOUSE') as n`;
  expect(n).toBe("02");
});

test("the slice's own role writes no history and deletes nothing", async () => {
  await asRole(urls.welfare.runtime, async (slice) => {
    for (const table of ["registry_history", "registry_change"])
      expect(await failing(slice.unsafe(`delete from welfare.${table}`).execute()), table).toBe("42501");
    expect(await failing(slice`select welfare.amend('HOUSEHOLD', ${sitisHome.id}, '{}', '{}', '[2025-01-01,)')`.execute())).toBe(
      "42501",
    );
  });
});

describe("whatever the program forgets, the database holds", () => {
  const as = (officer: string, statement: string) =>
    asRole(urls.welfare.runtime, (slice) =>
      failing(
        slice.begin(async (tx) => {
          await tx.unsafe(`set local hub.regions = '{"0","A"}'; set local hub.decile_max = 100; set local hub.citizen = '{}';
            set local hub.officer = '{${officer}}'; set local hub.agency = '{DINSOS_BANYUWANGI}'; set local hub.now = '2026-11-20T03:00:00Z'`);
          const { count } = await tx.unsafe(statement);
          if (count === 0) throw Object.assign(new Error("no row"), { code: "NO ROW" });
        }),
      ),
    );
  const address = `select welfare.correct('HOUSEHOLD', '${slametsHome.id}', '{"address": "X"}', '2026-11-01', null)`;
  const state = (to: string) => `update welfare.member set state = '${to}' where household_id = '${slametsHome.id}'`;

  test.each([
    ["a verifier on duty changes an entry", "verifikator.dinsos_banyuwangi", address, "NO ERROR"],
    ["an operator of the village does not", "operator2.dinsos_banyuwangi", address, "HB002"],
    ["an operator of another village finds no such member", "operator.dinsos_banyuwangi", state("DORMANT"), "NO ROW"],
    ["a machine finds no member to change", "", state("DORMANT"), "NO ROW"],
    ["nobody writes into the head", "verifikator.dinsos_banyuwangi", "update welfare.household set address = 'X'", "42501"],
    [
      "whoever was merged does not fall asleep",
      "verifikator.dinsos_banyuwangi",
      `${state("MERGED")}; ${state("DORMANT")}`,
      "HB001",
    ],
    ["nobody sets a version", "verifikator.dinsos_banyuwangi", "update welfare.household set version = 1", "42501"],
    ["nobody sets a decile", "verifikator.dinsos_banyuwangi", "update welfare.household set decile = 1", "42501"],
    ["nobody changes a survey", "verifikator.dinsos_banyuwangi", "update welfare.survey set answers = '{}'", "42501"],
  ])("%s", async (_, officer, statement, outcome) => {
    expect(await as(officer, statement)).toBe(outcome);
  });
});
