import { describe, expect, test } from "vitest";
import { subjectKey, tagsOf } from "../../../schema/record/tags.ts";
import { yearInWib } from "../../../schema/record/yearKeys.ts";
import { asRole } from "../../kit/database.ts";
import { useHub } from "../../kit/hub.ts";
import { budi, maria, siti, slamet } from "../../kit/people.ts";
import { renewWith } from "../../kit/policy.ts";

// One-person verification by way of the gateway: what agreements open, how it must be asked, what is on record.

const RECORD_KEY = "r".repeat(32);
const RECORD_SUBJECTS = subjectKey(RECORD_KEY);
const hub = useHub({ HUB_RECORD_KEYS: `${yearInWib(new Date())}:${RECORD_KEY}` });
const [KEMENSOS, SCHOOLS] = [hub.as("kemensos"), hub.as("kemendikdasmen")];
const QUESTION = `query ($input: VerifyIdentityInput!) {
  verifyIdentity(input: $input) { status reasons elements { element result similarity difference } }
}`;
const WITH_EXISTENCE = "query ($input: VerifyIdentityInput!) { verifyIdentity(input: $input) { status isRegistered } }";
const UNKNOWN = "3510161708459098";
const claimed = { nik: siti.nik, fullName: "Hj. Siti Aminah", motherName: "Soelastri" };

describe("an agreement", () => {
  test("opens verdicts on a mother's name that it does not open", async () => {
    const { data, errors } = await KEMENSOS.ask(QUESTION, { input: claimed });
    expect(errors).toEqual([]);
    expect(data["verifyIdentity"]).toMatchObject({ status: "MATCHED", reasons: ["MATCHED"] });
    const raw = await KEMENSOS.ask("query ($nik: String!) { personByNik(nik: $nik) { motherName } }", { nik: siti.nik });
    expect([raw.data["personByNik"].motherName, raw.denied]).toEqual([null, ["Person.motherName"]]);
  });

  test("opens the elements it names: another closes the question, for nobody may ask it out of a verdict", async () => {
    expect((await SCHOOLS.ask(QUESTION, { input: claimed })).data["verifyIdentity"].status).toBe("MATCHED");
    const { data, errors } = await SCHOOLS.ask(QUESTION, { input: { ...claimed, address: "JL MELATI 1" } });
    expect(data["verifyIdentity"]).toBeNull();
    expect(errors.map(({ extensions }) => [extensions["code"], extensions["coordinate"]])).toEqual([
      ["USE_NOT_GRANTED", "VerifyIdentityInput.address"],
    ]);
    for (const client of ["dinsos-banyuwangi", "bpjs-kesehatan"])
      expect((await hub.as(client).ask(QUESTION, { input: claimed })).data["verifyIdentity"]).toBeNull();
  });

  test("tells whether anybody has a NIK only where it grants that", async () => {
    const input = { nik: UNKNOWN, fullName: "BAMBANG WIJAYA", birthDate: "1951-01-02" };
    expect((await KEMENSOS.ask(WITH_EXISTENCE, { input })).data["verifyIdentity"]).toEqual({
      status: "NOT_FOUND",
      isRegistered: false,
    });
    const answers = await Promise.all(
      [UNKNOWN, slamet.nik].map((nik) => SCHOOLS.ask(WITH_EXISTENCE, { input: { ...input, nik } })),
    );
    for (const { data, denied } of answers) {
      expect(data["verifyIdentity"]).toEqual({ status: "MISMATCHED", isRegistered: null });
      expect(denied).toEqual(["IdentityVerification.isRegistered"]);
    }
  });

  test("whose floor is higher than the threshold asked refuses it", async () => {
    const { errors } = await SCHOOLS.ask(QUESTION, { input: { ...claimed, threshold: 40 } });
    expect(errors.map(({ extensions }) => [extensions["code"], extensions["coordinate"]])).toEqual([
      ["USE_NOT_GRANTED", "VerifyIdentityInput.threshold"],
    ]);
  });
});

