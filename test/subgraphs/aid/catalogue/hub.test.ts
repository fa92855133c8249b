import { expect, test } from "vitest";
import { useHub } from "../../../kit/hub.ts";
import { rateOf } from "./kit.ts";

const hub = useHub();

const DRAFT = `mutation ($input: ComponentRateInput!) { draftComponentRate(input: $input) { id version state madeBy } }`;
const DECIDE = `mutation ($input: CatalogueDecisionInput!) { decideCatalogueChange(input: $input) { state decidedBy history { act actor } } }`;
const AWARD = `{ awardOf(program: PKH, components: [PREGNANCY, SENIOR, JUNIOR, PRIMARY, ELDERLY], months: 3) {
  amount yearly paidAYear counted { component portion } notCounted { component reason limit } program { code legalBasis } } }`;

test("a change of the catalogue goes through the hub: drafted by one officer of the ministry, approved by another", async () => {
  const input = rateOf({ effectiveOn: "2030-01-01" });
  const drafted = await hub.as("program.kemensos").ask(DRAFT, { input });
  expect(drafted.data.draftComponentRate).toMatchObject({ state: "DRAFT", madeBy: "program.kemensos" });
  const { id, version } = drafted.data.draftComponentRate;
  const decision = { id, version, state: "APPROVED", reason: "Sesuai keputusan" };
  const own = await hub.as("program.kemensos").ask(DECIDE, { input: decision });
  expect([own.status, own.errors[0]?.extensions?.["code"]]).toEqual([403, "FORBIDDEN"]);
  const decided = await hub.as("program2.kemensos").ask(DECIDE, { input: decision });
  expect(decided.data.decideCatalogueChange).toEqual({
    ...{ state: "APPROVED", decidedBy: "program2.kemensos" },
    history: [
      { act: "DRAFT", actor: "program.kemensos" },
      { act: "APPROVE", actor: "program2.kemensos" },
    ],
  });
});

test.each(["bansos.dinsos_banyuwangi", "kppn.kemenkeu", "penyalur.bri", "kepesertaan.bpjs_kesehatan", "portal-warga"])(
  "%s may use the public calculator",
  async (client) => {
    const citizens = client === "portal-warga" && { agreement: "PKS-2025-008" }; // the portal has another one, for Cek Bansos
    const { data, denied } = await hub.as(client, { ...citizens }).ask(AWARD);
    expect(denied).toEqual([]);
    expect(data.awardOf).toMatchObject({ amount: "2225000", yearly: "8900000", paidAYear: "8900000" });
    expect(data.awardOf.notCounted).toEqual([{ component: "PRIMARY", reason: "LIMIT_OF_FAMILY", limit: 4 }]);
  },
);

test("threat: banks, treasury and citizens draft nothing and read no draft", async () => {
  for (const client of ["kppn.kemenkeu", "penyalur.bri", "portal-warga"]) {
    const { data } = await hub.as(client).ask(DRAFT, { input: rateOf() });
    expect(data?.draftComponentRate ?? null).toBeNull();
    const listed = await hub.as(client).ask("{ catalogueChanges { nodes { id } } }");
    expect(listed.data?.catalogueChanges ?? null).toBeNull();
  }
});

test("a district asks for the overlaps of its regency, with the persons' names, and is denied nothing", async () => {
  const asked = `{ overlaps(filter: { region: "3510" }) { totalCount nodes { finding unit fromDay toDay person { fullName } region { name }
    enrolment { program { code } state } otherEnrolment { program { code } state } } } }`;
  const { data, denied } = await hub.as("bansos.dinsos_banyuwangi").ask(asked);
  expect(denied).toEqual([]);
  expect(data.overlaps.totalCount).toBe(data.overlaps.nodes.length);
});
