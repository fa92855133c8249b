import { randomInt } from "node:crypto";
import { describe, expect, test } from "vitest";
import { watchHours } from "../../../drizzle/watch/hours.ts";
import { readOn } from "../../../drizzle/watch/read.ts";
import { pseudonymKey, transformOf } from "../../../schema/policy/masks.ts";
import { asRole, failing } from "../../kit/database.ts";
import { type Answered, useHub } from "../../kit/hub.ts";
import { siti, slamet } from "../../kit/people.ts";
import { renew, renewWith } from "../../kit/policy.ts";
import { alertsOf, asLog, integrated } from "../watch/kit.ts";

// T14, T25–T27: finding out who is in the register, taking a mask for data, seeing another's rows, joining what two agencies hold.

const hub = useHub();
const { owner } = hub.urls.governance;
const BPJS = "PKS-2025-002";
type Row = Record<string, any>;
const codesOf = ({ errors }: Answered) => errors.map(({ extensions }) => extensions["code"]);
/** The answer without what is another at every request. */
const essenceOf = ({ status, data, errors, governance }: Answered) => {
  const { receipt: _, ...told } = governance;
  return { status, data, errors, told };
};

/** A NIK of the right shape with a serial that no district ever issues. */
function madeUpNik(): string {
  const [day, month] = [randomInt(1, 29), randomInt(1, 13)].map((part) => String(part).padStart(2, "0"));
  return `351016${day}${month}45${randomInt(9001, 10_000)}`;
}

describe("T14 enumeration of NIKs", () => {
  const BY_NIK = "query ($nik: String!) { personByNik(nik: $nik) { fullName birthDate } }";
  const bpjs = hub.as("bpjs-kesehatan");
  const isOpen = async () => (await bpjs.ask(BY_NIK, { nik: siti.nik })).data["personByNik"] !== null;

  test("T14 enumeration of NIKs: nobody, and somebody outside the agreement's rows, are the same answer", async () => {
    expect(await isOpen()).toBe(true);
    const unknown = essenceOf(await bpjs.ask(BY_NIK, { nik: "3510161708459098" }));
    expect([unknown.status, unknown.data]).toEqual([200, { personByNik: null }]);
    const scope = (region: string) =>
      renew(
        owner,
        BPJS,
        (tx, version) => tx`update governance.agreement_version
          set row_scope = jsonb_set(row_scope, '{regions}', ${JSON.stringify([region])}::text::jsonb)
          where agreement_number = ${BPJS} and version = ${version}`,
      );
    await scope("31");
    await expect.poll(isOpen, { timeout: 5_000 }).toBe(false);
    const [nobody, outside] = [await bpjs.ask(BY_NIK, { nik: "3510161708459098" }), await bpjs.ask(BY_NIK, { nik: siti.nik })];
    expect(essenceOf(outside)).toEqual(essenceOf(nobody));
    await scope("0");
    await expect.poll(isOpen, { timeout: 5_000 }).toBe(true);
  });

  test("T14 enumeration of NIKs: to verify a made-up person, and a real one of whom everything differs, is the same verdict", async () => {
    const QUESTION =
      "query ($input: VerifyIdentityInput!) { verifyIdentity(input: $input) { status reasons elements { result } } }";
    const claim = { fullName: "BAMBANG WIJAYA", birthDate: "1951-01-02" };
    const [nobody, somebody] = await Promise.all(
      ["3510161708459098", slamet.nik].map((nik) => hub.as("kemendikdasmen").ask(QUESTION, { input: { nik, ...claim } })),
    );
    expect(nobody?.data["verifyIdentity"].status).toBe("MISMATCHED");
    expect(essenceOf(somebody as Answered)).toEqual(essenceOf(nobody as Answered));
  });

  test("T14 enumeration of NIKs: each guess is a person of the day's quota, found or not, and over it there is no answer", async () => {
    await renewWith(owner, BPJS, { quota: 20 });
    const told: Answered[] = [];
    await expect
      .poll(async () => codesOf(await bpjs.ask(BY_NIK, { nik: madeUpNik() })), { timeout: 10_000 })
      .toEqual(["QUOTA_EXCEEDED"]);
    for (let guess = 0; guess < 50; guess++) told.push(await bpjs.ask(BY_NIK, { nik: madeUpNik() }));
    expect(new Set(told.map(({ status }) => status))).toEqual(new Set([429]));
    expect(told.every(({ data }) => data === null)).toBe(true);
    const [counter] = await asRole(
      owner,
      (sql) => sql`select used from governance.quota_counter where agreement_number = ${BPJS}`,
    );
    expect(counter?.["used"]).toBeLessThanOrEqual(20);
    await renewWith(owner, BPJS, { quota: null });
    await expect.poll(isOpen, { timeout: 5_000 }).toBe(true);
  });

  test("T14 enumeration of NIKs: somebody who guesses is noticed, once an hour, though one guess in ten is right", async () => {
    const names = Array.from({ length: 10 }, (_, n) => `n${n}`);
    const document = `query (${names.map((name) => `$${name}: String!`)}) {
      ${names.map((name) => `${name}: personByNik(nik: $${name}) { sex }`).join(" ")} }`;
    for (let asked = 0; asked < 30; asked++) {
      const niks = names.map((name, n) => [name, n === 0 ? siti.nik : madeUpNik()] as const);
      const { data, errors } = await hub.as("kemensos").ask(document, Object.fromEntries(niks));
      expect(errors).toEqual([]);
      expect(
        names.filter((name) => data[name] !== null),
        "Siti is there",
      ).toEqual(["n0"]);
    }
    await integrated(hub.urls);
    await asLog(hub.urls, (sql) => readOn(sql, "watch", watchHours));
    const alerts = (await alertsOf(hub.urls, "LOOKUP_MISSES")).filter(({ client }) => client === "kemensos");
    const hours = alerts.map(({ detail }) => (detail as Row)["hour"]);
    expect(hours.length).toBeGreaterThan(0);
    expect(new Set(hours).size).toBe(hours.length);
    expect(JSON.stringify(alerts)).not.toMatch(/\d{16}/);
  });
});

