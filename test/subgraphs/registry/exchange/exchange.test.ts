import { beforeAll, describe, expect, test } from "vitest";
import { type Attested, attest, attestationSigner, devAttestationSecret } from "../../../../schema/attestation.ts";
import { programs } from "../../../../subgraphs/programs/index.ts";
import { welfare } from "../../../../subgraphs/welfare/index.ts";
import { asRole, failing, useDatabases } from "../../../kit/database.ts";
import { maria, mariasHome, rina, rinasHome, siti, sitisHome } from "../../../kit/people.ts";
import { callerWith, codesOf, useSlice } from "../../../kit/slice.ts";
import { exchange } from "../changes/civilKit.ts";

const databases = useDatabases();
const registry = useSlice(welfare, { databaseUrl: () => databases.urls.welfare.runtime });
const aid = useSlice(programs, { databaseUrl: () => databases.urls.programs.runtime });

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const population = attestationSigner(devAttestationSecret("population"));

interface Event {
  readonly n: number;
  /** Number of the event itself, where it is not its place's. */
  readonly about?: number;
  readonly kind?: string;
  readonly persons: readonly { readonly id: string; readonly role: string }[];
  readonly on?: string;
}
const fact = ({ n, about = n, kind = "DEATH", persons, on = "2026-05-17" }: Event): Attested => ({
  by: "population",
  kind: "CIVIL_EVENT",
  about: id(about),
  at: "2026-05-20T03:00:00.000Z",
  says: { kind, on, position: String(n), persons, cardId: null, toCardId: null, region: "3510161001", toRegion: null },
});
const signed = (event: Event, signer = population) => attest(signer, fact(event));
const death = (of: { readonly id: string }, n: number, about = n) =>
  signed({ n, about, persons: [{ id: of.id, role: "DECEASED" }] });
const revival = (of: { readonly id: string }, n: number) =>
  signed({ n, kind: "CORRECTION", persons: [{ id: of.id, role: "REVIVED" }] });

const DELIVER = "mutation ($attestations: [String!]!) { deliverEvents(attestations: $attestations) }";
const FLAG = "mutation ($attestations: [String!]!) { flagEnrolments(attestations: $attestations) }";
const delivered = async (...attestations: string[]) =>
  (await registry.ask(DELIVER, { ...exchange, variables: { attestations } })).data?.deliverEvents;
const flagged = async (...attestations: string[]) =>
  (await aid.ask(FLAG, { ...exchange, variables: { attestations } })).data?.flagEnrolments;

const memberOf = (home: typeof sitisHome, person: { readonly id: string }) =>
  home.families[0]?.members.find((member) => member.person?.id === person.id)?.id ?? "";
const SITI = memberOf(sitisHome, siti);
const RINA = memberOf(rinasHome, rina);
const MARIA = memberOf(mariasHome, maria);

const inWelfare = <T>(work: Parameters<typeof asRole<T>>[1]) => asRole(databases.urls.welfare.owner, work);
const inPrograms = <T>(work: Parameters<typeof asRole<T>>[1]) => asRole(databases.urls.programs.owner, work);
const stateOf = async (member: string) =>
  (await inWelfare((sql) => sql`select state::text from member where id = ${member}`))[0]?.["state"];
const ENROLMENTS = `query ($of: [_Any!]!) { _entities(representations: $of) {
  ... on Person { enrolments { flag flaggedSince payments { state heldFor } } } } }`;
interface Enrolled {
  readonly flag: string | null;
  readonly flaggedSince: string | null;
  readonly payments: readonly { readonly heldFor: string | null; readonly state: string }[];
}
async function enrolmentsOf(person: { readonly id: string }): Promise<readonly Enrolled[]> {
  const { data } = await aid.ask(ENROLMENTS, { variables: { of: [{ __typename: "Person", id: person.id }] } });
  return data._entities[0].enrolments;
}

beforeAll(async () => {
  // the third quarter has yet to be paid
  await inPrograms(
    (sql) => sql`update payment_period set state = 'ORDER_PENDING', credited_on = null where starts_on >= '2026-07-01'`,
  );
});

