import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Listening } from "../../cli/record/server.ts";
import { startWitness } from "../../cli/record/witness.ts";
import { signerOf } from "../../schema/policy/keys.ts";
import { signCheckpoint } from "../../schema/record/checkpoint.ts";
import { RightEdge } from "../../schema/record/edge.ts";
import { leafHash } from "../../schema/record/leaf.ts";
import { isSignedNote, type NoteKey, noteKey, parseNote, readVkey } from "../../schema/record/note.ts";
import { consistencyProof } from "../../schema/record/tree.ts";
import { addCheckpointText } from "../../schema/record/witness/addCheckpoint.ts";
import { LOG, runHub } from "./logKit.ts";

const folder = mkdtempSync(join(tmpdir(), "hub-witness-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const NAME = "witness.example/bssn";

/** A log in memory: its notes and proofs at every size. Logs of another `salt` have other entries. */
function logOf(size: number, salt = "") {
  const tiles = new Map<string, Buffer>();
  const edge = RightEdge.empty();
  const notes = [""];
  for (let n = 0; n < size; n++) {
    edge.append(leafHash(`${salt}${n < 3 ? "" : salt} entry ${n}`));
    for (const { level, n: at, hashes } of [...edge.takeFilled(), ...edge.partial()]) tiles.set(`${level}/${at}`, hashes);
    notes.push(signCheckpoint({ origin: LOG.key.name, size: edge.size, root: edge.root() }, LOG));
  }
  const proof = (old: number, to: number) => consistencyProof(old, to, async (level, n) => tiles.get(`${level}/${n}`) ?? null);
  return { request: async (old: number, to: number) => addCheckpointText(old, await proof(old, to), notes[to] ?? ""), notes };
}
const log = logOf(20);

let used = 0;
let state = "";
let running: Listening;
const start = async () => {
  running = await startWitness({ log: LOG.key, state, name: NAME, host: "127.0.0.1", port: 0, note: () => {} });
};
const add = async (body: string) => {
  const response = await fetch(`${running.url}/add-checkpoint`, { method: "POST", body });
  return { status: response.status, type: response.headers.get("content-type"), body: await response.text() };
};
const ownKey = async (): Promise<NoteKey> => {
  const { code, out } = await runHub(["witness", "key", "--state", state, "--name", NAME]);
  expect(code).toBe(0);
  return readVkey(out.trim());
};

beforeEach(async () => {
  state = join(folder, String(used++), "state");
  await start();
});
afterEach(() => running.close());

describe("a witness", () => {
  test("cosigns a log from its beginning, and each state that continues the one before", async () => {
    const key = await ownKey();
    for (const [old, to] of [
      [0, 3],
      [3, 3],
      [3, 20],
    ] as const) {
      const { status, body } = await add(await log.request(old, to));
      expect([status, isSignedNote(parseNote(`${log.notes[to]}${body}`), key)]).toEqual([200, true]);
    }
    expect(key).toEqual(expect.objectContaining({ name: NAME, type: "COSIGNATURE" }));
  });

  test("never cosigns a smaller state: it says how far it has seen", async () => {
    await add(await log.request(0, 20));
    for (const [old, to] of [
      [0, 5],
      [5, 20],
      [0, 20],
    ] as const)
      expect(await add(await log.request(old, to))).toEqual({ status: 409, type: "text/x.tlog.size", body: "20\n" });
  });

  test("never cosigns a second history, of the same size or a larger one", async () => {
    const other = logOf(20, "forged");
    await add(await log.request(0, 8));
    const asked = [await other.request(8, 8), await other.request(8, 20), addCheckpointText(8, [], log.notes[20] ?? "")];
    expect((await Promise.all(asked.map(add))).map(({ status }) => status)).toEqual([409, 422, 422]);
    expect((await add(await log.request(8, 20))).status).toBe(200);
  });

  test("of two requests at once that both fit, cosigns one way only", async () => {
    const other = logOf(20, "forged");
    const answers = await Promise.all([add(await log.request(0, 20)), add(await other.request(0, 20))]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  test("remembers what it cosigned over a restart, on disk before it answers", async () => {
    await add(await log.request(0, 8));
    expect(JSON.parse(readFileSync(state, "utf8"))).toMatchObject({ origin: LOG.key.name, size: 8 });
    await running.close();
    await start();
    expect((await add(await log.request(0, 20))).status).toBe(409);
    expect((await add(await log.request(8, 20))).status).toBe(200);
  });

  test("shares its state with no other process: two would each sign a history of its own", async () => {
    const first = running;
    await expect(start()).rejects.toThrow("another witness works on this state");
    await add(await log.request(0, 8));
    const lock = readFileSync(`${state}.lock`, "utf8");
    writeFileSync(`${state}.lock`, lock.replace(/"token":"[^"]*"/, '"token":"of a process that took over"'));
    expect((await add(await log.request(8, 20))).status).toBe(503);
    writeFileSync(`${state}.lock`, lock);
    expect((await add(await log.request(8, 20))).status).toBe(200);
    await first.close();
    expect(existsSync(`${state}.lock`)).toBe(false);
    await start();
  });

  test("takes over after a process that died, never after one of another machine", async () => {
    await running.close();
    const left = { host: hostname(), pid: 2 ** 22 + 1, token: "t" }; // no Linux counts so far
    writeFileSync(`${state}.lock`, JSON.stringify({ ...left, host: "elsewhere" }));
    await expect(start()).rejects.toThrow("another witness works on this state");
    writeFileSync(`${state}.lock`, JSON.stringify(left));
    await start();
    expect((await add(await log.request(0, 3))).status).toBe(200);
  });

  test("judges by the state on its disk, whoever wrote it", async () => {
    await add(await log.request(0, 3));
    writeFileSync(state, readFileSync(state, "utf8").replace('"size":3', '"size":9'));
    expect(await add(await log.request(3, 20))).toMatchObject({ status: 409, body: "9\n" });
  });

  test("keeps its key to itself", async () => {
    expect(statSync(`${state}.key`).mode & 0o777).toBe(0o600);
  });

  test("whose state is gone does not start anew under its name", async () => {
    await add(await log.request(0, 8));
    await running.close();
    rmSync(state);
    await expect(start()).rejects.toThrow("must be retired");
    writeFileSync(state, "{");
    await expect(start()).rejects.toThrow();
    rmSync(`${state}.key`);
    await expect(start()).rejects.toThrow("must be retired");
    state = join(folder, "fresh");
    await start();
  });

  test("watches one log, signed by its key, and nothing else", async () => {
    const signer = signerOf("somebody else's key, 32 characters", "log");
    const root = Buffer.alloc(32);
    const stranger = signCheckpoint(
      { origin: LOG.key.name, size: 1, root },
      { signer, key: noteKey(signer, LOG.key.name, "ED25519") },
    );
    const unknown = signCheckpoint({ origin: "other.example", size: 1, root }, LOG);
    expect((await add(addCheckpointText(0, [], stranger))).status).toBe(403);
    expect((await add(addCheckpointText(0, [], unknown))).status).toBe(404);
    expect((await add(await log.request(0, 3))).status).toBe(200);
  });

  test("answers what is no request with 400 and signs nothing", async () => {
    const good = await log.request(0, 3);
    const proof = Array.from({ length: 64 }, () => leafHash("x"));
    const hostile = [
      "",
      "old 0",
      "old -1\n\n",
      good.replace("old 0", "old 00"),
      good.replace("old 0", "old 9"),
      good.replace("old 0\n", "old 0\nAAAA\n"),
    ];
    for (const body of [...hostile, addCheckpointText(0, proof, log.notes[3] ?? ""), good.replace("\n3\n", "\n03\n")])
      expect((await add(body)).status, body).toBe(400);
    expect((await add("x".repeat(70_000))).status).toBe(413);
    expect((await fetch(`${running.url}/add-checkpoint`)).status).toBe(404);
    expect(readFileSync(state, "utf8")).toBe("null\n");
    expect(existsSync(`${state}.new`)).toBe(false);
  });
});

test.each([[[]], [["key"]], [["--state", "x"]], [["sign", "--state", "x"]], [["key", "--state", "x", "--log-key", "y"]]])(
  "wrong usage of the witness (%j) ends with 2",
  async (argv) => expect((await runHub(["witness", ...argv])).code).toBe(2),
);
