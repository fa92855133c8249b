import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { startCourier } from "../../../../cli/slices/registry/courier.ts";
import { createRounds, type Question } from "../../../../cli/slices/registry/rounds.ts";
import { readAttestation } from "../../../../schema/attestation.ts";
import { devAttestationKeys } from "../../../../subgraphs/kit/serve/config.ts";
import { asRole } from "../../../kit/database.ts";
import { useHub } from "../../../kit/hub.ts";
import { budi, jokosHome, maria, rina, siti, sitisHome, slamet } from "../../../kit/people.ts";
import { CONFIRM, RECORD } from "../changes/civilKit.ts";

const hub = useHub();
const ask: Question = async (query, variables) => {
  const { data, errors } = await hub.as("siks-ng").ask(query, variables);
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
  return data;
};
const inWelfare = <T>(work: Parameters<typeof asRole<T>>[1]) => asRole(hub.urls.welfare.owner, work);

const memberOf = (person: { readonly id: string }) =>
  sitisHome.families[0]?.members.find((member) => member.person?.id === person.id)?.id ?? "";
const waiting = (id: string) =>
  inWelfare((sql) => sql`update member set match_status = 'NOT_YET_MATCHED', person_id = null where id = ${id}`);
const matched = (id: string) =>
  inWelfare((sql) => sql`select match_status::text as status, person_id from member where id = ${id}`);

/** A proposal that waits for the population register. */
const propose = (id: string, candidates: readonly object[]) =>
  inWelfare(async (sql) => {
    const place = { region: "3510161001", address: "DUSUN KRAJAN NO 7" };
    const now = new Date().toISOString();
    const aim = { channel: "FORMAL", aid: ["PKH"], basis: "DTSEN", proposer_officer: "operator.dinsos_banyuwangi" };
    const step = { state: "IN_VERIFICATION", act: "DECIDE", created_at: now, submitted_at: now, moved_at: now };
    await sql`insert into proposal ${sql({ id, ...place, ...aim, ...step })}`;
    for (const [n, candidate] of candidates.entries()) {
      const row = { id: randomUUID(), proposal_id: id, position: n + 1, region: place.region, relation: "HEAD", ...candidate };
      await sql`insert into proposal_candidate ${sql(row)}`;
    }
  });
const answered = (proposal: string) =>
  inWelfare(
    (sql) => sql`select p.state, c.match_status::text as status, c.match_reasons as reasons, c.person_id from proposal p
      join proposal_candidate c on c.proposal_id = p.id where p.id = ${proposal} order by c.position`,
  );

test("a death that two registrars record is known to registry and programs after the courier's next round", async () => {
  const round = createRounds(ask);
  await round();
  const input = { kind: "DEATH", occurredOn: "2026-06-01", document: "3510-KM-1", persons: [siti.id] };
  const recorded = await hub.as("pencatat.dukcapil").ask(RECORD, { input });
  expect(recorded.errors).toEqual([]);
  expect((await round()).events).toBe(0);
  const { id } = recorded.data["recordCivilEvent"];
  const alone = await hub.as("pencatat.dukcapil").ask(CONFIRM, { id });
  expect(alone.errors.map(({ extensions }) => extensions["code"])).toEqual(["FORBIDDEN"]);
  expect((await hub.as("pencatat2.dukcapil").ask(CONFIRM, { id })).errors).toEqual([]);

  expect((await round()).events).toBe(1);
  const seen = await hub
    .as("kemensos")
    .ask(`query ($id: ID!) { person(id: $id) { isAlive registryMembers { state } enrolments { flag flaggedSince } } }`, {
      id: siti.id,
    });
  expect(seen.errors).toEqual([]);
  expect(seen.data["person"]).toEqual({
    isAlive: false,
    registryMembers: [{ state: "DECEASED" }],
    enrolments: Array.from({ length: 2 }, () => ({ flag: "DECEASED", flaggedSince: "2026-06-01" })),
  });

  expect((await round()).events).toBe(0);
  expect((await createRounds(ask)()).events).toBe(0);
});

test("a claim is held against the register as it stands, and only a matched one learns whose it is", async () => {
  await waiting(memberOf(budi));
  const joko = jokosHome.families[0]?.members[0]?.id ?? "";
  await waiting(joko);
  const { validations } = await createRounds(ask)();
  expect(validations).toBeGreaterThanOrEqual(2);
  expect(await matched(memberOf(budi))).toEqual([{ status: "MATCHED", person_id: budi.id }]);
  expect(await matched(joko)).toEqual([{ status: "NOT_FOUND", person_id: null }]);
});

test("candidates of a proposal are answered one by one, and the proposal follows", async () => {
  const claimed = { claimed_birth_date: "1985-08-17", claimed_sex: "MALE", claimed_birth_place: "Banyuwangi" };
  const wrong = { ...claimed, claimed_card_number: "3510161106180000" };
  const [id, other] = [randomUUID(), randomUUID()];
  await propose(id, [{ claimed_name: "Budi Santoso", claimed_nik: budi.nik, ...wrong }]);
  await propose(other, [
    { claimed_name: "Budi Santoso", claimed_nik: budi.nik, ...claimed, claimed_birth_date: "1986-08-17" },
    { claimed_name: "Slamet", claimed_nik: slamet.nik },
    { claimed_name: "Siti Zulaikha", claimed_nik: maria.nik, claimed_sex: "MALE" },
    { claimed_name: "Tanpa NIK", claimed_nik: null },
    { claimed_name: "NIK Pendek", claimed_nik: budi.nik.slice(0, 15) },
  ]);
  await createRounds(ask)();
  expect(await answered(id)).toEqual([{ state: "MATCHED", status: "MATCHED", reasons: [], person_id: budi.id }]);
  const rest = (await answered(other)).map(({ state, status, reasons, person_id }) => [state, status, reasons, person_id]);
  expect(rest).toEqual([
    ["NOT_MATCHED", "MISMATCHED", ["MISMATCHED", "BIRTH_DATE"], null],
    ["NOT_MATCHED", "DECEASED", ["DECEASED"], null],
    ["NOT_MATCHED", "ANOMALY", ["ANOMALY", "MISMATCHED", "FULL_NAME", "SEX"], null],
    ["NOT_MATCHED", "NOT_FOUND", ["NOT_FOUND"], null],
    ["NOT_MATCHED", "NOT_FOUND", ["NOT_FOUND"], null],
  ]);
});

