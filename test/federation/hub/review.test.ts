import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { rawClient } from "../../../drizzle/client.ts";
import { inOneLoad } from "../../../drizzle/copy.ts";
import { subjectKey, tagsOf } from "../../../schema/record/tags.ts";
import { yearInWib } from "../../../schema/record/yearKeys.ts";
import { publish } from "../../../subgraphs/population/individuals/publish.ts";
import { asRole } from "../../kit/database.ts";
import { useHub } from "../../kit/hub.ts";
import { budi, siti } from "../../kit/people.ts";

// The review queue by way of the gateway: who may decide, and what is on record before and after.

const RECORD_KEY = "r".repeat(32);
const hub = useHub({ HUB_RECORD_KEYS: `${yearInWib(new Date())}:${RECORD_KEY}` });
const KEMENSOS = hub.as("kemensos", { language: "en" });
const QUEUE =
  "{ reviewCases { nodes { id source row weight person { id fullName } comparisons { field level of } } totalCount } }";
const DECIDE = `mutation ($input: DecideReviewCaseInput!) {
  decideReviewCase(input: $input) { id state decision reason decidedAt decidedBy person { fullName } }
}`;
const REASON = "same mother, same card";

let owner: ReturnType<typeof rawClient>;
beforeAll(() => {
  owner = rawClient(hub.urls.governance.owner, { max: 1 });
});
afterAll(() => owner.end());
beforeEach(async () => {
  await asRole(hub.urls.population.owner, (sql) =>
    sql.unsafe("truncate individual_event, review_case, individual_row, individual cascade"),
  );
  const row = (source: string, person: string | null, agency = "KEMENSOS") => ({
    ...{ source, row: "1", agency, digest: source, person, group: source },
  });
  const doubt = (source: string, weight: number) => ({
    ...{ source, row: "1", person: siti.id, weight, margin: 5, levels: Uint8Array.of(7, 7, 3, 2, 3, 0, 4, 2), personDigest: "p" },
    bits: [-20, 9, 8, 3, 2, 1, 0, 0.5, 0.25, 1, weight - 4.75],
  });
  await inOneLoad(hub.urls.jobs as string, (loader) =>
    publish(loader, {
      rows: [row("DTKS", siti.id), row("PKH", null), row("PBI", null, "BPJS_KESEHATAN")],
      doubts: [doubt("PKH", 1.5), doubt("PBI", 3)],
      digestOfPerson: () => "p",
      by: "hub merge",
      at: "2026-11-21T09:00:00.000Z",
    }),
  );
});

const firstCase = async (): Promise<string> => (await KEMENSOS.ask(QUEUE)).data["reviewCases"].nodes[0].id;
const decide = async (id: string, decision = "SAME", voice = KEMENSOS) =>
  voice.ask(DECIDE, { input: { case: id, decision, reason: REASON } });
const codesOf = ({ errors }: Awaited<ReturnType<typeof decide>>) =>
  errors.map(({ extensions }) => [extensions["code"], extensions["coordinate"]]);
const lastEntry = async (): Promise<number> => Number((await owner`select coalesce(max(id), 0) as n from entry`)[0]?.["n"]);
const entriesSince = async (before: number) =>
  (await owner`select request_id, body, subjects from entry where id > ${before} order by id`).map((row) => ({
    id: row["request_id"] as string,
    body: row["body"] as string,
    entry: JSON.parse(row["body"]),
    subjects: row["subjects"] as Buffer,
  }));

