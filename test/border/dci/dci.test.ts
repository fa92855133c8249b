import { describe, expect, test } from "vitest";
import type { rawClient } from "../../../drizzle/client.ts";
import { asRole } from "../../kit/database.ts";
import { useHub } from "../../kit/hub.ts";
import { ani, budi, rina, siti, sitisHome, slamet } from "../../kit/people.ts";
import { resume, suspend } from "../../kit/policy.ts";
import { byExpression, byId, envelopeOf, type Heard, isSigned, item, post, search, senderKey, signatureOf } from "./kit.ts";

// The façade of the DCI standard: each of its searches is a question of whoever asks, and answered as that.

const key = senderKey("kunci-1");
const SENDERS = {
  "dinas.banyuwangi.example": { client: "dinsos-banyuwangi", jwk: key.jwk },
  "pip.example": { client: "kemendikdasmen" },
};
const hub = useHub({ HUB_DCI_SENDERS: JSON.stringify(SENDERS) });
const SEARCH = "sr/registry/sync/search";
const NOBODY = "3510165204889999";

const recordsOf = (heard: { items: readonly Record<string, any>[] }, at = 0) => heard.items[at]?.["data"]?.reg_records;
/** Is somebody enrolled, as the standard asks it. */
async function enrolled(client: string, query: object): Promise<Record<string, any>> {
  const body = envelopeOf(client, { enrolled_criteria: { query } });
  return (await post(hub, "ibr/registry/sync/enrolled", { client, body })).body["message"].enrolled_response[0];
}
const of = (nik: string, code?: string) => ({
  person_identifier: { eq: nik },
  ...(code && { "programme_identifier.program.programme_identifier": { eq: code } }),
});
const why = ({ status_reason_code: code, status }: Record<string, any> = {}) => [status, code];

describe("a search of the social registry", () => {
  test("finds a person by NIK, tells what the agreement opens, is signed, and its receipt is the question's", async () => {
    const heard = await search(hub, "sr", "kemensos", byId("NIK", siti.nik));
    expect(heard.status).toBe(200);
    expect(heard.body["header"]).toMatchObject({
      action: "on-search",
      status: "succ",
      sender_id: "dtks-hub",
      receiver_id: "kemensos",
    });
    const [person] = recordsOf(heard);
    expect(person).toMatchObject({
      "@type": "SRPerson",
      name: { given_name: "SITI AMINAH" },
      sex: "female",
      birth_date: siti.birthDate,
    });
    expect(person.identifier).toContainEqual({ "@type": "Identifier", identifier_type: "NIK", identifier_value: siti.nik });
    expect(heard.items[0]?.["pagination"]).toEqual({ page_size: 1, page_number: 1, total_count: 1 });
    expect(await isSigned(hub, heard.body)).toBe(true);
    const receipt = heard.headers.get("hub-receipt");
    expect(heard.body["header"].meta.receipts).toEqual([receipt]);
    const { data } = await hub.as("kemensos").ask("query ($id: ID!) { receipt(id: $id) { id status } }", { id: receipt });
    expect(data["receipt"]).toMatchObject({ id: receipt, status: "ANSWERED" });
  });
  test("finds a household by its id or by who belongs to it, with its members", async () => {
    const { id } = sitisHome;
    const own = await search(hub, "sr", "kemensos", byId("HOUSEHOLD_ID", id), {
      ...byId("UIN", siti.nik),
      response_entity: "Group",
    });
    for (const at of [0, 1]) {
      const [group] = recordsOf(own, at);
      expect(group).toMatchObject({ "@type": "Group", "@id": id, poverty_score: 2, group_size: 3 });
      expect(group.member_list.map((one: any) => one.demographic_info.name.given_name).sort()).toEqual(
        [ani, budi, siti].map((one) => one.fullName).sort(),
      );
    }
  });
  test("by conditions narrows by every one of them, page by page", async () => {
    const poor = byExpression("Group", { $and: [{ poverty_score: { $lt: 3 } }, { location: { $eq: "3510161001" } }] });
    const all = await search(hub, "sr", "kemensos", poor);
    const asked = await hub
      .as("kemensos")
      .ask('{ households(first: 20, filter: { decileAtMost: 2, region: "3510161001" }) { nodes { id } totalCount } }');
    const ids = recordsOf(all).map((one: any) => one["@id"]);
    expect(ids).toEqual(asked.data["households"].nodes.map((one: any) => one.id));
    expect(all.items[0]?.["pagination"]).toMatchObject({ total_count: asked.data["households"].totalCount });
    expect(ids.length).toBeGreaterThan(1);
    const second = await search(hub, "sr", "kemensos", { ...poor, pagination: { page_size: 1, page_number: 2 } });
    expect(recordsOf(second).map((one: any) => one["@id"])).toEqual([ids[1]]);
    const beyond = await search(hub, "sr", "kemensos", { ...poor, pagination: { page_size: 100, page_number: 10 } });
    expect(recordsOf(beyond)).toEqual([]);
  });
  test("of nobody is empty, whether the NIK is unknown or none", async () => {
    const heard = await search(hub, "sr", "kemensos", byId("UIN", NOBODY), byId("UIN", "TEST-001"));
    for (const at of [0, 1]) expect([why(heard.items[at]), recordsOf(heard, at)]).toEqual([["succ", undefined], []]);
  });
});

