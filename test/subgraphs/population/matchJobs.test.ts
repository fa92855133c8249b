import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LoadPool, openLoadPool } from "../../../drizzle/copy.ts";
import { freezeModel } from "../../../subgraphs/population/jobs/artefact.ts";
import { type Job, jobOf, progressOf } from "../../../subgraphs/population/jobs/job.ts";
import { followJob } from "../../../subgraphs/population/jobs/progress.ts";
import { rejectsCsv, resultsCsv } from "../../../subgraphs/population/jobs/results.ts";
import { once, readHead } from "../../../subgraphs/population/jobs/upload/head.ts";
import { proposeMapping } from "../../../subgraphs/population/jobs/upload/mapping.ts";
import { appendChunk, cancelJob, closeUpload, createJob, upload } from "../../../subgraphs/population/jobs/upload/upload.ts";
import { startWorker } from "../../../subgraphs/population/jobs/worker.ts";
import { asRole, failing, useDatabases } from "../../kit/database.ts";
import { joko, maria, siti, slamet } from "../../kit/people.ts";

const databases = useDatabases();
const OURS = { agency: "KEMENSOS", agreement: "PKS-2025-001" };
const OTHERS = { agency: "BPS", agreement: "PKS-2025-002" };
const HEADER = "baris,NIK,Nama,Tgl Lahir,Nama Ibu\n";
let pool: LoadPool;
let url: string;
beforeAll(() => {
  url = databases.urls.jobs ?? "";
  pool = openLoadPool(url, { max: 4 });
});
afterAll(() => pool.end());

/** A line about somebody, as a list has it. */
const line = (id: string, { nik, fullName, birthDate, motherName }: Said) =>
  `${id},${nik},${fullName},${birthDate},${motherName}\n`;
type Said = { readonly nik: string; readonly fullName: string; readonly birthDate: string; readonly motherName: string };

/** Uploads a file, as the command does or, within the subgraph's row scope, as the subgraph. Answers the job's id. */
const send = (
  content: string | Buffer,
  { chunkBytes = 400, agreed = OURS, source = "DTKS", slice = null as LoadPool | null } = {},
): Promise<string> =>
  upload({
    pool: slice ?? pool,
    agreed,
    isScoped: slice !== null,
    source,
    fileName: "list.csv",
    file: once(Buffer.from(content)),
    map: null,
    resume: null,
    onMapping: () => {},
    onJob: () => {},
    onBytes: () => {},
    chunkBytes,
  });

async function textOf(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all).toString();
}
const get = async (id: string): Promise<Job> => (await pool.load((loader) => jobOf(loader, id))) as Job;
const results = async (id: string): Promise<string> => {
  const job = await get(id);
  return pool.load((loader) => textOf(resultsCsv(loader, job)));
};
async function ended(id: string): Promise<Job> {
  for await (const progress of followJob({ pool, agreed: undefined, url, job: id })) void progress;
  return get(id);
}
/** Works until these jobs have ended. */
async function work(threads: number, ...ids: string[]): Promise<Job[]> {
  const notes: string[] = [];
  const worker = await startWorker({ url, threads, note: (text) => notes.push(text) });
  try {
    return await Promise.all(ids.map(ended));
  } finally {
    await worker.stop();
    expect(notes).toEqual([]);
  }
}

/** Everybody in the register, some with slips, as a file. */
async function listOfAll(): Promise<string> {
  const people = await asRole(
    url,
    (client) => client`select nik::text, full_name as "fullName", birth_date::text as "birthDate", mother_name as "motherName"
      from population.person order by id`,
  );
  const slips: ((said: Said) => Said)[] = [
    (said) => said,
    (said) => ({ ...said, nik: "" }),
    (said) => ({ ...said, nik: said.nik.slice(0, 15) }),
    (said) => ({ ...said, fullName: `HJ. ${said.fullName}` }),
  ];
  const birth = (said: Said) => ({ ...said, birthDate: String(said.birthDate).slice(0, 10) });
  return (
    HEADER +
    people.map((said, i) => line(`r${i}`, (slips[i % 4] as (one: Said) => Said)(birth(said as unknown as Said)))).join("")
  );
}

