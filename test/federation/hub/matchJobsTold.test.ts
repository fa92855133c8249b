import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rawClient } from "../../../drizzle/client.ts";
import { useHub } from "../../kit/hub.ts";
import { siti } from "../../kit/people.ts";
import { resume, suspend } from "../../kit/policy.ts";

// What the gateway tells of matching jobs that are not done, not there or not to be.

const hub = useHub();
const FILE = `baris,NIK,Nama,Tgl Lahir\nr1,${siti.nik},${siti.fullName},${siti.birthDate}\n`;
let jobs: ReturnType<typeof rawClient>;
let owner: ReturnType<typeof rawClient>;
beforeAll(() => {
  owner = rawClient(hub.urls.governance.owner, { max: 1 });
  jobs = rawClient(hub.urls.jobs ?? "", { max: 2 });
});
afterAll(() => Promise.all([owner.end(), jobs.end()]));

const addressOf = (path: string) => `${hub.gatewayUrl}/matching/jobs${path}`;
const as = async (client: string, more: Record<string, string> = {}) => ({
  authorization: `Bearer ${await hub.tokenOf(client)}`,
  ...more,
});
const get = async (client: string, path: string) => fetch(addressOf(path), { headers: await as(client) });
const send = async (client: string, file: string) =>
  fetch(addressOf("?source=DTKS"), { method: "POST", headers: await as(client, { "content-type": "text/csv" }), body: file });
const codesIn = async (response: Response) =>
  ((await response.json()) as { errors?: { extensions: { code: string } }[] }).errors?.map(({ extensions }) => extensions.code);
const idIn = async (response: Response) => ((await response.json()) as any).data.startMatching.id as string;

test.each(["QUEUED", "PREPARING", "MATCHING", "FAILED", "CANCELLED"])(
  "a job that is %s is told without counts, also when its rehearsal is reported",
  async (state) => {
    const report = JSON.stringify({ rehearsal: { people: 5, thresholds: [] } });
    const ids = [randomUUID(), randomUUID()];
    await jobs`insert into match.job (id, agency, agreement, source, file_name, mapping, state, report)
      select id, 'KEMENSOS', 'PKS-2025-001', 'DTKS', 'x.csv', '{}', ${state}::match.state, report::jsonb
      from unnest(${ids}::uuid[], ${[null, report]}::text[]) as t (id, report)`;
    for (const id of ids) {
      const response = await get("kemensos", `/${id}`);
      const { data, errors } = (await response.json()) as any;
      expect([response.status, errors, data.matchJob.state, data.matchJob.counts]).toEqual([200, undefined, state, null]);
    }
  },
);

test("what is no id is no job: not found, like an id nobody has", async () => {
  for (const path of ["", "/results.csv", "/rejects.csv", "/events"]) {
    const response = await get("kemensos", `/${"-".repeat(36)}${path}`);
    expect([path, response.status]).toEqual([path, 404]);
  }
});

test("a file over the day's quota of persons is refused by name of the limit, by HTTP and by GraphQL, and the job is discarded", async () => {
  const register = rawClient(hub.urls.population.owner, { max: 1 });
  const used = (n: number) => register`insert into population.verification_count as known (agreement, day, counted, used)
    values ('PKS-2025-002', (now() at time zone 'Asia/Jakarta')::date, 'persons', ${n})
    on conflict (agreement, day, counted) do update set used = excluded.used`;
  const cancelled = async () =>
    Number((await jobs`select count(*) as n from match.job where agreement = 'PKS-2025-002' and state = 'CANCELLED'`)[0]?.["n"]);
  try {
    await used(2_147_483_647);
    const before = await cancelled();
    const response = await send("bpjs-kesehatan", FILE);
    expect(response.status).toBe(429);
    const { errors } = (await response.json()) as any;
    expect(errors[0].extensions).toMatchObject({ code: "QUOTA_EXCEEDED", limit: "QUOTA" });
    const asked = await hub
      .as("bpjs-kesehatan")
      .ask("mutation ($input: StartMatchingInput!) { startMatching(input: $input) { id } }", {
        input: { source: "DTKS", file: FILE },
      });
    expect((asked.errors as any[]).map(({ extensions }) => extensions.code)).toEqual(["QUOTA_EXCEEDED"]);
    expect(await cancelled()).toBe(before + 2);
  } finally {
    await used(0);
    await register.end();
  }
});

