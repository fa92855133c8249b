import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rawClient } from "../../../../drizzle/client.ts";
import { failing } from "../../../kit/database.ts";
import { as, DISTRICT, HERE, useHistory } from "./kit.ts";

const hub = useHistory();

const STATES = ["CANDIDATE", "WAITING", "ACTIVE", "SUSPENDED", "GRADUATED", "EXITED"] as const;
type State = (typeof STATES)[number];
/** The machine as the law office drew it: what is not listed is refused. */
const NEXT: Readonly<Record<State, readonly State[]>> = {
  CANDIDATE: ["WAITING", "ACTIVE", "EXITED"],
  WAITING: ["ACTIVE", "EXITED"],
  ACTIVE: ["SUSPENDED", "GRADUATED", "EXITED"],
  SUSPENDED: ["ACTIVE", "GRADUATED", "EXITED"],
  GRADUATED: [],
  EXITED: [],
};
const ENDING: Readonly<Partial<Record<State, string>>> = { GRADUATED: "NO_COMPONENT", EXITED: "REPLACED" };

describe("random walks", () => {
  let jobs: ReturnType<typeof rawClient>;
  beforeAll(() => {
    jobs = rawClient(String(hub.urls.allocation), { max: 1 });
  });
  afterAll(() => jobs?.end());

  const reasoned = (reason: string, work: (tx: any) => Promise<unknown>) =>
    failing(
      jobs.begin(async (tx) => {
        await tx`select set_config('hub.reason', ${reason}, true), set_config('hub.actor', 'aid_walk', true)`;
        await work(tx);
      }),
    );

  const enter = (id: string, state: State) =>
    reasoned(
      "KEP-1",
      (tx) => tx`insert into programs.enrolment (id, person_id, program, state, region, started_on)
        values (${id}, ${randomUUID()}, 'BPNT', ${state}, ${HERE}, '2026-01-01')`,
    );
  const move = (id: string, state: State, reason: string) =>
    reasoned(
      reason,
      (tx) => tx`update programs.enrolment set state = ${state}, ending = ${ENDING[state] ?? null} where id = ${id}`,
    );
  /** Takes the steps the machine knows, sees the others refused; answers the path as the history should tell it. */
  async function walk(id: string, first: State, wanted: readonly State[]) {
    expect(await enter(id, first)).toBe("NO ERROR");
    const path: (string | null)[][] = [[null, first, "KEP-1"]];
    let at = first;
    for (const state of wanted) {
      if (state === at) continue; // to stay is no step
      const isKnown = NEXT[at].includes(state);
      const reason = `KEP-${path.length + 1}`;
      expect(await move(id, state, reason)).toBe(isKnown ? "NO ERROR" : "HB001");
      if (!isKnown) continue;
      path.push([at, state, reason]);
      at = state;
    }
    return path;
  }

  test("workers take no step the machine does not know, and every step they take stands in the history with actor and reason", async () => {
    let steps = 0;
    const beginnings = fc.constantFrom<State>("CANDIDATE", "WAITING", "ACTIVE");
    const walks = fc.asyncProperty(beginnings, fc.array(fc.constantFrom(...STATES), { maxLength: 12 }), async (first, wanted) => {
      const id = randomUUID();
      const path = await walk(id, first, wanted);
      steps += path.length - 1;
      const { state, history } = await hub.read({ id });
      expect(history.map((line: any) => [line.from, line.to, line.reason])).toEqual(path);
      expect(state).toBe(path.at(-1)?.[1]);
      expect(new Set(history.map((line: any) => line.actor))).toEqual(new Set(["aid_walk"]));
    });
    await fc.assert(walks, { numRuns: 60 });
    expect(steps).toBeGreaterThan(30);
  });

  const AFTER_BREACH = {
    FULFILLED: "WARNED",
    WARNED: "SUSPENDED",
    SUSPENDED: "STOP_PROPOSED",
    STOP_PROPOSED: "STOP_PROPOSED",
  } as const;
  const QUARTERS = Array.from({ length: 8 }, (_, n) => `${2024 + Math.floor(n / 4)}-Q${(n % 4) + 1}`);
  const FOUND = {
    KEPT: { attended: 1 },
    BREACHED: { attended: 0 },
    EXCEPTED: { attended: 0, exception: "DISASTER", words: "banjir" },
  } as const;

  test("commitments of any sequence of quarters go where the pure machine goes", async () => {
    const kinds = fc.constantFrom<keyof typeof FOUND>("KEPT", "BREACHED", "EXCEPTED");
    const walks = fc.asyncProperty(fc.array(kinds, { minLength: 1, maxLength: 8 }), async (found) => {
      const family = await hub.enrol();
      let stage: keyof typeof AFTER_BREACH = "FULFILLED";
      for (const [version, what] of found.entries()) {
        const period = QUARTERS[version] as string;
        await hub.record(family, { period, ...FOUND[what] });
        stage = what === "BREACHED" ? AFTER_BREACH[stage] : "FULFILLED";
        const { data } = await hub.conclude(family, { period, version });
        expect(data?.concludeCommitments).toMatchObject({ stage, version: version + 1 });
      }
      const isPaused = ["SUSPENDED", "STOP_PROPOSED"].includes(stage);
      expect((await hub.read(family)).state).toBe(isPaused ? "SUSPENDED" : "ACTIVE");
    });
    await fc.assert(walks, { numRuns: 12 });
  });
});

