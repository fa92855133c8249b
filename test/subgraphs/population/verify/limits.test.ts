import { describe, expect, test } from "vitest";
import type { VerificationTerms } from "../../../../schema/caller.ts";
import { population } from "../../../../subgraphs/population/index.ts";
import { asRole, failing, useDatabases } from "../../../kit/database.ts";
import { ani, budi, maria, rina, siti, slamet, tono } from "../../../kit/people.ts";
import { allBut, callerWith, FEW, useSlice } from "../../../kit/slice.ts";

// How often may be asked: counted before anything is known, durably, for all replicas at once.

const EVENING = Date.parse("2026-11-21T16:30:00Z"); // half an hour before midnight in western Indonesia
let clock = EVENING;
const databases = useDatabases();
const slice = useSlice(population, { databaseUrl: () => databases.urls.population.runtime, now: () => clock });
const replica = useSlice(population, { databaseUrl: () => databases.urls.population.runtime, now: () => clock });

const verbs = allBut(population, ["IdentityVerification.isRegistered"]);
interface Under {
  readonly agreement: string;
  readonly client?: string;
  readonly analyst?: string;
  readonly terms?: Partial<VerificationTerms>;
  readonly by?: typeof slice;
}
const callerUnder = ({ agreement, client = "bpjs", terms = {}, analyst }: Under) =>
  callerWith({ agreement, client, ...(analyst && { analyst }), verification: { ...FEW, ...terms } });

/** Asks each claim under an alias of its own, in one request; answers a status or the reason of the refusal for each. */
async function verify(claims: readonly object[], under: Under): Promise<string[]> {
  const declared = claims.map((_, at) => `$c${at}: VerifyIdentityInput!`).join(", ");
  const asked = claims.map((_, at) => `c${at}: verifyIdentity(input: $c${at}) { status }`).join(" ");
  const variables = Object.fromEntries(claims.map((claim, at) => [`c${at}`, claim]));
  const answer = await (under.by ?? slice).ask(`query (${declared}) { ${asked} }`, {
    variables,
    verbs,
    caller: callerUnder(under),
  });
  return claims.map((_, at) => {
    const error = answer.errors.find(({ path }) => path?.[0] === `c${at}`);
    return error ? `${error.extensions.code} ${error.extensions.limit}` : answer.data[`c${at}`].status;
  });
}
const named = (person: { nik: string }, fullName: string) => ({ nik: person.nik, fullName });
const guesses = (nik: string, count: number) =>
  Array.from({ length: count }, (_, at) => ({
    nik,
    fullName: `TEBAKAN ${"ABCDEFGHIJKLMNOPQRSTUVWXYZ"[at % 26]}${"ABCDEFGHIJKLMNOPQRSTUVWXYZ"[Math.floor(at / 26)]}`,
  }));
const count = (list: readonly string[], word: string) => list.filter((one) => one === word).length;
const [ON_SUBJECT, OF_CLIENT, QUOTA] = [
  "QUOTA_EXCEEDED ATTEMPTS_ON_SUBJECT",
  "QUOTA_EXCEEDED ATTEMPTS_OF_CLIENT",
  "QUOTA_EXCEEDED QUOTA",
];

describe("attempts on one subject", () => {
  test("are used up after as many distinct claims, for the right claim too, and another subject's are not", async () => {
    const under = { agreement: "PKS-L-1", terms: { attemptsOnSubject: 3 } };
    for (const guess of guesses(siti.nik, 3)) expect(await verify([guess], under)).toEqual(["MISMATCHED"]);
    expect(await verify([named(siti, siti.fullName)], under)).toEqual([ON_SUBJECT]);
    expect(await verify([named(budi, budi.fullName)], under)).toEqual(["MATCHED"]);
  });

  test("are counted for each alias: many in one request help as little as many requests", async () => {
    const under = { agreement: "PKS-L-2", terms: { attemptsOnSubject: 3 } };
    expect(await verify(guesses(siti.nik, 4), under)).toEqual(Array(4).fill(ON_SUBJECT));
    expect(await verify(guesses(siti.nik, 3), under)).toEqual(Array(3).fill("MISMATCHED"));
    expect(await verify([named(siti, "SITI AMINAH"), named(budi, "BUDI SANTOSO")], under)).toEqual([ON_SUBJECT, "MATCHED"]);
  });

  test("the same claim twice in one request is one attempt", async () => {
    const under = { agreement: "PKS-L-3", terms: { attemptsOnSubject: 1 } };
    expect(await verify([named(siti, siti.fullName), named(siti, siti.fullName)], under)).toEqual(["MATCHED", "MATCHED"]);
  });

  test("are counted for a NIK that nobody has as for one that somebody has", async () => {
    const under = { agreement: "PKS-L-4", terms: { attemptsOnSubject: 2 } };
    for (const nik of [siti.nik, "3510161708459099"])
      expect([...(await verify(guesses(nik, 2), under)), ...(await verify(guesses(nik, 1), under))]).toEqual([
        "MISMATCHED",
        "MISMATCHED",
        ON_SUBJECT,
      ]);
  });

  test("come back at midnight in western Indonesia, and one agreement's are not another's", async () => {
    const under = { agreement: "PKS-L-5", terms: { attemptsOnSubject: 1 } };
    expect(await verify([named(siti, "SITI")], under)).toEqual(["MATCHED"]);
    expect(await verify([named(siti, "SITI AMINAH")], { ...under, agreement: "PKS-L-6" })).toEqual(["MATCHED"]);
    clock = EVENING + 29 * 60_000;
    expect(await verify([named(siti, "SITI AMINAH")], under)).toEqual([ON_SUBJECT]);
    clock = EVENING + 31 * 60_000;
    expect(await verify([named(siti, "SITI AMINAH")], under)).toEqual(["MATCHED"]);
    clock = EVENING;
  });
});

