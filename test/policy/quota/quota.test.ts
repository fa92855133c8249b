import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { rawClient } from "../../../drizzle/client.ts";
import { type AccessRecord, openRecord } from "../../../gateway/audit/audit.ts";
import type { Traced } from "../../../gateway/audit/body.ts";
import type { Disclosure, Planned } from "../../../gateway/types/chain.ts";
import { Refusal } from "../../../schema/errors.ts";
import { subjectKey, tagsOf } from "../../../schema/record/tags.ts";
import { yearInWib } from "../../../schema/record/yearKeys.ts";
import { dayInWib, secondsToMidnightInWib } from "../../../schema/values/wib.ts";
import { failing, useDatabases } from "../../kit/database.ts";
import { callerWith } from "../../kit/slice.ts";

// Quota in distinct persons, on real PostgreSQL. Each record is the one of a gateway of its own; what stands before it is left out.

const databases = useDatabases({ empty: true });
const recordKey = "r".repeat(32);
const silent = { warn: () => {}, error: () => {}, info: () => {} };
const AGREEMENTS = ["A-1", "A-2", "A-3"];
let owner: ReturnType<typeof rawClient>;
let gatewayRole: ReturnType<typeof rawClient>;
let gateways: readonly AccessRecord[];

beforeAll(async () => {
  owner = rawClient(databases.urls.governance.owner, { max: 2 });
  gatewayRole = rawClient(databases.urls.record, { max: 6 });
  await owner`insert into governance.agency (code, name, dpo_contact) values ('KEMENSOS', 'x', 'x')`;
  await owner`insert into governance.purpose (code, name, legal_basis, citation) values ('PROGRAM_ADMINISTRATION', 'x', 'PUBLIC_TASK', 'x')`;
  await fresh(...AGREEMENTS);
  const catalogue = { entries: new Map(), statisticsTypes: new Set<string>() };
  const recordKeys = new Map([[yearInWib(new Date()), recordKey]]);
  const open = () =>
    openRecord({
      ...{ databaseUrl: databases.urls.record, recordKeys, catalogue, log: silent },
      ...{ confirm: () => {}, reached: async () => {}, isStopped: () => false },
    });
  gateways = [await open(), await open()];
});
afterAll(async () => {
  await Promise.all((gateways ?? []).map((gateway) => gateway.close()));
  await Promise.all([owner?.end(), gatewayRole?.end()]);
});
afterEach(() => {
  vi.useRealTimers();
});

async function fresh(...numbers: readonly string[]): Promise<void> {
  for (const number of numbers)
    await owner`insert into governance.agreement (number, title, consumer_agency, purpose_code)
      values (${number}, 'x', 'KEMENSOS', 'PROGRAM_ADMINISTRATION')`;
}

/** An agreement nobody has used yet. */
async function newAgreement(): Promise<string> {
  const number = `Q-${randomUUID()}`;
  await fresh(number);
  return number;
}

interface About {
  readonly agreement: string;
  readonly persons: number | null;
  readonly gateway?: number;
  readonly subjects?: readonly string[];
  readonly lookups?: readonly string[];
  readonly found?: readonly string[];
}

const tracedFor = ({ agreement, persons }: About): Traced => ({
  ...{
    documentId: null,
    tryAs: null,
    requestId: "r",
    receiptId: randomUUID(),
    language: "id",
    mediaType: "application/json",
    method: "POST",
  },
  ...{ document: "{ x }", operationName: null, variables: {}, authorization: null, agreementNumber: null, caseNumber: null },
  ...{ address: "10.0.0.1", deadline: 0, signal: new AbortController().signal, client: "kemensos", agency: "KEMENSOS" },
  caller: callerWith({ agreement, verification: { floor: 80, attemptsOnSubject: 5, attemptsOfClient: 100, persons } }),
});
const answerAbout = ({ subjects = [], lookups = [] }: About): Disclosure => ({
  ...{ data: {}, errors: [], denied: [], transformed: [], inSomeRows: [], shown: [], verdicts: {}, fetches: [] },
  ...{ subjects: subjects.map((id) => ({ type: "Person", id })), persons: subjects, lookups },
});

const codeOf = (error: unknown) => (error instanceof Refusal ? error.failures[0]?.code : error);

/** The code a question about these persons ends with at one of the gateways; its refusal is put on record as gateway/answer.ts does. */
async function told(about: About): Promise<unknown> {
  const entry = (gateways[about.gateway ?? 0] as AccessRecord).open();
  entry.saw(tracedFor(about));
  return entry.close(answerAbout(about), about.found).then(
    () => "RELEASED",
    async (error) => codeOf(await entry.fail(error)),
  );
}