describe("a death", () => {
  test("makes the matched member deceased from its day on, and says by whose word", async () => {
    expect(await delivered(death(siti, 1))).toEqual(["DELIVERED"]);
    expect(await stateOf(SITI)).toBe("DECEASED");
    const [step] = await inWelfare(
      (sql) =>
        sql`select actor, from_state, to_state, reason from transition where subject_id = ${SITI} order by id desc limit 1`,
    );
    expect(step).toEqual({ actor: "POPULATION", from_state: "ACTIVE", to_state: "DECEASED", reason: `CIVIL_EVENT ${id(1)}` });
    const [was] = await inWelfare(
      (sql) => sql`select lower(valid)::text as since from registry_history
      where id = ${SITI} and row ->> 'state' = 'DECEASED'`,
    );
    expect(was).toEqual({ since: "2026-05-17" });
  });

  test("flags the enrolments at once and holds what is still to be paid for later periods, nothing else", async () => {
    expect(await flagged(death(siti, 1))).toEqual(["DELIVERED"]);
    const enrolments = await enrolmentsOf(siti);
    expect(enrolments.length).toBe(2);
    for (const { flag, flaggedSince, payments } of enrolments) {
      expect({ flag, flaggedSince }).toEqual({ flag: "DECEASED", flaggedSince: "2026-05-17" });
      expect(payments.map(({ state, heldFor }) => `${state} ${heldFor}`)).toEqual([
        "ORDER_PENDING DECEASED",
        "TRANSACTED null",
        "TRANSACTED null",
      ]);
    }
    expect((await enrolmentsOf(rina)).map(({ flag }) => flag)).toEqual([null]);
  });

  test("comes in once, however often it is carried, and in the order of the register", async () => {
    expect(await delivered(death(siti, 1), death(siti, 1))).toEqual(["KNOWN", "KNOWN"]);
    expect(await flagged(death(siti, 1))).toEqual(["KNOWN"]);
    const older = death(maria, 1, 90);
    expect([await delivered(older), await flagged(older)]).toEqual([["REFUSED"], ["REFUSED"]]);
    expect(await stateOf(MARIA)).toBe("ACTIVE");
  });

  test("taken back wakes the member and lifts flags and holds; the old death cannot be played again", async () => {
    expect(await delivered(revival(siti, 2))).toEqual(["DELIVERED"]);
    expect(await flagged(revival(siti, 2))).toEqual(["DELIVERED"]);
    const alive = async () => {
      expect(await stateOf(SITI)).toBe("ACTIVE");
      for (const { flag, payments } of await enrolmentsOf(siti)) {
        expect(flag).toBeNull();
        expect(payments.every(({ heldFor }) => heldFor === null)).toBe(true);
      }
    };
    await alive();
    expect([await delivered(death(siti, 1)), await flagged(death(siti, 1))]).toEqual([["KNOWN"], ["KNOWN"]]);
    const old = death(siti, 1, 91);
    expect([await delivered(old), await flagged(old)]).toEqual([["REFUSED"], ["REFUSED"]]);
    await alive();
  });

  test("cannot be kept back by whoever carries the events: nothing behind it comes in before it does", async () => {
    const behind = revival(maria, 4);
    expect([await delivered(behind), await flagged(behind)]).toEqual([["REFUSED"], ["REFUSED"]]);
    await asRole(databases.urls.programs.runtime, async (sql) => {
      await sql.unsafe("set hub.agency = '{SIKS_NG}'");
      const skipped = sql`insert into programs.population_event (id, position, received_at) values (${id(4)}, 4, now())`;
      expect(await failing(skipped)).toBe("HB001");
    });
  });
});

