import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { stewardOf } from "../../../../drizzle/policy/readyMade.ts";
import { devYearKeys } from "../../../../schema/record/yearKeys.ts";
import { governance } from "../../../../subgraphs/governance/index.ts";
import { useDatabases } from "../../../kit/database.ts";
import { ani, budi, joko, siti, sitisHome } from "../../../kit/people.ts";
import { codesOf, useSlice } from "../../../kit/slice.ts";
import { asSteward } from "../lifecycle/kit.ts";
import { ACCESSES, asCitizen, integrateAll, linesOf, recordAll } from "./kit.ts";

const NOON = Date.parse("2026-11-20T05:00:00Z");
const databases = useDatabases();
const slice = useSlice(governance, { databaseUrl: () => databases.urls.governance.runtime, now: () => NOON });

const HOME = sitisHome.id;
const memberOf = (person: typeof siti) => sitisHome.families[0]?.members.find((one) => one.person === person)?.id ?? "";
const rowsOf = (person: typeof siti) => ({
  id: person.id,
  nik: person.nik,
  registryMembers: [{ id: memberOf(person), household: { id: HOME } }],
  enrolments: sitisHome.enrolments.filter(({ personId }) => personId === person.id).map(({ id }) => ({ id })),
});
const [SITI, ANI] = [rowsOf(siti), rowsOf(ani)];
const many = (count: number) => Array.from({ length: count }, () => randomUUID());

beforeAll(async () => {
  await recordAll(databases.urls, [
    { at: "2025-03-01T03:00:00.000Z", subjects: { Person: [siti.id] }, body: { shown: ["Person.birthDate"] } },
    { at: "2026-11-10T03:00:00.000Z", subjects: { Household: [HOME] }, body: { shown: ["Household.address", "Region.name"] } },
    {
      at: "2026-11-11T03:00:00.000Z",
      subjects: { Person: [siti.id, ani.id], Member: [memberOf(siti)], Enrolment: [ANI.enrolments[0]?.id ?? ""] },
      body: {
        shown: ["Query.person", "Person.fullName", "Enrolment.state", "PaymentPeriod.amount", "Member.suffix"],
        masked: ["Person.nik"],
      },
    },
    { at: "2026-11-12T03:00:00.000Z", subjects: { lookup: [`nik:${siti.nik}`] }, body: { status: "QUOTA_EXCEEDED" } },
    {
      at: "2026-11-12T04:00:00.000Z",
      subjects: { lookup: [`nik:${siti.nik}`] },
      body: { shown: ["IdentityVerification.status"] },
    },
    ...["2026-11-13T17:30:00.000Z", "2026-11-14T02:00:00.000Z", "2026-11-14T17:30:00.000Z"].map((at, n) => ({
      at,
      subjects: { Person: [siti.id, ...many(100)] },
      body: { shown: ["Person.fullName", ...(n === 1 ? ["Person.sex"] : [])] },
    })),
    { at: "2026-11-15T03:00:00.000Z", subjects: { Person: [joko.id] }, body: { shown: ["Person.fullName"] } },
  ]);
  await integrateAll(databases.urls);
});