describe("a decision", () => {
  test("is on record before it is made and after, with who, whom and under which agreement, and without the reason", async () => {
    const id = await firstCase();
    const before = await lastEntry();
    const { data, errors, governance } = await decide(id);
    expect(errors).toEqual([]);
    expect(data["decideReviewCase"]).toMatchObject({
      ...{
        id,
        state: "DECIDED",
        decision: "SAME",
        reason: REASON,
        decidedBy: "KEMENSOS:kemensos",
        person: { fullName: siti.fullName },
      },
    });
    const [intent, outcome, ...more] = await entriesSince(before);
    expect(more).toEqual([]);
    expect(intent?.entry).toMatchObject({
      ...{ status: "INTENDED", client: "kemensos", agreement: "PKS-2025-001", denied: [] },
      used: expect.arrayContaining(["DecideReviewCaseInput.case"]),
      asked: expect.arrayContaining(["Mutation.decideReviewCase", "ReviewCase.decidedBy"]),
    });
    expect(outcome?.entry).toMatchObject({ status: "ANSWERED", intent: intent?.id });
    expect(governance["receipt"].id).toBe(outcome?.id);
    expect(outcome?.subjects.includes(tagsOf([siti.id], subjectKey(RECORD_KEY)))).toBe(true);
    expect(`${intent?.body}${outcome?.body}`).not.toContain(REASON);
  });

  test("is made once: the second is a conflict, and says so", async () => {
    const id = await firstCase();
    await decide(id);
    const again = await decide(id, "DIFFERENT");
    expect([again.status, again.data, codesOf(again)]).toEqual([409, null, [["CONFLICT", undefined]]]);
    expect(again.errors[0]?.message).toMatch(/decided already/);
    expect((await KEMENSOS.ask(QUEUE)).data["reviewCases"]).toEqual({ nodes: [], totalCount: 0 });
  });

  test("needs a reason of some words, without a NIK", async () => {
    const id = await firstCase();
    for (const reason of ["ok", "      ", "x".repeat(501), `NIK nya ${siti.nik} juga`]) {
      const { errors } = await KEMENSOS.ask(DECIDE, { input: { case: id, decision: "SAME", reason } });
      expect([errors[0]?.extensions["code"], errors[0]?.message]).toEqual([
        "BAD_USER_INPUT",
        expect.stringContaining("reason must"),
      ]);
    }
    expect(await firstCase()).toBe(id);
  });

  test("names its case in a variable only: a document is kept and shared", async () => {
    const { errors } = await KEMENSOS.ask(
      `mutation { decideReviewCase(input: {case: "${siti.id}", decision: SAME, reason: "same person"}) { id } }`,
    );
    expect(errors[0]?.extensions).toMatchObject({ code: "GRAPHQL_VALIDATION_FAILED", coordinate: "DecideReviewCaseInput.case" });
  });
});

describe("an agency", () => {
  test("sees its own cases only, and another's is as unknown to it as none", async () => {
    const { data } = await KEMENSOS.ask(QUEUE);
    expect(data["reviewCases"]).toMatchObject({ nodes: [{ source: "PKH", row: "1", person: { id: siti.id } }], totalCount: 1 });
    const [found] = await asRole(
      hub.urls.jobs as string,
      (sql) => sql`select id from population.review_case where source = 'PBI'`,
    );
    const answers = [await decide(found?.["id"]), await decide(budi.id), await decide("nothing at all")];
    expect(answers.map(codesOf)).toEqual(answers.map(() => [["BAD_USER_INPUT", undefined]]));
    expect(new Set(answers.map(({ errors }) => errors[0]?.message)).size).toBe(1);
  });

  test("learns of a mother's name only whether it fits", async () => {
    const { data } = await KEMENSOS.ask(QUEUE);
    const [{ comparisons }] = data["reviewCases"].nodes;
    expect(comparisons).toHaveLength(8);
    expect(comparisons).toContainEqual({ field: "MOTHER_NAME", level: 1, of: 2 });
    expect(comparisons).toContainEqual({ field: "FULL_NAME", level: 7, of: 8 });
  });

  test("sees what a weight is made of: parts that add up to it, an element each", async () => {
    const { data, errors } = await KEMENSOS.ask("{ reviewCases { nodes { weight weightParts { of field bits } } } }");
    expect(errors).toEqual([]);
    const [{ weight, weightParts }] = data["reviewCases"].nodes;
    expect(weightParts).toHaveLength(11);
    expect(weightParts[0]).toEqual({ of: "PRIOR", field: null, bits: -20 });
    expect(weightParts).toContainEqual({ of: "ELEMENT", field: "FULL_NAME", bits: 9 });
    expect(weightParts.at(-1)).toMatchObject({ of: "LOOK_ALIKES", field: null });
    expect(weightParts.reduce((sum: number, part: { bits: number }) => sum + part.bits, 0)).toBeCloseTo(weight, 10);
  });

  test("whose agreement has no word of it is refused before anything runs", async () => {
    const id = await firstCase();
    const before = [await lastEntry(), hub.facts.length] as const;
    const bpjs = await decide(id, "SAME", hub.as("bpjs-kesehatan"));
    expect([bpjs.status, bpjs.data]).toEqual([403, null]);
    expect(codesOf(bpjs)).toContainEqual(["FIELD_NOT_GRANTED", "Mutation.decideReviewCase"]);
    expect(hub.facts.length).toBe(before[1]);
    expect((await entriesSince(before[0])).map(({ entry }) => [entry.client, entry.status])).toEqual([
      ["bpjs-kesehatan", "FORBIDDEN"],
    ]);
    expect(await firstCase()).toBe(id);
  });

  test("that may read whatever is derived may still not decide", async () => {
    const id = await firstCase();
    const before = hub.facts.length;
    const auditor = hub.as("bpk", { agreement: "PKS-2025-006", case: "LHP/12/2026" });
    expect(codesOf(await decide(id, "SAME", auditor))).toContainEqual(["USE_NOT_GRANTED", "DecideReviewCaseInput.case"]);
    expect(hub.facts.length).toBe(before);
  });
});