describe("how it is asked", () => {
  test("by GET it is refused: what is in an address ends in every proxy's log", async () => {
    const parameters = new URLSearchParams({ query: QUESTION, variables: JSON.stringify({ input: claimed }) });
    const response = await fetch(`${hub.url}?${parameters}`, {
      headers: { authorization: `Bearer ${await hub.tokenOf("kemensos")}`, accept: "application/graphql-response+json" },
    });
    const text = await response.text();
    expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
    expect(JSON.parse(text).errors[0].extensions.code).toBe("METHOD_NOT_ALLOWED");
    expect(text).not.toContain(siti.nik);
  });

  test.each<[string, string, readonly string[]]>([
    ["a NIK", `query ($name: String) { verifyIdentity(input: {nik: "${siti.nik}", fullName: $name}) { status } }`, ["nik"]],
    ["a name", `query ($nik: String!) { verifyIdentity(input: {nik: $nik, fullName: "SITI AMINAH"}) { status } }`, ["fullName"]],
    ["a sex", `query ($nik: String!) { verifyIdentity(input: {nik: $nik, sex: FEMALE}) { status } }`, ["sex"]],
    [
      "a default of the variable",
      `query ($input: VerifyIdentityInput! = {nik: "${siti.nik}", fullName: "SITI"}) { verifyIdentity(input: $input) { status } }`,
      ["nik", "fullName"],
    ],
    [
      "a default of a variable inside the claim",
      `query ($nik: String! = "${siti.nik}", $name: String = "SITI AMINAH") { verifyIdentity(input: {nik: $nik, fullName: $name}) { status } }`,
      ["nik", "fullName"],
    ],
    [
      "a default of a variable that a fragment uses",
      `query ($nik: String! = "${siti.nik}", $name: String) { ...f } fragment f on Query { verifyIdentity(input: {nik: $nik, fullName: $name}) { status } }`,
      ["nik"],
    ],
    [
      "a claim in a fragment",
      `query { ...f } fragment f on Query { verifyIdentity(input: {nik: "${siti.nik}", motherName: "X"}) { status } }`,
      ["nik", "motherName"],
    ],
  ])("%s written in the document is refused by the name of its field, and not repeated", async (_, document, fields) => {
    const answer = await KEMENSOS.ask(document, { nik: siti.nik, name: "SITI", sex: "FEMALE" });
    expect(answer.status).toBe(400);
    expect(answer.errors.map(({ extensions }) => [extensions["code"], extensions["coordinate"]])).toEqual(
      fields.map((field) => ["GRAPHQL_VALIDATION_FAILED", `VerifyIdentityInput.${field}`]),
    );
    expect(answer.text).not.toMatch(/\d{16}|AMINAH/);
  });

  test("fields of the claim may be variables of their own, and a threshold may be written", async () => {
    const document = `query ($nik: String!, $name: String) {
      verifyIdentity(input: {nik: $nik, fullName: $name, sex: null, threshold: 85}) { status }
    }`;
    const { data, errors } = await KEMENSOS.ask(document, { nik: siti.nik, name: "SITI AMINAH" });
    expect([data, errors]).toEqual([{ verifyIdentity: { status: "MATCHED" } }, []]);
  });

  test("what is wrong with a claim comes back by the name of its field", async () => {
    const { errors } = await KEMENSOS.ask(QUESTION, { input: { nik: "123", birthDate: "2999-01-01" } });
    expect(errors.map(({ extensions }) => extensions["code"])).toEqual(["BAD_USER_INPUT"]);
    expect(errors[0]?.message).toMatch(/nik must be a NIK of 16 digits \(LENGTH\); birthDate must be a day/);
  });
});