describe("a person who looks at who accessed their data", () => {
  const mine = (narrowed = {}) => linesOf(asCitizen(slice, siti.id), SITI, narrowed);

  test("sees each access once, newest first: who, when, for what, on what basis, which fields, with its receipt", async () => {
    const lines = await mine();
    expect(lines.map(({ at }) => at.slice(0, 10))).toEqual([
      ...["2026-11-14", "2026-11-14", "2026-11-12", "2026-11-12", "2026-11-11", "2026-11-10", "2025-03-01"],
    ]);
    expect(lines.at(-1)).toMatchObject({
      agency: { code: "BPJS_KESEHATAN" },
      client: "bpjs-kesehatan",
      agreement: "PKS-2025-002",
      purpose: { code: "PBI_MEMBERSHIP" },
      ...{
        shown: ["Person.birthDate"],
        masked: [],
        status: "ANSWERED",
        disclosure: "IMMEDIATE",
        isOfHousehold: false,
        requests: 1,
      },
      receipt: expect.stringMatching(/^[0-9a-f-]{36}$/),
      leaf: expect.stringMatching(/^[0-9a-f]{64}$/),
      principle: null,
    });
    expect(lines.at(-1)?.["sentence"].indonesian).toMatch(/mengakses data orang ini \(1 kolom\) untuk .+; dasar: /);
  });

  test("finds what was looked up by their NIK, also when it was refused", async () => {
    const [verified, refused] = (await mine()).filter(({ at }) => at.startsWith("2026-11-12"));
    expect([verified?.["status"], verified?.["shown"]]).toEqual(["ANSWERED", ["IdentityVerification.status"]]);
    expect([refused?.["status"], refused?.["shown"]]).toEqual(["QUOTA_EXCEEDED", []]);
    expect(refused?.["sentence"].english).toMatch(/was refused, data of this person for the purpose PBI_MEMBERSHIP/);
  });

  test("sees a question that named them and was refused or broken off, once: what was answered stands for its announcement", async () => {
    const lookup = { lookup: [`nik:${budi.nik}`] };
    const announced = (at: string) => ({ at, subjects: lookup, body: { status: "INTENDED", asked: ["Person.fullName"] } });
    const [refused, answered, , late] = (
      await recordAll(databases.urls, [
        announced("2026-11-16T03:00:00.000Z"),
        announced("2026-11-16T04:00:00.000Z"),
        { at: "2026-11-16T03:00:01.000Z", body: { status: "SOURCE_UNAVAILABLE" } },
        announced("2026-11-20T04:59:30.000Z"),
      ])
    ).map(({ receipt }) => receipt);
    const [answer] = await recordAll(databases.urls, [
      { at: "2026-11-16T04:00:01.000Z", subjects: lookup, body: { intent: answered, shown: ["Person.fullName"] } },
    ]);
    await integrateAll(databases.urls);
    const told = (narrowed = {}) => linesOf(asCitizen(slice, budi.id), { id: budi.id, nik: budi.nik }, narrowed);
    const lines = await told();
    expect(lines.map(({ receipt, status }) => [receipt, status])).toEqual([
      [answer?.receipt, "ANSWERED"],
      [refused, "INTENDED"],
    ]);
    expect(lines.map(({ receipt }) => receipt)).not.toContain(late); // half a minute old: it may yet be answered
    expect(lines[1]?.["shown"]).toEqual([]);
    expect(lines[1]?.["sentence"].english).toMatch(/asked for, and was refused or got no further with, data of this person/);
    expect(await told({ from: "2026-11-16T03:30:00Z", to: "2026-11-16T04:00:00.500Z" })).toEqual([]); // answered after the end of it
  });

  test("is told that an access was to the household, with the household's fields", async () => {
    const line = (await mine()).find(({ isOfHousehold }) => isOfHousehold);
    expect(line).toMatchObject({ at: expect.stringContaining("2026-11-10"), shown: ["Household.address", "Region.name"] });
  });

  test("sees of an answer about a relative too only fields of their own rows: the relative's enrolment is not theirs", async () => {
    const line = (await mine()).find(({ at }) => at.startsWith("2026-11-11"));
    expect([line?.["shown"], line?.["masked"]]).toEqual([["Member.suffix", "Person.fullName"], ["Person.nik"]]);
    const hers = (await linesOf(asCitizen(slice, ani.id), ANI)).find(({ at }) => at.startsWith("2026-11-11"));
    expect([hers?.["shown"], hers?.["masked"]]).toEqual([["Enrolment.state", "Person.fullName"], ["Person.nik"]]);
  });

  test("sees answers about more than 100 persons as one line a day and agreement, with the principle and no receipt", async () => {
    const [newest, before] = (await mine()).filter(({ principle }) => principle);
    expect([newest?.["requests"], before?.["requests"]]).toEqual([1, 2]); // 00.30 and 09.00 in Jakarta are one day, 00.30 next day is another
    expect(before).toMatchObject({ shown: ["Person.fullName", "Person.sex"], receipt: null, leaf: null });
    expect(before?.["principle"].english).toMatch(
      /^Mass query under the agreement PKS-2025-002 “.+”: each answer is about more than 100 persons\.$/,
    );
  });

  test("pages through them without a gap, passes over some, and narrows them by time", async () => {
    const ask = asCitizen(slice, siti.id);
    const all = await mine();
    const seen: unknown[] = [];
    let after: string | null = null;
    do {
      const { data } = await ask(ACCESSES, { who: [{ __typename: "Person", ...SITI }], first: 3, after });
      const { nodes, pageInfo, totalCount } = data._entities[0].accesses;
      expect(totalCount).toBe(all.length);
      seen.push(...nodes);
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after !== null);
    expect(seen).toEqual(all);
    expect(await mine({ skip: 2, first: 2 })).toEqual(all.slice(2, 4));
    expect(await mine({ from: "2026-11-11T00:00:00Z", to: "2026-11-12T03:30:00Z" })).toEqual(all.slice(3, 5));
  });

  test("asks three statements whatever their number: the lines, which know how many there are, agencies and purposes", async () => {
    await mine();
    expect(slice.statements).toBe(3);
  });

  test("cannot go on in another person's list, nor turn time around", async () => {
    const { data } = await asCitizen(slice, siti.id)(ACCESSES, { who: [{ __typename: "Person", ...SITI }], first: 1 });
    const after = data._entities[0].accesses.pageInfo.endCursor;
    expect(codesOf(await asCitizen(slice, ani.id)(ACCESSES, { who: [{ __typename: "Person", ...ANI }], after }))).toEqual([
      "BAD_USER_INPUT",
    ]);
    const turned = { from: "2026-11-12T00:00:00Z", to: "2026-11-11T00:00:00Z" };
    expect(codesOf(await asCitizen(slice, siti.id)(ACCESSES, { who: [{ __typename: "Person", ...SITI }], ...turned }))).toEqual([
      "BAD_USER_INPUT",
    ]);
  });
});

