import { expect, test } from "vitest";
import { createRounds, type Question } from "../../../../cli/slices/registry/rounds.ts";
import { asRole } from "../../../kit/database.ts";
import { useHub } from "../../../kit/hub.ts";
import { budi, rina, rinasHome, siti } from "../../../kit/people.ts";

const hub = useHub();
const OWN = `query ($person: ID!) { eligibility(person: $person, program: PKH) { isEligible yearlyAmount decile reasons { code source evidence }
  components { component isCounted } delivery { version } } }`;

test("an officer of the ministry reads a verdict with every reason and what it rests on", async () => {
  const officer = hub.as("program.kemensos");
  const { data, errors } = await officer.ask(OWN, { person: siti.id });
  expect(errors).toEqual([]);
  expect(data["eligibility"]).toMatchObject({ isEligible: true, yearlyAmount: "900000", reasons: [] });
});

test("an officer of the regency lists candidates in the order of need", async () => {
  const { data, errors } = await hub
    .as("bansos.dinsos_banyuwangi")
    .ask(
      `query { eligibilityList(program: PBI_JK, region: "3510", first: 3) { nodes { isEligible decile region { code name } reasons { code legalBasis } } } }`,
    );
  expect(errors).toEqual([]);
  expect(data["eligibilityList"].nodes).toHaveLength(3);
});

test("BPJS Kesehatan learns of PBI whether somebody is entitled, and no decile", async () => {
  const health = hub.as("kepesertaan.bpjs_kesehatan");
  const { data, denied } = await health.ask(
    "query ($person: ID!) { eligibility(person: $person, program: PBI_JK) { isEligible decile reasons { code } } }",
    { person: rina.id },
  );
  expect(data["eligibility"]).toMatchObject({ isEligible: true, decile: null, reasons: [] });
  expect(denied).toEqual(["Eligibility.decile"]);
});

const ask: Question = async (query, variables) => {
  const { data, errors } = await hub.as("siks-ng").ask(query, variables);
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
  return data;
};

test("who is put down as dead in the registry is no longer entitled after the courier's next round", async () => {
  const id = rinasHome.families[0]?.members[0]?.id ?? "";
  await asRole(hub.urls.welfare.owner, (sql) => sql`update welfare.member set state = 'DECEASED' where id = ${id}`);
  const notes: string[] = [];
  const { told } = await createRounds(ask, (fault) => void notes.push(fault))();
  expect(notes).toEqual([]);
  expect(told).toBeGreaterThan(0);
  const officer = hub.as("program.kemensos");
  const { data } = await officer.ask(
    "query ($person: ID!) { eligibility(person: $person, program: PBI_JK) { isEligible reasons { code source } staleSince } }",
    { person: rina.id },
  );
  expect(data["eligibility"].isEligible).toBe(false);
  expect(data["eligibility"].reasons).toContainEqual({ code: "DECEASED", source: "REGISTRY" });
});

test("Siti reads on her own page what her family is entitled to and why not; her husband asks for hers in vain", async () => {
  const own = `{ dataSubject { eligibility(program: PKH) { isEligible yearlyAmount components { component isCounted } reasons { code source evidence } delivery { version } } } }`;
  const { data, errors } = await hub.as("portal-warga", { person: siti.id }).ask(own);
  expect(errors).toEqual([]);
  expect(data["dataSubject"].eligibility).toMatchObject({
    ...{ isEligible: true, yearlyAmount: "900000", reasons: [], delivery: { version: "DTSEN-2026-Q3" } },
    components: [{ component: "PRIMARY", isCounted: true }],
  });
  const his = await hub.as("portal-warga", { person: budi.id }).ask(OWN, { person: siti.id });
  expect(his.data?.["eligibility"] ?? null).toBeNull();
  const family = await hub.as("portal-warga", { person: budi.id }).ask(own);
  expect(family.data["dataSubject"].eligibility).toMatchObject({ isEligible: true, reasons: [] });
});

test("Puslapdik and BPJS Kesehatan read no verdict of PKH, whatever their agreement opens of their own programs", async () => {
  const question = "query ($person: ID!) { eligibility(person: $person, program: PKH) { isEligible reasons { code } } }";
  for (const who of ["puslapdik.kemendikdasmen", "kepesertaan.bpjs_kesehatan"])
    for (const { id } of [siti, rina])
      expect(await hub.as(who).ask(question, { person: id })).toMatchObject({
        data: { eligibility: null },
        errors: [],
        denied: [],
      });
});
