import { expect, test } from "vitest";
import { asRole } from "../../../kit/database.ts";
import { ani, budi, rina, siti, sitisHome } from "../../../kit/people.ts";
import { callerWith } from "../../../kit/slice.ts";
import { citizen, district, familyOf, steward, useCandidates } from "../candidates/kit.ts";

const { ask, eligibility, databases, slice } = useCandidates();
const UNKNOWN = "00000000-0000-4000-8000-000000000009";
const PROGRAMS = ["PKH", "BPNT", "PBI_JK", "KIP"];
const everywhere = [["0", "A"]] as const;
const house = (id: string, agency: string, programs: readonly string[] | null, regions: readonly (readonly [string, string])[]) =>
  callerWith({
    ...{ client: id, officer: id, agency, agreement: "PKS-2025-028", purpose: "PROGRAM_MANAGEMENT" },
    rows: { regions, programs, decileMax: 100 },
  });
const puslapdik = house("puslapdik.kemendikdasmen", "KEMENDIKDASMEN", ["KIP", "KIP_KULIAH"], everywhere);
const health = house("kepesertaan.bpjs_kesehatan", "BPJS_KESEHATAN", ["PBI_JK"], everywhere);
/** PKH alone by duty, whatever the agreement holds. */
const companion = house("pendamping.dinsos_banyuwangi", "DINSOS_BANYUWANGI", null, [["351016", "351017"]]);

/** Of which programs somebody is told anything about a person. */
async function toldOf(person: string, caller: typeof steward): Promise<string[]> {
  const told = await Promise.all(PROGRAMS.map((program) => eligibility(person, program, caller)));
  return PROGRAMS.filter((_, at) => told[at] !== null);
}

test("a house learns of its own programs alone who is entitled and why not, and is not told who stands in the registry by another", async () => {
  for (const [caller, programs] of [
    [steward, PROGRAMS],
    [puslapdik, ["KIP"]],
    [health, ["PBI_JK"]],
  ] as const)
    for (const person of [siti.id, rina.id, UNKNOWN]) expect(await toldOf(person, caller)).toEqual(programs);
});

test("an officer with a duty for PKH reads no verdict of another program, one by one or as a list", async () => {
  expect(await toldOf(siti.id, companion)).toEqual(["PKH"]);
  const family = `query ($id: ID!) { _entities(representations: [{ __typename: "Family", id: $id }]) { ... on Family { eligibility(program: BPNT) { isEligible } } } }`;
  const { data } = await slice.ask(family, { caller: companion, variables: { id: familyOf(sitisHome) } });
  expect(data._entities[0].eligibility).toBeNull();
  for (const [program, caller, isTold] of [
    ["PKH", companion, true],
    ["BPNT", companion, false],
    ["PBI_JK", puslapdik, false],
    ["PBI_JK", district, true],
  ] as const) {
    const { data: list, errors } = await ask("list", { program, region: "3510" }, caller);
    expect(errors).toEqual([]);
    expect([program, list.eligibilityList.totalCount > 0, list.eligibilityList.nodes.length > 0]).toEqual([
      program,
      isTold,
      isTold,
    ]);
  }
});

test("the rule of the database itself judges nobody outside of what the asker may know", async () => {
  const judged = (settings: Record<string, string>) =>
    asRole(databases.urls.programs.runtime, (sql) =>
      sql.begin(async (tx) => {
        for (const [name, value] of Object.entries({ "hub.regions": "{0,A}", "hub.programs": "{*}", ...settings }))
          await tx`select set_config(${name}, ${value}, true)`;
        const units = [familyOf(sitisHome), UNKNOWN];
        return tx`select unit_id from programs.judge_seen('PKH', '2026-10-05', now(), ${units}::uuid[])`;
      }),
    );
  expect(await judged({})).toHaveLength(1);
  expect(await judged({ "hub.programs": "{KIP}" })).toHaveLength(0);
  expect(await judged({ "hub.regions": "{11,12}" })).toHaveLength(0);
  expect(await judged({ "hub.citizen": `{${budi.id}}` })).toHaveLength(1);
  expect(await judged({ "hub.citizen": `{${rina.id}}` })).toHaveLength(0);
});

test("a person reads no verdict on another, not of the own family either, and of what another brings the code alone", async () => {
  await asRole(
    databases.urls.programs.owner,
    (sql) => sql`insert into programs.exclusion (id, program, person_id, region, reason, source, evidence, valid_from, known_from)
      values (gen_random_uuid(), null, ${siti.id}, ${sitisHome.region}, 'CIVIL_SERVANT_OR_FORCES', 'BKN', 'BA rahasia 77/2026', '2026-01-01', '2026-01-02')`,
  );
  for (const other of [siti.id, ani.id, rina.id, UNKNOWN]) expect(await toldOf(other, citizen(budi.id))).toEqual([]);
  const own = await eligibility(budi.id, "PKH", citizen(budi.id));
  expect(own).toMatchObject({
    ...{ isEligible: false, person: null, family: { id: familyOf(sitisHome) } },
    reasons: [{ code: "CIVIL_SERVANT_OR_FORCES", source: null, since: null, evidence: null, exclusion: null }],
  });
  expect(JSON.stringify(own)).not.toContain("rahasia");
  expect((await eligibility(siti.id, "PKH", citizen(siti.id))).reasons).toMatchObject([
    { source: "BKN", evidence: "BA rahasia 77/2026" },
  ]);
  const list = await ask("list", { program: "PBI_JK", region: "3510" }, citizen(budi.id));
  for (const { person } of list.data.eligibilityList.nodes) expect(person).toEqual({ id: budi.id });
});