describe("a list against the register", () => {
  test("says of every row who it is, why not, or why it is no row, and the counts add up to the file", async () => {
    const file = [
      HEADER,
      line("a", siti),
      line("b", slamet),
      line("c", { ...maria, nik: maria.nik.slice(0, 15) }),
      line("d", { ...siti, fullName: "SITI AMINAH" }),
      line("e", { nik: "", fullName: "TIDAK DIKENAL SAMA SEKALI", birthDate: "1931-02-03", motherName: "" }),
      line("f", { ...siti, fullName: "BAMBANG WIJAYA", birthDate: "1951-01-02", motherName: "X" }),
      `ragged ${siti.nik}\n`,
      `${"long ".repeat(38)}${siti.nik}\n`,
    ].join("");
    const [job] = await work(1, await send(file));
    expect(job?.fault).toBeNull();
    const rows = (await results(job?.id ?? ""))
      .trim()
      .split("\n")
      .slice(1)
      .map((row) => row.split(","));
    expect(rows.map(([at, row, status, person]) => [at, row, status, person])).toEqual([
      ["2", "a", "MATCHED", siti.id],
      ["3", "b", "DECEASED", slamet.id],
      ["4", "c", expect.stringMatching(/^(MATCHED|NOT_YET_MATCHED)$/), expect.anything()],
      ["5", "d", "DUPLICATE", siti.id],
      ["6", "e", "NOT_FOUND", ""],
      ["7", "f", "ANOMALY", ""],
    ]);
    expect(rows.map((row) => row.at(-1)?.replaceAll('"', ""))).toEqual([
      "DUPLICATE_IN_SOURCE",
      "",
      expect.stringContaining("NIK_TRUNCATED"),
      "DUPLICATE_IN_SOURCE",
      "NIK_MISSING",
      "NIK_OF_OTHER_PERSON",
    ]);
    expect(job?.report?.rejected).toEqual([{ reason: "RAGGED_ROW", rows: 2, firstLine: 8 }]);
    const counted = [...(job?.report?.counted ?? []), ...(job?.report?.rejected ?? [])].reduce((sum, { rows: n }) => sum + n, 0);
    expect([counted, job?.rows]).toEqual([8, 8]);
    expect(await pool.load((loader) => textOf(rejectsCsv(loader, job as Job)))).toBe(
      `line,reason,column,raw\n8,RAGGED_ROW,,ragged [NIK]\n9,RAGGED_ROW,,${"long ".repeat(38)}\n`,
    );
  });

  test("is the same to the byte for one worker and three, and however the file was cut", async () => {
    const file = await listOfAll();
    const ids = [await send(file, { chunkBytes: 1_000_000 }), await send(file, { chunkBytes: 700 })];
    const [first, second] = [...(await work(1, ids[0] as string)), ...(await work(3, ids[1] as string))];
    expect([first?.state, second?.state]).toEqual(["DONE", "DONE"]);
    const [one, other] = [await results(ids[0] as string), await results(ids[1] as string)];
    expect(one.split("\n").length).toBe(file.split("\n").length);
    expect(other).toBe(one);
    expect(second?.report).toEqual(first?.report);
    const chunks = async (id: string) => (await pool.load((loader) => progressOf(loader, id)))?.chunks ?? 0;
    expect([await chunks(ids[0] as string), (await chunks(ids[1] as string)) > 10]).toEqual([1, true]);
  });
});

test("a frozen model is used by the next job of its source, and only what was learned can be frozen", async () => {
  const file = HEADER + line("a", siti);
  const [first] = await work(1, await send(file, { source: "PKH" }));
  expect(first?.artefact).toBeNull();
  expect(await pool.load((loader) => freezeModel(loader, first?.id ?? ""))).toBe(1);
  const [next, other] = await work(1, await send(file, { source: "PKH" }), await send(file, { source: "BPNT" }));
  expect([next?.artefact, other?.artefact]).toEqual([1, null]);
  expect(await results(next?.id ?? "")).toBe(await results(first?.id ?? ""));
  await expect(pool.load((loader) => freezeModel(loader, next?.id ?? ""))).rejects.toThrow(/learned a model of its own/);
});