describe("attempts of one agency's clients", () => {
  test("are used up over all its subjects, by its services and its analysts together: the console is no second way", async () => {
    const under = { agreement: "PKS-L-7", terms: { attemptsOfClient: 3 } };
    expect(
      await verify(
        [siti, budi].map((one) => named(one, one.fullName)),
        under,
      ),
    ).toEqual(["MATCHED", "MATCHED"]);
    expect(
      await verify(
        [rina, maria].map((one) => named(one, one.fullName)),
        under,
      ),
    ).toEqual([OF_CLIENT, OF_CLIENT]);
    expect(await verify([named(rina, rina.fullName)], under)).toEqual(["MATCHED"]);
    expect(await verify([named(maria, maria.fullName)], under)).toEqual([OF_CLIENT]);
    expect(await verify([named(maria, maria.fullName)], { ...under, client: "konsol", analyst: "analis.kemensos" })).toEqual([
      OF_CLIENT,
    ]);
    expect(await verify([named(maria, maria.fullName)], { ...under, agreement: "PKS-L-22" })).toEqual(["MATCHED"]);
  });
});

describe("the quota of distinct persons", () => {
  test("is the agreement's, whoever asks; persons of today may be asked again", async () => {
    const under = { agreement: "PKS-L-8", terms: { persons: 2 } };
    expect(await verify([named(siti, siti.fullName)], under)).toEqual(["MATCHED"]);
    expect(await verify([named(budi, budi.fullName)], { ...under, client: "bpjs-cabang" })).toEqual(["MATCHED"]);
    expect(await verify([named(rina, rina.fullName)], under)).toEqual([QUOTA]);
    expect(await verify([named(siti, "SITI")], under)).toEqual(["MATCHED"]);
  });

  test("lets as many through as ask where the agreement sets none", async () => {
    const under = { agreement: "PKS-L-21", terms: { persons: null } };
    expect(await verify([named(siti, "SITI"), named(budi, "BUDI")], under)).toEqual(["MATCHED", "MATCHED"]);
  });

  test("counts a NIK that nobody has as a person", async () => {
    const under = { agreement: "PKS-L-9", terms: { persons: 1 } };
    expect(await verify(guesses("3510161708459099", 1), under)).toEqual(["MISMATCHED"]);
    expect(await verify([named(siti, siti.fullName)], under)).toEqual([QUOTA]);
  });

  test("when it is used up says so in Dukcapil's own words, and counts nothing", async () => {
    const under = { agreement: "PKS-L-10", terms: { persons: 1, attemptsOnSubject: 2 } };
    expect(await verify([named(siti, "SITI"), named(budi, "BUDI")], under)).toEqual([QUOTA, QUOTA]);
    expect(await verify(guesses(siti.nik, 2), under)).toEqual(["MISMATCHED", "MISMATCHED"]);
    const { labels } = await import("../../../../schema/errors.ts");
    expect(labels.id["reasons"]?.["QUOTA"]).toBe("Kuota Akses Hari Ini Telah Habis");
  });
});