describe("T25 a mask taken for data", () => {
  const COORDINATES = [
    ...["Person.id", "Person.fullName", "Person.nik", "Person.birthDate", "Person.birthYear", "Person.sex", "Person.isAlive"],
    ...["Member.id", "Member.suffix", "Member.relation", "Member.claimedNik", "Household.id", "Household.monthlyIncome"],
  ];
  const fieldsOf = (type: string) =>
    COORDINATES.filter((coordinate) => coordinate.startsWith(`${type}.`))
      .map((coordinate) => `${coordinate.replace(".", "_")}: ${coordinate.split(".")[1]}`)
      .join(" ");
  const DOCUMENT = `{ households(first: 50, filter: { region: "3510" }) { nodes { ${fieldsOf("Household")}
    members { ${fieldsOf("Member")} person { ${fieldsOf("Person")} } } } } }`;

  /** Coordinates of which some value is another, or away, in the second answer. */
  function differing(plain: unknown, told: unknown, coordinate = ""): string[] {
    if (Array.isArray(plain)) return plain.flatMap((item, n) => differing(item, (told as unknown[] | null)?.[n], coordinate));
    if (plain === null || typeof plain !== "object") return plain === (told ?? null) ? [] : [coordinate];
    return Object.entries(plain).flatMap(([key, value]) => {
      if (key === "person" && value !== null && !(told as Row | null)?.[key]) return ["Member.person"];
      return differing(value, (told as Row | null)?.[key], key.replace("_", "."));
    });
  }

  test.each(["bpjs-kesehatan", "dinsos-banyuwangi"])(
    "T25 a mask taken for data: whatever %s is shown otherwise than it is stored is listed, as masked or as denied",
    async (client) => {
      const plain = await hub.as("kemensos").ask(DOCUMENT);
      const told = await hub.as(client).ask(DOCUMENT);
      expect(plain.data["households"].nodes.length).toBeGreaterThan(5);
      expect(told.data["households"].nodes.length).toBe(plain.data["households"].nodes.length);
      const others = [...new Set(differing(plain.data, told.data))].filter((coordinate) => !plain.masked.includes(coordinate));
      expect(others).toEqual(expect.arrayContaining(["Household.monthlyIncome", "Person.id", "Person.nik"]));
      expect(others.filter((coordinate) => ![...told.masked, ...told.denied].includes(coordinate))).toEqual([]);
    },
  );

  test("T25 a mask taken for data: a mask keeps the form of a value and can be told from it, and what is away stays away", async () => {
    const { data, masked } = await hub.as("dinsos-banyuwangi").ask(DOCUMENT);
    const people: Row[] = data["households"].nodes.flatMap((home: Row) =>
      home["members"].flatMap((one: Row) => one["person"] ?? []),
    );
    const niks = people.map((one) => one["Person_nik"]).filter((nik) => nik !== null);
    expect(niks.length).toBeGreaterThan(5);
    for (const nik of niks) expect(nik).toMatch(/^\*{12}\d{4}$/);
    expect(masked).toContain("Person.nik");
  });
});

