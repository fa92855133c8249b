import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Family, idOf, killedAt, steward, useSelections } from "./kit.ts";

const aid = useSelections();
const [BANYUWANGI, JEMBER, DENPASAR] = ["3510162001", "3509012001", "5171011001"] as const;
const decreeOf = (n: number) => `${n}/HUK/2026`;

/** n families a region, ranks dealt in turns, so that no region is all poor. */
const deal = (regions: readonly string[], each: number): Family[] =>
  Array.from({ length: regions.length * each }, (_, i) => {
    return {
      n: i + 1,
      region: regions[i % regions.length] as string,
      decile: 1 + Math.floor((i * 5) / (regions.length * each)),
      rank: i + 1,
    };
  });

interface Seat {
  readonly region: string;
  readonly free: number;
  /** False: of another period. */
  readonly allots?: boolean;
}
/** Down the list, one by one: a seat where regency, province and country all have one, and one of them is allotted for the period. */
function walk(families: readonly Family[], seats: readonly Seat[]): number[] {
  const free = new Map(seats.map((seat) => [seat.region, seat.free]));
  const allotted = new Set(seats.filter(({ allots }) => allots !== false).map(({ region }) => region));
  const got: number[] = [];
  for (const { n, region } of [...families].sort((a, b) => a.decile - b.decile || a.rank - b.rank || a.n - b.n)) {
    const levels = [region.slice(0, 4), region.slice(0, 2), ""].filter((level) => free.has(level));
    if (levels.some((level) => free.get(level) === 0) || !levels.some((level) => allotted.has(level))) continue;
    for (const level of levels) free.set(level, (free.get(level) ?? 0) - 1);
    got.push(n);
  }
  return got.sort((a, b) => a - b);
}

const regencies = ["3509", "3510", "3578", "5171", "5103"];
const world = fc.record({
  families: fc.array(
    fc.record({
      regency: fc.constantFrom(...regencies),
      decile: fc.integer({ min: 1, max: 3 }),
      rank: fc.integer({ min: 1, max: 6 }),
    }),
    { minLength: 1, maxLength: 40 },
  ),
  seats: fc.uniqueArray(
    fc.record({
      ...{ region: fc.constantFrom("", "35", "51", ...regencies), free: fc.integer({ min: 0, max: 8 }) },
      allots: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
    }),
    { selector: ({ region }) => region, maxLength: 8 },
  ),
});

test("filtering level by level gives what one walk down the list gives, whatever quotas there are", async () => {
  await fc.assert(
    fc.asyncProperty(world, async ({ families, seats }) => {
      const rows = families.map((family, at) => ({ ...family, n: at + 1, region: `${family.regency}012001` }));
      const source = `select n, regency, decile, rank from jsonb_to_recordset('${JSON.stringify(rows)}') as f (n int, regency text, decile int, rank int)`;
      const free = `select region, free, allots from jsonb_to_recordset('${JSON.stringify(seats)}') as s (region text, free int, allots boolean)`;
      const [made] = await aid.owner("select programs.seated($1, 'decile, rank, n', $2) as query", [source, free]);
      const seated = await aid.owner(`select n from (${made?.["query"]}) s order by n`);
      expect(seated.map((row) => row["n"])).toEqual(walk(rows, seats));
    }),
    { numRuns: 60 },
  );
});

