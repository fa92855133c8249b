import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { drizzleOn, rawClient } from "../../../drizzle/client.ts";
import { compileVersion, type Which } from "../../../drizzle/policy/compile.ts";
import { publicationText } from "../../../drizzle/policy/ground.ts";
import { ownPublication, publish } from "../../../drizzle/policy/publish.ts";
import { underAgreement } from "../../../gateway/authenticate/agreement.ts";
import { followGrants, type Grants } from "../../../gateway/authorize/grants/grants.ts";
import type { Identified } from "../../../gateway/types/chain.ts";
import { Refusal } from "../../../schema/errors.ts";
import { sha256Hex } from "../../../schema/policy/content.ts";
import { POLICY_KEY, signerOf } from "../../../schema/policy/keys.ts";
import { joinedBy } from "../../federation/runtime/joined.ts";
import { useDatabases, withoutTriggers } from "../../kit/database.ts";
import { COMPILER, openingOf, publishSupergraph } from "../../kit/policy.ts";

// T17, T18: whoever may write into governance's tables, the server's administrator too, opens nothing that stewards have not signed.

const databases = useDatabases();
const OURS = "PKS-2025-004";
const faults: string[] = [];
const error = (fields: object) => {
  const { agreement, err } = fields as { agreement: string; err: Error };
  faults.push(`${agreement}: ${err.message}`);
};
const log = { warn: () => {}, error };
type Sql = ReturnType<typeof rawClient>;
let owner: Sql;
let grants: Grants;
beforeAll(async () => {
  owner = rawClient(databases.urls.governance.owner, { max: 1 });
  grants = await followGrants({ databaseUrl: databases.urls.gateway, ...openingOf(), log });
});
afterAll(async () => {
  await grants?.close();
  await owner?.end();
});

const asking = (client: string, parts: object = {}) =>
  ({
    ...{
      client,
      agency: client.toUpperCase().replace("-", "_"),
      officer: null,
      citizen: null,
      agreementNumber: null,
      caseNumber: null,
    },
    ...{ tryAs: null, address: "10.1.2.3", requestId: "r1", ...parts },
  }) as unknown as Identified;
const judged = (client = "dinsos-banyuwangi", by = grants) => underAgreement(asking(client), by.current());
const CLIENTS = {
  "dinsos-banyuwangi": OURS,
  kemensos: "PKS-2025-001",
  kemendikdasmen: "PKS-2025-003",
  "bpjs-kesehatan": "PKS-2025-002",
};
/** What the client of an agency is told now. */
function outcomeOf(client = "dinsos-banyuwangi", parts: object = {}, by = grants): string {
  try {
    return underAgreement(asking(client, parts), by.current()).caller.agreement;
  } catch (error) {
    if (error instanceof Refusal) return error.failures[0]?.code ?? "";
    throw error;
  }
}
const outcomes = (by = grants) => Object.fromEntries(Object.keys(CLIENTS).map((client) => [client, outcomeOf(client, {}, by)]));
/** As the administrator of the server, past all triggers. Resolves when the gateway has looked. */
async function tamper(change: (admin: Sql) => Promise<unknown>): Promise<void> {
  await withoutTriggers(databases.urls.governance.owner, change);
  await followed();
}
/** Compiling here takes longer than the lease: whoever follows policy in this process must look again before it judges. */
const upTo = (epoch: number, by = grants) =>
  expect.poll(() => (by.isCurrent ? by.current().epoch : -1), { timeout: 30_000 }).toBeGreaterThanOrEqual(epoch);
async function followed(): Promise<void> {
  const [row] = await owner`select n from epoch`;
  await upTo(Number(row?.["n"]));
}

interface Stored {
  readonly body: string;
  readonly sha256: string;
  readonly signature: string;
}
/** The table the agreement is judged by. */
async function tableOf(number = OURS): Promise<Stored> {
  const [row] = await owner<
    Stored[]
  >`select body, sha256, signature from decision_table join agreement_version using (agreement_number, version)
    where agreement_number = ${number} and state = 'active' and supergraph_hash = ${sha256Hex(ownPublication().sdl)}`;
  if (!row) throw new Error(`${number} has no table`);
  return { ...row };
}
const put = ({ body, sha256, signature }: Stored) =>
  tamper(
    (admin) => admin`update governance.decision_table set body = ${body}, sha256 = ${sha256}, signature = ${signature}
    where agreement_number = ${OURS} and version = (
      select version from governance.agreement_version where agreement_number = ${OURS} and state = 'active')`,
  );
