import { randomUUID } from "node:crypto";
import { request as httpRequest } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rawClient } from "../../../drizzle/client.ts";
import { createMinter, devEnvelopeSecret, ENVELOPE_HEADER, STREAM_HEADER, streamText } from "../../../schema/caller.ts";
import { subjectKey, tagsOf } from "../../../schema/record/tags.ts";
import { yearInWib } from "../../../schema/record/yearKeys.ts";
import { population } from "../../../subgraphs/population/index.ts";
import { startWorker } from "../../../subgraphs/population/jobs/worker.ts";
import { useHub } from "../../kit/hub.ts";
import { budi, siti } from "../../kit/people.ts";
import { renewWith, resume, suspend } from "../../kit/policy.ts";
import { allBut, callerWith, FEW } from "../../kit/slice.ts";

// Batch matching by way of the gateway: who may, what is on record before and after, and what may leave.

const RECORD_KEY = "r".repeat(32);
const MAX_BYTES = 200_000;
const IDLE_MS = 400;
const hub = useHub({
  HUB_RECORD_KEYS: `${yearInWib(new Date())}:${RECORD_KEY}`,
  HUB_UPLOAD_MAX_BYTES: String(MAX_BYTES),
  HUB_UPLOAD_IDLE_MS: String(IDLE_MS),
});
const HEADER = "baris,NIK,Nama,Tgl Lahir,Nama Ibu\n";
const line = (id: string, { nik, fullName, birthDate, motherName }: typeof siti) =>
  `${id},${nik},${fullName},${birthDate},${motherName}\n`;
const FILE = `${HEADER}${line("r1", siti)}${line("r2", budi)}r3,123,TIDAK ADA ORANGNYA,1950-01-02,X\nr4,terlalu,sedikit\n`;

let owner: ReturnType<typeof rawClient>;
let jobs: ReturnType<typeof rawClient>;
beforeAll(() => {
  owner = rawClient(hub.urls.governance.owner, { max: 2 });
  jobs = rawClient(hub.urls.jobs ?? "", { max: 2 });
});
afterAll(() => Promise.all([owner.end(), jobs.end()]));

const addressOf = (path: string) => `${hub.gatewayUrl}/matching/jobs${path}`;
const as = async (client: string, more: Record<string, string> = {}) => ({
  authorization: `Bearer ${await hub.tokenOf(client)}`,
  ...more,
});
const get = async (client: string, path: string) => fetch(addressOf(path), { headers: await as(client) });
const send = async (client: string, file: string, query = "?source=DTKS&fileName=daftar.csv") =>
  fetch(addressOf(query), { method: "POST", headers: await as(client, { "content-type": "text/csv" }), body: file });
const codesIn = async (response: Response) =>
  ((await response.json()) as { errors?: { extensions: { code: string } }[] }).errors?.map(({ extensions }) => extensions.code);
const idIn = async (response: Response) => ((await response.json()) as any).data.startMatching.id as string;
const countJobs = async () => Number((await jobs`select count(*) as n from match.job`)[0]?.["n"]);
const lastEntry = async (): Promise<number> => Number((await owner`select coalesce(max(id), 0) as n from entry`)[0]?.["n"]);
const entriesSince = async (before: number) =>
  (await owner`select body, subjects from entry where id > ${before} order by id`).map(({ body, subjects }) => ({
    entry: JSON.parse(body),
    subjects: subjects as Buffer,
  }));

/** A job that is DONE, as the workers leave it, with as many results. */
async function doneJob({ agency, agreement }: { agency: string; agreement: string }, people: readonly string[]): Promise<string> {
  const id = randomUUID();
  const [job] = await jobs`insert into match.job (id, agency, agreement, source, file_name, mapping, state, rows)
    values (${id}, ${agency}, ${agreement}, 'DTKS', 'x.csv', '{}', 'DONE', ${people.length}) returning number`;
  const number = Number(job?.["number"]);
  await jobs.unsafe(`create table match.result_${number} partition of match.result for values in (${number})`);
  await jobs`insert into match.result (job, line, row_id, status, candidate, weight, margin, probability, reasons)
    select ${number}, 1 + n, 'baris "' || n || '"', (case when n % 3 = 0 then 'NOT_FOUND' else 'MATCHED' end)::match.status,
      person, 12.5, 3.5, 0.99, 4 from unnest(${[...people]}::uuid[]) with ordinality as t (person, n)`;
  return id;
}
const KEMENSOS = { agency: "KEMENSOS", agreement: "PKS-2025-001" };
const BPJS = { agency: "BPJS_KESEHATAN", agreement: "PKS-2025-002" };

