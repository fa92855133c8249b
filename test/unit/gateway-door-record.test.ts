import { createHash, createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bodyOf, intentOf, type Line, leafOf } from "../../gateway/audit/body.ts";
import { GroupCommit } from "../../gateway/audit/groupCommit.ts";
import { Recent } from "../../gateway/audit/recent.ts";
import { personsOf, subjectKey, subjectsOf, tagsOf } from "../../gateway/audit/subjects.ts";
import { markOf, variablesKey } from "../../gateway/audit/variables.ts";
import type { Asked, Disclosure, Planned } from "../../gateway/types/chain.ts";
import { Refusal } from "../../schema/errors.ts";
import { callerWith } from "../kit/slice.ts";

const asked: Asked = {
  requestId: "r1",
  receiptId: "00000000-0000-4000-8000-00000000000a",
  language: "id",
  mediaType: "application/json",
  method: "POST",
  document: '{ person(nik: "3510012345679001") { fullName } }',
  documentId: null,
  operationName: "Of3510012345679001",
  variables: { nik: "3510012345679001" },
  authorization: "Bearer canary",
  agreementNumber: null,
  caseNumber: "12/2026",
  tryAs: null,
  address: "10.0.0.1",
  deadline: 0,
  signal: new AbortController().signal,
};
const using = (...used: string[]) => ({ output: [], internal: [], arguments: used });
const answer: Disclosure = {
  data: { person: { fullName: "S. A." } },
  errors: [{ code: "FIELD_NOT_GRANTED", coordinate: "Person.nik" }],
  denied: ["Person.nik"],
  transformed: ["Person.fullName"],
  inSomeRows: [],
  shown: ["Person.fullName", "Query.person"],
  subjects: ["00000000-0000-4000-8000-000000000001"],
  persons: ["00000000-0000-4000-8000-000000000001"],
  lookups: ["nik:3510012345679001"],
  verdicts: {},
  fetches: [
    { service: "welfare", outcome: "ok", ms: 1, coordinates: using("Query.households(first:)") },
    {
      service: "population",
      outcome: "SUBGRAPH_TIMEOUT",
      ms: 1,
      coordinates: using("Query.person(nik:)", "Query.households(first:)"),
    },
    { service: "population", outcome: "ok", ms: 1, coordinates: using() },
  ],
};

