import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { rawClient } from "../../../drizzle/client.ts";
import { sweep } from "../../../gateway/border/export/jobs/exports.ts";
import { Jobs } from "../../../gateway/border/export/jobs/store.ts";
import { Vault } from "../../../gateway/border/export/jobs/vault.ts";
import { asRole, failing, withoutTriggers } from "../../kit/database.ts";
import { useHub } from "../../kit/hub.ts";
import { budi } from "../../kit/people.ts";
import { renewWith, resume, suspend } from "../../kit/policy.ts";
import { exportsOf } from "./kit.ts";

// What somebody would try to have a file that is not theirs, no longer theirs, or not the one that was made.

const folder = mkdtempSync(join(tmpdir(), "hub-exports-"));
const hub = useHub({ HUB_EXPORT_DIR: folder });
const { call, place, made, refused, fileOf, files } = exportsOf(hub, folder);
const DINSOS = "dinsos-banyuwangi";
const OFFICER = "verifikator.dinsos_banyuwangi";
const ORDER = { dataset: "members", format: "csv" };
type Json = Record<string, any>;
let owner: ReturnType<typeof rawClient>;
beforeAll(() => {
  owner = rawClient(hub.urls.governance.owner, { max: 2 });
});
afterEach(async () => {
  const open =
    await owner`select id, client_id as client, officer_id as officer from governance.export_job where state in ('queued', 'running', 'ready')`;
  for (const { id, client, officer } of open) await call(officer ?? client, `/${id}`, { method: "DELETE" });
});
afterAll(async () => {
  await owner.end();
  rmSync(folder, { recursive: true, force: true });
});

const told = async (answer: Response): Promise<[number, string]> => [
  answer.status,
  (await answer.text()).replaceAll(/"requestId":"[^"]*"/g, ""),
];
const attemptOf = async ({ id }: Json): Promise<string> =>
  String((await owner`select attempt from governance.export_job where id = ${id}`)[0]?.["attempt"]);

test("threat: another client's job is answered as one that is not there, by every door and in every word", async () => {
  const job = await made(DINSOS, ORDER);
  const nobodys = crypto.randomUUID();
  for (const [path, method] of [
    ["", "GET"],
    ["/file", "GET"],
    ["", "DELETE"],
  ] as const) {
    const answers = await Promise.all(
      [job["id"], nobodys].map(async (id) => told(await call("kemensos", `/${id}${path}`, { method }))),
    );
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]?.[0]).toBe(404);
  }
  expect((await fileOf(DINSOS, job)).status).toBe(200);
});

test("threat: what an officer asked for is the officer's alone, and guarded against spreadsheets", async () => {
  const job = await made(OFFICER, { dataset: "households", format: "csv" });
  expect(job["manifest"]).toMatchObject({ guard: true });
  const answer = await fileOf(OFFICER, job);
  expect([answer.status, (await answer.text()).length > 100]).toEqual([200, true]);
  for (const who of [DINSOS, "verifikator2.dinsos_banyuwangi", "kadis.dinsos_banyuwangi"])
    expect(await refused(fileOf(who, job))).toEqual([404, ["NOT_FOUND"]]);
  const own = (await (await call(DINSOS, "")).json()) as Json;
  expect(own["exports"].map(({ id }: Json) => id)).not.toContain(job["id"]);
});

test("threat: an officer has no file of the client's they work through", async () => {
  const job = await made(DINSOS, ORDER);
  expect(job["manifest"]).toMatchObject({ guard: false });
  expect(await refused(fileOf(OFFICER, job))).toEqual([404, ["NOT_FOUND"]]);
});

test("threat: without a token, with a broken one, as a citizen or on trial there is no export", async () => {
  const url = `${hub.gatewayUrl}/v1/exports`;
  const post = (headers: Record<string, string>) => fetch(url, { method: "POST", headers, body: JSON.stringify(ORDER) });
  expect(await refused(post({}))).toEqual([401, ["UNAUTHENTICATED"]]);
  expect(await refused(post({ authorization: "Bearer a.b.c" }))).toEqual([401, ["UNAUTHENTICATED"]]);
  const citizen = await hub.tokenOf("portal-warga", budi.id);
  expect(await refused(post({ authorization: `Bearer ${citizen}` }))).toEqual([403, ["FORBIDDEN"]]);
  const trying = { authorization: `Bearer ${await hub.tokenOf("steward.kemensos")}`, "hub-try-as": "PKS-2025-004" };
  expect(await refused(post(trying))).toEqual([403, ["FORBIDDEN"]]);
});

