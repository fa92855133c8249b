import { expect, test } from "vitest";
import { useHub } from "../../../kit/hub.ts";
import { siti } from "../../../kit/people.ts";
import { integrateAll } from "../tracker/kit.ts";

type Json = Record<string, any>;

const hub = useHub();
const ENTRIES =
  "query ($filter: RecordFilter) { accessRecord(filter: $filter) { nodes { receipt agency { code } shown text } } }";
const asAuditor = () => hub.as("auditor.bpk", { agreement: "PKS-2025-106", case: "LHP-7/2026" });
const entriesFor = async (filter: Json) => {
  const { data, errors } = await asAuditor().ask(ENTRIES, { filter });
  expect(errors).toEqual([]);
  return data["accessRecord"].nodes as Json[];
};

test("an auditor finds who accessed a person, in a case, and the search stands on record under the person", async () => {
  const asked = await hub
    .as("kemensos", { agreement: "PKS-2025-001" })
    .ask("query ($nik: String!) { personByNik(nik: $nik) { id fullName } }", { nik: siti.nik });
  expect(asked.errors).toEqual([]);
  await integrateAll(hub.urls);
  const [found] = await entriesFor({ person: siti.id });
  expect([found?.["receipt"], found?.["agency"].code]).toEqual([asked.governance["receipt"].id, "KEMENSOS"]);
  await integrateAll(hub.urls);
  const [search] = await entriesFor({ person: siti.id });
  expect(search?.["shown"]).toContain("Query.accessRecord");
  for (const named of [siti.id, siti.nik]) expect(search?.["text"]).not.toContain(named);
});

test("without a case number a person is not searched for, and partners do not know the question", async () => {
  const without = await hub.as("auditor.bpk", { agreement: "PKS-2025-106" }).ask(ENTRIES, { filter: { person: siti.id } });
  expect(without.errors.map(({ extensions }) => extensions["code"])).toEqual(["FORBIDDEN"]);
  const partner = await hub.as("kemensos", { agreement: "PKS-2025-001" }).ask(ENTRIES);
  expect(partner.errors[0]?.extensions["code"]).toMatch(/FIELD_NOT_GRANTED|GRAPHQL_VALIDATION_FAILED/);
});