test("a job is cancelled by DELETE, and what has ended stays as it is", async () => {
  const id = await idIn(await send("kemensos", FILE));
  const cancel = async () => fetch(addressOf(`/${id}`), { method: "DELETE", headers: await as("kemensos") });
  const response = await cancel();
  expect([response.status, ((await response.json()) as any).data.cancelMatching.state]).toEqual([200, "CANCELLED"]);
  const again = await cancel();
  expect(await codesIn(again)).toEqual(["CONFLICT"]);
});

test("who follows four jobs at once is refused the fifth, and nobody else is; a seat left is free again", async () => {
  const start = async (agency: string, agreement: string) => {
    const [job] = await jobs`insert into match.job (id, agency, agreement, source, file_name, mapping, state)
      values (${randomUUID()}, ${agency}, ${agreement}, 'DTKS', 'x.csv', '{}', 'MATCHING') returning id`;
    return `/${job?.["id"]}/events`;
  };
  const [own, others] = [await start("KEMENSOS", "PKS-2025-001"), await start("BPJS_KESEHATAN", "PKS-2025-002")];
  const seated = await Promise.all(Array.from({ length: 4 }, () => get("kemensos", own)));
  expect(seated.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  const fifth = await get("kemensos", own);
  expect([fifth.status, await codesIn(fifth)]).toEqual([429, ["QUOTA_EXCEEDED"]]);
  expect((await get("kemensos", own.replace("/events", ""))).status).toBe(200);
  seated.push(await get("bpjs-kesehatan", others));
  expect(seated.at(-1)?.status).toBe(200);
  await seated.shift()?.body?.cancel();
  const again = async () => {
    const response = await get("kemensos", own);
    if (response.status === 200) seated.push(response);
    else await response.body?.cancel();
    return response.status;
  };
  await expect.poll(again, { timeout: 10_000 }).toBe(200);
  for (const { body } of seated) await body?.cancel();
});

test("progress is told no longer than the agreement stands", async () => {
  const [running] = await jobs`insert into match.job (id, agency, agreement, source, file_name, mapping, state)
    values (${randomUUID()}, 'BPJS_KESEHATAN', 'PKS-2025-002', 'DTKS', 'x.csv', '{}', 'MATCHING') returning id`;
  const before = Number((await owner`select coalesce(max(id), 0) as n from entry`)[0]?.["n"]);
  const response = await get("bpjs-kesehatan", `/${running?.["id"]}/events`);
  const reader = response.body?.getReader();
  expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toContain('"state":"MATCHING"');
  await suspend(owner, "PKS-2025-002");
  const rest = async () => {
    for (let done = false; !done; ) done = (await reader?.read())?.done ?? true;
  };
  await expect(rest()).rejects.toThrow();
  await expect
    .poll(
      async () =>
        (await owner`select body from entry where id > ${before}`)
          .map(({ body }) => JSON.parse(body).status as string)
          .filter((status) => status !== "INTERNAL_SERVER_ERROR") // who left in the test before may be put down only now
          .sort(),
      { timeout: 10_000 },
    )
    .toEqual(["AGREEMENT_SUSPENDED", "ANSWERED", "INTENDED"]);
  await resume(owner, "PKS-2025-002");
  await expect.poll(async () => (await get("bpjs-kesehatan", `/${running?.["id"]}`)).status, { timeout: 10_000 }).toBe(200);
});
