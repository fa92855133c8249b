import { describe, expect, test } from "vitest";
import type { Line } from "../../../gateway/audit/body.ts";
import { GroupCommit, type Inserted } from "../../../gateway/audit/groupCommit.ts";
import type { Refusal } from "../../../schema/errors.ts";

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
  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => "DURABLE",
      (error: Refusal) => error.failures[0]?.code,
    );
  /** A store whose commits end when told. */
  const store = () => {
    const commits: { readonly bodies: string[]; end(error?: unknown): void }[] = [];
    const insert = (lines: readonly Line[]) =>
      new Promise<Inserted>((resolve, reject) =>
        commits.push({
          bodies: lines.map(({ body }) => body),
          end: (error) => (error ? reject(error) : resolve({ refused: [], epoch: 7 })),
        }),
      );
    return { commits, insert };
  };
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  test("a line is not durable before its commit has ended", async () => {
    const { commits, insert } = store();
    const commit = new GroupCommit({ insert, isLinesFault });
    let isDurable = false;
    const added = commit.add(line("a")).then((epoch) => {
      isDurable = true;
      return epoch;
    });
    await turn();
    await turn();
    expect([commits.length, isDurable]).toEqual([1, false]);
    commits[0]?.end();
    expect([await added, isDurable], "with the epoch of the policy then").toEqual([7, true]);
  });

  test("what comes while two commits run is gathered for the next, at most so many a time", async () => {
    const { commits, insert } = store();
    const commit = new GroupCommit({ insert, isLinesFault, maxBatch: 3 });
    const added: Promise<unknown>[] = [];
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
      return { refused: [], epoch: 1 };
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
    const insert = async (lines: readonly Line[]) => ({ refused: lines.filter(({ body }) => body === "over"), epoch: 1 });
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