/** What is put in place of our table closes our agreement, loudly, and no other; what was signed opens it again. */
async function expectRefused(forged: Stored, why: string): Promise<void> {
  const signed = await tableOf();
  faults.length = 0;
  await put(forged);
  await expect.poll(() => faults, { timeout: 5_000 }).toEqual([`${OURS}: ${why}`]);
  expect(outcomes()).toEqual({ ...CLIENTS, "dinsos-banyuwangi": "POLICY_UNAVAILABLE" });
  await put(signed);
  await expect.poll(() => outcomeOf(), { timeout: 5_000 }).toBe(OURS);
}
const signedText = (body: string) => `hub-decision-table/v1\n${body}`;
/** A table of this body as somebody with this key would write it. */
const tableBy = ({ sign }: { sign(text: string): string }, body: string): Stored => ({
  ...{ body, sha256: sha256Hex(body), signature: sign(signedText(body)) },
});
const changed = (body: string, parts: object) => JSON.stringify({ ...JSON.parse(body), ...parts });

/** What governance says to publishing this code's schema: sentences, or the one it throws. */
const publishing = (controllers = ownPublication().controllers) =>
  drizzleOn(owner)
    .transaction((tx) => publish(tx as never, { ...ownPublication(), controllers }, COMPILER))
    .catch((fault: Error) => fault.message);
/** What governance says to compiling a version. */
const compiling = (which: Which) =>
  compileVersion(drizzleOn(owner), which, COMPILER).then(
    () => "signed",
    (fault: Error) => fault.message,
  );

const CLOSED = ["PaymentPeriod.amount", "Person.nik", "Household.monthlyIncome", "Person.motherName"];
const effectsNow = () => CLOSED.map((coordinate) => judged().decisions.verdict(coordinate).effect);

const REGIONAL = `
type Query { "Dana daerah — fund of a region." regionalFund: RegionalFund @data(class: GENERAL) }
"Dana daerah."
type RegionalFund { "Nama dana." name: String @data(class: PUBLIC) }`;

test("T17 a field published later is pending, not open, and opens or closes nothing else", async () => {
  const sdl = joinedBy({ regional: REGIONAL });
  await publishSupergraph(databases.urls.governance.owner, sdl);
  const later = await followGrants({ databaseUrl: databases.urls.gateway, ...openingOf(sdl), log });
  onTestFinished(() => later.close());
  await followed();
  await upTo(0, later);
  await expect.poll(() => later.isCurrent && grants.isCurrent, { timeout: 30_000 }).toBe(true);
  expect([later.uncompiled, grants.uncompiled, outcomes(later), outcomes()]).toEqual([[], [], CLIENTS, CLIENTS]);
  const decided = Object.keys(CLIENTS).map((client) => [judged(client).decisions, judged(client, later).decisions] as const); // comparing takes longer than the lease
  for (const [before, after] of decided) {
    for (const coordinate of ["Query.regionalFund", "RegionalFund.name"])
      expect(after.verdict(coordinate)).toMatchObject({ effect: "deny", code: "FIELD_NOT_GRANTED" });
    for (const coordinate of openingOf().supergraph.entries.keys())
      expect([coordinate, after.verdict(coordinate)]).toEqual([coordinate, before.verdict(coordinate)]);
  }
  const pendingOf = async (coordinate: string) =>
    (await owner`select agreement_number as number from pending_coordinate where coordinate = ${coordinate} order by 1`).map(
      ({ number }) => number as string,
    );
  expect(await pendingOf("RegionalFund.name")).toEqual(expect.arrayContaining(Object.values(CLIENTS)));
  const ofClass = await pendingOf("Query.regionalFund");
  expect(ofClass).toEqual(expect.arrayContaining(["PKS-2025-001", OURS]));
  expect(ofClass).not.toContain("PKS-2025-002"); // it has no row of that class
});