test("threat: a file of an agreement that was suspended since stays where it is, until it is resumed", async () => {
  const job = await made(DINSOS, ORDER);
  await suspend(owner, "PKS-2025-004");
  await vi.waitFor(async () => expect(await refused(fileOf(DINSOS, job))).toEqual([403, ["AGREEMENT_SUSPENDED"]]));
  await resume(owner, "PKS-2025-004");
  await vi.waitFor(async () => expect((await fileOf(DINSOS, job)).status).toBe(200));
});

test("threat: a job of an agreement that is suspended before its turn fails with that, and leaves no file", async () => {
  const before = files();
  await suspend(owner, "PKS-2025-004");
  const id = crypto.randomUUID();
  const wanted = { name: "members", format: "csv", filter: null, columns: ["suffix"], denied: [], written: { guard: false } };
  await owner`insert into governance.export_job (id, client_id, agreement_number, version, address, wanted)
    values (${id}, ${DINSOS}, 'PKS-2025-004', 1, '127.0.0.1', ${owner.json(wanted)})`;
  await vi.waitFor(
    async () => {
      const [row] = await owner`select state, code, key from governance.export_job where id = ${id}`;
      expect({ ...row }).toEqual({ state: "failed", code: "AGREEMENT_SUSPENDED", key: null });
    },
    { timeout: 10_000 },
  );
  expect(files()).toEqual(before);
  await resume(owner, "PKS-2025-004");
}, 20_000);

test("threat: a file of another version of the agreement is not given out, nor made", async () => {
  const job = await vi.waitFor(() => made(DINSOS, ORDER), { timeout: 10_000 });
  await renewWith(hub.urls.governance.owner, "PKS-2025-004", { quota: 1_000_000 });
  await vi.waitFor(async () => expect(await refused(fileOf(DINSOS, job))).toEqual([409, ["CONFLICT"]]), { timeout: 5000 });
  const id = crypto.randomUUID();
  const wanted = { name: "members", format: "csv", filter: null, columns: ["suffix"], denied: [], written: { guard: false } };
  await owner`insert into governance.export_job (id, client_id, agreement_number, version, address, wanted)
    values (${id}, ${DINSOS}, 'PKS-2025-004', 1, '127.0.0.1', ${owner.json(wanted)})`;
  await vi.waitFor(
    async () => {
      const [row] = await owner`select state, code from governance.export_job where id = ${id}`;
      expect({ ...row }).toEqual({ state: "failed", code: "CONFLICT" });
    },
    { timeout: 10_000 },
  );
}, 30_000);

test("threat: a file in which somebody's data were restricted since is not given out, and again when it is lifted", async () => {
  const [job, others] = [await made(DINSOS, ORDER), await made("kemensos", { ...ORDER, filter: { region: "93" } })];
  const change = (statement: string) => withoutTriggers(hub.urls.governance.owner, (admin) => admin.unsafe(statement));
  await change(`insert into governance.restriction (id, person_id, request_id, imposed_at)
    values (gen_random_uuid(), '${budi.id}', gen_random_uuid(), now())`);
  await vi.waitFor(async () => expect(await refused(fileOf(DINSOS, job))).toEqual([409, ["CONFLICT"]]), { timeout: 5000 });
  expect((await fileOf("kemensos", others)).status).toBe(200);
  const anew = await made(DINSOS, ORDER);
  expect(anew["manifest"]).toMatchObject({ restrictedRows: 1, rows: job["manifest"].rows });
  const text = await (await fileOf(DINSOS, anew)).text();
  expect([text.includes("BOEDI SANTOSA"), text.includes("JOKO PRASETYO")]).toEqual([false, true]);
  await change("delete from governance.restriction");
  await vi.waitFor(async () => expect((await fileOf(DINSOS, job)).status).toBe(200), { timeout: 5000 });
}, 30_000);

test.each(["..%2f..%2fetc%2fpasswd", "%00", "x", "00000000-0000-0000-0000-00000000000g", "%27%20or%201%3D1"])(
  "threat: an address like %s leads nowhere",
  async (id) => {
    expect((await call(DINSOS, `/${id}`)).status).toBe(404);
    expect((await call(DINSOS, `/${id}/file`)).status).toBe(404);
  },
);