describe("the text of an entry", () => {
  test("says who, under what, for which coordinates and how it ended, keys in one order", () => {
    const body = bodyOf(
      { ...asked, caller: callerWith({ case: "12/2026", table: "t1", requestId: "r1" }) },
      { answer, subjects: 1, document: "cd34", variables: "ab12" },
    );
    const { at, ...entry } = JSON.parse(body);
    expect(at).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect(entry).toEqual({
      v: 1,
      requestId: "r1",
      receipt: "00000000-0000-4000-8000-00000000000a",
      client: "kemensos",
      agency: "KEMENSOS",
      officer: null,
      agreement: "PKS-2025-001",
      version: 1,
      purpose: "PROGRAM_ADMINISTRATION",
      case: "12/2026",
      operation: { name: "Of[NIK]", mark: "cd34" },
      shown: ["Person.fullName", "Query.person"],
      masked: ["Person.fullName"],
      denied: ["Person.nik"],
      used: ["Query.households(first:)", "Query.person(nik:)"],
      variables: "ab12",
      subjects: 1,
      sources: { population: "SUBGRAPH_TIMEOUT", welfare: "ok" },
      status: "ANSWERED",
      epoch: 1,
      table: "t1",
    });
    const refused = bodyOf(
      { ...asked, client: "kemensos", agency: "KEMENSOS" },
      { refusal: new Refusal({ code: "AGREEMENT_REQUIRED" }), subjects: 0, document: "cd34", variables: null },
    );
    expect(Object.keys(JSON.parse(refused))).toEqual(Object.keys(JSON.parse(body)));
    expect(JSON.parse(refused)).toMatchObject({ client: "kemensos", agreement: null, status: "AGREEMENT_REQUIRED" });
  });

  test("holds no value: no data, no variable, no document, no credential, no NIK", () => {
    const body = bodyOf({ ...asked, caller: callerWith() }, { answer, subjects: 1, document: "cd34", variables: "ab12" });
    for (const secret of ["S. A.", "3510012345679001", "canary", "person(nik: ", answer.subjects[0] ?? ""])
      expect(body).not.toContain(secret);
  });

  test("announces a mutation with all it may touch, however its steps are nested, and no value", () => {
    const fetching = (...used: string[]) => ({
      kind: "root",
      fetch: { coordinates: (coerced: object) => using(...used, ...Object.keys(coerced).map((name) => `M.${name}`)) },
    });
    const steps = [{ kind: "sequence", steps: [fetching("M.b(x:)"), { kind: "parallel", steps: [fetching("M.a(x:)")] }] }, null];
    const planned = {
      coerced: { nik: "3510012345679001" },
      rewrite: { asked: new Set(["P.name", "Mutation.b"]), denied: ["P.nik"] },
      plan: { steps },
    };
    const body = intentOf(
      { ...asked, caller: callerWith({ table: "t1" }) },
      { planned: planned as unknown as Planned, receipt: "i1", subjects: 1, document: "cd34", variables: "ab12" },
    );
    expect(JSON.parse(body)).toMatchObject({
      receipt: "i1",
      requestId: "r1",
      client: "kemensos",
      purpose: "PROGRAM_ADMINISTRATION",
      operation: { mark: "cd34" },
      asked: ["Mutation.b", "P.name"],
      denied: ["P.nik"],
      used: ["M.a(x:)", "M.b(x:)", "M.nik"],
      variables: "ab12",
      subjects: 1,
      status: "INTENDED",
      table: "t1",
    });
    for (const secret of ["3510012345679001", "canary", "person(nik: "]) expect(body).not.toContain(secret);
  });

  test("its leaf is SHA-256 of a zero byte and the text (RFC 9162)", () => {
    // M1 and M2 of policy.md §22
    expect(leafOf("")).toBe("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    expect(leafOf('{"v":1,"b":1.0,"a":2}')).toBe("f9c51ecf7c6f66b28069b4330c6d5207e5e8cd8596d1d3e243bddb27b9af4644");
  });
});

describe("tags of subjects", () => {
  const key = subjectKey("k".repeat(32));
  const ids = fc.uniqueArray(fc.oneof(fc.uuid(), fc.string()), { maxLength: 40 });
  const listOf = (tags: Buffer) =>
    Array.from({ length: tags.length / 16 }, (_, at) => tags.subarray(16 * at, 16 * at + 16).toString("hex"));

  test("one a subject, sixteen bytes, the same whatever the answer, in an order that tells nothing", () => {
    fc.assert(
      fc.property(ids, (list) => {
        const found = listOf(tagsOf(list, key));
        expect(found).toHaveLength(list.length);
        expect([...found].sort()).toEqual(list.map((id) => tagsOf([id], key).toString("hex")).sort());
      }),
    );
  });

  test("a UUID is tagged by its own bytes, in either case", () => {
    const id = "0003a206-275c-8e26-a455-922295c800b9";
    expect(tagsOf([id.toUpperCase()], key).equals(tagsOf([id], key))).toBe(true);
    expect(tagsOf(["0003a206-275c-8e26-a455-922295c800bg"], key).equals(tagsOf([id], key))).toBe(false);
  });

  test("different subjects have different tags, and another year's key gives others still", () => {
    const people = Array.from({ length: 1000 }, (_, n) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`);
    expect(listOf(tagsOf(people, key))).toHaveLength(1000);
    expect(listOf(tagsOf(["prs_01", "prs_02"], key))).toHaveLength(2);
    const next = new Set(listOf(tagsOf(people, subjectKey("n".repeat(32)))));
    expect(listOf(tagsOf(people, key)).some((tag) => next.has(tag))).toBe(false);
  });

  test("a tag tells nothing of the id without the key", () => {
    const id = "11111111-1111-4111-8111-111111111111";
    expect(tagsOf([id], key).toString("hex")).not.toContain("1111");
    expect(tagsOf([], key)).toHaveLength(0);
  });
});

describe("the mark of the variables", () => {
  const key = variablesKey("k".repeat(32));

  test("is the same for the same variables in any order, and another for any other", () => {
    const mark = markOf({ nik: "3510012345679001", filter: { a: 1, b: [1, 2] } }, key);
    expect(mark).toMatch(/^[0-9a-f]{64}$/);
    expect(markOf({ filter: { b: [1, 2], a: 1 }, nik: "3510012345679001" }, key)).toBe(mark);
    for (const other of [
      { nik: "3510012345679001", filter: { a: 1, b: [2, 1] } },
      { nik: "3510012345679002" },
      { a: null },
      { a: "null" },
    ])
      expect(markOf(other, key)).not.toBe(mark);
    expect(markOf({ a: null }, key)).not.toBe(markOf({ a: "null" }, key));
  });

  test("is none without variables, and tells nothing without the key", () => {
    expect(markOf({}, key)).toBeNull();
    const text = '{"nik":"3510012345679001"}';
    const mark = markOf(JSON.parse(text), key);
    expect(mark).not.toBe(createHash("sha256").update(text).digest("hex"));
    expect(mark).toBe(createHmac("sha256", key).update(text).digest("hex"));
    expect(markOf(JSON.parse(text), variablesKey("n".repeat(32)))).not.toBe(mark);
    expect(
      variablesKey("k".repeat(32))
        .export()
        .equals(subjectKey("k".repeat(32))),
    ).toBe(false);
  });
});

describe("who an entry is about", () => {
  test("are the subjects shown and the identifiers looked up by, each once", () => {
    const person = "0003a206-275c-8e26-a455-922295c800b9";
    const shown = { ...answer, subjects: [person, "h2"], lookups: [person.toUpperCase(), "h2", "nik:3510012345679001"] };
    expect(subjectsOf(shown)).toEqual([person, "h2", "nik:3510012345679001"]);
  });
  test("of whom a quota counts the persons, and the identifiers looked up that found nobody", () => {
    const person = "0003a206-275c-8e26-a455-922295c800b9";
    const shown = {
      ...answer,
      subjects: [person, "h2", "m3"],
      persons: [person],
      lookups: [person.toUpperCase(), "h2", "nik:3510012345679001"],
    };
    expect(personsOf(shown, [])).toEqual([person, "h2", "nik:3510012345679001"]);
    expect(personsOf(shown, ["nik:3510012345679001", "h2"]), "who was found stands for the identifier").toEqual([person]);
  });
});

describe("what a gateway remembers of whom it has counted", () => {
  test("is the last so many at least, at most twice as many, and nothing it was not told", () => {
    const told = fc.array(fc.record({ group: fc.constantFrom("a", "b"), text: fc.integer({ min: 0, max: 40 }).map(String) }), {
      maxLength: 80,
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), told, (most, list) => {
        const recent = new Recent(most);
        for (const { group, text } of list) recent.add(group, [text]);
        const keyOf = ({ group, text }: { group: string; text: string }) => `${group} ${text}`;
        const known = ["a", "b"].flatMap((group) =>
          Array.from({ length: 41 }, (_, text) => ({ group, text: String(text) })).filter((one) =>
            recent.has(one.group, one.text),
          ),
        );
        expect(known.length).toBeLessThanOrEqual(2 * most);
        expect(known.map(keyOf).every((key) => list.map(keyOf).includes(key))).toBe(true);
        for (const { group, text } of list.slice(-most)) expect(recent.has(group, text)).toBe(true);
      }),
    );
  });
});

describe("group commit", () => {
  const line = (body: string): Line => ({
    leaf: "",
    body,
    receiptId: body,
    client: null,
    agreement: null,
    subjects: Buffer.alloc(0),
    news: null,
  });
  const dataFault = Object.assign(new Error("bad"), { code: "22021" });
  const isLinesFault = (error: unknown) => error === dataFault;
  const codeOf = (work: Promise<void>) =>
    work.then(
      () => "DURABLE",
      (error: Refusal) => error.failures[0]?.code,
    );
  /** A store whose commits end when told. */
  const store = () => {
    const commits: { readonly bodies: string[]; end(error?: unknown): void }[] = [];
    const insert = (lines: readonly Line[]) =>
      new Promise<readonly Line[]>((resolve, reject) =>
        commits.push({ bodies: lines.map(({ body }) => body), end: (error) => (error ? reject(error) : resolve([])) }),
      );
    return { commits, insert };
  };
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  test("a line is not durable before its commit has ended", async () => {
    const { commits, insert } = store();
    const commit = new GroupCommit({ insert, isLinesFault });
    let isDurable = false;
    const added = commit.add(line("a")).then(() => {
      isDurable = true;
    });
    await turn();
    await turn();
    expect([commits.length, isDurable]).toEqual([1, false]);
    commits[0]?.end();
    await added;
    expect(isDurable).toBe(true);
  });

  test("what comes while two commits run is gathered for the next, at most so many a time", async () => {
    const { commits, insert } = store();
    const commit = new GroupCommit({ insert, isLinesFault, maxBatch: 3 });
    const added: Promise<void>[] = [];
    for (const name of ["a", "b"]) {
      added.push(commit.add(line(name)));
      await turn();
    }
    for (const name of ["c", "d", "e", "f"]) added.push(commit.add(line(name)));
    await turn();
    expect(commits.map(({ bodies }) => bodies.join(""))).toEqual(["a", "b"]);
    commits[0]?.end();
    commits[1]?.end();
    await turn();
    expect(commits.map(({ bodies }) => bodies.join(""))).toEqual(["a", "b", "cde", "f"]);
    commits[2]?.end();
    commits[3]?.end();
    await Promise.all(added);
    await commit.drained();
  });

  test("much news makes small commits, and one line alone may bring any number", async () => {
    const { commits, insert } = store();
    const commit = new GroupCommit({ insert, isLinesFault, maxInFlight: 1, maxNewsBytes: 32 });
    const newsOf = (persons: number) =>
      ({ tags: Buffer.alloc(16 * persons), pseudonyms: [] }) as unknown as NonNullable<Line["news"]>;
    const added = [2, 1, 1, 5, 0].map((persons) => commit.add({ ...line(String(persons)), news: newsOf(persons) }));
    for (let ended = 0; ended < 4; ended++) {
      await turn();
      commits[ended]?.end();
    }
    await Promise.all(added);
    expect(commits.map(({ bodies }) => bodies)).toEqual([["2"], ["1", "1"], ["5"], ["0"]]);
  });

  test("a line the database will not have fails alone", async () => {
    const written: string[] = [];
    const insert = async (lines: readonly Line[]) => {
      if (lines.some(({ body }) => body === "bad")) throw dataFault;
      written.push(...lines.map(({ body }) => body));
      return [];
    };
    const commit = new GroupCommit({ insert, isLinesFault });
    expect(await Promise.all(["a", "bad", "b"].map((body) => codeOf(commit.add(line(body)))))).toEqual([
      "DURABLE",
      "AUDIT_UNAVAILABLE",
      "DURABLE",
    ]);
    expect(written).toEqual(["a", "b"]);
  });

  test("a line over its quota is refused until midnight in western Indonesia, the others of its commit are durable", async () => {
    const insert = async (lines: readonly Line[]) => lines.filter(({ body }) => body === "over");
    const commit = new GroupCommit({ insert, isLinesFault });
    const told = await Promise.allSettled(["a", "over", "b"].map((body) => commit.add(line(body))));
    expect(told.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    const { reason } = told[1] as PromiseRejectedResult & { reason: Refusal };
    expect([reason.status, reason.failures]).toMatchObject([429, [{ code: "QUOTA_EXCEEDED", limit: { name: "QUOTA" } }]]);
    expect(Number(reason.headers["retry-after"])).toBeGreaterThan(0);
    expect(Number(reason.headers["retry-after"])).toBeLessThanOrEqual(24 * 60 * 60);
  });

  test("a store that is away fails all who wait, once, and is tried again for the next", async () => {
    const { commits, insert } = store();
    const commit = new GroupCommit({ insert, isLinesFault, maxInFlight: 1 });
    const first = codeOf(commit.add(line("a")));
    await turn();
    const behind = codeOf(commit.add(line("b")));
    commits[0]?.end(new Error("connection lost"));
    expect(await Promise.all([first, behind])).toEqual(["AUDIT_UNAVAILABLE", "AUDIT_UNAVAILABLE"]);
    const next = codeOf(commit.add(line("c")));
    await turn();
    commits[1]?.end();
    expect([await next, commits[1]?.bodies]).toEqual(["DURABLE", ["c"]]);
  });

  test("the queue is bounded: beyond it the hub says it is full", async () => {
    const { insert } = store();
    const commit = new GroupCommit({ insert, isLinesFault, maxWaiting: 2 });
    void commit.add(line("a"));
    void commit.add(line("b"));
    expect(await codeOf(commit.add(line("c")))).toBe("OVERLOADED");
  });
});