describe("a list is made, signed and written", () => {
  const families = deal([BANYUWANGI, JEMBER, DENPASAR], 12);
  let quota: { id: string; version: number };
  let run: any;

  test("the poorest of each region come first, within regency, province and country", async () => {
    await aid.clear();
    await aid.families(families);
    await aid.seats("3510", 4);
    await aid.seats("35", 9);
    quota = await aid.seats("", 14);
    run = await aid.list();
    const seats = [
      { region: "3510", free: 4 },
      { region: "35", free: 9 },
      { region: "", free: 14 },
    ];
    expect(run).toMatchObject({ state: "READY", selected: 14, waiting: 22 });
    const rows = await aid.owner(
      `select right(unit_id::text, 12)::int as n from programs.selection_entry where run = '${run.id}' and verdict = 'SELECTED' order by 1`,
    );
    expect(rows.map((row) => row["n"])).toEqual(walk(families, seats));
  });

  test("made again it is the same list; broken off at any step and taken up again, too", async () => {
    expect((await aid.list()).hash).toBe(run.hash);
    for (const n of [3, 4, 6, 8, 11]) {
      const draft = await aid.must("prepare", { input: { program: "BPNT", period: "2026", reason: "Seleksi uji" } });
      await aid.must("start", { id: draft.id, version: draft.version });
      await expect(aid.select(draft.id, killedAt(aid.pool, n))).rejects.toThrow("killed");
      expect((await aid.read(draft.id)).state).toBe("RUNNING");
      await aid.select(draft.id);
      expect(await aid.read(draft.id)).toMatchObject({ state: "READY", hash: run.hash });
    }
  });

  test("a head who did not prepare it signs; its seats are reserved at once; then it is written, even broken off", async () => {
    const signed = await aid.sign(run, decreeOf(1));
    expect(signed.row).toMatchObject({ state: "SIGNED" });
    expect((await aid.owner("select reserved from programs.quota where region = ''"))[0]?.["reserved"]).toBe(14);
    await expect(aid.publish(run.id, killedAt(aid.pool, 3))).rejects.toThrow("killed");
    expect((await aid.read(run.id)).state).toBe("SIGNED");
    await aid.publish(run.id);
    expect((await aid.read(run.id)).state).toBe("PUBLISHED");
    expect(await aid.inState("ACTIVE")).toHaveLength(14);
    expect(await aid.inState("WAITING")).toHaveLength(22);
    expect((await aid.mustAddUp()).map((row) => row["reserved"])).toEqual([0, 0, 0]);
  });

  test("every enrolment has its line: who, and by which decree", async () => {
    const lines = await aid.owner(
      "select act, actor, reason, count(*)::int as n from programs.transition where subject_kind = 'ENROLMENT' group by 1, 2, 3 order by 1",
    );
    expect(lines).toEqual([
      { act: "ENROL", actor: "aid_publish", reason: "decree 1/HUK/2026", n: 14 },
      { act: "LIST", actor: "aid_publish", reason: "decree 1/HUK/2026", n: 22 },
    ]);
  });

  test("whoever waits is told the band, an officer the position, the decile and where no seat was left", async () => {
    const waiting = (await aid.inState("WAITING"))[0] as number;
    const [enrolment] = await aid.owner(`select id from programs.enrolment where unit_id = '${idOf("family", waiting)}'`);
    const { data, errors } = await aid.slice.ask(
      `query ($id: ID!) { enrolment(id: $id) { waitingBand waitingPosition selectionEntry { verdict place decile rank firstDeterminedOn fullRegion seats { region free selected lastPlace } } } }`,
      { caller: steward, variables: { id: enrolment?.["id"] } },
    );
    expect(errors).toEqual([]);
    const family = families.find(({ n }) => n === waiting) as Family;
    expect(data.enrolment).toMatchObject({
      waitingBand: "FIRST_100",
      waitingPosition: 1,
      selectionEntry: {
        verdict: "WAITING",
        place: waiting,
        decile: family.decile,
        rank: family.rank,
        firstDeterminedOn: "2025-01-01",
        fullRegion: "3510",
      },
    });
    expect(data.enrolment.selectionEntry.seats).toHaveLength(3);
  });

  test("officers read the list page by page, in order of place", async () => {
    const { data, errors } = await aid.slice.ask(
      `query ($id: ID!) { selection(id: $id) { seats(region: "35") { seats free selected } history { act reason }
        entries(region: "35", verdict: WAITING, first: 2) { totalCount nodes { place person { id } region { code } } pageInfo { hasNextPage } } } }`,
      { caller: steward, variables: { id: run.id } },
    );
    expect(errors).toEqual([]);
    expect(data.selection.seats).toEqual([{ seats: 9, free: 9, selected: 9 }]);
    expect(data.selection.history.map(({ act }: { act: string }) => act)).toEqual([
      "PREPARE",
      "START",
      "SELECT",
      "SIGN",
      "PUBLISH",
    ]);
    expect(data.selection.entries.totalCount).toBe(15);
    expect(data.selection.entries.nodes[0].place).toBeLessThan(data.selection.entries.nodes[1].place);
  });

  test("seats that are added go to whoever is next and fits, with the reason", async () => {
    const before = await aid.inState("WAITING");
    await aid.addSeats(quota, 16);
    await aid.promote();
    const active = await aid.inState("ACTIVE");
    expect(active).toHaveLength(16);
    // regency and province are full: the next two of Bali
    const next = families.filter(({ n, region }) => before.includes(n) && region === DENPASAR).slice(0, 2);
    expect(active).toEqual(expect.arrayContaining(next.map(({ n }) => n)));
    const [line] = await aid.owner("select distinct act, actor, reason from programs.transition where act = 'PROMOTE'");
    expect(line).toEqual({ act: "PROMOTE", actor: "aid_promote", reason: "QUOTA_ADDED" });
    await aid.mustAddUp();
  });

  test("a seat that is freed goes to the next; whoever is not entitled any more is passed over", async () => {
    const [leaver] = await aid.inState("ACTIVE");
    const waiting = (await aid.inState("WAITING")).filter((n) => families[n - 1]?.region === BANYUWANGI);
    await aid.owner(
      `insert into programs.exclusion (id, person_id, region, reason, source, evidence, valid_from, known_from)
       values (gen_random_uuid(), $1, $2, 'DECEASED', 'DUKCAPIL', 'akta', '2026-01-01', '2026-01-01')`,
      [idOf("person", waiting[0] as number), BANYUWANGI],
    );
    await aid.owner(
      `update programs.enrolment set state = 'EXITED', ending = 'MOVED_ABROAD', ended_on = '2026-11-02' where unit_id = '${idOf("family", leaver as number)}'`,
    );
    await aid.promote("SEAT_FREED");
    const active = await aid.inState("ACTIVE");
    expect(families[(leaver as number) - 1]?.region).toBe(BANYUWANGI);
    expect(active).toContain(waiting[1]);
    expect(active).not.toContain(waiting[0]);
    await aid.mustAddUp();
  });

  test("the next list leaves those alone who hold a seat and moves up those who wait", async () => {
    await aid.addSeats({ id: quota.id, version: (await quotaNow(quota.id)).version }, 20);
    const next = await aid.list();
    const held = await aid.inState("ACTIVE");
    await aid.sign(next, decreeOf(2));
    await aid.publish(next.id);
    expect(await aid.inState("ACTIVE")).toEqual(expect.arrayContaining(held));
    expect(await aid.inState("ACTIVE")).toHaveLength(20);
    await aid.mustAddUp();
  });
});