const used = async (agreement: string, day = dayInWib(new Date())) => {
  const [row] = await owner`select coalesce(max(used), 0)::int as used,
      (select count(*)::int from governance.quota_use where agreement_number = ${agreement} and day = ${day}) as kept
    from governance.quota_counter where agreement_number = ${agreement} and day = ${day}`;
  expect(row?.["used"], "the counter is the number of persons kept").toBe(row?.["kept"]);
  return row?.["used"] as number;
};
const onRecord = async (agreement: string): Promise<string[]> =>
  (await owner`select body from governance.entry where agreement = ${agreement} order by id`).map(
    ({ body }) => JSON.parse(body).status,
  );
const people = (count: number): string[] => Array.from({ length: count }, () => randomUUID());

describe("the quota of an agreement", () => {
  test("is exact over two gateways that release answers about different persons at once", async () => {
    const agreement = await newAgreement();
    const asked = Array.from({ length: 60 }, (_, n) => ({ gateway: n % 2, subjects: people(1 + (n % 4)) }));
    const outcomes = await Promise.all(asked.map((one) => told({ agreement, persons: 50, ...one })));
    const released = asked.filter((_, n) => outcomes[n] === "RELEASED").flatMap(({ subjects }) => subjects);
    expect(new Set(outcomes)).toEqual(new Set(["RELEASED", "QUOTA_EXCEEDED"]));
    expect(await used(agreement)).toBe(released.length);
    expect(released.length).toBeLessThanOrEqual(50);
    expect(released.length, "no answer that still had room was refused").toBeGreaterThan(50 - 4);
    expect(await told({ agreement, persons: 50, subjects: people(50 - released.length) })).toBe("RELEASED");
    expect(await used(agreement)).toBe(50);
  });

  test("counts a person once a day, whoever asks again and at whatever gateway", async () => {
    const agreement = await newAgreement();
    const [siti = "", budi = ""] = people(2);
    for (const gateway of [0, 1, 0]) {
      expect(await told({ agreement, persons: 2, gateway, subjects: [siti, budi] })).toBe("RELEASED");
      expect(await told({ agreement, persons: 2, gateway, lookups: [siti.toUpperCase()] })).toBe("RELEASED");
    }
    expect(await used(agreement)).toBe(2);
    expect(await told({ agreement, persons: 2, gateway: 1, subjects: people(1) })).toBe("QUOTA_EXCEEDED");
    expect(await told({ agreement, persons: 2, gateway: 1, subjects: [budi] }), "persons of today still pass").toBe("RELEASED");
    expect(await told({ agreement, persons: 1, subjects: [siti] }), "also under a quota lowered since").toBe("RELEASED");
    expect(await told({ agreement, persons: 2 }), "an answer about nobody passes too").toBe("RELEASED");
  });

  test("counts who is looked up and not found, and who is found once", async () => {
    const agreement = await newAgreement();
    const misses = ["nik:3510012345679001", "nik:3510012345679002"];
    expect(await told({ agreement, persons: 3, lookups: misses })).toBe("RELEASED");
    expect(await told({ agreement, persons: 3, lookups: misses })).toBe("RELEASED");
    expect(await used(agreement)).toBe(2);
    const found = ["nik:3510012345679003"];
    expect(await told({ agreement, persons: 3, subjects: people(1), lookups: found, found })).toBe("RELEASED");
    expect(await used(agreement)).toBe(3);
    expect(await told({ agreement, persons: 3, lookups: ["nik:3510012345679004"] })).toBe("QUOTA_EXCEEDED");
  });

  test("releases nothing of an answer that would go over it, keeps no person of it, and has the refusal on record", async () => {
    const agreement = await newAgreement();
    const some = people(3);
    expect(await told({ agreement, persons: 4, subjects: some })).toBe("RELEASED");
    expect(await told({ agreement, persons: 4, subjects: [...some, ...people(2)] })).toBe("QUOTA_EXCEEDED");
    expect(await used(agreement)).toBe(3);
    expect(await onRecord(agreement)).toEqual(["ANSWERED", "QUOTA_EXCEEDED"]);
    expect(await told({ agreement, persons: 4, subjects: people(1) })).toBe("RELEASED");
    expect(await used(agreement)).toBe(4);
  });

  test("that is over costs no other request of the same commit its answer", async () => {
    const [full, free] = [await newAgreement(), await newAgreement()];
    const outcomes = await Promise.all([
      told({ agreement: full, persons: 1, subjects: people(2) }),
      told({ agreement: free, persons: 9, subjects: people(2) }),
      told({ agreement: full, persons: 1, subjects: people(1) }),
      told({ agreement: free, persons: null, subjects: people(2) }),
    ]);
    expect(outcomes).toEqual(["QUOTA_EXCEEDED", "RELEASED", "RELEASED", "RELEASED"]);
    expect([await used(full), await used(free)]).toEqual([1, 2]);
  });

  test("of none is no limit, and nothing is counted; of zero lets nobody through", async () => {
    const agreement = await newAgreement();
    expect(await told({ agreement, persons: null, subjects: people(500) })).toBe("RELEASED");
    expect(await used(agreement)).toBe(0);
    expect(await told({ agreement, persons: 0, subjects: people(1) })).toBe("QUOTA_EXCEEDED");
    expect(await told({ agreement, persons: 0 })).toBe("RELEASED");
  });

  test("starts anew at midnight in western Indonesia, and the refusal says when that is", async () => {
    const agreement = await newAgreement();
    const [siti = ""] = people(1);
    const before = new Date("2026-11-21T16:59:30Z");
    expect([dayInWib(before), secondsToMidnightInWib(before)]).toEqual(["2026-11-21", 30]);
    vi.useFakeTimers({ toFake: ["Date"], now: before });
    expect(await told({ agreement, persons: 1, subjects: [siti] })).toBe("RELEASED");
    const late = { agreement, persons: 1, subjects: people(1) };
    const refusal = await closing(late);
    expect([refusal.status, refusal.headers]).toEqual([429, { "retry-after": "30" }]);
    vi.setSystemTime(new Date("2026-11-21T17:00:00Z"));
    expect(await told({ agreement, persons: 1, subjects: [siti] })).toBe("RELEASED");
    expect(await told(late)).toBe("QUOTA_EXCEEDED");
    expect([await used(agreement, "2026-11-21"), await used(agreement, "2026-11-22")]).toEqual([1, 1]);
  });

  test("counts a stream part by part, and ends it where it is used up", async () => {
    const agreement = await newAgreement();
    const entry = (gateways[0] as AccessRecord).open();
    entry.saw(tracedFor({ agreement, persons: 5 }));
    const page = people(2);
    await entry.part(answerAbout({ agreement, persons: 5, subjects: page }));
    await entry.part(answerAbout({ agreement, persons: 5, subjects: [...page, ...people(2)] }));
    expect(
      codeOf(await entry.part(answerAbout({ agreement, persons: 5, subjects: people(2) })).catch((e) => entry.fail(e))),
    ).toBe("QUOTA_EXCEEDED");
    expect(await used(agreement)).toBe(4);
    expect(await onRecord(agreement)).toEqual(["ANSWERED", "ANSWERED", "QUOTA_EXCEEDED"]);
  });

  const mutationAbout = (lookups: readonly string[]): Planned =>
    ({
      ...{ reading: { operation: { operation: "mutation" } }, rewrite: { asked: new Set(), denied: [] }, plan: { steps: [] } },
      ...{ coerced: {}, lookups },
    }) as unknown as Planned;

  test("stops a mutation before it runs when whom it looks up goes over; that refusal is plain", async () => {
    const agreement = await newAgreement();
    const entry = (gateways[0] as AccessRecord).open();
    entry.saw(tracedFor({ agreement, persons: 0 }));
    const error = await entry.intend(mutationAbout(people(1))).then(
      () => "RAN",
      (refused) => entry.fail(refused),
    );
    expect(codeOf(error)).toBe("QUOTA_EXCEEDED");
    expect(await onRecord(agreement)).toEqual(["QUOTA_EXCEEDED"]);
  });

  test("holds back what a mutation would tell beyond it, and says that it may have run", async () => {
    const agreement = await newAgreement();
    const [case_ = "", someone = ""] = people(2);
    const entry = (gateways[0] as AccessRecord).open();
    entry.saw(tracedFor({ agreement, persons: 1 }));
    await entry.intend(mutationAbout([case_]));
    const error = await entry.close(answerAbout({ agreement, persons: 1, subjects: [someone], lookups: [case_] })).then(
      () => "RELEASED",
      (refused) => entry.fail(refused),
    );
    expect(codeOf(error)).toBe("OUTCOME_UNCONFIRMED");
    expect(await used(agreement)).toBe(1);
    expect(await onRecord(agreement)).toEqual(["INTENDED", "QUOTA_EXCEEDED"]);
  });

  test("costs the database nothing for persons it knows", async () => {
    const agreement = await newAgreement();
    const subjects = people(40);
    await told({ agreement, persons: 40, subjects });
    // without its rows only what the gateway remembers can let them through
    await owner`update governance.quota_counter set used = 40 where agreement_number = ${agreement}`;
    await owner`delete from governance.quota_use where agreement_number = ${agreement}`;
    expect(await told({ agreement, persons: 40, subjects })).toBe("RELEASED");
    expect(await told({ agreement, persons: 40, subjects, gateway: 1 }), "the other gateway never saw them").toBe(
      "QUOTA_EXCEEDED",
    );
  });
});

