import fc from "fast-check";
import { expect, test } from "vitest";
import type { rawClient } from "../../../drizzle/client.ts";
import { isInForce, stateAt, type Validity } from "../../../schema/policy/inForce.ts";
import { AGREEMENT_STATES } from "../../../schema/policy/words.ts";
import { failing, useDatabases, withoutTriggers } from "../../kit/database.ts";

// One rule in two places: the function that judges, and the constraint that keeps two versions from judging at one instant.

const databases = useDatabases();
const DAY = 24 * 60 * 60 * 1000;
const START = Date.parse("2026-01-01T00:00:00Z");
const DAYS = 5;
const instants = Array.from({ length: DAYS + 1 }, (_, day) => START + day * DAY);
const EXCLUSION_VIOLATION = "23P01";

const validity: fc.Arbitrary<Validity> = fc
  .tuple(
    fc.constantFrom(...AGREEMENT_STATES, ...Array<"active">(8).fill("active")),
    fc.nat({ max: DAYS - 1 }),
    fc.integer({ min: 1, max: DAYS }),
  )
  .map(([state, from, days]) => {
    const [validFrom, validTo] = [START + from * DAY, START + Math.min(DAYS, from + days) * DAY];
    return { state, validFrom, validTo, suspendsAt: null };
  });

type Sql = ReturnType<typeof rawClient>;

/** Does the database take both as versions of one agreement? Nothing of it stays. */
async function takesBoth(admin: Sql, ...versions: readonly Validity[]): Promise<boolean> {
  const undo = new Error("undone");
  const code = await failing(
    admin.begin(async (tx) => {
      for (const [index, { state, validFrom, validTo }] of versions.entries())
        await tx`insert into governance.agreement_version (agreement_number, version, state, valid_from, valid_to, row_scope)
          values ('PKS-2025-004', ${900 + index}, ${state}, ${new Date(validFrom)}, ${new Date(validTo)}, '{}')`;
      throw undo;
    }),
  );
  if (code !== undefined && code !== EXCLUSION_VIOLATION) throw new Error(`unexpected ${String(code)}`);
  return code === undefined;
}

/** The constraint alone: which state may follow which is another rule, a trigger's. */
const onTable = (work: (admin: Sql) => Promise<void>) =>
  withoutTriggers(databases.urls.governance.owner, async (admin) => {
    await admin`update governance.agreement_version set state = 'superseded' where agreement_number = 'PKS-2025-004'`;
    await work(admin);
  });

test("the database takes two versions of an agreement exactly when no instant finds both in force", () =>
  onTable(async (admin) => {
    const seen = { taken: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(validity, validity, async (first, second) => {
        const isOpen = await takesBoth(admin, first, second);
        seen[isOpen ? "taken" : "refused"] += 1;
        expect(isOpen).toBe(!instants.some((now) => isInForce(first, now) && isInForce(second, now)));
      }),
      { numRuns: 150, seed: 2026 },
    );
    for (const first of AGREEMENT_STATES)
      for (const second of AGREEMENT_STATES) {
        const whole = { validFrom: START, validTo: START + DAY, suspendsAt: null };
        const both = [first, second].every((state) => isInForce({ state, ...whole }, START));
        const isOpen = await takesBoth(admin, { state: first, ...whole }, { state: second, ...whole });
        expect(isOpen, `${first}, ${second}`).toBe(!both);
      }
    expect(Math.min(seen.taken, seen.refused)).toBeGreaterThan(3);
  }));

test("a version is in force from its first instant to before its last, while active or suspended", () => {
  const at = (state: Validity["state"], now: number) =>
    isInForce({ state, validFrom: START, validTo: START + DAY, suspendsAt: null }, now);
  expect([START - 1, START, START + DAY - 1, START + DAY].map((now) => at("active", now))).toEqual([false, true, true, false]);
  expect(AGREEMENT_STATES.filter((state) => at(state, START))).toEqual(["active", "suspended"]);
});

test("a version whose bounds are no instants is never in force, and has expired", () => {
  const endless = { state: "active", validFrom: START, validTo: Number.NaN, suspendsAt: null } as const;
  expect([isInForce(endless, START), stateAt(endless, START)]).toEqual([false, "expired"]);
  expect(isInForce({ ...endless, validFrom: Number.NaN, validTo: START + DAY }, START)).toBe(false);
});

test("a duty that is overdue suspends an active version by the clock, and nothing else", () => {
  const due = START + DAY;
  const at = (state: Validity["state"], now: number) => stateAt({ state, validTo: START + 2 * DAY, suspendsAt: due }, now);
  expect([due - 1, due, START + 2 * DAY].map((now) => at("active", now))).toEqual(["active", "suspended", "expired"]);
  const others = AGREEMENT_STATES.filter((state) => state !== "active");
  expect(others.map((state) => at(state, due))).toEqual(others);
});