describe("a worker that is killed", () => {
  test("with SIGKILL in the middle of a job is replaced, and every row is there once", async () => {
    const file = await listOfAll();
    const id = await send(file, { chunkBytes: 300 });
    const child = spawn(process.execPath, ["--import", "tsx", fileURLToPath(new URL("./matchWorker.ts", import.meta.url)), url], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    try {
      for await (const { rowsDone, rows } of followJob({ pool, agreed: undefined, url, job: id }))
        if (rowsDone > 0 && rowsDone < rows) break;
    } finally {
      child.kill("SIGKILL");
    }
    await sleep(200);
    const half = await pool.load((loader) => progressOf(loader, id));
    expect(half?.state).toBe("MATCHING");
    const [job] = await work(2, id);
    expect(job?.state).toBe("DONE");
    const lines = (await results(id))
      .trim()
      .split("\n")
      .slice(1)
      .map((row) => Number(row.split(",")[0]));
    expect(lines).toEqual(Array.from({ length: lines.length }, (_, i) => i + 2));
    expect(lines.length).toBe(job?.rows);
  }, 120_000);
});

describe("an upload", () => {
  test("that broke off is resumed with the same file, and refused with another", async () => {
    const file = Buffer.from(await listOfAll());
    const head = await readHead(file);
    const id = randomUUID();
    await pool.load((loader) =>
      createJob(loader, { ...OURS, id, source: "DTKS", fileName: "list.csv", mapping: proposeMapping(head) }),
    );
    const chunk = { bytes: file.subarray(0, 100), firstLine: 1, rows: 2 };
    await pool.load((loader) => appendChunk(loader, id, { ordinal: 0, chunk }));
    await pool.load((loader) => appendChunk(loader, id, { ordinal: 0, chunk }));
    const other = { ...chunk, bytes: file.subarray(0, 99) };
    await expect(pool.load((loader) => appendChunk(loader, id, { ordinal: 0, chunk: other }))).rejects.toThrow(
      /differs, at line 1/,
    );
    await expect(pool.load((loader) => closeUpload(loader, id, 2))).rejects.toThrow(/2 chunks were sent and 1 are there/);
    expect((await get(id)).state).toBe("UPLOADING");
  });

  test("that is cancelled leaves nothing of the file", async () => {
    const id = await send(HEADER + line("a", joko));
    await pool.load((loader) => cancelJob(loader, id));
    const worker = await startWorker({ url, threads: 1, note: () => {} });
    const left = () => asRole(url, (client) => client`select 1 from match.chunk where job = ${id}`);
    await expect.poll(async () => (await left()).length, { timeout: 20_000 }).toBe(0);
    await worker.stop();
    expect((await get(id)).state).toBe("CANCELLED");
    await expect(pool.load((loader) => cancelJob(loader, id))).rejects.toThrow("the job is CANCELLED");
  });

  test.each([
    ["empty", "", /the file is empty/],
    ["of a header alone", HEADER, /a header and no row/],
    ["in UTF-16", Buffer.from(`\ufeff${HEADER}`, "utf16le"), /UTF-16/],
    ["of a spreadsheet program", Buffer.from("PK\u0003\u0004\0\0\u0008\0"), /Excel/],
    ["without name or NIK", "x,y\n1,2\n", /neither a NIK nor a name/],
    ["of NIKs alone", "nik\n3510\n", /needs a name, and beside it/],
    ["of NIKs and birth dates alone", "nik,tgl lahir\n3510,1990-01-01\n", /needs a name, and beside it/],
    [
      "of people without a header",
      `a,${siti.nik},${siti.fullName}\nb,1,X\n`,
      /^the first line holds a NIK or family card \(column 2\)/,
    ],
    ["with a column twice", "nik,nik\n1,2\n", /twice/],
  ])("of a file %s is refused in a sentence, and no job is made", async (_, content, sentence) => {
    const count = async () => Number((await asRole(url, (client) => client`select count(*) as n from match.job`))[0]?.["n"]);
    const before = await count();
    await expect(send(content)).rejects.toThrow(sentence);
    expect(await count()).toBe(before);
  });

  test("with lines of another encoding, NUL bytes or an end in the middle keeps every other row and names the lines", async () => {
    const file = Buffer.concat([
      Buffer.from(HEADER + line("a", siti)),
      Buffer.from("b,1,Jos\xe9,1990-01-01,Y\n", "latin1"),
      Buffer.from("c,1,A\0B,1990-01-01,Y\n"),
      Buffer.from(line("d", maria)),
      Buffer.from("e,351016"),
    ]);
    const [job] = await work(1, await send(file));
    expect(job?.report?.rejected).toEqual([
      { reason: "NOT_UTF8", rows: 1, firstLine: 3 },
      { reason: "NUL_BYTE", rows: 1, firstLine: 4 },
      { reason: "RAGGED_ROW", rows: 1, firstLine: 6 },
    ]);
    expect(job?.report?.warnings).toEqual(["NO_LAST_LINE_BREAK"]);
    expect((await results(job?.id ?? "")).trim().split("\n").length).toBe(3);
  });
});

describe("under an agreement", () => {
  test("only its own jobs, results and lines are there, and content of files is not readable", async () => {
    const [job] = await work(1, await send(`${HEADER + line("a", siti)}ragged\n`));
    const slice = openLoadPool(databases.urls.population.runtime, { max: 1 });
    const seen = (agreed: typeof OURS) =>
      slice.load(async (loader) => {
        const found = await jobOf(loader, job?.id ?? "");
        return (
          found &&
          [await textOf(resultsCsv(loader, found)), await textOf(rejectsCsv(loader, found))].map((csv) => csv.split("\n").length)
        );
      }, agreed);
    expect(await seen(OURS)).toEqual([3, 3]);
    expect(await seen(OTHERS)).toBeNull();
    const asOthers = (text: string, agreed = OTHERS) => failing(slice.load((loader) => loader.query(text), agreed));
    expect(await slice.load((loader) => loader.query("select 1 from match.result"), OTHERS)).toEqual([]);
    expect(await asOthers("select content from match.chunk", OURS)).toBe("42501");
    expect(await asOthers("select 1 from graphile_worker.jobs", OURS)).toBe("42501");
    expect(await asOthers(`select 1 from match.result_${job?.number}`, OURS)).toBe("42501");
    expect(await failing(slice.load((loader) => loader.query("select 1 from match.job")))).toMatch(/42704|22P02/);
    await slice.end();
  });

  test("the subgraph's own role uploads and hands over a job, and cannot in another's name", async () => {
    const slice = openLoadPool(databases.urls.population.runtime, { max: 1 });
    const file = Buffer.from(HEADER + line("a", siti));
    const head = await readHead(file);
    const id = randomUUID();
    const made = { ...OURS, id, source: "DTKS", fileName: "list.csv", mapping: proposeMapping(head) };
    await slice.load((loader) => createJob(loader, made), OURS);
    await slice.load((loader) => appendChunk(loader, id, { ordinal: 0, chunk: { bytes: file, firstLine: 1, rows: 1 } }), OURS);
    expect(await failing(slice.load((loader) => createJob(loader, { ...made, id: randomUUID() }), OTHERS))).toBe("42501");
    await slice.load((loader) => closeUpload(loader, id, 1), OURS);
    const late = { ordinal: 1, chunk: { bytes: file, firstLine: 3, rows: 1 } };
    expect(await failing(slice.load((loader) => appendChunk(loader, id, late), OURS))).toBe("42501");
    await slice.end();
    expect((await work(1, id))[0]?.state).toBe("DONE");
  });

  test("no job tells whether a number is anybody's, and none can be made to; an operator's does", async () => {
    const slice = openLoadPool(databases.urls.population.runtime, { max: 1 });
    const wrong = { fullName: "BAMBANG WIJAYA", birthDate: "1951-01-02", motherName: "X" };
    const unknown = `${siti.nik.slice(0, 12)}9876`;
    const file = HEADER + line("known", { ...wrong, nik: siti.nik }) + line("unknown", { ...wrong, nik: unknown });
    const [ours, operators] = [await send(file, { slice }), await send(file)];
    const asOurs = (text: string) => failing(slice.load((loader) => loader.query(text, [ours]), OURS));
    expect(await asOurs("update match.job set tells_existence = true where id = $1")).toBe("42501");
    expect(
      await asOurs(`insert into match.job (id, agency, agreement, source, file_name, mapping, tells_existence)
        select gen_random_uuid(), agency, agreement, source, file_name, mapping, true from match.job where id = $1`),
    ).toBe("42501");
    await slice.end();
    await work(1, ours, operators);
    const told = async (id: string) =>
      (await results(id))
        .trim()
        .split("\n")
        .slice(1)
        .map((row) => row.split(",").slice(2).join(","));
    const [known, other] = await told(ours);
    expect(known).toBe(other);
    expect(known).toMatch(/^NOT_FOUND,/);
    expect((await told(operators)).map((row) => row.split(",")[0])).toEqual(["ANOMALY", "NOT_FOUND"]);
  });
});