describe("T18 what an administrator writes past all triggers", () => {
  test("T18 a grant row changed by a superuser opens nothing, nor does anything else of a version", async () => {
    await followed();
    const { caller, decisions } = judged();
    expect(effectsNow()).toEqual(["deny", "transform", "deny", "deny"]);
    await tamper(async (admin) => {
      await admin`update governance.grant_row set effect = 'allow', mask_fn = null where agreement_number = ${OURS}`;
      await admin`insert into governance.grant_row (agreement_number, version, position, selector_kind, selector, use, effect, clause)
        values (${OURS}, 1, 900, 'coordinate', 'Person.motherName', 'OUTPUT', 'allow', 'Ps. 99')`;
      await admin`insert into governance.resolved_coordinate values (${OURS}, 1, 'Person.motherName')`;
      await admin`update governance.class_ceiling set ceiling = 'allow', prohibited_purposes = '{}'`;
      await admin`update governance.agreement_version set row_scope = '{"regions": ["0"], "programs": null, "decileMax": null}', quota = null,
        attempts_of_client = 1000000, ip_allow = '{}', documents = 'open' where agreement_number = ${OURS}`;
    });
    expect(effectsNow()).toEqual(["deny", "transform", "deny", "deny"]);
    const now = judged();
    expect([now.caller.rows, now.caller.verification, now.caller.table]).toEqual([
      caller.rows,
      caller.verification,
      caller.table,
    ]);
    expect(now.decisions).toBe(decisions);
  });

  test("T18 nor does governance sign it when it compiles anew: nobody approved that content", async () => {
    const before = await tableOf();
    const client = rawClient(databases.urls.governance.owner, { max: 1 });
    const told = await drizzleOn(client).transaction((tx) => publish(tx as never, ownPublication(), COMPILER));
    await client.end();
    expect(told).toEqual([expect.stringMatching(/^PKS-2025-004 version 1 lacks a good signature of /)]);
    expect(await tableOf()).toEqual(before);
  });

  test("T18 an agreement moved to another agency or purpose is refused, and a purpose that needs no officer any more opens nothing", async () => {
    await tamper((admin) => admin`update governance.purpose set needs_officer = false where code = 'ACCESS_GOVERNANCE'`);
    expect(outcomeOf("dinsos-banyuwangi", { agreementNumber: "PKS-2025-104" })).toBe("FORBIDDEN");
    await tamper((admin) => admin`update governance.purpose set needs_officer = true where code = 'ACCESS_GOVERNANCE'`);
    for (const [column, forged, signed] of [
      ["purpose_code", "PROGRAM_ADMINISTRATION", "REGIONAL_WELFARE"],
      ["consumer_agency", "BPS", "DINSOS_BANYUWANGI"],
    ] as const) {
      const write = (value: string) =>
        tamper((admin) => admin`update governance.agreement set ${admin({ [column]: value })} where number = ${OURS}`);
      faults.length = 0;
      await write(forged);
      await expect.poll(() => faults, { timeout: 5_000 }).toEqual([`${OURS}: a decision table of another agreement version`]);
      await write(signed);
      await expect.poll(() => outcomeOf(), { timeout: 5_000 }).toBe(OURS);
    }
  });

  test("T18 controllers changed by a superuser sign nothing: who is asked for consent is governance's word", async () => {
    const which = { agreement: "PKS-2025-001", version: 1 };
    const [hash, { controllers }] = [sha256Hex(ownPublication().sdl), ownPublication()];
    const before = await tableOf("PKS-2025-001");
    const [row] = await owner`select signature from supergraph where hash = ${hash}`;
    const write = (controllers: Record<string, string>, signature = String(row?.["signature"])) =>
      tamper(
        (admin) =>
          admin`update governance.supergraph set controllers = ${admin.json(controllers)}, signature = ${signature} where hash = ${hash}`,
      );
    expect(await compiling(which), "and has read the publication").toBe("signed");
    const forged = { ...controllers, population: "KEMENSOS", welfare: "KEMENSOS", programs: "KEMENSOS" };
    const forger = signerOf("somebody who may write into the database", POLICY_KEY);
    const another = COMPILER.signer.sign(publicationText({ hash: "0".repeat(64), controllers: forged }));
    const unsigned = `the publication ${hash} is not signed by governance`;
    for (const signature of [undefined, "", another, forger.sign(publicationText({ hash, controllers: forged }))]) {
      await write(forged, signature);
      expect(await compiling(which)).toBe(unsigned);
    }
    const stays = `the publication ${hash} is on file with other controllers, which stay`;
    expect(await publishing()).toBe(stays);
    await write(controllers, "");
    expect(await compiling(which)).toBe(unsigned);
    expect(await publishing(forged)).toBe(stays);
    expect([await tableOf("PKS-2025-001"), outcomes()]).toEqual([before, CLIENTS]);
    await write(Object.fromEntries(Object.entries(controllers).reverse()));
    expect(await compiling(which)).toBe("signed");
  });

  test("T18 a purpose's flags changed by a superuser sign nothing and change nothing of what is asked for", async () => {
    const which = { agreement: "PKS-2025-001", version: 1 };
    const before = await tableOf("PKS-2025-001");
    const { needsCase, needsOfficer } = JSON.parse(before.body);
    const flip = (column: string) =>
      tamper(
        (admin) => admin`update governance.purpose set ${admin(column)} = not ${admin(column)}
        where code = (select purpose_code from governance.agreement where number = 'PKS-2025-001')`,
      );
    for (const [column, told] of [
      ["needs_case", "PKS-2025-001"],
      ["needs_officer", "FORBIDDEN"],
    ] as const) {
      await flip(column);
      expect(await compiling(which)).toMatch(/^PKS-2025-001 version 1 lacks a good signature of /);
      expect([await tableOf("PKS-2025-001"), outcomeOf("kemensos")]).toEqual([before, told]);
      await flip(column);
    }
    expect([needsCase, needsOfficer, outcomeOf("kemensos"), await compiling(which)]).toEqual([
      false,
      false,
      "PKS-2025-001",
      "signed",
    ]);
  });

  test("T18 a validity that nobody signed is refused", async () => {
    for (const [column, days] of [
      ["valid_to", 365],
      ["valid_from", -365],
    ] as const) {
      const move = (by: number) =>
        tamper(
          (admin) => admin`update governance.agreement_version
            set ${admin(column)} = ${admin(column)} + ${`${by} days`}::text::interval where agreement_number = ${OURS}`,
        );
      faults.length = 0;
      await move(days);
      await expect.poll(() => faults, { timeout: 5_000 }).toEqual([`${OURS}: a validity that nobody signed`]);
      expect([outcomeOf(), outcomeOf("kemensos")]).toEqual(["POLICY_UNAVAILABLE", "PKS-2025-001"]);
      await move(-days);
      await expect.poll(() => outcomeOf(), { timeout: 5_000 }).toBe(OURS);
    }
  });
});