const quotaNow = async (id: string): Promise<any> =>
  (await aid.owner(`select version, used from programs.quota where id = '${id}'`))[0];

describe("never over quota", () => {
  test("two lists, promotions and new seats at once, twenty rounds: what is used is what is held, and one of two lists is told to begin again", async () => {
    let refused = 0;
    for (let round = 1; round <= 20; round++) {
      await aid.clear();
      await aid.families(deal([BANYUWANGI, JEMBER, DENPASAR], 6));
      const regency = await aid.seats("3510", 2);
      await aid.seats("", 7);
      const [a, b] = [await aid.list(), await aid.list()];
      const signed = await Promise.all([aid.sign(a, decreeOf(round * 2)), aid.sign(b, decreeOf(round * 2 + 1))]);
      const [won, lost] = signed[0]?.errors.length === 0 ? signed : [signed[1], signed[0]];
      expect(won?.errors).toEqual([]);
      expect(lost?.errors.map(({ extensions }) => extensions.code)).toEqual(["CONFLICT"]);
      refused += 1;
      // two workers at one list: whoever ends first leaves the rest to the other
      const published = [1, 2].map(() => aid.publish(won?.row.id).catch(({ message }) => message));
      const [first, second] = await Promise.all([...published, aid.promote(), aid.addSeats(regency, 3)]);
      expect([undefined, "another worker is still at it"]).toEqual(expect.arrayContaining([first, second]));
      await aid.publish(won?.row.id);
      await aid.promote();
      expect(await aid.inState("ACTIVE")).toHaveLength(7);
      await aid.mustAddUp();
    }
    expect(refused).toBe(20);
  }, 240_000);
});