describe("the work list", () => {
  const LIST = `query ($first: Int, $after: String) { enrolmentsToReview(region: "9801", first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } nodes { reasons since enrolment { id state } person { id } } } }`;
  const list = async (who = DISTRICT, variables = {}) =>
    (await hub.slice.ask(LIST, { ...who, variables })).data.enrolmentsToReview;

  test("names the dead, the excluded, proposed ends and closed programs, each enrolment once, and ends none by itself", async () => {
    const before = (await list()).totalCount;
    const dead = await hub.enrol({ flag: "DECEASED" });
    const proposed = await hub.enrol();
    const barred = await hub.enrol();
    const closed = await hub.enrol({ program: "BST" });
    await hub.enrol();
    await hub.exit(proposed);
    await hub.exit(dead, { reason: "DECEASED" });
    const exclusion = {
      program: null,
      region: HERE,
      reason: "WITHDRAWN",
      source: "test",
      evidence: "test",
      valid_from: "2026-01-01",
    };
    await hub.owner(async (sql) => {
      for (const who of [{ person_id: barred.person }, { family_id: barred.unit }])
        await sql`insert into exclusion ${sql({ id: randomUUID(), ...exclusion, ...who, known_from: "2026-01-01T00:00:00Z" })}`;
      await sql`insert into exclusion ${sql({ id: randomUUID(), ...exclusion, program: "BPNT", person_id: proposed.person, known_from: "2026-01-01T00:00:00Z" })}`;
    });
    const { totalCount, nodes } = await list(DISTRICT, { first: 100 });
    expect(totalCount).toBe(before + 4);
    const of = ({ id }: { id: string }) => nodes.find((node: any) => node.enrolment.id === id);
    expect(of(dead)).toMatchObject({
      reasons: ["DECEASED", "END_PROPOSED"],
      since: "2026-07-01",
      enrolment: { state: "ACTIVE" },
    });
    expect(of(barred)).toMatchObject({ reasons: ["EXCLUDED"], since: "2026-01-01", person: { id: barred.person } });
    expect(of(proposed)).toMatchObject({ reasons: ["END_PROPOSED"] }); // the exclusion is another program's
    expect(of(closed)).toMatchObject({ reasons: ["PROGRAM_CLOSED"], since: "2021-08-31" });
  });

  test("is read page by page, without gap and double, and only by officers, where they are on duty", async () => {
    const whole = (await list(DISTRICT, { first: 100 })).nodes.map((node: any) => node.enrolment.id);
    const paged: string[] = [];
    for (let after: string | null = null; ; ) {
      const page: any = await list(DISTRICT, { first: 2, after });
      paged.push(...page.nodes.map((node: any) => node.enrolment.id));
      if (!page.pageInfo.hasNextPage) break;
      after = page.pageInfo.endCursor;
    }
    expect(paged).toEqual(whole);
    expect((await list(as("elsewhere.x"))).nodes).toEqual([]);
    expect((await list(as("companion2.x"))).nodes).toEqual([]);
  });
});