describe("T18 a decision table", () => {
  test("T18 changed by one byte closes its agreement, and no other", async () => {
    const { body, signature } = await tableOf();
    for (const place of [2, Math.floor(body.length / 2), body.length - 3]) {
      const other = body[place] === "A" ? "B" : "A";
      const forged = body.slice(0, place) + other + body.slice(place + 1);
      await expectRefused({ body: forged, sha256: sha256Hex(forged), signature }, "a decision table without a good signature");
    }
  });

  test("T18 that is not what its hash says closes its agreement, and no other", async () => {
    const signed = await tableOf();
    await put({ ...signed, body: `${signed.body} ` });
    const fresh = await followGrants({ databaseUrl: databases.urls.gateway, ...openingOf(), log }); // has read no table before
    const told = outcomes(fresh);
    await fresh.close();
    await put(signed);
    expect(told).toEqual({ ...CLIENTS, "dinsos-banyuwangi": "POLICY_UNAVAILABLE" });
    expect(outcomes()).toEqual(CLIENTS);
  });

  test("T18 signed by another key is refused", async () => {
    const { body, signature } = await tableOf();
    expect(COMPILER.signer.sign(signedText(body)), "the forger writes as governance does").toBe(signature);
    const wider = changed(body, { rows: { regions: [["0", "A"]], programs: null, decileMax: 100 } });
    const forger = signerOf("somebody who may write into the database", POLICY_KEY);
    await expectRefused(tableBy(forger, wider), "a decision table without a good signature");
    await expectRefused({ ...tableBy(forger, wider), signature: "" }, "a decision table without a good signature");
  });

  test("T18 of another agreement, version or supergraph is refused, though governance signed it", async () => {
    const { body } = await tableOf();
    const governance = (parts: object) => tableBy(COMPILER.signer, changed(body, parts));
    const another = "a decision table of another agreement version";
    await expectRefused(await tableOf("PKS-2025-001"), another);
    await expectRefused(governance({ version: 2 }), another);
    await expectRefused(governance({ consumer: "BPS" }), another);
    await expectRefused(governance({ supergraph: "0".repeat(64) }), "a decision table for another supergraph");
    await expectRefused(governance({ coordinates: "0".repeat(64) }), "a decision table for another supergraph");
    await expectRefused(governance({ v: 2 }), "a decision table for another supergraph");
  });
});