describe("who may look", () => {
  const SUBJECT = "query ($representing: ID) { dataSubject(representing: $representing) { id } }";
  const ofSiti = { who: [{ __typename: "Person", ...SITI }] };

  test("nobody but the person: not a relative in the household, not a client, not a steward who is no data protection officer", async () => {
    expect(codesOf(await asCitizen(slice, budi.id)(ACCESSES, ofSiti))).toEqual(["FORBIDDEN"]);
    expect(codesOf(await slice.ask(ACCESSES, { variables: ofSiti }))).toEqual(["FORBIDDEN"]);
    expect(codesOf(await asSteward(slice, stewardOf("KEMENSOS"))(ACCESSES, ofSiti))).toEqual(["FORBIDDEN"]);
  });

  test("a data protection officer: of the hub all accesses, of another agency those of that agency", async () => {
    const seen = async (id: string) => {
      const { data, errors } = await asSteward(slice, id)(ACCESSES, ofSiti);
      return errors.length > 0 ? codesOf({ errors } as never) : data._entities[0].accesses.totalCount;
    };
    expect(await seen("dpo.bpjs_kesehatan")).toBe(7);
    expect(await seen("dpo.dukcapil")).toBe(0);
    expect(await seen("dpo.hub")).toBe(7);
  });

  test("a data protection officer names the person, everybody else is refused before any name is looked at", async () => {
    const ask = asSteward(slice, "dpo.hub");
    expect((await ask(SUBJECT, { representing: siti.id })).data).toEqual({ dataSubject: { id: siti.id } });
    expect(codesOf(await ask(SUBJECT))).toEqual(["BAD_USER_INPUT"]);
    expect(codesOf(await asSteward(slice, stewardOf("KEMENSOS"))(SUBJECT, { representing: siti.id }))).toEqual(["FORBIDDEN"]);
  });

  test("the person asks about themselves, and about nobody they do not represent", async () => {
    const ask = asCitizen(slice, siti.id);
    expect((await ask(SUBJECT)).data).toEqual({ dataSubject: { id: siti.id } });
    expect((await ask(SUBJECT, { representing: siti.id.toUpperCase() })).data).toEqual({ dataSubject: { id: siti.id } });
    for (const representing of [ani.id, randomUUID(), "no id at all"])
      expect(codesOf(await ask(SUBJECT, { representing }))).toEqual(["FORBIDDEN"]);
    expect(codesOf(await slice.ask(SUBJECT))).toEqual(["FORBIDDEN"]);
  });
});

describe("a year whose key was dropped", () => {
  const [year, secret] = [2026, devYearKeys().get(2026) ?? ""];
  const later = useSlice(
    { ...governance, start: (options) => governance.start({ ...options, recordKeys: new Map([[year, secret]]) }) },
    { databaseUrl: () => databases.urls.governance.runtime, now: () => NOON },
  );

  test("is forgotten: its accesses can no longer be told, and the record says from when on it can", async () => {
    const since = async (asked: typeof slice) => (await asked.ask("{ recordedSince }")).data.recordedSince;
    const oldest = async (asked: typeof slice) => (await linesOf(asCitizen(asked, siti.id), SITI)).at(-1)?.["at"];
    expect([await since(slice), await oldest(slice)]).toEqual(["2025-03-01T03:00:00.000Z", "2025-03-01T03:00:00.000Z"]);
    expect([await since(later), await oldest(later)]).toEqual(["2025-12-31T17:00:00.000Z", "2026-11-10T03:00:00.000Z"]);
  });
});
