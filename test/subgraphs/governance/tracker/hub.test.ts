import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { subjectKey, tagOf } from "../../../../schema/record/tags.ts";
import { devYearKeys } from "../../../../schema/record/yearKeys.ts";
import { asRole } from "../../../kit/database.ts";
import { type Answered, useHub } from "../../../kit/hub.ts";
import { ani, budi, siti, sitisHome } from "../../../kit/people.ts";
import { integrateAll, logOf } from "./kit.ts";

const hub = useHub();
const ACCESSES = readFileSync("docs/questions/accesses.graphql", "utf8");
const warga = (person: string) => hub.as("portal-warga", { agreement: "PKS-2025-008", person });
const linesOf = async (person: string): Promise<any[]> => {
  await integrateAll(hub.urls);
  const { data, errors } = await warga(person).ask(ACCESSES, { first: 100 });
  expect(errors).toEqual([]);
  return data["dataSubject"].accesses.nodes;
};
const receiptOf = ({ governance }: Answered): string => governance["receipt"].id;
const lineAbout = async (person: string, asked: Answered) =>
  (await linesOf(person)).find(({ receipt }) => receipt === receiptOf(asked));

describe("through the whole hub a person", () => {
  test("is told who read which of their fields, for what, and what was refused", async () => {
    const read = await hub
      .as("bpjs-kesehatan")
      .ask("query ($nik: String!) { personByNik(nik: $nik) { fullName birthDate } }", { nik: siti.nik });
    expect(await lineAbout(siti.id, read)).toMatchObject({
      agency: { name: expect.stringMatching(/BPJS/) },
      purpose: { legalBasis: "LEGAL_OBLIGATION" },
      agreement: "PKS-2025-002",
      ...{ shown: ["Person.birthDate", "Person.fullName"], status: "ANSWERED", isOfHousehold: false },
    });
    expect(await lineAbout(budi.id, read)).toBeUndefined();
  });

  test("is told of an answer instead of its announcement: both name whom was looked up, and the one names the other", async () => {
    const read = await hub
      .as("bpjs-kesehatan")
      .ask("query ($nik: String!) { personByNik(nik: $nik) { sex } }", { nik: siti.nik });
    const rows = await asRole(
      logOf(hub.urls),
      (log) => log`select i.body, i.subjects as announced, o.subjects as answered
        from governance.entry o join governance.entry i on i.request_id = o.body::json ->> 'intent' where o.request_id = ${receiptOf(read)}`,
    );
    expect(rows.map(({ body }) => JSON.parse(body).status)).toEqual(["INTENDED"]);
    const keys = [...devYearKeys().values()].map(subjectKey);
    for (const tags of [rows[0]?.["announced"], rows[0]?.["answered"]])
      expect(keys.some((key) => tags.includes(tagOf(`nik:${siti.nik}`, key)))).toBe(true);
  });

  test("is told of a verification by NIK, which shows nobody's row", async () => {
    const claim = { nik: siti.nik, fullName: siti.fullName, birthDate: siti.birthDate };
    const verified = await hub
      .as("kemendikdasmen")
      .ask("query ($input: VerifyIdentityInput!) { verifyIdentity(input: $input) { status } }", { input: claim });
    expect(verified.data["verifyIdentity"].status).toBe("MATCHED");
    expect(await lineAbout(siti.id, verified)).toMatchObject({ shown: ["IdentityVerification.status"] });
  });

  test("is told of answers in which they stand as an enrolment or a member, or in which only their household does", async () => {
    const kemensos = hub.as("kemensos");
    const home = await kemensos.ask("query ($id: ID!) { household(id: $id) { address } }", { id: sitisHome.id });
    for (const person of [siti, budi, ani])
      expect(await lineAbout(person.id, home)).toMatchObject({ isOfHousehold: true, shown: ["Household.address"] });
    const members = await kemensos.ask("query ($id: ID!) { household(id: $id) { members { relation } } }", { id: sitisHome.id });
    expect(await lineAbout(ani.id, members)).toMatchObject({
      isOfHousehold: false,
      shown: expect.arrayContaining(["Member.relation"]),
    });
  });

  test("leaves a trace by looking: the reading of the record is on record, under the right it rests on", async () => {
    await linesOf(ani.id);
    const [newest] = await linesOf(ani.id);
    expect(newest).toMatchObject({
      agreement: "PKS-2025-008",
      purpose: { name: "Pelayanan hak subjek data" },
      status: "ANSWERED",
    });
    const [entry] = await asRole(
      logOf(hub.urls),
      (log) => log`select body from governance.entry where request_id = ${newest.receipt}`,
    );
    expect(entry?.["body"]).toContain("Person.accesses");
    for (const named of [ani.id, ani.nik]) expect(entry?.["body"]).not.toContain(named);
  });

  test("gets nothing of others by asking for them, and the attempt stands in the other's list", async () => {
    const tried = await warga(budi.id).ask(ACCESSES, { representing: siti.id });
    expect(tried.data).toBeNull();
    expect(tried.errors.map(({ extensions }) => extensions["code"])).toEqual(["FORBIDDEN"]);
    expect(await lineAbout(siti.id, tried)).toMatchObject({
      ...{ agreement: "PKS-2025-008", shown: [], masked: [] },
      sentence: { english: expect.stringContaining("asked about data of this person for the purpose DATA_SUBJECT_RIGHTS") },
    });
  });

  test("is refused where nobody has signed in, and partners do not know the field", async () => {
    const nobody = await hub.as("portal-warga", { agreement: "PKS-2025-008" }).ask(ACCESSES);
    expect(nobody.data?.["dataSubject"] ?? null).toBeNull();
    const partner = await hub.as("bpjs-kesehatan").ask(ACCESSES);
    expect(partner.errors[0]?.extensions["code"]).toMatch(/FIELD_NOT_GRANTED|GRAPHQL_VALIDATION_FAILED/);
  });

  test("takes the receipt of any line to be verified", async () => {
    const [line] = await linesOf(siti.id);
    const { data } = await warga(siti.id).ask(
      "query ($id: ID!, $leaf: String!) { verifyReceipt(id: $id, leaf: $leaf) { reason } }",
      {
        id: line.receipt,
        leaf: line.leaf,
      },
    );
    expect(data).toEqual({ verifyReceipt: { reason: "PROVEN" } });
  });

  test("asks by REST as Estonia's data tracker does: the same accesses, page by page, and their period", async () => {
    const lines = await linesOf(siti.id);
    const get = async (path: string) => {
      const token = await hub.tokenOf("portal-warga", siti.id);
      const headers = { authorization: `Bearer ${token}`, "hub-agreement": "PKS-2025-008" };
      return (await fetch(`${hub.gatewayUrl}/data-tracker/${path}`, { headers })).json() as Promise<any>;
    };
    const { totalUsages, usages } = await get("findUsage?limit=2&offset=1");
    expect([totalUsages, usages.length]).toEqual([lines.length, 2]);
    expect(usages[0]).toEqual({
      logtime: lines[1].at,
      action: lines[1].sentence.indonesian,
      receiverCode: expect.stringMatching(/^[A-Z_]+$/),
      receiverName: lines[1].agency.name,
      receiverSystem: expect.stringMatching(/^[a-z-]+$/),
    });
    expect(Date.parse((await get("usagePeriod")).periodStart)).toBeLessThanOrEqual(Date.parse(lines.at(-1).at));
    expect(await get("heartbeat")).toMatchObject({ status: "OK" });
  });
});