describe("a daily limit", () => {
  test("comes back in the words of Dukcapil's service: 429 alone, a field's error beside other data", async () => {
    const set = (attempts: number) => renewWith(hub.urls.governance.owner, "PKS-2025-003", { attempts_on_subject: attempts });
    await set(1);
    const schools = hub.as("kemendikdasmen", { language: "id" });
    const input = { nik: maria.nik, fullName: "SIAPA SAJA" };
    const alone = () =>
      schools.ask("query ($input: VerifyIdentityInput!) { verifyIdentity(input: $input) { status } }", { input });
    await expect.poll(async () => (await alone()).status, { timeout: 10_000 }).toBe(429);
    const [refused] = (await alone()).errors;
    expect(refused?.message).toBe("Batas percobaan verifikasi atas orang ini telah habis hari ini");
    expect(refused?.extensions).toMatchObject({ code: "QUOTA_EXCEEDED", limit: "ATTEMPTS_ON_SUBJECT", service: "population" });
    const beside = await schools.ask(
      "query ($input: VerifyIdentityInput!) { verifyIdentity(input: $input) { status } me { client } }",
      { input },
    );
    expect([beside.status, beside.data]).toEqual([200, { verifyIdentity: null, me: { client: "kemendikdasmen" } }]);
    expect(beside.errors.map(({ path, extensions }) => [path, extensions["code"]])).toEqual([
      [["verifyIdentity"], "QUOTA_EXCEEDED"],
    ]);
    await set(5);
  });
});

describe("the record of a verification", () => {
  const lastEntry = async () => {
    const rows = await asRole(
      hub.urls.governance.owner,
      (sql) =>
        sql<
          { body: string; subjects: Buffer }[]
        >`select body, subjects from governance.entry where body::json ->> 'status' <> 'INTENDED' order by id desc limit 1`,
    );
    return { body: JSON.parse(rows[0]?.body ?? "{}"), subjects: rows[0]?.subjects ?? Buffer.alloc(0) };
  };
  const everything = { ...claimed, birthDate: "1990-01-01", sex: "FEMALE", familyCardNumber: "3510161708459001", region: "35" };

  test("holds one tag for its one subject, however much is claimed", async () => {
    await KEMENSOS.ask(QUESTION, { input: everything });
    const { body, subjects } = await lastEntry();
    expect([body.subjects, subjects]).toEqual([1, tagsOf([`nik:${siti.nik}`], RECORD_SUBJECTS)]);
  });

  test("says how it ended: how many of each verdict, and no value", async () => {
    await KEMENSOS.ask(
      `query ($a: VerifyIdentityInput!, $b: VerifyIdentityInput!) {
        a: verifyIdentity(input: $a) { status isRegistered elements { result } } b: verifyIdentity(input: $b) { status }
        personByNik(nik: "${budi.nik}") { sex }
      }`,
      { a: claimed, b: { nik: UNKNOWN, fullName: "BAMBANG WIJAYA" } },
    );
    const { body } = await lastEntry();
    expect(body.verdicts).toEqual({
      "IdentityVerification.status": { MATCHED: 1, NOT_FOUND: 1 },
      "IdentityVerification.isRegistered": { true: 1 },
      "ElementVerification.result": { MATCH: 3, NOT_TESTED: 6 },
    });
    await KEMENSOS.ask("{ me { client } }");
    expect((await lastEntry()).body).not.toHaveProperty("verdicts");
  });
});

test("an impossible day is named by its field, not repeated", async () => {
  const { status, errors, text } = await KEMENSOS.ask(QUESTION, { input: { ...claimed, birthDate: "1990-02-30" } });
  expect([status, errors.map(({ message }) => message)]).toEqual([
    400,
    ['Masukan tidak sah: Variable "$input.birthDate" needs a value of type Date.'],
  ]);
  expect(text).not.toContain("1990-02-30");
});

test("on record are the coordinates asked, never a claimed value", async () => {
  await KEMENSOS.ask(QUESTION, { input: { nik: siti.nik, fullName: "RAHASIA BENAR", address: "JALAN RAHASIA 9" } });
  const rows = await asRole(
    hub.urls.governance.owner,
    (sql) =>
      sql<
        { body: string; subjects: Buffer }[]
      >`select body, subjects from governance.entry where body::json ->> 'status' <> 'INTENDED' order by id desc limit 1`,
  );
  const [{ body = "", subjects } = {}] = rows;
  expect(JSON.parse(body)).toMatchObject({
    status: "ANSWERED",
    used: expect.arrayContaining(["VerifyIdentityInput.nik", "VerifyIdentityInput.fullName", "VerifyIdentityInput.address"]),
  });
  expect(`${body}${subjects?.toString("latin1")}`).not.toMatch(/\d{16}|RAHASIA|SITI/);
});
