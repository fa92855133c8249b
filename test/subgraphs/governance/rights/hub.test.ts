import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { useHub } from "../../../kit/hub.ts";
import { ani, budi, siti, sitisHome } from "../../../kit/people.ts";

/** The rights of a person through the whole hub: gateway, four sources, record. */
const hub = useHub();
const COPY = readFileSync("docs/questions/copy.graphql", "utf8");
const asSiti = () => hub.as("portal-warga", { person: siti.id });
const kemensos = () => hub.as("kemensos", { agreement: "PKS-2025-001" });
const dpo = (agency = "kemensos") => hub.as(`dpo.${agency}`);
const FILE =
  "mutation ($input: FileSubjectRequestInput!) { fileSubjectRequest(input: $input) { number state restriction { liftedAt } } }";
const SEEN = "query ($id: ID!) { person(id: $id) { id fullName enrolments { state } } }";

test("a person gets everything about themselves over all four sources in one question, and nothing of the others in their home", async () => {
  const filed = await asSiti().ask(FILE, { input: { kind: "ACCESS", statement: "Salinan data saya" } });
  expect(filed.errors).toEqual([]);
  const { data, errors, denied, text } = await asSiti().ask(COPY);
  expect({ errors, denied }).toEqual({ errors: [], denied: [] });
  expect(data["dataSubject"]).toMatchObject({
    ...{ nik: siti.nik, fullName: "SITI AMINAH", birthDate: "1988-04-12", familyCard: { familyCardNumber: expect.any(String) } },
    registryMembers: [
      { suffix: "02", relation: "SPOUSE", household: { address: sitisHome.address, deciles: expect.any(Array) } },
    ],
    enrolments: expect.arrayContaining([expect.objectContaining({ program: expect.objectContaining({ code: "PKH" }) })]),
    subjectRequests: [{ kind: "ACCESS", statement: "Salinan data saya", controller: { code: "KEMENSOS" } }],
  });
  expect(data["dataSubject"].enrolments[0].payments.length).toBeGreaterThan(0);
  for (const { id, nik, fullName } of [budi, ani]) for (const told of [id, nik, fullName]) expect(text).not.toContain(told);
});

test("a restriction closes the person's rows to the very next question, and a refusal with a legal reason opens them again", async () => {
  const seen = async () => (await kemensos().ask(SEEN, { id: siti.id })).data["person"];
  expect(await seen()).toMatchObject({ fullName: "SITI AMINAH" });
  const filed = await asSiti().ask(FILE, { input: { kind: "RESTRICTION", statement: "Data saya diperselisihkan" } });
  expect(filed.errors).toEqual([]);
  const { number } = filed.data["fileSubjectRequest"];
  expect((await seen())?.fullName ?? null).toBeNull();
  expect((await asSiti().ask(COPY)).data["dataSubject"].fullName).toBe("SITI AMINAH");
  const take = await dpo().ask("mutation ($n: ID!) { takeSubjectRequest(number: $n) { state } }", { n: number });
  expect(take.errors).toEqual([]);
  const refused = await dpo().ask(
    `mutation ($n: ID!) { refuseSubjectRequest(number: $n, reason: STATE_ADMINISTRATION, citation: "UU 27/2022 Ps. 15(1)c",
      outcome: "Penyaluran harus berjalan") { state refusalReason } }`,
    { n: number },
  );
  expect(refused.data).toEqual({ refuseSubjectRequest: { state: "REFUSED", refusalReason: "STATE_ADMINISTRATION" } });
  expect(await seen()).toMatchObject({ fullName: "SITI AMINAH" });
});

test("a parent gets the child's copy from the moment a second data protection officer has confirmed them, and a stranger never", async () => {
  const copyOfAni = async (person: string) => hub.as("portal-warga", { person }).ask(COPY, { representing: ani.id });
  expect((await copyOfAni(siti.id)).data["dataSubject"]).toBeNull();
  const until = new Date(`${Number(ani.birthDate.slice(0, 4)) + 18}${ani.birthDate.slice(4)}T00:00:00+07:00`).toISOString();
  const input = { person: ani.id, representative: siti.id, basis: "PARENT", evidence: "Akta kelahiran", until };
  const registered = await dpo().ask(
    "mutation ($input: RegisterRepresentationInput!) { registerRepresentation(input: $input) { id basis registeredBy } }",
    { input },
  );
  expect(registered.data).toMatchObject({ registerRepresentation: { basis: "PARENT", registeredBy: "dpo.kemensos" } });
  expect((await copyOfAni(siti.id)).data["dataSubject"]).toBeNull();
  const { id } = registered.data["registerRepresentation"];
  const confirmed = await dpo("dukcapil").ask("mutation ($id: ID!) { confirmRepresentation(id: $id) { confirmedBy } }", { id });
  expect(confirmed.data).toEqual({ confirmRepresentation: { confirmedBy: "dpo.dukcapil" } });
  const { data, errors } = await copyOfAni(siti.id);
  expect(errors).toEqual([]);
  expect(data["dataSubject"]).toMatchObject({
    fullName: ani.fullName,
    representatives: [{ basis: "PARENT", evidence: "Akta kelahiran" }],
  });
  const stranger = await copyOfAni(budi.id);
  expect(stranger.data["dataSubject"]).toBeNull();
  expect(stranger.errors[0]?.extensions["code"]).toBe("FORBIDDEN");
});

test("to whom it is not granted, the rights of persons do not exist", async () => {
  for (const document of ["{ dataSubject { id } }", "{ represented { id } }", "{ requestClock { open } }"]) {
    const { data, errors } = await kemensos().ask(document);
    expect(data).toBeNull();
    expect(errors[0]?.extensions["code"]).toBe("GRAPHQL_VALIDATION_FAILED");
  }
});
