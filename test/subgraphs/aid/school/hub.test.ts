import { expect, test } from "vitest";
import { useHub } from "../../../kit/hub.ts";
import { ani, maria, siti } from "../../../kit/people.ts";

// Through the gateway: whom the agreements let see and do what about school aid and PBI-JK.

const hub = useHub();
const inTwoMonths = new Date(Date.now() + 60 * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
const today = new Date(Date.now() + 7 * 60 * 60 * 1000).toISOString().slice(0, 10);
const NOMINATE = `mutation ($input: NominatePupilsInput!) { nominatePupils(input: $input) { accepted faults { line field fault } nomination { id number activateBy } } }`;
const AIDS = `{ schoolAids(first: 5) { nodes { id version state nisn npsn level grade amount person { id } enrolment { state } history { act reason } } totalCount } }`;

test("the education ministry nominates, activates and grants; the child's family reads the own aid, others nothing of the child", async () => {
  const pupil = { person: ani.id, village: "3510161001", level: "PRIMARY", grade: 3, npsn: "20525001", nisn: "9000000001" };
  const input = {
    decree: "SK-NOMINASI-1",
    year: Number(today.slice(0, 4)),
    activateBy: inTwoMonths,
    dryRun: false,
    pupils: [pupil],
  };
  const puslapdik = hub.as("puslapdik.kemendikdasmen");
  const nominated = await puslapdik.ask(NOMINATE, { input });
  expect([nominated.denied, nominated.errors]).toEqual([[], []]);
  expect(nominated.data["nominatePupils"]).toMatchObject({ accepted: 1, faults: [] });
  const { data, denied } = await puslapdik.ask(AIDS);
  expect(denied).toEqual([]);
  const [aid] = data["schoolAids"].nodes;
  expect(aid).toMatchObject({ state: "NOMINATED", nisn: "9000000001", grade: 3, amount: "450000" });
  const seen = { id: aid.id, version: aid.version };
  await puslapdik.ask(`mutation ($input: ActivateSchoolAidsInput!) { activateSchoolAids(input: $input) { id } }`, {
    input: { aids: [seen], activatedOn: today },
  });
  const granted = await hub
    .as("puslapdik2.kemendikdasmen")
    .ask(`mutation ($input: GrantSchoolAidsInput!) { grantSchoolAids(input: $input) { state enrolment { state } } }`, {
      input: { aids: [{ id: aid.id, version: 2 }], decree: "SK-PEMBERIAN-1" },
    });
  expect(granted.data["grantSchoolAids"]).toEqual([{ state: "GRANTED", enrolment: { state: "ACTIVE" } }]);

  const own = await hub
    .as("portal-warga", { person: ani.id })
    .ask("{ mySchoolAids { state nisn level amount history { act reason } } }");
  expect([own.denied, own.data["mySchoolAids"][0].nisn]).toEqual([[], "9000000001"]);
  const mother = await hub.as("portal-warga", { person: siti.id }).ask("{ mySchoolAids { state } }");
  expect(mother.data["mySchoolAids"]).toEqual([]);

  const regency = await hub.as("bansos.dinsos_banyuwangi").ask(AIDS);
  expect(regency.denied).toEqual(
    expect.arrayContaining(["SchoolAid.nisn", "SchoolAid.npsn", "SchoolAid.level", "SchoolAid.grade"]),
  );
  expect(regency.data["schoolAids"].nodes[0].nisn).toBeNull();
  for (const other of ["penyalur.bri", "kepesertaan.bpjs_kesehatan", "kppn.kemenkeu"])
    expect((await hub.as(other).ask("{ schoolAids { nodes { id } } }")).denied).toContain("Query.schoolAids");
});

test("the health fund proposes and the ministry decides; that it is an emergency is told to nobody who need not know", async () => {
  const PROPOSE = `mutation ($input: ProposePbiInput!) { proposePbi(input: $input) { id version state confirmBy } }`;
  const input = {
    ...{
      kind: "DEPARTURE",
      person: maria.id,
      village: "9301011002",
      isEmergency: false,
      identityPaper: "KTP-1",
      familyPaper: "KK-1",
    },
    words: "pekerja penerima upah",
  };
  const proposed = await hub.as("kepesertaan.bpjs_kesehatan").ask(PROPOSE, { input });
  expect([proposed.denied, proposed.errors]).toEqual([[], []]);
  const { id, version } = proposed.data["proposePbi"];
  const decided = await hub
    .as("program.kemensos")
    .ask(`mutation ($input: DecidePbiRequestInput!) { decidePbiRequest(input: $input) { state confirmBy } }`, {
      input: { id, version, decision: "VERIFIED", reason: "data ketenagakerjaan cocok" },
    });
  expect([decided.denied, decided.data["decidePbiRequest"]]).toEqual([[], { state: "VERIFIED", confirmBy: null }]);
  const LIST = "{ pbiRequests { nodes { id state confirmBy words } } }";
  for (const other of ["puslapdik.kemendikdasmen", "penyalur.bri", "kppn.kemenkeu"])
    expect((await hub.as(other).ask(LIST)).denied).toContain("Query.pbiRequests");
  const machine = await hub.as("kemensos").ask(LIST);
  expect(machine.denied).toEqual(expect.arrayContaining(["PbiRequest.confirmBy", "PbiRequest.words"]));
  const flag = await hub.as("kepesertaan.bpjs_kesehatan").ask("{ pbiRequests { nodes { isEmergency } } }");
  expect(flag.denied).toEqual(["PbiRequest.isEmergency"]);
  const own = await hub
    .as("portal-warga", { person: maria.id })
    .ask("{ myPbiRequests { kind state } myPbiMemberships { state } }");
  expect(own.data).toMatchObject({
    myPbiRequests: [{ kind: "DEPARTURE", state: "VERIFIED" }],
    myPbiMemberships: [{ state: "ACTIVE" }],
  });
});