async function closing(about: About): Promise<Refusal> {
  const entry = (gateways[0] as AccessRecord).open();
  entry.saw(tracedFor(about));
  return entry.close(answerAbout(about)).then(
    () => Promise.reject(new Error("it was released")),
    (error) => error as Refusal,
  );
}

interface BatchLine {
  readonly agreement: string;
  readonly quota: number;
  readonly persons: readonly number[];
}
const key = subjectKey(recordKey);
const tagOf = (person: number): string => tagsOf([`person ${person}`], key).toString("hex");
const asJson = (lines: readonly BatchLine[], day: string): string =>
  JSON.stringify(
    lines.map(({ agreement, quota, persons }, at) => ({ at, agreement, day, quota, tags: persons.map(tagOf).join("") })),
  );
const disclose = async (lines: readonly BatchLine[], day: string): Promise<number[]> =>
  (await gatewayRole<{ at: number }[]>`select at from governance.disclose(${asJson(lines, day)}::text::json) as at`).map(
    ({ at }) => at,
  );
const batches = fc.array(
  fc.array(
    fc.record({
      agreement: fc.constantFrom(...AGREEMENTS),
      quota: fc.integer({ min: 0, max: 8 }),
      persons: fc.array(fc.integer({ min: 0, max: 15 }), { minLength: 1, maxLength: 6 }),
    }),
    { maxLength: 8 },
  ),
  { minLength: 1, maxLength: 6 },
);
let days = 0;
/** A day of its own for each case, so that none finds what another counted. */
const nextDay = (): string => new Date(Date.UTC(2100, 0, 1 + days++)).toISOString().slice(0, 10);