describe("what is not understood is rejected, never widened", () => {
  test.each([
    ["an attribute without a filter", byExpression("Group", { poverty_score: { $lt: 5 }, group_size: { $lt: 5 } })],
    ["a name every object inherits", byExpression("Group", { constructor: { $eq: "x" } })],
    ["one of two conditions", byExpression("Group", { $or: [{ poverty_score: { $lt: 5 } }, { location: "3510" }] })],
    ["an unknown value", byExpression("Person", { sex: { $eq: "x" } })],
    ["an unknown operator", byExpression("Group", { poverty_score: { $ne: 5 } })],
    ["a bound the filter cannot hold", byExpression("Group", { poverty_score: { $gt: 5 } })],
    ["no condition at all", byExpression("Group", {})],
    ["an unknown kind of query", { query_type: "graphql", query: { type: "x", value: {} } }],
    ["an unknown identifier", byId("MOBILE", "0812")],
    ["an identifier that is a number", { query_type: "idtype-value", query: { type: "NIK", value: 3510165204880001 } }],
    ["an unknown member", { ...byId("NIK", siti.nik), filter: { region: "3510" } }],
    ["another registry", { ...byId("NIK", siti.nik), reg_type: "ns:org:RegistryType:FR" }],
    ["consent for something else", { ...byId("NIK", siti.nik), consent: { purpose: { code: "MARKETING" } } }],
    ["a purpose in words only", { ...byId("NIK", siti.nik), authorize: { purpose: { text: "bantuan" } } }],
  ])("%s", async (_, criteria) => {
    const heard = await search(hub, "sr", "kemensos", criteria);
    expect([heard.status, heard.items.map(why)]).toEqual([200, [["rjct", "rjct.search_criteria.invalid"]]]);
    expect(heard.headers.get("hub-receipt")).toBe("-");
  });
  test("a sort, a page or a condition said twice has the standard's own reason", async () => {
    const poor = byExpression("Group", { decile: { $le: 2 } });
    const heard = await search(
      hub,
      "sr",
      "kemensos",
      { ...poor, sort: [{ attribute_name: "UIN", sort_order: "asc" }] },
      { ...poor, pagination: { page_size: 101 } },
      byExpression("Group", { $and: [{ decile: { $le: 2 } }, { poverty_score: { $le: 9 } }] }),
      { ...poor, authorize: { purpose: { code: "PROGRAM_ADMINISTRATION" } } },
    );
    const reasons = ["sort", "pagination", "filter"].map((name) => ["rjct", `rjct.${name}.invalid`]);
    expect(heard.items.map(why)).toEqual([...reasons, ["succ", undefined]]);
  });
});