describe("an individual", () => {
  const ONE =
    "query ($id: ID!) { individual(id: $id) { id person { id } rows { source row } history { id kind by reason other } } }";
  const ids = async () =>
    Object.fromEntries(
      (await asRole(hub.urls.jobs as string, (sql) => sql`select source, individual from population.individual_row`)).map(
        (row) => [row["source"], row["individual"] as string],
      ),
    ) as Record<"DTKS" | "PKH" | "PBI", string>;

  test("merged into another answers as that one, until the merge is taken back, by any client once", async () => {
    const { DTKS, PKH } = await ids();
    const merged = await KEMENSOS.ask(
      "mutation ($input: MergeIndividualsInput!) { mergeIndividuals(input: $input) { id rows { source } history { kind } } }",
      { input: { into: DTKS, merged: PKH, reason: REASON } },
    );
    expect([merged.data["mergeIndividuals"].id, merged.data["mergeIndividuals"].rows]).toEqual([
      DTKS,
      [{ source: "DTKS" }, { source: "PKH" }],
    ]);
    const { data } = await KEMENSOS.ask(ONE, { id: PKH });
    expect(data["individual"]).toMatchObject({ id: DTKS, person: { id: siti.id } });
    const event = data["individual"].history.at(-1);
    expect(event).toMatchObject({ kind: "MERGED", by: "KEMENSOS:kemensos", reason: REASON, other: PKH });
    const undo = () =>
      KEMENSOS.ask(
        "mutation ($input: UnmergeIndividualsInput!) { unmergeIndividuals(input: $input) { id person { id } rows { source } } }",
        {
          input: { event: event.id, reason: "they are sisters" },
        },
      );
    expect((await undo()).data["unmergeIndividuals"]).toEqual({ id: PKH, person: null, rows: [{ source: "PKH" }] });
    expect((await undo()).errors.map(({ extensions }) => extensions["code"])).toEqual(["CONFLICT"]);
  });

  test("without a row of the agency is as unknown as none", async () => {
    const { PBI } = await ids();
    for (const id of [PBI, budi.id, "x"]) expect((await KEMENSOS.ask(ONE, { id })).data["individual"]).toBeNull();
  });

  test("shows another agency's act, and not its words", async () => {
    const { DTKS, PKH } = await ids();
    await asRole(hub.urls.jobs as string, async (sql) => {
      await sql`insert into population.individual_event (individual, kind, other, by, reason, at)
        values (${PKH}, 'MERGED', ${DTKS}, 'BPJS_KESEHATAN:bpjs-kesehatan', 'her neighbour says so', '2026-11-21T10:00:00Z')`;
    });
    const { data } = await KEMENSOS.ask(ONE, { id: PKH });
    expect(data["individual"].history.at(-1)).toMatchObject({ by: "BPJS_KESEHATAN:bpjs-kesehatan", reason: null });
    expect(data["individual"].history[0]).toMatchObject({ by: "hub merge", reason: "merge of the sources" });
  });
});