describe("the function that counts a commit", () => {
  test("refuses exactly the lines that do not fit, line by line, whatever is in the batches", async () => {
    await fc.assert(
      fc.asyncProperty(batches, async (given) => {
        const day = nextDay();
        const counted = new Map(AGREEMENTS.map((number) => [number, new Set<number>()]));
        for (const lines of given) {
          const expected = lines.flatMap(({ agreement, quota, persons }, at) => {
            const known = counted.get(agreement) ?? new Set();
            const news = [...new Set(persons)].filter((person) => !known.has(person));
            if (news.length > 0 && known.size + news.length > quota) return [at];
            for (const person of news) known.add(person);
            return [];
          });
          expect((await disclose(lines, day)).sort()).toEqual(expected.sort());
        }
        for (const [number, known] of counted) expect(await used(number, day)).toBe(known.size);
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  test("is exact and never deadlocks when commits with the same agreements in other orders run at once", async () => {
    await fc.assert(
      fc.asyncProperty(batches, async (given) => {
        const day = nextDay();
        // the counters of the day are there already: else whoever makes them first would hold up the others by that alone
        await disclose(
          AGREEMENTS.map((agreement) => ({ agreement, quota: 1, persons: [0] })),
          day,
        );
        const refused = await Promise.all(given.map((lines) => disclose(lines, day)));
        for (const number of AGREEMENTS) {
          const released = given.flatMap((lines, batch) =>
            lines.filter(({ agreement }, at) => agreement === number && !refused[batch]?.includes(at)),
          );
          const told = new Set([0, ...released.flatMap(({ persons }) => persons)]);
          expect(await used(number, day)).toBe(told.size);
          expect(told.size).toBeLessThanOrEqual(Math.max(1, ...released.map(({ quota }) => quota)));
        }
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  test("is the gateway's only way to the counters, and nobody else's", async () => {
    for (const statement of [
      "insert into governance.quota_counter (agreement_number, day) values ('A-1', '2100-01-01')",
      "update governance.quota_counter set used = 0",
      "delete from governance.quota_use",
      "select tag from governance.quota_use",
      "insert into governance.issued_pseudonym (agency_code, purpose_code, pseudonym, subject) values ('x', 'x', '', 'x')",
    ])
      expect([statement, await failing(gatewayRole.unsafe(statement))]).toEqual([statement, "42501"]);
    const slice = rawClient(databases.urls.governance.runtime, { max: 1 });
    expect(await failing(slice`select governance.disclose('[]')`)).toBe("42501");
    await slice.end();
  });
});