describe("the façade tells no more than GraphQL", () => {
  test("masks and pseudonyms stay, and what is not opened is absent", async () => {
    const [record] = recordsOf(await search(hub, "ibr", "bpjs-kesehatan", byId("NIK", rina.nik)));
    const { data } = await hub
      .as("bpjs-kesehatan")
      .ask("query ($nik: String!) { personByNik(nik: $nik) { id fullName enrolments { id } } }", { nik: rina.nik });
    const { personByNik: person } = data;
    expect(record).toMatchObject({
      "@id": person.enrolments[0].id,
      member: { programme_identifier: { enrolment_status: "active" } },
    });
    expect(record.member.demographic_info).toMatchObject({ "@id": person.id, name: { given_name: person.fullName } });
    expect([person.fullName === rina.fullName, JSON.stringify(record).includes(rina.nik)]).toEqual([false, false]);
  });
  test("whoever may not look anybody up learns the same of the known and the unknown: nothing", async () => {
    const heard = await search(hub, "sr", "bappenas", byId("NIK", siti.nik), byId("NIK", NOBODY));
    const { data, denied } = await hub
      .as("bappenas")
      .ask("query ($nik: String!) { personByNik(nik: $nik) { id } }", { nik: siti.nik });
    expect([data?.["personByNik"] ?? null, heard.items.map(why)]).toEqual([
      null,
      [
        ["rjct", "rjct.search_criteria.invalid"],
        ["rjct", "rjct.search_criteria.invalid"],
      ],
    ]);
    const texts = heard.items.map((one) => one["status_reason_message"]);
    expect([texts[0], denied.every((one) => texts[0].includes(one))]).toEqual([texts[1], true]);
  });
  test("enrolled is answered by the asker's own programmes, and never guessed", async () => {
    expect(await enrolled("kemensos", of(siti.nik, "PKH"))).toMatchObject({ status: "succ", enrolled_status: "yes" });
    expect(await enrolled("kemensos", of(siti.nik, "PBI_JK"))).toMatchObject({ enrolled_status: "no" });
    expect(await enrolled("bpjs-kesehatan", of(rina.nik))).toMatchObject({ enrolled_status: "yes" });
    expect(await enrolled("bpjs-kesehatan", of(siti.nik, "PBI_JK"))).toMatchObject({ enrolled_status: "no" });
    const [unseen, ...nobody] = [
      await enrolled("bpjs-kesehatan", of(siti.nik)), // only PBI-JK is theirs
      await enrolled("bpjs-kesehatan", of(siti.nik, "PKH")),
      await enrolled("kemensos", of(NOBODY, "PKH")),
    ].map(({ status, enrolled_status, status_reason_message }) => [status, enrolled_status, status_reason_message]);
    expect(unseen?.slice(0, 2)).toEqual(["rjct", undefined]);
    expect(nobody, "the known and the unknown hear the same").toEqual([unseen, unseen]);
    for (const bad of [
      of(siti.nik, "PHK"),
      { ...of(siti.nik), age: { eq: "3" } },
      { person_identifier: { eq: siti.nik, ne: "1" } },
    ]) {
      const told = await enrolled("kemensos", bad);
      expect([why(told), told.enrolled_status]).toEqual([["rjct", "rjct.search_criteria.invalid"], undefined]);
    }
    expect(await enrolled("bappenas", of(siti.nik))).not.toHaveProperty("enrolled_status");
  });
  test("disabled is told to nobody without the Minister's approval", async () => {
    const body = envelopeOf("kemensos", { disabled_criteria: { query: { "member.member_identifier": { eq: siti.nik } } } });
    const { body: told } = await post(hub, "sr/registry/sync/disabled", { client: "kemensos", body });
    expect(told["message"].disabled_response[0]).toMatchObject({ status: "rjct" });
    expect(told["message"].disabled_response[0]).not.toHaveProperty("disabled_status");
  });
});

