import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { rawClient } from "../../../drizzle/client.ts";
import { useHub } from "../../kit/hub.ts";

// Analysts come through the console. They may not outlast what their agency's own services are shut out for.

const hub = useHub();
const POLL = { timeout: 5_000, interval: 50 };
const codeOf = (who: string) => async () =>
  (await hub.as(who).ask("{ me { client } }")).errors[0]?.extensions["code"] ?? "ANSWERED";
const [ANALYST, SERVICE, OTHER] = ["analis.dinsos_banyuwangi", "dinsos-banyuwangi", "analis.bappenas"];

async function owner<T>(work: (sql: ReturnType<typeof rawClient>) => Promise<T>): Promise<T> {
  const sql = rawClient(hub.urls.governance.owner, { max: 1 });
  try {
    return await work(sql);
  } finally {
    await sql.end();
  }
}
const lift = (id: string) =>
  hub.as("operator.hub").ask('mutation ($id: ID!) { liftSanction(id: $id, reason: "Telah diperiksa") { id } }', { id });

test.each([
  ["of the agency's only client", SERVICE, "FORBIDDEN"],
  ["of all the agency", null, "AGREEMENT_SUSPENDED"],
])("a suspension %s shuts its analysts out with its services, and nobody else", async (_, client, code) => {
  const input = {
    ...{ agency: "DINSOS_BANYUWANGI", client, kind: "SUSPENSION" },
    ...{ reason: "Dipakai di luar tujuan", decision: "SK-9/2026" },
  };
  const imposed = await hub
    .as("operator.hub")
    .ask("mutation ($input: ImposeSanctionInput!) { imposeSanction(input: $input) { id } }", { input });
  expect(imposed.errors).toEqual([]);
  for (const who of [SERVICE, ANALYST]) await expect.poll(codeOf(who), { ...POLL, message: who }).toBe(code);
  expect(await codeOf(OTHER)()).toBe("ANSWERED");
  expect(await codeOf("steward.dinsos_banyuwangi")(), "they must be able to answer for it").toBe("ANSWERED");
  await lift(imposed.data["imposeSanction"].id);
  for (const who of [SERVICE, ANALYST]) await expect.poll(codeOf(who), POLL).toBe("ANSWERED");
});

test("a deactivated client takes the analysts of its agency with it; while another of the agency may ask, so may they", async () => {
  const set = (status: string) => owner((sql) => sql`update client set status = ${status} where id = ${SERVICE}`);
  await set("SUSPENDED");
  await expect.poll(codeOf(ANALYST), POLL).toBe("FORBIDDEN");
  expect(await codeOf(OTHER)()).toBe("ANSWERED");
  await owner((sql) => sql`insert into client (id, agency_code, status) values ('dinsos-cabang', 'DINSOS_BANYUWANGI', 'ACTIVE')`);
  await expect.poll(codeOf(ANALYST), POLL).toBe("ANSWERED");
  expect(await codeOf(SERVICE)()).not.toBe("ANSWERED");
  await set("ACTIVE");
});

test("T45 an analyst of the hub asks nothing in everybody's name: Cek Bansos counts by the network that its own portal names", async () => {
  const enrol = async (id: string, agency: string) => {
    const publicKey = generateKeyPairSync("ed25519").publicKey.export({ format: "der", type: "spki" }).toString("base64url");
    const input = { id, agency, name: "Analis", roles: ["ANALYST"], kind: "ED25519", publicKey };
    const asked = "mutation ($input: EnrolStewardInput!) { enrolSteward(input: $input) { roles } }";
    const { errors, data } = await hub.as("operator.hub").ask(asked, { input });
    expect([errors, data?.["enrolSteward"].roles]).toEqual([[], expect.arrayContaining(["ANALYST"])]);
  };
  await enrol("dpo.hub", "HUB");
  await enrol("steward.dinsos_banyuwangi", "DINSOS_BANYUWANGI");
  const codesUnder = async (who: string, agreement: string, query = "{ me { client } }", variables = {}) =>
    (await hub.as(who, { agreement }).ask(query, variables)).errors.map(({ extensions }) => extensions["code"]);
  await expect.poll(() => codesUnder("steward.dinsos_banyuwangi", "PKS-2025-004"), POLL).toEqual([]); // by now both are known
  const input = { village: "3510161001", fullName: "SITI AMINAH", birthDate: "1988-04-12", visitor: "v".repeat(22) };
  const query = "query ($input: RecipientFactsInput!) { recipientByFacts(input: $input) { enrolments { state } } }";
  expect(await codesUnder("dpo.hub", "PKS-2025-032", query, { input })).toEqual(["FORBIDDEN"]);
  expect(await codesUnder("dpo.hub", "PKS-2025-032")).toEqual(["FORBIDDEN"]);
  expect(await codesUnder("portal-warga", "PKS-2025-032", query, { input })).toEqual([]);
});
