import { expect, test } from "vitest";
import { useHub } from "../../../kit/hub.ts";
import { siti, sitisHome } from "../../../kit/people.ts";

const hub = useHub();
const PAST = `query ($id: ID!) { household(id: $id, asOf: "2026-06-30") { address survey { visitedOn answers { variable { code } value } }
  versions { fields } members { suffix claimedName person { id } household { region { code } } } } }`;

test("an officer of the regency asks for a day of the past through the hub; the ministry's programs get neither survey nor changes", async () => {
  const verifier = hub.as("verifikator.dinsos_banyuwangi");
  const { data, errors } = await verifier.ask(PAST, { id: sitisHome.id });
  expect(errors).toEqual([]);
  expect(data["household"].survey).toMatchObject({ visitedOn: "2026-03-14" });
  expect(data["household"].survey.answers.length).toBeGreaterThan(20);
  expect(data["household"].members.map((one: { suffix: string }) => one.suffix)).toEqual(["01", "02", "03"]);

  const programs = await hub.as("kemensos").ask(PAST, { id: sitisHome.id });
  expect(programs.data["household"]).toMatchObject({ address: sitisHome.address, survey: null, versions: null });
  expect(programs.denied).toEqual(expect.arrayContaining(["Household.survey", "Household.versions"]));
});

test("a person reads what was changed in their own entry and since when", async () => {
  const correct = `mutation ($input: CorrectMemberInput!) { correctMember(input: $input) { version } }`;
  const id = sitisHome.families[0]?.members[1]?.id;
  const input = { id, version: 1, relation: "OTHER", reason: "salah catat", effectiveOn: "2026-01-01" };
  const corrected = await hub.as("verifikator.dinsos_banyuwangi").ask(correct, { input });
  expect(corrected.errors).toEqual([]);
  const own = await hub
    .as("portal-warga", { person: siti.id })
    .ask(`{ dataSubject { registryMembers { relation versions { fields validFrom reason } bases { basis controller } } } }`);
  expect(own.errors).toEqual([]);
  expect(own.data["dataSubject"].registryMembers).toEqual([
    {
      relation: "OTHER",
      versions: [{ fields: ["relation"], validFrom: "2026-01-01", reason: "salah catat" }],
      bases: [
        { basis: "DTKS", controller: "KEMENSOS" },
        { basis: "DTSEN", controller: "BPS" },
      ],
    },
  ]);
});