test("forged, altered and foreign attestations change nothing", async () => {
  const [payload = "", signature = ""] = death(rina, 20).split(".");
  const altered = Buffer.from(Buffer.from(payload, "base64url").toString().replace(rina.id, maria.id)).toString("base64url");
  const bad = [
    signed({ n: 20, persons: [{ id: rina.id, role: "DECEASED" }] }, attestationSigner(devAttestationSecret("welfare"))),
    attest(attestationSigner(devAttestationSecret("welfare")), { ...fact({ n: 20, persons: [] }), by: "welfare" }),
    attest(population, { ...fact({ n: 20, persons: [{ id: rina.id, role: "DECEASED" }] }), kind: "VALIDATION" }),
    `${altered}.${signature}`,
    `${payload}.`,
    `${payload}.${signature}.x`,
    "",
    "no attestation",
  ];
  expect(await delivered(...bad)).toEqual(bad.map(() => "REFUSED"));
  expect(await flagged(...bad)).toEqual(bad.map(() => "REFUSED"));
  expect([await stateOf(RINA), await stateOf(MARIA)]).toEqual(["ACTIVE", "ACTIVE"]);
  expect((await enrolmentsOf(rina)).map(({ flag }) => flag)).toEqual([null]);
});

test("other events wait in the inbox for a change that officers propose and approve; programs keep their place alone", async () => {
  const move = signed({ n: 3, kind: "MOVE", persons: [{ id: rina.id, role: "MEMBER" }] });
  expect(await delivered(move)).toEqual(["DELIVERED"]);
  expect(await flagged(move)).toEqual(["DELIVERED"]);
  const [place] = await inPrograms(
    (sql) => sql`select num_nonnulls(person_id, died_on, is_alive, attestation) as told from population_event where position = 3`,
  );
  expect(place).toEqual({ told: 0 });
  const [event] = await inWelfare(
    (sql) =>
      sql`select kind, state, region, says ->> 'on' as day, attestation = ${move} as whole from population_event where id = ${id(3)}`,
  );
  expect(event).toEqual({ kind: "MOVE", state: "NEW", region: "3510161001", day: "2026-05-17", whole: true });
  expect((await registry.ask("{ exchangeCursor }", exchange)).data.exchangeCursor).toBe("3");
});

test("only the exchange delivers, and at most a hundred events at a time", async () => {
  const others = [
    {},
    { agency: "SIKS_NG" },
    { agency: "BPS", purpose: "REGISTRY_EXCHANGE" },
    { officer: "pusdatin.kemensos", purpose: "REGISTRY_MANAGEMENT" },
  ].map((who) => ({ caller: callerWith(who) }));
  for (const who of others) {
    const variables = { attestations: [death(maria, 40)] };
    expect(codesOf(await registry.ask(DELIVER, { ...who, variables }))).toEqual(["FORBIDDEN"]);
    expect(codesOf(await aid.ask(FLAG, { ...who, variables }))).toEqual(["FORBIDDEN"]);
  }
  const many = { ...exchange, variables: { attestations: Array.from({ length: 101 }, () => "x") } };
  expect(codesOf(await registry.ask(DELIVER, many))).toEqual(["BAD_USER_INPUT"]);
  expect(codesOf(await aid.ask(FLAG, many))).toEqual(["BAD_USER_INPUT"]);
});

test("a hundred events cost as many statements as one", async () => {
  const batch = (from: number, n: number) =>
    Array.from({ length: n }, (_, k) => signed({ n: from + k, kind: "BIRTH", persons: [] }));
  expect(await delivered(...batch(4, 1))).toEqual(["DELIVERED"]);
  const one = registry.statements;
  expect(await delivered(...batch(5, 100))).toEqual(Array.from({ length: 100 }, () => "DELIVERED"));
  expect(registry.statements).toBe(one);
  expect(one).toBeLessThanOrEqual(5);
});

test("what came in stays as it came, whoever asks the database", async () => {
  await asRole(databases.urls.welfare.runtime, async (sql) => {
    await sql.unsafe(
      "set hub.regions = '{0,A}'; set hub.agency = '{SIKS_NG}'; set hub.officer = '{}'; set hub.citizen = '{}'; set hub.decile_max = 100",
    );
    await sql.unsafe("set hub.now = '2026-06-01T00:00:00Z'");
    expect(await failing(sql.unsafe("delete from welfare.population_event"))).toBe("42501");
    expect(await failing(sql.unsafe("update welfare.population_event set says = '{}'"))).toBe("42501");
  });
  await inWelfare(async (sql) => {
    expect(await failing(sql`update population_event set occurred_on = '2020-01-01'`)).toBe("HB001");
    expect(await failing(sql`delete from population_event`)).toBe("HB001");
  });
});
