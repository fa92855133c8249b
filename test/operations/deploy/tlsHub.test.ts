import { readFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { rawClient } from "../../../drizzle/client.ts";
import { subgraphs } from "../../../subgraphs/main.ts";
import { useHub } from "../../kit/hub.ts";
import { CertificateFolder, LONG_AGO } from "../../kit/machines/certificates.ts";
import { siti } from "../../kit/people.ts";

// The whole hub with certificates on both sides of every connection between the gateway and its slices.

const folder = new CertificateFolder();
const own = folder.renew("hub-gateway");
const heard: string[] = [];
const hub = useHub(
  { HUB_TLS_CA_FILE: own.ca, HUB_TLS_CERT_FILE: own.cert, HUB_TLS_KEY_FILE: own.key },
  {
    tls: (name) => ({ files: folder.renew(name), client: "hub-gateway" }),
    heard: (part, line) => void heard.push(`${part} ${line}`),
  },
);
afterAll(() => folder.remove());

const QUESTION = readFileSync("docs/questions/households.graphql", "utf8");
const ask = () => hub.as("kemensos").ask(QUESTION, { first: 10 });
const ready = async () => (await (await fetch(`${hub.gatewayUrl}/ready`)).json()) as { status: string; alarms?: string[] };
const headers = async () => ({ authorization: `Bearer ${await hub.tokenOf("kemensos")}`, "content-type": "text/csv" });

test("a question over all slices is answered, and every slice is asked by https", async () => {
  const { data, errors } = await ask();
  expect(errors).toEqual([]);
  expect(data["households"].nodes).toHaveLength(10);
  const asked = new Set(hub.facts.map(({ service }) => service));
  expect([...asked].sort()).toEqual(expect.arrayContaining(["governance", "population", "programs", "welfare"]));
  expect([...hub.slices.values()].map(({ url }) => new URL(url).protocol)).toEqual(subgraphs.map(() => "https:"));
});

test("a file goes in and its results come out", async () => {
  const file = `baris,NIK,Nama,Tgl Lahir,Nama Ibu\nr1,${siti.nik},${siti.fullName},${siti.birthDate},${siti.motherName}\n`;
  const address = `${hub.gatewayUrl}/matching/jobs`;
  const sent = await fetch(`${address}?source=DTKS`, { method: "POST", headers: await headers(), body: file });
  expect(sent.status).toBe(201);
  const { id } = ((await sent.json()) as any).data.startMatching;
  const jobs = rawClient(hub.urls.jobs ?? "", { max: 1 });
  const [job] = await jobs`update match.job set state = 'DONE', rows = 1 where id = ${id} returning number`;
  const number = Number(job?.["number"]);
  await jobs.unsafe(`create table match.result_${number} partition of match.result for values in (${number})`);
  await jobs`insert into match.result (job, line, row_id, status, candidate, weight, margin, probability, reasons)
    values (${number}, 2, 'r1', 'MATCHED', ${siti.id}, 12.5, 3.5, 0.99, 4)`;
  await jobs.end();
  const results = await fetch(`${address}/${id}/results.csv`, { headers: await headers() });
  expect([results.status, await results.text()]).toEqual([200, expect.stringContaining("r1")]);
});

test("all certificates are renewed while questions come, and none is refused", async () => {
  let isOver = false;
  const answers: number[] = [];
  const asking = Array.from({ length: 4 }, async () => {
    while (!isOver) {
      const { status, errors } = await ask();
      answers.push(errors.length > 0 ? 0 : status);
    }
  });
  for (let n = 0; n < 2; n += 1) {
    for (const part of ["hub-gateway", ...hub.slices.keys()]) folder.renew(part);
    await Promise.all([hub.fleet.gateways[0]?.reload(), ...[...hub.slices.values()].map((slice) => slice.renew())]);
    await ask();
  }
  isOver = true;
  await Promise.all(asking);
  expect(answers.length).toBeGreaterThan(8);
  expect(answers.filter((status) => status !== 200)).toEqual([]);
});

describe("a bad certificate", () => {
  test("of the gateway is an alarm on /ready, and the hub serves on under the one before", async () => {
    folder.write("hub-gateway", folder.authority.issue({ names: ["hub-gateway"], ...LONG_AGO }));
    await expect.poll(async () => (await ready()).alarms, { timeout: 30_000 }).toEqual(["certificates"]);
    expect((await ask()).errors).toEqual([]);
    expect(heard.filter((line) => line.startsWith("gateway") && line.includes("CERTIFICATES_UNFIT"))).toHaveLength(1);
    folder.renew("hub-gateway");
    await expect.poll(async () => (await ready()).alarms, { timeout: 30_000 }).toBeUndefined();
  });

  test("of a slice, carried by another one, takes that slice away and nothing else; clients learn its name alone", async () => {
    folder.renew("programs", { names: ["welfare"] });
    await hub.slices.get("programs")?.renew();
    const ids = await hub.as("kemensos").ask("{ households(first: 3) { nodes { members { person { id } } } } }");
    expect(ids.errors).toEqual([]);
    // its connections end with their next answer; from then on nobody is asked who shows another's name
    await expect
      .poll(async () => (await ask()).errors[0]?.extensions, { timeout: 30_000 })
      .toMatchObject({
        code: "SUBGRAPH_UNAVAILABLE",
      });
    const { data, errors, text } = await ask();
    expect(data["households"].nodes).toHaveLength(10);
    expect(new Set(errors.map(({ extensions }) => extensions["code"]))).toEqual(new Set(["SUBGRAPH_UNAVAILABLE"]));
    expect(text).not.toMatch(/certificate|HUB_TLS|127\.0\.0\.1/i);
    folder.renew("programs");
    await hub.slices.get("programs")?.renew();
    await expect.poll(async () => (await ask()).errors, { timeout: 30_000, interval: 250 }).toEqual([]);
  });
});