describe("many at once, through two replicas", () => {
  const both = (at: number) => (at % 2 ? slice : replica);

  test("twenty parallel guesses on one subject are answered no oftener than the limit", async () => {
    const under = { agreement: "PKS-L-11", terms: { attemptsOnSubject: 5 } };
    const answers = await Promise.all(guesses(siti.nik, 20).map((guess, at) => verify([guess], { ...under, by: both(at) })));
    expect([count(answers.flat(), "MISMATCHED"), count(answers.flat(), ON_SUBJECT)]).toEqual([5, 15]);
  });

  test("twenty parallel subjects are answered no oftener than the quota, and no oftener than the client's limit", async () => {
    const niks = Array.from({ length: 20 }, (_, at) => `35101617084590${String(at + 10)}`);
    for (const [terms, refused, agreement] of [
      [{ persons: 7 }, QUOTA, "PKS-L-12"],
      [{ attemptsOfClient: 7 }, OF_CLIENT, "PKS-L-13"],
    ] as const) {
      const answers = await Promise.all(
        niks.map((nik, at) => verify([{ nik, fullName: "SIAPA" }], { agreement, terms, by: both(at) })),
      );
      expect([count(answers.flat(), "MISMATCHED"), count(answers.flat(), refused)]).toEqual([7, 13]);
    }
  });

  test("requests that name the same subjects in other orders do not wait for each other for ever", async () => {
    const under = { agreement: "PKS-L-14", terms: { attemptsOnSubject: 100 } };
    const people = [siti, budi, ani, rina, maria, tono];
    const rounds = Array.from({ length: 12 }, (_, at) => {
      const order = at % 2 ? people : [...people].reverse();
      return verify(
        order.map((one) => ({ nik: one.nik, fullName: `N ${"ABCDEFGHIJKL"[at]}` })),
        { ...under, by: both(at) },
      );
    });
    expect(count((await Promise.all(rounds)).flat(), "MISMATCHED")).toBe(12 * people.length);
  });

  test("lists that are read meanwhile do not keep a verification waiting for a connection", async () => {
    const list = "persons(first: 5) { nodes { id } }";
    const query = `query ($input: VerifyIdentityInput!) { ${list} verifyIdentity(input: $input) { status } }`;
    const asked = guesses(siti.nik, 30).map((input) =>
      slice.ask(query, {
        variables: { input },
        verbs,
        caller: callerUnder({ agreement: "PKS-L-15", terms: { attemptsOnSubject: 100 } }),
      }),
    );
    const answers = await Promise.all(asked);
    expect(answers.filter(({ errors }) => errors.length === 0)).toHaveLength(30);
  });
});

describe("what is counted", () => {
  test("costs three statements for one claim and for twenty", async () => {
    const under = { agreement: "PKS-L-16", terms: { attemptsOnSubject: 100 } };
    await verify(guesses(siti.nik, 1), under);
    expect(slice.statements).toBe(3);
    await verify([...guesses(siti.nik, 10), ...guesses(budi.nik, 5), ...guesses(slamet.nik, 5)], under);
    expect(slice.statements).toBe(3);
  });

  test("holds no NIK and nothing claimed, and the same subject looks otherwise under another agreement", async () => {
    await verify([named(siti, "RAHASIA")], { agreement: "PKS-L-17" });
    await verify([named(siti, "RAHASIA")], { agreement: "PKS-L-18" });
    const rows = await asRole(
      databases.urls.population.owner,
      (sql) => sql<{ subject: string }[]>`
        select a.*, c.* from verification_attempt a join verification_count c using (agreement, day) where agreement in ('PKS-L-17', 'PKS-L-18')`,
    );
    expect(rows.length).toBe(4);
    expect(JSON.stringify(rows)).not.toMatch(/\d{16}|RAHASIA|SITI/);
    expect(new Set(rows.map(({ subject }) => subject)).size).toBe(2);
  });

  test("is out of reach of another agreement, and nobody who answers can take it back", async () => {
    await verify([named(siti, "SITI")], { agreement: "PKS-L-19" });
    const under = (agreement: string, statement: string) =>
      asRole(databases.urls.population.runtime, (sql) =>
        sql.begin(async (tx) => {
          await tx.unsafe(`set local hub.agreement = '{"${agreement}"}'`);
          return [...(await tx.unsafe(statement))];
        }),
      );
    const all = "select agreement from population.verification_attempt";
    expect(await under("PKS-L-19", all)).toEqual([{ agreement: "PKS-L-19" }]);
    expect(await under("PKS-L-NONE", all)).toEqual([]);
    expect(await failing(under("PKS-L-19", "delete from population.verification_attempt"))).toBe("42501");
    const forged = "insert into population.verification_attempt values ('PKS-L-19', '2026-11-21', 'x', 1)";
    expect(await failing(under("PKS-L-NONE", forged))).toBe("42501");
    expect(await failing(under("PKS-L-19", "update population.verification_attempt set agreement = 'PKS-L-20'"))).toBe("42501");
    expect(await failing(asRole(databases.urls.population.runtime, (sql) => sql.unsafe(all)))).toMatch(/42704|22P02/);
  });
});