test("what is attested holds no name and no number, and a page of claims costs population two statements", async () => {
  await inWelfare(
    (sql) => sql`update member set match_status = 'NOT_YET_MATCHED', person_id = null
    where id in (select id from member where state = 'ACTIVE' order by id limit 60)`,
  );
  hub.facts.length = 0;
  const { membersToValidate } = (await ask(
    "{ membersToValidate(first: 50) { id validation { status reasons differing attestation } } }",
    {},
  )) as { membersToValidate: { id: string; validation: { status: string; attestation: string } }[] };
  expect(membersToValidate).toHaveLength(50);
  const costs = hub.facts.filter(({ service }) => service === "population").map(({ statements }) => statements);
  expect(costs.length).toBeGreaterThan(0);
  expect(Math.max(...costs)).toBeLessThanOrEqual(2);
  for (const { id, validation } of membersToValidate) {
    const keys = devAttestationKeys();
    const fact = readAttestation<Record<string, unknown>>(validation.attestation, { by: "population", kind: "VALIDATION", keys });
    expect(fact).toMatchObject({ about: id, says: { status: validation.status } });
    expect(Object.keys(fact?.says ?? {}).sort()).toEqual(["claimHash", "personId", "reasons", "status"]);
    expect(JSON.stringify(fact)).not.toMatch(/\b\d{16}\b/);
    expect(fact?.says["personId"] === null).toBe(validation.status !== "MATCHED");
  }
});

test("an answer to a claim that was changed meanwhile is refused, and the claim asked anew", async () => {
  const id = memberOf(budi);
  await waiting(id);
  const meddling: Question = async (query, variables) => {
    const answer = await ask(query, variables);
    if (query.includes("membersToValidate"))
      await inWelfare((sql) => sql`update member set claimed_name = 'BUDI SANTOSO' where id = ${id}`);
    return answer;
  };
  await createRounds(meddling)();
  expect(await matched(id)).toEqual([{ status: "NOT_YET_MATCHED", person_id: null }]);
  await createRounds(ask)();
  expect(await matched(id)).toEqual([{ status: "MATCHED", person_id: budi.id }]);
});

test("a round that broke off half-way is carried again as a whole", async () => {
  const input = { kind: "DEATH", occurredOn: "2026-06-02", document: "3510-KM-2", persons: [rina.id] };
  const { data } = await hub.as("pencatat.dukcapil").ask(RECORD, { input });
  await hub.as("pencatat2.dukcapil").ask(CONFIRM, { id: data["recordCivilEvent"].id });
  const breaking: Question = async (query, variables) => {
    if (query.includes("deliverEvents")) throw new Error("the registry is down");
    return ask(query, variables);
  };
  const round = createRounds(breaking);
  await expect(round()).rejects.toThrow("the registry is down");
  await expect(round()).rejects.toThrow("the registry is down");
  expect((await createRounds(ask)()).events).toBe(1);
  const states = await inWelfare((sql) => sql`select distinct state::text from member where person_id = ${rina.id}`);
  expect(states).toEqual([{ state: "DECEASED" }]);
});

test("the courier walks by itself, says once that the hub is away, and stops when told", async () => {
  const input = { kind: "DEATH", occurredOn: "2026-06-03", document: "3510-KM-3", persons: [maria.id] };
  const { data } = await hub.as("pencatat.dukcapil").ask(RECORD, { input });
  await hub.as("pencatat2.dukcapil").ask(CONFIRM, { id: data["recordCivilEvent"].id });
  const notes: string[] = [];
  const route = { token: () => hub.tokenOf("siks-ng"), note: (text: string) => void notes.push(text) };
  const away = startCourier({ ...route, gateway: "http://127.0.0.1:1" });
  const here = startCourier({ ...route, gateway: hub.gatewayUrl });
  const stateOf = () => inWelfare((sql) => sql`select state::text from member where person_id = ${maria.id}`);
  await expect.poll(stateOf, { timeout: 20_000, interval: 200 }).toEqual([{ state: "DECEASED" }]);
  await Promise.all([here.close(), away.close()]);
  expect(notes).toEqual(["a round failed, tries again: fetch failed"]);
});

test("nobody but the exchange and the civil registry reads the events or carries them", async () => {
  const asks = ["{ civilEvents { id attestation } }", "{ exchangeCursor }", 'mutation { deliverEvents(attestations: ["x"]) }'];
  for (const client of ["kemensos", "dinsos-banyuwangi", "bpjs-kesehatan", "verifikator.dinsos_banyuwangi"])
    for (const document of asks) {
      const { data, errors } = await hub.as(client).ask(document);
      expect(
        Object.values(data ?? {}).filter((value) => value !== null),
        `${client} ${document}`,
      ).toEqual([]);
      expect(errors.length + 1, `${client} ${document}`).toBeGreaterThan(1);
    }
});