describe("a file that comes in", () => {
  test("is on record before its first byte is read and after its last, and becomes a job of the agreement", async () => {
    const before = await lastEntry();
    const response = await send("kemensos", FILE);
    expect(response.status).toBe(201);
    const id = await idIn(response);
    const [intent, outcome, ...more] = (await entriesSince(before)).map(({ entry }) => entry);
    expect(more).toEqual([]);
    expect(intent).toMatchObject({
      status: "INTENDED",
      agreement: "PKS-2025-001",
      used: expect.arrayContaining(["StartMatchingInput.file"]),
    });
    expect(outcome).toMatchObject({
      status: "ANSWERED",
      intent: intent.receipt,
      transferred: { rows: 4, bytes: FILE.length },
      used: expect.arrayContaining(["StartMatchingInput.file"]),
    });
    const { data } = await hub
      .as("kemensos")
      .ask("query ($id: ID!) { matchJob(id: $id) { source fileName rows state } }", { id });
    expect(data["matchJob"]).toMatchObject({ source: "DTKS", fileName: "daftar.csv", rows: 4 });
    const [row] = await jobs`select agency, agreement from match.job where id = ${id}`;
    expect(row).toEqual(KEMENSOS);
  });

  test("is refused before a byte is read where matching is not granted, or nobody asks", async () => {
    const [before, entry] = [await countJobs(), await lastEntry()];
    const audit = { "hub-agreement": "PKS-2025-006", "hub-case": "1/2026" };
    const headers = await Promise.all([as("kemendikdasmen"), as("dinsos-banyuwangi"), as("bpk", audit)]);
    for (const given of headers) expect(await headOnly(given)).toBe(403);
    expect(await headOnly({})).toBe(401);
    expect(await countJobs()).toBe(before);
    expect((await entriesSince(entry)).map(({ entry: { status } }) => status)).toEqual(["FORBIDDEN", "FORBIDDEN", "FORBIDDEN"]);
  });

  test("is refused when it is larger than declared limits, said or found out, and nothing of it is matched", async () => {
    const said = await send("kemensos", `${HEADER}${"x".repeat(MAX_BYTES)}`);
    expect([said.status, await codesIn(said)]).toEqual([413, ["PAYLOAD_TOO_LARGE"]]);
    const before = await lastEntry();
    const [status, code] = await chunked(async (write) => {
      write(HEADER);
      for (let n = 0; n < 40; n += 1) write(line(`r${n}`, { ...siti, fullName: "SITI ".repeat(2000) }));
    });
    expect([status, code]).toEqual([413, "PAYLOAD_TOO_LARGE"]);
    expect((await entriesSince(before)).map(({ entry: { status } }) => status)).toEqual(["INTENDED", "PAYLOAD_TOO_LARGE"]);
    expect((await jobs`select 1 from match.job where state in ('UPLOADING') `).length).toBe(0);
  });

  test("is given up when its client is too slow", async () => {
    const [status, code] = await chunked(async (write) => {
      write(HEADER);
      await new Promise((resolve) => setTimeout(resolve, 4 * IDLE_MS));
    });
    expect([status, code]).toEqual([408, "REQUEST_TIMEOUT"]);
  });

  test.each([
    ["nothing", ""],
    ["no NIK and no name", "a,b\n1,2\n"],
    ["NIKs alone", `NIK\n${siti.nik}\n`],
    ["NIKs and birth dates alone", `NIK,Tgl Lahir\n${siti.nik},${siti.birthDate}\n`],
    ["a mapping of a header that is not there", FILE, `&mapping=${encodeURIComponent('{"columns":{"nik":"TIDAK ADA"}}')}`],
    ["a source that is no name", FILE, "", "?source=x"],
  ])("that holds %s is refused in a sentence, and nothing is left", async (_, file, more = "", query = "?source=DTKS") => {
    const response = await send("kemensos", file, `${query}${more}`);
    expect([response.status, await codesIn(response)]).toEqual([400, ["BAD_USER_INPUT"]]);
    expect((await jobs`select 1 from match.job where state not in ('QUEUED', 'DONE', 'CANCELLED')`).length).toBe(0);
  });

  test("must be CSV", async () => {
    const response = await fetch(addressOf("?source=DTKS"), {
      method: "POST",
      headers: await as("kemensos", { "content-type": "text/plain" }),
      body: "x",
    });
    expect(response.status).toBe(415);
  });

  test("is refused an agreement over a part of the country: a file is held against the whole register", async () => {
    const over = (...regions: string[]) =>
      renewWith(hub.urls.governance.owner, BPJS.agreement, { row_scope: { regions, programs: ["PBI_JK"], decileMax: null } });
    await over("35");
    await expect.poll(async () => (await send("bpjs-kesehatan", FILE)).status, { timeout: 10_000 }).toBe(403);
    await over("0");
    await expect.poll(async () => (await send("bpjs-kesehatan", FILE)).status, { timeout: 10_000 }).toBe(201);
  });
});

