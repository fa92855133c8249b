import { expect, test } from "vitest";
import { asRole, useDatabases } from "../../../kit/database.ts";
import { ani, jokosHome, rina, rinasHome, rinasSecondHome, sitisHome, slametsHome, tonosHome } from "../../../kit/people.ts";
import { familyOf, memberOf } from "./kit.ts";

const { urls } = useDatabases();
const TODAY = "2026-10-01";

interface Verdict {
  readonly isEligible: boolean;
  readonly reasons: readonly string[];
  readonly yearly: string | null;
}

/** What the rule says of one unit of the delivery in force. */
const verdict = async (program: string, unit: string, day = TODAY): Promise<Verdict | undefined> => {
  const [row] = await asRole(
    urls.programs.owner,
    (owner) => owner<Verdict[]>`select is_eligible as "isEligible", reasons, yearly::text as yearly
      from programs.judge(${program}, ${day}, programs.delivery_in_force(), '2026-10-01T00:00:00Z', null, '', array[${unit}]::uuid[])`,
  );
  return row;
};

test("Siti's family is entitled to PKH for the child at primary school, and to BPNT", async () => {
  expect(await verdict("PKH", familyOf(sitisHome))).toEqual({ isEligible: true, reasons: [], yearly: "900000" });
  expect(await verdict("BPNT", familyOf(sitisHome))).toEqual({ isEligible: true, reasons: [], yearly: "2400000" });
  expect(ani.birthDate).toBe("2017-05-03");
});

test("who is registered and not matched is not matched, never unknown", async () => {
  expect(await verdict("BPNT", familyOf(jokosHome))).toMatchObject({ isEligible: false, reasons: ["NOT_MATCHED"] });
  expect(await verdict("PBI_JK", memberOf(jokosHome))).toMatchObject({ isEligible: false, reasons: ["NOT_MATCHED"] });
});

test("who was never ranked lacks data, and who is dead is dead", async () => {
  expect(await verdict("PBI_JK", memberOf(tonosHome))).toMatchObject({ reasons: ["INCOMPLETE_DATA"] });
  expect(await verdict("BPNT", familyOf(slametsHome))).toMatchObject({ reasons: ["DECEASED"] });
  expect(await verdict("PBI_JK", memberOf(slametsHome))).toMatchObject({ reasons: ["DECEASED"] });
});

test("one person with two entries is served in the poorer one alone", async () => {
  expect(rina.id).toBe(rinasHome.families[0]?.members[0]?.person.id);
  expect(await verdict("PBI_JK", memberOf(rinasHome))).toMatchObject({ isEligible: true });
  expect(await verdict("PBI_JK", memberOf(rinasSecondHome))).toMatchObject({ reasons: ["DUPLICATE_BENEFIT"] });
});

test("a unit nobody delivered is not registered", async () => {
  const nobody = "00000000-0000-4000-8000-000000000001";
  expect(await verdict("PKH", nobody)).toMatchObject({ isEligible: false, reasons: ["NOT_REGISTERED"] });
});

test("all that bars is said, not the first of it", async () => {
  expect(await verdict("PKH", familyOf(tonosHome))).toMatchObject({ reasons: ["INCOMPLETE_DATA", "NO_COMPONENT"] });
});
