import { expect, test } from "vitest";
import { account } from "../../../../drizzle/watch/accounting.ts";
import { searchBreaches } from "../../../../drizzle/watch/breaches.ts";
import { devYearKeys } from "../../../../schema/record/yearKeys.ts";
import { useHub } from "../../../kit/hub.ts";
import { siti } from "../../../kit/people.ts";
import { asLog, integrated } from "../../../policy/watch/kit.ts";

const hub = useHub();
const kemensos = () => hub.as("kemensos", { agreement: "PKS-2025-001" });
type Json = Record<string, any>;

test("whom a breach affected is found from what the gateway put on record", async () => {
  const from = new Date(Date.now() - 1_000).toISOString();
  const asked = await kemensos().ask("query ($nik: String!) { personByNik(nik: $nik) { id fullName } }", { nik: siti.nik });
  expect(asked.errors).toEqual([]);
  const to = new Date().toISOString();
  const input = {
    ...{
      title: "Kredensial hilang",
      from,
      to,
      client: "kemensos",
      coordinates: ["Person.fullName"],
      detectedAt: to,
    },
    ...{ description: "Kredensial klien hilang.", handling: "Kunci klien diganti." },
  };
  const dpo = hub.as("dpo.hub");
  const opened = await dpo.ask("mutation ($input: OpenBreachInput!) { openBreach(input: $input) { number } }", { input });
  expect(opened.errors).toEqual([]);
  const later = new Date(Date.now() + 60_000);
  await asLog(hub.urls, (sql) => searchBreaches(sql, devYearKeys(), later));
  const { data, errors } = await dpo.ask(
    `query ($number: ID!) { breachCase(number: $number) { entries disclosed counts { type subjects } subjects(type: "Person") { nodes { id } } noticeToAuthority { english } } }`,
    { number: opened.data["openBreach"].number },
  );
  expect(errors).toEqual([]);
  const found = data["breachCase"] as Json;
  expect(found).toMatchObject({ entries: 1, disclosed: ["Person.fullName"], counts: [{ type: "Person", subjects: 1 }] });
  expect(found["subjects"].nodes).toEqual([{ id: siti.id }]);
  expect(found["noticeToAuthority"].english).toContain("Person 1");
});

test("every partner reads the public report and the sanctions, and knows of nothing else here", async () => {
  await integrated(hub.urls);
  await asLog(hub.urls, account);
  const year = Number(new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 4));
  const told = await kemensos().ask(
    "query ($year: Int!) { accountabilityReport(year: $year) { requests csv agreements { number requests consumer { code } purpose { code } fields { coordinate shown masked denied } } sanctions { kind } refusals { code requests } partners { code } } sanctions { kind } }",
    { year },
  );
  expect(told.errors).toEqual([]);
  const report = told.data["accountabilityReport"] as Json;
  expect(report["agreements"].find((one: Json) => one["number"] === "PKS-2025-001").requests).toBeGreaterThan(0);
  for (const question of [
    "{ canaries { person } }",
    "{ watchAlerts { kind } }",
    "{ breachCases { number } }",
    "{ processingRecords { csv } }",
  ])
    expect((await kemensos().ask(question)).errors[0]?.extensions["code"], question).toBe("GRAPHQL_VALIDATION_FAILED");
});

test("an auditor reads the records of processing", async () => {
  const { data, errors } = await hub
    .as("auditor.bpk")
    .ask(
      "{ processingRecords { csv records { number controllers { code } purpose { citation } categories { class coordinates } subjectTypes securityMeasures { indonesian } } } }",
    );
  expect(errors).toEqual([]);
  expect((data["processingRecords"] as Json)["records"].length).toBeGreaterThan(5);
});

test("a suspended client is shut out, and let in again when the sanction is lifted", async () => {
  const operator = hub.as("operator.hub");
  const input = {
    agency: "BAPPENAS",
    client: "bappenas",
    kind: "SUSPENSION",
    reason: "Dipakai di luar tujuan",
    decision: "SK-2/2026",
  };
  const imposed = await operator.ask("mutation ($input: ImposeSanctionInput!) { imposeSanction(input: $input) { id } }", {
    input,
  });
  expect(imposed.errors).toEqual([]);
  const code = async () => (await hub.as("bappenas").ask("{ me { client } }")).errors[0]?.extensions["code"] ?? "ANSWERED";
  await expect.poll(code, { timeout: 5_000 }).not.toBe("ANSWERED");
  const { id } = imposed.data["imposeSanction"];
  await operator.ask(`mutation ($id: ID!) { liftSanction(id: $id, reason: "Telah diperiksa") { id } }`, { id });
  await expect.poll(code, { timeout: 5_000 }).toBe("ANSWERED");
});