/** Announces a file and sends nothing of it: the status of who answers all the same. */
const headOnly = (headers: Record<string, string>): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const options = { method: "POST", headers: { ...headers, "content-type": "text/csv", "content-length": "1000" } };
    const sending = httpRequest(addressOf("?source=DTKS"), options, (response) => {
      resolve(response.statusCode);
      sending.destroy();
    });
    sending.on("error", reject);
    sending.flushHeaders();
  });

/** Sends a file without saying how long it is. */
const chunked = (speak: (write: (text: string) => void) => Promise<unknown>): Promise<[number, string | undefined]> =>
  as("kemensos", { "content-type": "text/csv" }).then(
    (headers) =>
      new Promise((resolve, reject) => {
        const sending = httpRequest(addressOf("?source=DTKS"), { method: "POST", headers }, (response) => {
          let text = "";
          response.on("data", (piece) => {
            text += piece;
          });
          response.on("end", () => resolve([response.statusCode ?? 0, JSON.parse(text).errors?.[0]?.extensions.code]));
        });
        sending.on("error", reject);
        void speak((text) => void sending.write(text)).then(() => sending.end());
      }),
  );

describe("an envelope for a file", () => {
  const mint = createMinter({ audience: "population", secret: devEnvelopeSecret("population"), list: population.coordinates });
  const post = (
    head: object,
    { signed = head, body = FILE, name = "matchUpload", closed = [] as string[], caller = callerWith() } = {},
  ) => {
    const text = JSON.stringify(signed);
    const envelope = mint({ caller, verbs: allBut(population, closed), body: streamText("matchUpload", text) });
    const url = (hub.slices.get("population")?.url ?? "").replace("/graphql", `/streams/${name}`);
    const given = Buffer.from(JSON.stringify(head)).toString("base64url");
    return fetch(url, { method: "POST", headers: { [ENVELOPE_HEADER]: envelope, [STREAM_HEADER]: given }, body });
  };
  const headOf = (job: string = randomUUID()) => ({ job, source: "DTKS", fileName: "x.csv" });

  test("opens one job once: a second file under it is refused, also under an envelope of its own", async () => {
    const head = headOf();
    expect((await post(head)).status).toBe(200);
    const again = await post(head, { body: `${HEADER}${line("lain", budi)}` });
    expect([again.status, await codesIn(again)]).toEqual([409, ["CONFLICT"]]);
    const [row] = await jobs`select state, rows from match.job where id = ${head.job}`;
    expect(row).toEqual({ state: "QUEUED", rows: 4 });
  });

  test("opens no more rows a day than the agreement may ask persons about: one file too many is refused and discarded", async () => {
    const caller = callerWith({ agreement: "PKS-Q-1", verification: { ...FEW, persons: 9 } });
    const head = headOf();
    expect([(await post(headOf(), { caller })).status, (await post(headOf(), { caller })).status]).toEqual([200, 200]);
    const refused = await post(head, { caller });
    expect([refused.status, await codesIn(refused)]).toEqual([429, ["QUOTA_EXCEEDED"]]);
    expect(await jobs`select state from match.job where id = ${head.job}`).toEqual([{ state: "CANCELLED" }]);
    const one = () => post(headOf(), { caller, body: HEADER + line("r1", siti) });
    expect([(await one()).status, (await one()).status]).toEqual([200, 429]);
    const other = callerWith({ agreement: "PKS-Q-2", verification: { ...FEW, persons: 3 } });
    expect((await post(headOf(), { caller: other })).status).toBe(429);
    const free = callerWith({ agreement: "PKS-Q-3", verification: { ...FEW, persons: null } });
    expect((await post(headOf(), { caller: free })).status).toBe(200);
  });

  test("opens nothing for two files at the same time but one of them", async () => {
    const head = headOf();
    const answers = await Promise.all([post(head), post(head)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  test("is for this head, this stream and these grants", async () => {
    const before = await countJobs();
    const answers = await Promise.all([
      post(headOf(), { signed: headOf() }),
      post(headOf(), { name: "matchResults" }),
      post(headOf(), { closed: ["Mutation.startMatching"] }),
      post(headOf(), { closed: ["StartMatchingInput.file"] }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 403, 403]);
    expect(await countJobs()).toBe(before);
  });
});

describe("another agency's job", () => {
  test("looks like one that is not there, whatever is asked of it", async () => {
    const theirs = await doneJob(KEMENSOS, [siti.id]);
    for (const path of ["", "/results.csv", "/rejects.csv", "/events"]) {
      const [real, none] = await Promise.all([theirs, randomUUID()].map((id) => get("bpjs-kesehatan", `/${id}${path}`)));
      expect([path, real?.status]).toEqual([path, 404]);
      const told = await Promise.all(
        [real, none].map(async (one) => ((await one?.text()) ?? "").replace(/"(?:requestId|id|leaf)":"[^"]*"/g, "")),
      );
      expect(told[0]).toBe(told[1]);
    }
    const ended = await fetch(addressOf(`/${theirs}`), { method: "DELETE", headers: await as("bpjs-kesehatan") });
    expect(ended.status).toBe(404);
    const { data } = await hub.as("bpjs-kesehatan").ask("{ matchJobs(first: 100) { id } }");
    expect(JSON.stringify(data)).not.toContain(theirs);
  });
});

describe("results on their way out", () => {
  test("show whom the agreement's own pseudonyms name, without raw scores, and no candidate of a row that matched nobody", async () => {
    const id = await doneJob(BPJS, [siti.id, budi.id, siti.id]);
    const before = await lastEntry();
    const response = await get("bpjs-kesehatan", `/${id}/results.csv`);
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/csv; charset=utf-8"]);
    const { data } = await hub
      .as("bpjs-kesehatan")
      .ask("query ($nik: String!) { personByNik(nik: $nik) { id } }", { nik: siti.nik });
    const text = await response.text();
    const [header, first, , third] = text.split("\r\n");
    expect(header).toBe("line,row,status,person,reasons");
    expect(first).toBe(`2,"baris ""1""",MATCHED,${data["personByNik"].id},NIK_MISSING`);
    expect(third).toBe('4,"baris ""3""",NOT_FOUND,,NIK_MISSING');
    expect(text).not.toContain(siti.id);
    const told = (await entriesSince(before)).filter(({ entry }) => entry["operation"].name === "MatchResults");
    const [intent, kept] = [
      told.find(({ entry }) => entry["status"] === "INTENDED"),
      told.filter(({ entry }) => entry["status"] !== "INTENDED"),
    ];
    expect(kept[1]?.entry["intent"]).toBe(intent?.entry["receipt"]);
    expect(kept.map(({ entry }) => [entry["status"], entry["part"] ?? null, entry["transferred"], entry["subjects"]])).toEqual([
      ["ANSWERED", 1, { rows: 3 }, 2],
      ["ANSWERED", null, { rows: 3 }, 0],
    ]);
    expect(kept[0]?.entry["of"]).toBe(kept[1]?.entry["receipt"]);
    expect(response.headers.get("hub-receipt")).toBe(kept[1]?.entry["receipt"]);
    expect(kept[0]?.entry["verdicts"]).toEqual({ "MatchResult.status": { MATCHED: 2, NOT_FOUND: 1 } });
    const tags = tagsOf([siti.id, budi.id], subjectKey(RECORD_KEY)).toString("hex").match(/.{32}/g)?.sort();
    expect(kept[0]?.subjects.toString("hex").match(/.{32}/g)?.sort()).toEqual(tags);
  });

  test("are the same by GraphQL, page by page", async () => {
    const id = await doneJob(KEMENSOS, [siti.id, budi.id, siti.id]);
    const page = `query ($id: ID!, $after: String) { matchJob(id: $id) { results(first: 2, after: $after) {
      nodes { line status weight person { id fullName } reasons } pageInfo { hasNextPage endCursor } } } }`;
    const { data, errors } = await hub.as("kemensos").ask(page, { id });
    expect(errors).toEqual([]);
    const { nodes, pageInfo } = data["matchJob"].results;
    expect(nodes[0]).toEqual({
      line: 2,
      status: "MATCHED",
      weight: 12.5,
      person: { id: siti.id, fullName: siti.fullName },
      reasons: ["NIK_MISSING"],
    });
    const next = await hub.as("kemensos").ask(page, { id, after: pageInfo.endCursor });
    expect(next.data["matchJob"].results.nodes).toMatchObject([{ line: 4, status: "NOT_FOUND", person: null }]);
  });

  test("of a job that is not done are refused by its state", async () => {
    const id = await idIn(await send("kemensos", FILE));
    const response = await get("kemensos", `/${id}/results.csv`);
    expect([response.status, await codesIn(response)]).toEqual([409, ["CONFLICT"]]);
  });

  test("stop in the middle when the agreement is suspended: no part leaves after that, and the cut is on record", async () => {
    const length = 250_000; // more than all buffers on the way can take in
    const id = await doneJob(
      BPJS,
      Array.from({ length }, () => siti.id),
    );
    const before = await lastEntry();
    const response = await get("bpjs-kesehatan", `/${id}/results.csv`);
    const reader = response.body?.getReader();
    let told = "";
    while (!told.includes("MATCHED")) told += Buffer.from((await reader?.read())?.value ?? []).toString();
    await suspend(owner, BPJS.agreement);
    await expect.poll(async () => (await get("bpjs-kesehatan", `/${id}`)).status, { timeout: 10_000 }).toBe(403);
    const rest = async () => {
      for (;;) {
        const { done, value } = (await reader?.read()) ?? { done: true };
        if (done) return;
        told = told.slice(-200) + Buffer.from(value ?? []).toString();
      }
    };
    await expect(rest()).rejects.toThrow();
    expect(told).not.toContain(`\n${length + 1},`);
    await expect
      .poll(async () => (await entriesSince(before)).map(({ entry }) => entry["status"]), { timeout: 10_000 })
      .toContain("AGREEMENT_SUSPENDED");
    await resume(owner, BPJS.agreement);
    await expect.poll(async () => (await get("bpjs-kesehatan", `/${id}`)).status, { timeout: 10_000 }).toBe(200);
  });
});

test("a client that leaves in the middle of its file leaves nothing to be matched, and a plain refusal on record", async () => {
  const before = await lastEntry();
  const headers = await as("kemensos", { "content-type": "text/csv" });
  const sending = httpRequest(addressOf("?source=DTKS"), { method: "POST", headers });
  sending.on("error", () => {});
  sending.write(FILE);
  await expect.poll(async () => (await entriesSince(before)).length, { timeout: 10_000 }).toBe(1);
  sending.destroy();
  await expect.poll(async () => (await entriesSince(before)).length, { timeout: 10_000 }).toBe(2);
  const [intent, outcome] = (await entriesSince(before)).map(({ entry }) => entry);
  expect([intent.status, outcome.intent]).toEqual(["INTENDED", intent.receipt]);
  expect(outcome.status).not.toBe("ANSWERED");
  expect((await jobs`select 1 from match.job where state = 'UPLOADING'`).length).toBe(0);
});

test("from file to results: a small file by GraphQL, its progress as events, its people by name", async () => {
  const input = { source: "DTKS", file: FILE };
  const { data, errors } = await hub
    .as("kemensos")
    .ask("mutation ($input: StartMatchingInput!) { startMatching(input: $input) { id } }", { input });
  expect(errors).toEqual([]);
  const id = data["startMatching"].id;
  const following = get("kemensos", `/${id}/events`);
  const worker = await startWorker({ url: hub.urls.jobs ?? "", threads: 1, note: () => {} });
  try {
    const response = await following;
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    const events = (await response.text()).split("\n\n").filter((event) => event.startsWith("event: progress"));
    expect(JSON.parse(events.at(-1)?.split("data: ")[1] ?? "{}")).toEqual({ fault: null, rows: 4, rowsDone: 4, state: "DONE" });
  } finally {
    await worker.stop();
  }
  const told = (await (await get("kemensos", `/${id}`)).json()) as any;
  const counts: { rows: number }[] = told.data.matchJob.counts;
  expect(counts.reduce((sum, { rows }) => sum + rows, 0)).toBe(4);
  expect(await (await get("kemensos", `/${id}/results.csv`)).text()).toMatch(
    /^line,row,status,person,probability,.*\r\n2,r1,MATCHED,[\da-f-]{36},0\./,
  );
  const rejects = (await (await get("kemensos", `/${id}/rejects.csv`)).text()).split("\r\n");
  expect([rejects[0], rejects[1]?.split(",")[0]]).toEqual(["line,reason,column,raw", "5"]);
});
