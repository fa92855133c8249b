import { createHash } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { asRole, asServer } from "../../../kit/database.ts";
import { useHub } from "../../../kit/hub.ts";
import { budi, rina, siti } from "../../../kit/people.ts";

type Json = Record<string, any>;
const PAKIS = "3510161001";
const hub = useHub();
const operator = () => hub.as("operator.dinsos_banyuwangi");
const asSiti = () => hub.as("portal-warga", { person: siti.id });

const JPEG = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(3000, 7)]);
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

const ANNOUNCE = `mutation ($input: AnnounceEvidenceInput!) { announceEvidence(input: $input) { id state path } }`;
async function announced(who: ReturnType<typeof hub.as>, bytes: Uint8Array, more: object = {}) {
  const input = { kind: "IMAGE", mediaType: "image/jpeg", bytes: bytes.length, sha256: sha256(bytes), region: PAKIS, ...more };
  const { data, errors } = await who.ask(ANNOUNCE, { input });
  expect(errors).toEqual([]);
  return data["announceEvidence"] as { id: string; state: string; path: string };
}

async function over(
  method: "PUT" | "GET",
  id: string,
  { client, person, body }: { client: string; person?: string; body?: Uint8Array },
) {
  const authorization = `Bearer ${await hub.tokenOf(client, person)}`;
  const headers = { authorization, ...(body && { "content-type": "image/jpeg" }) };
  return fetch(`${hub.gatewayUrl}/evidence/${id}`, { method, headers, ...(body && { body: new Uint8Array(body) }) });
}
const bring = (id: string, body: Uint8Array, client = "operator.dinsos_banyuwangi", person?: string) =>
  over("PUT", id, { client, body, ...(person && { person }) });
const fetched = (id: string, client = "operator.dinsos_banyuwangi", person?: string) =>
  over("GET", id, { client, ...(person && { person }) });
const stateOf = async (id: string) =>
  (await asRole(hub.urls.welfare.owner, (sql) => sql`select state, refusal from evidence where id = ${id}`))[0];