describe("who sends", () => {
  const signed = (sender: string, change: (envelope: any) => Record<string, unknown> = () => ({}), by = key) => {
    const envelope = envelopeOf(sender, { search_request: [item({ ...byId("HOUSEHOLD_ID", sitisHome.id), reg_type: "SR" })] });
    const whole = { ...envelope, signature: signatureOf(envelope, sender, by) };
    return { ...whole, ...change(structuredClone(whole)) } as Record<string, any>;
  };
  const from = (client: string | null, body: unknown) => post(hub, SEARCH, { client, body });
  const codes = ({ status, body }: { status: number; body: Record<string, any> }) => [status, body["errors"]?.[0]?.code];
  const DINAS = "dinas.banyuwangi.example";

  test("a registered sender's signature is verified, over the message as a value: spaces and order do not matter", async () => {
    const envelope = signed(DINAS);
    const { message, header, signature } = envelope as Record<string, unknown>;
    const heard = await from("dinsos-banyuwangi", JSON.stringify({ message, header, signature }, null, 2));
    expect([heard.status, heard.items[0]?.["status"]]).toEqual([200, "succ"]);
  });
  test("what is signed names its registry: sent to the other's address it is nobody's search", async () => {
    const { header, message } = signed(DINAS);
    const bare = { header, message: { ...message, search_request: [item(byId("PERSON_ID", siti.id))] } };
    const unnamed = { ...bare, signature: signatureOf(bare, DINAS, key) };
    expect(codes(await from("dinsos-banyuwangi", unnamed))).toEqual([400, "err.request.bad"]);
    const elsewhere = await post(hub, "ibr/registry/sync/search", { client: "dinsos-banyuwangi", body: signed(DINAS) });
    expect(elsewhere.items.map(why)).toEqual([["rjct", "rjct.search_criteria.invalid"]]);
  });
  test("a changed body, another's key or name, another receiver, a stale signature and none at all are refused", async () => {
    const invalid = [401, "err.signature.invalid"];
    const other = [item({ ...byId("HOUSEHOLD_ID", siti.id), reg_type: "SR" })];
    const changed = signed(DINAS, ({ message }) => ({ message: { ...message, search_request: other } }));
    expect(codes(await from("dinsos-banyuwangi", changed))).toEqual(invalid);
    const late = signed(DINAS, ({ signature }) => ({ signature: signature.replace(/expires="\d+"/, 'expires="9999999999"') }));
    expect(codes(await from("dinsos-banyuwangi", late))).toEqual(invalid);
    expect(codes(await from("dinsos-banyuwangi", signed(DINAS, undefined, senderKey("kunci-1"))))).toEqual(invalid);
    const elsewhere = signed(DINAS, ({ header: { receiver_id: _, ...header }, message }) => {
      return { header, signature: signatureOf({ header, message }, DINAS, key) };
    });
    expect(codes(await from("dinsos-banyuwangi", elsewhere))).toEqual(invalid);
    const unsigned = signed(DINAS, () => ({ signature: "unsigned-stub" }));
    expect(codes(await from("dinsos-banyuwangi", unsigned))).toEqual([401, "err.signature.missing"]);
    expect(codes(await from("kemendikdasmen", signed("pip.example"))), "no key of theirs is known").toEqual(invalid);
    expect(codes(await from("kemensos", signed(DINAS)))).toEqual([403, "err.sender_id.invalid"]);
    const byClient = await from(
      "dinsos-banyuwangi",
      signed("dinsos-banyuwangi", () => ({ signature: "" })),
    );
    expect(codes(byClient), "the registered name cannot be avoided").toEqual([403, "err.sender_id.invalid"]);
  });
  test("a message comes once, in its time, to us, in the clear and from somebody", async () => {
    const once = envelopeOf("kemensos", { search_request: [item(byId("NIK", NOBODY))] });
    expect((await from("kemensos", once)).status).toBe(200);
    expect(codes(await from("kemensos", once))).toEqual([409, "rjct.message_id.duplicate"]);
    const odd = (header: object, message: object = {}) => {
      const { header: head, message: whole } = envelopeOf("kemensos", { search_request: [item(byId("NIK", NOBODY))] });
      return { header: { ...head, ...header }, message: { ...whole, ...message } };
    };
    const old = new Date(Date.now() - 10 * 60_000).toISOString();
    for (const [body, code] of [
      [odd({ message_ts: old }), "rjct.message_ts.invalid"],
      [odd({ action: "subscribe" }), "rjct.action.invalid"],
      [odd({ total_count: 2 }), "rjct.total_count.invalid"],
      [odd({ receiver_id: "registry.example" }), "err.receiver_id.invalid"],
      [odd({ is_msg_encrypted: true }), "err.encryption.invalid"],
      [odd({ version: "2.0.0" }), "err.version.not_supported"],
      [odd({}, { transaction_id: "a\0" }), "err.request.bad"],
      [odd({ message_id: "a\0" }), "err.request.bad"],
      [odd({}, { search_request: [JSON.parse(`${"[".repeat(60)}${"]".repeat(60)}`)] }), "err.request.bad"],
      [{ header: once["header"] }, "err.request.bad"],
      ["{", "err.request.bad"],
      [`${"[".repeat(50_000)}${"]".repeat(50_000)}`, "err.request.bad"],
    ])
      expect(codes(await from("kemensos", body))).toEqual([400, code]);
    expect(codes(await from(null, odd({})))).toEqual([401, "err.request.unauthorized"]);
  });
  test("people by the hundred are one refused message: nobody is looked up, and it is on record", async () => {
    const requests = Array.from({ length: 200 }, (_, at) => item(byId("NIK", String(3510165204889000n + BigInt(at)))));
    const heard = await post(hub, SEARCH, { client: "kemensos", body: envelopeOf("kemensos", { search_request: requests }) });
    expect(codes(heard)).toEqual([413, "rjct.total_count.limit_exceeded"]);
    const rows = await asRole(
      hub.urls.governance.owner,
      (sql) =>
        sql`select body from governance.entry where request_id = ${heard.headers.get("x-request-id")} or body::text like '%DciMessage%'`,
    );
    const bodies = rows.map((row) => JSON.parse(row["body"]));
    expect(bodies.some((one) => JSON.stringify(one).includes("TOO_COSTLY"))).toBe(true);
    expect(JSON.stringify(bodies)).not.toContain(slamet.nik);
  });
});

