import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rawClient } from "../../drizzle/client.ts";
import { isInForce, stateAt, type Validity } from "../../schema/policy/inForce.ts";
import { AGREEMENT_STATES } from "../../schema/policy/words.ts";
import { failing, useDatabases } from "../kit/database.ts";

// One rule in two places: the function that judges, and the constraint that keeps two versions from judging at one instant.

const databases = useDatabases();
const DAY = 24 * 60 * 60 * 1000;
const START = Date.parse("2026-01-01T00:00:00Z");
const DAYS = 5;
const instants = Array.from({ length: DAYS + 1 }, (_, day) => START + day * DAY);
const EXCLUSION_VIOLATION = "23P01";

let owner: ReturnType<typeof rawClient>;
beforeAll(() => {
  owner = rawClient(databases.urls.governance.owner, { max: 1 });
});
afterAll(() => owner?.end());

const validity: fc.Arbitrary<Validity> = fc
  .tuple(
    fc.constantFrom(...AGREEMENT_STATES, ...Array<"active">(8).fill("active")),
    fc.nat({ max: DAYS - 1 }),
    fc.integer({ min: 1, max: DAYS }),
  )
  .map(([state, from, days]) => ({ state, validFrom: START + from * DAY, validTo: START + Math.min(DAYS, from + days) * DAY }));

/** Does the database take both as versions of one agreement? Nothing of it stays. */
async function takesBoth(first: Validity, second: Validity): Promise<boolean> {
  const undo = new Error("undone");
  const code = await failing(
    owner.begin(async (tx) => {
      for (const [index, { state, validFrom, validTo }] of [first, second].entries())
        await tx`insert into agreement_version (agreement_number, version, state, valid_from, valid_to, row_scope)
          values ('PKS-2025-004', ${900 + index}, ${state}, ${new Date(validFrom)}, ${new Date(validTo)}, '{}')`;
      throw undo;
    }),
  );
  if (code !== undefined && code !== EXCLUSION_VIOLATION) throw new Error(`unexpected ${String(code)}`);
  return code === undefined;
}

test("the database takes two versions of an agreement exactly when no instant finds both in force", async () => {
  await owner`update agreement_version set state = 'superseded' where agreement_number = 'PKS-2025-004'`;
  const seen = { taken: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(validity, validity, async (first, second) => {
      const isOpen = await takesBoth(first, second);
      seen[isOpen ? "taken" : "refused"] += 1;
      expect(isOpen).toBe(!instants.some((now) => isInForce(first, now) && isInForce(second, now)));
    }),
    { numRuns: 150, seed: 2026 },
  );
  for (const first of AGREEMENT_STATES)
    for (const second of AGREEMENT_STATES) {
      const whole = { validFrom: START, validTo: START + DAY };
      const both = [first, second].every((state) => isInForce({ state, ...whole }, START));
      expect(await takesBoth({ state: first, ...whole }, { state: second, ...whole }), `${first}, ${second}`).toBe(!both);
    }
  expect(Math.min(seen.taken, seen.refused)).toBeGreaterThan(3);
});

test("a version is in force from its first instant to before its last, while active or suspended", () => {
  const at = (state: Validity["state"], now: number) => isInForce({ state, validFrom: START, validTo: START + DAY }, now);
  expect([START - 1, START, START + DAY - 1, START + DAY].map((now) => at("active", now))).toEqual([false, true, true, false]);
  expect(AGREEMENT_STATES.filter((state) => at(state, START))).toEqual(["active", "suspended"]);
});

test("a version whose bounds are no instants is never in force, and has expired", () => {
  const endless = { state: "active", validFrom: START, validTo: Number.NaN } as const;
  expect([isInForce(endless, START), stateAt(endless, START)]).toEqual([false, "expired"]);
  expect(isInForce({ state: "active", validFrom: Number.NaN, validTo: START + DAY }, START)).toBe(false);
});