const TAMPERED: readonly (readonly [string, (path: string, other: string) => void])[] = [
  ["cut", (path) => truncateSync(path, readFileSync(path).length - 20)],
  ["empty", (path) => truncateSync(path, 0)],
  [
    "changed by a bit",
    (path) =>
      writeFileSync(
        path,
        readFileSync(path).map((byte, at) => (at === 7 ? byte ^ 1 : byte)),
      ),
  ],
  ["another one", (path, other) => writeFileSync(path, readFileSync(other))],
];
test.each(TAMPERED)("threat: a file that was %s on the disk is never taken for what was made", async (_, tamper) => {
  const job = await made(DINSOS, ORDER);
  const attempt = await attemptOf(job);
  tamper(join(folder, `${attempt}.rows`), join(folder, `${attempt}.persons`));
  const bodyOf = (response: Response): Promise<unknown> => (response.ok ? response.text() : Promise.resolve(response.status));
  const answer = await fileOf(DINSOS, job)
    .then(bodyOf)
    .catch(() => "cut");
  expect([500, "cut"]).toContain(answer);
});

test("threat: on the disk nobody reads a word of it", async () => {
  const job = await made(DINSOS, ORDER);
  const attempt = await attemptOf(job);
  const text = await (await fileOf(DINSOS, job)).text();
  expect(text).toContain("JOKO PRASETYO");
  const kept = readFileSync(join(folder, `${attempt}.rows`)).toString("latin1");
  expect(kept.length).toBeGreaterThan(text.length);
  for (const word of ["JOKO", "suffix", "3510"]) expect(kept).not.toContain(word);
});

test("threat: after a day the key is gone, then the file, and what nobody has is swept", async () => {
  const job = await made(DINSOS, ORDER);
  const attempt = await attemptOf(job);
  await withoutTriggers(
    hub.urls.governance.owner,
    (admin) => admin`update governance.export_job set expires_at = now() where id = ${job["id"]}`,
  );
  expect(await refused(fileOf(DINSOS, job))).toEqual([404, ["NOT_FOUND"]]);
  writeFileSync(join(folder, `${crypto.randomUUID()}.rows`), "left by a gateway that was killed");
  writeFileSync(join(folder, "somebody else's"), "");
  const jobs = new Jobs(hub.urls.gateway);
  await sweep(jobs, new Vault(folder));
  await jobs.close();
  const [row] = await owner`select state, key, attempt from governance.export_job where id = ${job["id"]}`;
  expect({ ...row }).toEqual({ state: "expired", key: null, attempt: null });
  expect(readdirSync(folder).filter((name) => name.includes(attempt) || !name.includes("-"))).toEqual(["somebody else's"]);
});

test("threat: one asker holds five open at most, however many come at once", async () => {
  const placed = await Promise.all(Array.from({ length: 8 }, () => place(DINSOS, ORDER)));
  expect(placed.map(({ status }) => status).sort()).toEqual([202, 202, 202, 202, 202, 429, 429, 429]);
});

test("threat: a column that is no longer among the dataset's closes the file: nobody could judge what is in it", async () => {
  const job = await made(DINSOS, ORDER);
  await withoutTriggers(
    hub.urls.governance.owner,
    (admin) => admin`update governance.export_job
      set wanted = jsonb_set(wanted::jsonb, '{columns,0}', '"gone"')::json where id = ${job["id"]}`,
  );
  expect(await refused(fileOf(DINSOS, job))).toEqual([409, ["CONFLICT"]]);
});

test("threat: no role but the gateway's sees the keys, and a job never goes back", async () => {
  const job = await made(DINSOS, ORDER);
  for (const url of [hub.urls.governance.runtime, hub.urls.record])
    expect(await asRole(url, (client) => failing(client`select key from governance.export_job`))).toBe("42501");
  const change = (columns: string) =>
    asRole(hub.urls.gateway, (client) =>
      failing(client.unsafe(`update governance.export_job set ${columns} where id = '${job["id"]}'`)),
    );
  expect(await change("expires_at = now() + interval '1 year'")).toBe("HB001");
  expect(await change("state = 'queued', key = null, attempt = null, manifest = null, expires_at = null")).toBe("HB001");
  expect(await change("client_id = 'kemensos'")).toBe("42501");
  expect(await change("state = 'expired'")).toBe("23514"); // its key must go with it
});
