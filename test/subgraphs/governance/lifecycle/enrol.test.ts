import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { isEndorsed, type StewardKey } from "../../../../schema/policy/endorsement.ts";
import { DEV_POLICY_SECRET, POLICY_KEY, signerOf } from "../../../../schema/policy/keys.ts";
import { governance } from "../../../../subgraphs/governance/index.ts";
import { asRole, useDatabases } from "../../../kit/database.ts";
import { useSlice } from "../../../kit/slice.ts";
import { actsOf, asSteward, devSignerOf, outcomeOf } from "./kit.ts";

const databases = useDatabases();
const slice = useSlice(governance, { databaseUrl: () => databases.urls.governance.runtime });
const newKey = (type: "ed25519" | "ec") =>
  (type === "ec" ? generateKeyPairSync("ec", { namedCurve: "P-256" }) : generateKeyPairSync("ed25519")).publicKey
    .export({ format: "der", type: "spki" })
    .toString("base64url");
const enrol = async (by: string, input: object) =>
  outcomeOf(
    await asSteward(slice, by)(
      "mutation ($input: EnrolStewardInput!) { enrolSteward(input: $input) { id roles agency { code } keys { keyId kind roles } } }",
      {
        input,
      },
    ),
  );
const retire = async (by: string, keyId: string) =>
  outcomeOf(await asSteward(slice, by)("mutation ($keyId: ID!) { retireStewardKey(keyId: $keyId) { id roles } }", { keyId }));
const person = {
  id: "steward2.bps",
  agency: "BPS",
  name: "Penata kedua BPS",
  roles: ["STEWARD"],
  kind: "ED25519",
  publicKey: newKey("ed25519"),
};

test("an operator of the hub enrols a steward, whose key governance endorses", async () => {
  expect(await enrol("operator.hub", person)).toMatchObject({ id: "steward2.bps", roles: ["STEWARD"], agency: { code: "BPS" } });
  const [key] = await asRole(
    databases.urls.governance.owner,
    (
      sql,
    ) => sql`select key_id as "keyId", steward_id as "stewardId", agency_code as "agencyCode", roles, kind, public_key as "publicKey", endorsement
      from governance.steward_key where steward_id = 'steward2.bps'`,
  );
  expect(isEndorsed(key as unknown as StewardKey, signerOf(DEV_POLICY_SECRET, POLICY_KEY).publicKey)).toBe(true);
  expect(await enrol("operator.hub", person)).toMatchObject({ code: "CONFLICT" });
});

test("a further key adds its roles, and is retired without taking the others along", async () => {
  const second = await enrol("operator.hub", { ...person, kind: "WEBAUTHN", roles: ["DPO"], publicKey: newKey("ec") });
  expect(second).toMatchObject({ roles: ["DPO", "STEWARD"] });
  const { keyId } = (second["keys"] as { keyId: string; kind: string }[]).find(({ kind }) => kind === "WEBAUTHN") ?? {
    keyId: "",
  };
  expect(await retire("operator.hub", keyId)).toEqual({ id: "steward2.bps", roles: ["STEWARD"] });
  expect(await retire("operator.hub", keyId)).toMatchObject({ code: "BAD_USER_INPUT" });
});

test("the agency is told of its new steward and of keys taken out of use, and no other agency is", async () => {
  const alerts = async (id: string) => {
    const asked = await asSteward(slice, id)("{ alerts(first: 10) { kind actor detail agreement { number } } }");
    return (outcomeOf(asked) as unknown as { kind: string }[]).filter(({ kind }) => kind.startsWith("STEWARD_"));
  };
  expect(await alerts("steward.bps")).toEqual(
    [
      ["STEWARD_KEY_RETIRED", /^steward2\.bps of BPS, key /],
      ["STEWARD_ENROLLED", /^steward2\.bps of BPS as DPO$/],
      ["STEWARD_ENROLLED", /^steward2\.bps of BPS as STEWARD$/],
    ].map(([kind, detail]) => ({
      kind,
      actor: "operator.hub",
      detail: expect.stringMatching(detail as RegExp),
      agreement: null,
    })),
  );
  expect(await alerts("steward.dukcapil")).toEqual([]);
});

test("whoever governs reads who else does, with the keys in use; of another role or none nobody", async () => {
  const listed = async (by: string, id: string | null) =>
    outcomeOf(
      await asSteward(slice, by)("query ($id: ID) { stewards(id: $id) { id agency { code } roles keys { keyId } } }", { id }),
    );
  const { keyId } = devSignerOf("steward.bpk");
  const bpk = { id: "steward.bpk", agency: { code: "BPK" }, roles: ["STEWARD"], keys: [{ keyId }] };
  expect(await listed("auditor.bpk", "steward.bpk")).toEqual([bpk]);
  const all = (await listed("steward.bps", null)) as unknown as { id: string }[];
  expect(all.length).toBeGreaterThan(20);
  expect(all).toContainEqual(bpk);
  expect(all.map(({ id }) => id)).toEqual(all.map(({ id }) => id).toSorted());
  expect(await listed("auditor.bpk", "nobody.bpk")).toEqual([]);
  expect(await listed("petugas.kemensos", null)).toMatchObject({ code: "FORBIDDEN" });
});

test("who is an operator elsewhere than at the hub is none: neither enrols nor drafts for others", async () => {
  const { keyId, publicKey } = devSignerOf("operator elsewhere");
  await asRole(
    databases.urls.governance.owner,
    (sql) => sql`insert into governance.steward_key (key_id, steward_id, agency_code, roles, kind, public_key, endorsement)
    values (${keyId}, 'steward.bps', 'BPS', ${["OPERATOR"]}, 'ED25519', ${publicKey}, 'none')`,
  );
  expect(await enrol("steward.bps", { ...person, publicKey: newKey("ed25519") })).toMatchObject({ code: "FORBIDDEN" });
  const input = { number: "PKS-2026-099", title: "Milik orang lain", consumer: "BPK", purpose: "FINANCIAL_AUDIT", dpiaId: "D-1" };
  expect(await actsOf(slice, "steward.bps").create(input)).toMatchObject({ code: "FORBIDDEN" });
});

test("nobody is moved to another agency by enrolling them again", async () => {
  expect(await enrol("operator.hub", { ...person, agency: "BPK", publicKey: newKey("ed25519") })).toMatchObject({
    code: "CONFLICT",
  });
});

test("all that is wrong is told at once", async () => {
  const refused = await enrol("operator.hub", {
    ...person,
    id: "Not an id",
    agency: "X",
    name: "",
    roles: [],
    publicKey: newKey("ec"),
  });
  expect(refused).toMatchObject({
    code: "BAD_USER_INPUT",
    detail: expect.stringMatching(/^id:.*agency:.*name:.*roles:.*publicKey:/),
  });
});

test("an operator whom only the database made enrols nobody", async () => {
  const { keyId, publicKey } = devSignerOf("somebody else");
  await asRole(
    databases.urls.governance.owner,
    (sql) => sql`insert into governance.steward_key (key_id, steward_id, agency_code, roles, kind, public_key, endorsement)
    values (${keyId}, 'steward.hub', 'HUB', ${["OPERATOR"]}, 'ED25519', ${publicKey}, 'none')`,
  );
  expect(await enrol("steward.hub", { ...person, publicKey: newKey("ed25519") })).toMatchObject({
    code: "FORBIDDEN",
    detail: expect.stringContaining("endorsed"),
  });
  expect(await retire("steward.hub", devSignerOf("steward.bps").keyId)).toMatchObject({ code: "FORBIDDEN" });
});