describe("the answers of one message leave together, or none does", () => {
  /** Asks for a person, then for a household; `change` comes between the two answers. */
  const between = (change: (governance: ReturnType<typeof rawClient>) => Promise<unknown>): Promise<Heard> =>
    asRole(hub.urls.welfare.owner, async (welfare) => {
      const { asking } = await welfare.begin(async (tx) => {
        await tx`lock table welfare.household in access exclusive mode`;
        const asking = search(hub, "sr", "kemensos", byId("NIK", siti.nik), byId("HOUSEHOLD_ID", sitisHome.id));
        const waiting = () => tx`select 1 from pg_locks where relation = 'welfare.household'::regclass and not granted`;
        await expect.poll(async () => (await waiting()).length, { timeout: 20_000, interval: 20 }).toBeGreaterThan(0);
        await asRole(hub.urls.governance.owner, change);
        return { asking };
      });
      return asking;
    });

  test("an agreement that is suspended before the last question takes the first answer with it", async () => {
    const heard = await between((sql) => suspend(sql, "PKS-2025-001"));
    await asRole(hub.urls.governance.owner, (sql) => resume(sql, "PKS-2025-001"));
    const next = () => search(hub, "sr", "kemensos", byId("HOUSEHOLD_ID", sitisHome.id));
    await expect.poll(async () => (await next()).status, { timeout: 20_000 }).toBe(200); // every gateway has heard of it
    expect([heard.status, JSON.stringify(heard.body).includes(siti.fullName)]).toEqual([403, false]);
    expect(heard.body["errors"][0].message).toContain("AGREEMENT_SUSPENDED");
  });
  test("a person whose data are restricted before the last question is told to nobody, and hears the same as nobody", async () => {
    const heard = await between(
      (sql) => sql`insert into governance.subject_request
        (id, number, person_id, filed_by, kind, statement, controller, received_at, due_at) values
        (gen_random_uuid(), 'HSD-2026-009001', ${siti.id}, ${siti.id}, 'RESTRICTION', 'Mohon dibatasi', 'KEMENSOS', now(), now() + interval '72 hours')`,
    );
    expect([heard.status, JSON.stringify(heard.body).includes(siti.fullName)]).toEqual([503, false]);
    const [known, unknown] = [await enrolled("kemensos", of(siti.nik, "PKH")), await enrolled("kemensos", of(NOBODY, "PKH"))];
    expect(why(known)).toEqual(["rjct", "rjct.search_criteria.invalid"]);
    expect([known.enrolled_status, known.status_reason_message]).toEqual([undefined, unknown.status_reason_message]);
  });
});