describe("evidence", () => {
  test("is announced, brought once, and fetched byte for byte by officers on duty there", async () => {
    const { id, state } = await announced(operator(), JPEG);
    expect(state).toBe("ANNOUNCED");
    expect((await fetched(id)).status).toBe(404);
    const answer = await bring(id, JPEG);
    expect(answer.status, await answer.clone().text()).toBe(201);
    expect(((await answer.json()) as Json).data).toEqual({ bringEvidence: { id, bytes: JPEG.length } });
    const back = await fetched(id, "verifikator.dinsos_banyuwangi");
    expect(Buffer.from(await back.arrayBuffer()).equals(JPEG)).toBe(true);
    expect(Object.fromEntries(back.headers)).toMatchObject({
      ...{ "content-type": "image/jpeg", "content-disposition": "attachment", "x-content-type-options": "nosniff" },
      ...{ "content-length": String(JPEG.length), "cache-control": "no-store", "hub-receipt": expect.any(String) },
    });
    expect((await bring(id, JPEG)).status).toBe(409);
    expect((await fetched(id, "operator2.dinsos_banyuwangi")).status).toBe(404);
    expect((await fetched(id, "dinsos-banyuwangi")).status).toBe(403);
  });

  test("is announced where one is on duty, or by a person in one village, and all that is wrong with it is told at once", async () => {
    const input = { kind: "IMAGE", mediaType: "image/jpeg", bytes: 3, sha256: "a".repeat(64), region: "3510161002" };
    const codes = async (who: ReturnType<typeof hub.as>, more: object = {}) =>
      (await who.ask(ANNOUNCE, { input: { ...input, ...more } })).errors.map(({ extensions }) => extensions["code"]);
    expect(await codes(operator())).toEqual(["FORBIDDEN"]);
    expect(await codes(hub.as("operator2.dinsos_banyuwangi"))).toEqual([]);
    expect(await codes(asSiti(), { region: "3510" })).toEqual(["BAD_USER_INPUT"]);
    expect(await codes(hub.as("kemensos"))).toContain("FORBIDDEN"); // and the path is no program's to read
    const wrong = await operator().ask(ANNOUNCE, {
      input: { ...input, mediaType: "image/svg+xml", bytes: 0, sha256: "x", about: "y" },
    });
    for (const name of ["mediaType", "bytes", "sha256", "about"]) expect(wrong.errors[0]?.message).toContain(name);
  });

  test("is on record before it leaves: who fetched how many bytes, by which receipt", async () => {
    const { id } = await announced(operator(), JPEG);
    await bring(id, JPEG);
    const back = await fetched(id);
    await back.arrayBuffer();
    const receipt = back.headers.get("hub-receipt");
    const [line] = await asServer(
      hub.urls.record,
      (sql) => sql`select body from governance.entry where body::text like ${`%${receipt}%`} and body::text like '%transferred%'`,
    );
    expect(JSON.parse(String(line?.["body"]))).toMatchObject({ shown: ["Evidence.path"], transferred: { bytes: JPEG.length } });
  });

  test("is refused when its bytes are not what was announced, and stays refused", async () => {
    const svg = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>`);
    const polyglot = Buffer.concat([JPEG.subarray(0, 20), Buffer.from("<html><script>alert(1)</script>")]);
    const changed = Buffer.from(JPEG);
    changed[2000] = 8;
    for (const [bytes, sent, why] of [
      [svg, svg, "the bytes are no image/jpeg"],
      [polyglot, polyglot, "the bytes are no image/jpeg"],
      [JPEG, changed, "the bytes have another SHA-256 than announced"],
      [JPEG, JPEG.subarray(0, 2000), "there are fewer bytes than announced"],
      [JPEG, Buffer.concat([JPEG, JPEG]), "there are more bytes than announced"],
    ] as const) {
      const { id } = await announced(operator(), bytes);
      const answer = await bring(id, sent);
      expect([answer.status, ((await answer.json()) as Json).errors[0].message]).toEqual([400, expect.stringContaining(why)]);
      expect(await stateOf(id)).toEqual({ state: "REFUSED", refusal: why });
      expect((await bring(id, bytes)).status).toBe(409);
    }
  });

  test("of the same bytes announced by another gives nobody the bytes: each brings their own", async () => {
    const first = await announced(operator(), JPEG);
    await bring(first.id, JPEG);
    const second = await announced(asSiti(), JPEG);
    expect((await fetched(second.id, "portal-warga", siti.id)).status).toBe(404);
    expect((await fetched(first.id, "portal-warga", siti.id)).status).toBe(404);
    expect((await bring(second.id, JPEG)).status).toBe(404); // an officer does not bring a person's
    expect((await bring(second.id, JPEG, "portal-warga", siti.id)).status).toBe(201);
    expect((await fetched(second.id, "portal-warga", siti.id)).status).toBe(200);
    expect((await fetched(second.id, "portal-warga", budi.id)).status).toBe(404);
  });

  test("of a person who has restricted the use of their data is fetched by nobody but them", async () => {
    const budisOwn = hub.as("portal-warga", { person: budi.id });
    const { id } = await announced(budisOwn, JPEG);
    await bring(id, JPEG, "portal-warga", budi.id);
    expect((await fetched(id)).status).toBe(200);
    const wish = await budisOwn.ask(
      `mutation { fileSubjectRequest(input: { kind: RESTRICTION, statement: "jangan dipakai dulu" }) { number } }`,
    );
    expect(wish.errors).toEqual([]);
    expect((await fetched(id)).status).toBe(403);
    expect((await fetched(id, "portal-warga", budi.id)).status).toBe(200);
  });

  test("brought over GraphQL is stored like any other, where it fits", async () => {
    const { id } = await announced(operator(), JPEG);
    const { data, errors } = await operator().ask(
      `mutation ($input: BringEvidenceInput!) { bringEvidence(input: $input) { id bytes } }`,
      { input: { id, content: JPEG.toString("base64") } },
    );
    expect(errors).toEqual([]);
    expect(data["bringEvidence"]).toEqual({ id, bytes: JPEG.length });
    expect((await fetched(id)).status).toBe(200);
  });
});

describe("an objection through the hub", () => {
  const FILE = `mutation ($input: FileObjectionInput!) { fileObjection(input: $input) { id version state lapsesAt photo { state } } }`;
  let photo: string;
  let against: string;

  beforeAll(async () => {
    const piece = await announced(asSiti(), JPEG);
    await bring(piece.id, JPEG, "portal-warga", siti.id);
    photo = piece.id;
    const [row] = await asRole(
      hub.urls.welfare.owner,
      (sql) => sql`select id from member where person_id = ${rina.id} and region = ${PAKIS}`,
    );
    against = String(row?.["id"]);
  });
  const input = () => ({ member: against, photo, reason: "pindah ke luar kota", latitude: -8.21, longitude: 114.37 });

  test("is filed by a citizen, taken and decided by verifiers, and the member is no longer eligible", async () => {
    const filed = await asSiti().ask(FILE, { input: input() });
    expect(filed.errors).toEqual([]);
    expect(filed.data["fileObjection"]).toMatchObject({ state: "FILED", photo: { state: "STORED" } });
    const verifier = hub.as("verifikator.dinsos_banyuwangi");
    const list = await verifier.ask(
      `{ objections { nodes { id version reason objector { id } member { id } photo { path } } } }`,
    );
    expect(list.errors).toEqual([]);
    const [row] = list.data["objections"].nodes;
    expect(row).toMatchObject({ reason: "pindah ke luar kota", member: { id: against }, photo: { path: `/evidence/${photo}` } });
    const take = `mutation ($id: ID!, $version: Int!) { takeObjection(id: $id, version: $version) { id version } }`;
    const taken = await verifier.ask(take, { id: row.id, version: row.version });
    expect(taken.errors).toEqual([]);
    const decide = `mutation ($input: DecideObjectionInput!) { decideObjection(input: $input) { state member { eligibilityDecisions { decision reason } } } }`;
    const decided = await verifier.ask(decide, {
      input: { ...taken.data["takeObjection"], decision: "UPHELD", reason: "benar" },
    });
    expect(decided.errors).toEqual([]);
    expect(decided.data["decideObjection"]).toEqual({
      state: "UPHELD",
      member: { eligibilityDecisions: [{ decision: "NOT_ELIGIBLE", reason: "OBJECTION_UPHELD" }] },
    });
    const mine = await asSiti().ask(`{ myObjections { state decisionReason history { act } } }`);
    expect(mine.data["myObjections"]).toMatchObject([{ state: "UPHELD", decisionReason: "benar" }]);
  });

  test("leads a citizen to no third party, and is no program's to read", async () => {
    const { data, denied } = await asSiti().ask(`{ myObjections { id objector { id } member { id } handler } }`);
    expect(denied).toEqual(["Objection.handler", "Objection.member", "Objection.objector"]);
    expect(data["myObjections"][0]).toMatchObject({ objector: null, member: null, handler: null });
    const program = await hub.as("kemensos").ask(`{ objections { nodes { id } } }`);
    expect(program.data?.["objections"] ?? null).toBeNull();
  });

  test("is counted for everybody", async () => {
    const { data, errors } = await hub
      .as("bappenas")
      .ask(`{ objectionCounts(region: "35", month: "2026-03") { region filed decided lapsed } }`);
    expect(errors).toEqual([]);
    expect(data["objectionCounts"]).toEqual({ region: "35", filed: null, decided: null, lapsed: null });
  });
});
