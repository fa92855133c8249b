import { expect, test } from "vitest";
import { useHub } from "../../../kit/hub.ts";
import { budi, siti } from "../../../kit/people.ts";

// The worked example of a local program, through the gateway that knows nothing of it.

const hub = useHub();
const officer = hub.as("bansos.dinsos_banyuwangi");

const START = "mutation ($input: StartMealsInput!) { startMeals(input: $input) { id } }";
const RECORD = "mutation ($input: RecordMealsInput!) { recordMeals(input: $input) { value version } }";
const CONFIRM = "mutation ($input: ConfirmMealsInput!) { confirmMeals(input: $input) { isConfirmed } }";
const HISTORY = "query ($id: ID!) { person(id: $id) { rantangKasih { history { actor act month meals reason } } } }";
const FAMILY = `query ($id: ID!) { person(id: $id) {
  registryMembers { family { rantangKasih(from: "2026-01-01", to: "2026-12-31") { program recipients value } } }
} }`;
const MEALS = "rantangKasih { decision months { month meals value } }";
const OF_PERSON = `query ($id: ID!) { person(id: $id) { ${MEALS} } }`;

test("what a regency pays itself stands in the family's view, beside what the ministry pays", async () => {
  const input = { person: budi.id, region: "3510161001", startedOn: "2026-02-01", decision: "188/7" };
  const { data, errors } = await officer.ask(START, { input });
  expect(errors).toEqual([]);
  const { id } = data["startMeals"];
  const february = { id, month: "2026-02-01", reason: "Rekap tanda terima" };
  await officer.ask(RECORD, { input: { ...february, meals: 56 } });
  const before = await officer.ask(FAMILY, { id: siti.id });
  expect(before.data["person"].registryMembers[0].family.rantangKasih.value).toBe("0");
  const confirmed = await hub.as("bansos2.dinsos_banyuwangi").ask(CONFIRM, { input: { ...february, version: 1 } });
  expect([confirmed.data["confirmMeals"], confirmed.errors]).toEqual([{ isConfirmed: true }, []]);

  const family = await officer.ask(FAMILY, { id: siti.id });
  expect(family.errors).toEqual([]);
  expect(family.data["person"].registryMembers[0].family.rantangKasih).toEqual({
    program: "Rantang Kasih",
    recipients: 1,
    value: "840000",
  });
  const told = await officer.ask(HISTORY, { id: budi.id });
  expect(told.data["person"].rantangKasih.history.map((step: any) => [step.actor, step.act, step.meals])).toEqual([
    ["bansos2.dinsos_banyuwangi", "CONFIRM", 56],
    ["bansos.dinsos_banyuwangi", "RECORD", 56],
    ["bansos.dinsos_banyuwangi", "START", null],
  ]);
});

test("the companion of another program, whose agreement reaches the rows, neither begins an aid nor sees one", async () => {
  const companion = hub.as("pendamping.dinsos_banyuwangi");
  const input = { person: siti.id, region: "3510161001", startedOn: "2026-02-01", decision: "188/7" };
  const { errors } = await companion.ask(START, { input });
  expect(errors.map(({ extensions }) => extensions.code)).toEqual(["FORBIDDEN"]);
  expect((await companion.ask(OF_PERSON, { id: budi.id })).data["person"]?.rantangKasih ?? null).toBeNull();
});

test("the person reads the own meals, other agencies none, and nobody else's family", async () => {
  const own = await hub.as("portal-warga", { person: budi.id }).ask(`{ dataSubject { ${MEALS} } }`);
  expect(own.data["dataSubject"].rantangKasih).toMatchObject({ decision: "188/7", months: [{ meals: 56, value: "840000" }] });
  const family = await hub
    .as("portal-warga", { person: budi.id })
    .ask(FAMILY.replace("query ($id: ID!) { person(id: $id)", "{ dataSubject"));
  expect(family.denied).toContain("Family.rantangKasih");
  const ministry = await hub.as("kemensos").ask(OF_PERSON, { id: budi.id });
  expect([ministry.data["person"].rantangKasih, ministry.denied]).toEqual([null, ["Person.rantangKasih"]]);
});