describe("T26 rows of another agreement", () => {
  const DOCUMENT = `{ households(first: 3) { nodes { region { code } } }
    enrolments(first: 5) { nodes { program { code } region { code } } } }`;
  const OUTAGES = new Set([
    ...["OVERLOADED", "GATEWAY_TIMEOUT", "SUBGRAPH_TIMEOUT", "SUBGRAPH_UNAVAILABLE"],
    ...["AUDIT_UNAVAILABLE", "POLICY_UNAVAILABLE"],
  ]);
  const SEES: Readonly<Record<string, { readonly regions: RegExp; readonly programs: RegExp }>> = {
    kemensos: { regions: /./, programs: /./ },
    "bpjs-kesehatan": { regions: /./, programs: /^PBI_JK$/ },
    kemendikdasmen: { regions: /./, programs: /^KIP(_KULIAH)?$/ },
    "dinsos-banyuwangi": { regions: /^3510/, programs: /./ },
  };

  /** Of a part of an answer what is there. */
  function expectOwn(client: string, rows: readonly Row[]): void {
    const { regions, programs } = SEES[client] as (typeof SEES)[string];
    for (const { program, region } of rows) {
      if (program) expect([client, program.code]).toEqual([client, expect.stringMatching(programs)]);
      if (region) expect([client, region.code]).toEqual([client, expect.stringMatching(regions)]);
    }
  }

  test("T26 rows of another agreement: 1,000 questions of four agencies, interleaved over one pool, are each answered out of its own rows", async () => {
    const clients = Object.keys(SEES);
    const seen = new Map(clients.map((client) => [client, new Set<string>()]));
    const one = async (client: string, tries = 5): Promise<void> => {
      const answer = await hub.as(client).ask(DOCUMENT);
      const rows: Row[] = ["households", "enrolments"].flatMap((field) => answer.data?.[field]?.nodes ?? []);
      expectOwn(client, rows);
      const codes = codesOf(answer);
      // a machine too busy to answer is no bleeding of rows: asked again, but whatever rows came are judged
      if (tries > 1 && codes.length > 0 && codes.every((code) => OUTAGES.has(code))) return one(client, tries - 1);
      expect([client, answer.status, codes]).toEqual([client, 200, []]);
      expect(rows.filter(({ program, region }) => program === null || !region)).toEqual([]);
      seen.get(client)?.add(JSON.stringify(answer.data));
    };
    for (let batch = 0; batch < 25; batch++)
      await Promise.all(Array.from({ length: 40 }, (_, n) => one(clients[(n * 3 + batch) % 4] ?? "")));
    expect(
      [...seen.values()].map(({ size }) => size),
      "each had one answer, whoever asked before",
    ).toEqual([1, 1, 1, 1]);
    expect(new Set([...seen.values()].flatMap((texts) => [...texts])).size, "and no two the same").toBe(4);
  }, 120_000);

  test("T26 rows of another agreement: a session that was told no rows raises, it does not show all", async () => {
    for (const [url, table] of [
      [hub.urls.welfare.runtime, "household"],
      [hub.urls.population.runtime, "person"],
      [hub.urls.programs.runtime, "enrolment"],
    ] as const)
      expect([table, await failing(asRole(url, (sql) => sql`select count(*) from ${sql(table)}`))]).toEqual([table, "42704"]);
  });
});

describe("T27 joining pseudonyms", () => {
  test("T27 joining pseudonyms: what four agencies hold of the same persons has no id in common", async () => {
    const document = "{ households(first: 50) { nodes { members { person { id } } } } }";
    const ids = await Promise.all(
      ["kemensos", "bpjs-kesehatan", "kemendikdasmen", "dinsos-banyuwangi"].map(async (client) => {
        const { data } = await hub.as(client).ask(document);
        const members: Row[] = data["households"].nodes.flatMap((home: Row) => home["members"]);
        return [...new Set(members.flatMap(({ person }): string[] => person?.id ?? []))];
      }),
    );
    const sizes = ids.map(({ length }) => length);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(5);
    expect(new Set(ids.flat()).size).toBe(sizes.reduce((sum, size) => sum + size, 0));
  });

  test("T27 joining pseudonyms: agency, purpose and period each make another pseudonym of the same person", () => {
    const ground = { agency: "BPK", purpose: "FINANCIAL_AUDIT", period: "1" };
    const keys = [ground, { ...ground, agency: "BPS" }, { ...ground, purpose: "AUDIT_PLANNING" }, { ...ground, period: "2" }];
    const told = keys.map((key) => transformOf(pseudonymKey("m".repeat(32), key))("pseudonym", siti.id));
    for (const pseudonym of told) expect(pseudonym).toMatch(/^[\w-]{22}$/);
    expect(new Set(told).size).toBe(keys.length);
  });
});
