import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { inOneLoad, openLoadPool } from "../../../../drizzle/copy.ts";
import { dayInWib } from "../../../../schema/values/wib.ts";
import { welfare } from "../../../../subgraphs/welfare/index.ts";
import { rankTask } from "../../../../subgraphs/welfare/ranking/task.ts";
import { asRole, failing, useDatabases } from "../../../kit/database.ts";
import { callerWith, codesOf, useSlice } from "../../../kit/slice.ts";
import { HEAD, householdsAlive, WEIGHTS, writeSurveys } from "./kit.ts";

const databases = useDatabases();
const slice = useSlice(welfare, { databaseUrl: () => databases.urls.welfare.runtime });
const today = dayInWib(new Date());

const bps = { client: "bps", agency: "BPS", agreement: "PKS-2025-022", purpose: "REGISTRY_MANAGEMENT" };
const first = callerWith({ ...bps, officer: "peringkat.bps" });
const second = callerWith({ ...bps, officer: "peringkat2.bps" });
const ministry = callerWith({
  client: "p",
  agreement: "PKS-2025-020",
  purpose: "REGISTRY_MANAGEMENT",
  officer: "pusdatin.kemensos",
});
const machine = callerWith();

const FILE = "id edition state sha256 publishedOn author approvedBy version text";
const ask = (caller: ReturnType<typeof callerWith>, query: string, variables: Record<string, unknown> = {}) =>
  slice.ask(query, { caller, variables });
const draft = (text: string, caller = first, edition = "PMT-2026-1") =>
  ask(caller, `mutation ($input: DraftWeightsInput!) { draftWeights(input: $input) { ${FILE} } }`, {
    input: { edition, areaLevel: "PROVINCE", legalBasis: "Inpres 4/2025", text },
  });
const publish = (caller: typeof first, input: { id: string; version: number; sha256: string }) =>
  ask(
    caller,
    `mutation ($input: PublishWeightsInput!) { publishWeights(input: $input) { ${FILE} history { act actor from to } } }`,
    { input },
  );
const RUN = "id state version registryVersion percentDone households sha256 proposedBy startedBy";
const propose = (caller: typeof first, weightFile: string, more: Record<string, unknown> = {}) =>
  ask(caller, `mutation ($input: ProposeRankingInput!) { proposeRanking(input: $input) { ${RUN} } }`, {
    input: { registryVersion: "DTSEN-2099-Q1", weightFile, asOf: today, legalBasis: "Inpres 4/2025", ...more },
  });
const start = (caller: typeof first, id: string, version: number) =>
  ask(caller, `mutation ($id: ID!, $version: Int!) { runRanking(id: $id, version: $version) { ${RUN} } }`, { id, version });
const detailOf = (answer: Awaited<ReturnType<typeof ask>>) => answer.errors.map(({ extensions }) => extensions.detail);

const seen: Record<string, string> = {};

test("weights are drafted by an officer who ranks, as one text that says the same whoever writes it", async () => {
  expect(codesOf(await draft(WEIGHTS, ministry))).toEqual(["FORBIDDEN"]);
  expect(codesOf(await draft(WEIGHTS, machine))).toEqual(["FORBIDDEN"]);
  const { data } = await draft(WEIGHTS);
  const { id, text, sha256 } = data.draftWeights;
  expect(data.draftWeights).toMatchObject({ state: "DRAFT", publishedOn: null, author: "peringkat.bps", approvedBy: null });
  expect(sha256).toBe(createHash("sha256").update(text).digest("hex"));
  const shuffled = [HEAD, ...WEIGHTS.trim().split("\n").slice(1).reverse()].join("\r\n");
  expect((await draft(shuffled, second)).data.draftWeights.text).toBe(text);
  Object.assign(seen, { file: id, sha256 });
});

test("faults of a text are told at once, by line", async () => {
  expect(detailOf(await draft(`${HEAD}\n,Lantai,1,1\n,Lantai,1,x\n,Jenis_cacat,1,1\n`))).toEqual([
    "text: line 3: weight must be a decimal number within ±1000 with at most six places; line 3: area, variable and code stand in the file already; " +
      "line 4: variable is not in the instrument, or has neither codes nor a number",
  ]);
});

test("what tells health or disability is never weighed", async () => {
  expect(detailOf(await draft(`${HEAD}\n,ART_Jenis_cacat,2,-1\n,CONSTANT,,1\n`))).toEqual([
    "text: line 2: variable is not in the instrument, or has neither codes nor a number",
  ]);
});

test("a draft is nobody else's to see, and is published by another officer, as it was read", async () => {
  const list = "{ weightFiles { id } }";
  expect((await ask(machine, list)).data.weightFiles).toEqual([]);
  expect((await ask(second, list)).data.weightFiles).toHaveLength(2);
  const { file: id = "", sha256 = "" } = seen;
  expect(detailOf(await publish(first, { id, version: 1, sha256 }))).toEqual(["who drafted the weights does not publish them"]);
  expect(codesOf(await publish(second, { id, version: 1, sha256: "0".repeat(64) }))).toEqual(["CONFLICT"]);
  expect(codesOf(await publish(second, { id, version: 2, sha256 }))).toEqual(["CONFLICT"]);
  const { data } = await publish(second, { id, version: 1, sha256 });
  expect(data.publishWeights).toMatchObject({
    state: "PUBLISHED",
    approvedBy: "peringkat2.bps",
    publishedOn: today,
    sha256,
    version: 2,
  });
  expect(data.publishWeights.history).toEqual([
    { act: "DRAFT", actor: "peringkat.bps", from: null, to: "DRAFT" },
    { act: "PUBLISH", actor: "peringkat2.bps", from: "DRAFT", to: "PUBLISHED" },
  ]);
  expect((await ask(machine, list)).data.weightFiles).toEqual([{ id }]);
});

test("everybody reads which weights count in a province, and in one that has none of its own", async () => {
  const { data } = await ask(
    machine,
    `query ($id: ID!) { weightFile(id: $id) {
    java: weights(area: "3510") { variable code weight } rest: weights(area: "91") { variable code weight } } }`,
    { id: seen["file"] },
  );
  expect(data.weightFile.java).toContainEqual({ variable: "Luas_lantai", code: null, weight: "0.020000" });
  expect(data.weightFile.java).toHaveLength(5);
  expect(data.weightFile.rest).toContainEqual({ variable: "Luas_lantai", code: null, weight: "0.010001" });
});

test("published weights never change, whoever tries: not by the slice, nor by the owner of the tables", async () => {
  const id = seen["file"] ?? "";
  await asRole(databases.urls.welfare.owner, async (sql) => {
    expect(await failing(sql`update welfare.weight set millionths = 0 where file_id = ${id}`)).toBe("HB001");
    expect(await failing(sql`delete from welfare.weight where file_id = ${id}`)).toBe("HB001");
    expect(await failing(sql`insert into welfare.weight values (${id}, '', 'Atap', '1', 1)`)).toBe("HB001");
    expect(await failing(sql`update welfare.weight_file set legal_basis = 'x' where id = ${id}`)).toBe("HB001");
  });
  expect(codesOf(await publish(first, { id, version: 2, sha256: seen["sha256"] ?? "" }))).toEqual(["CONFLICT"]);
});

test("a ranking takes published weights, a version to come and a day that has been", async () => {
  const { data } = await ask(second, "{ weightFiles { id state } }");
  const other = data.weightFiles.find(({ state }: { state: string }) => state === "DRAFT").id;
  const file = seen["file"] ?? "";
  expect(detailOf(await propose(first, other))).toEqual(["a ranking takes published weights"]);
  expect(codesOf(await propose(first, file, { registryVersion: "DTSEN-2020-Q1" }))).toEqual(["BAD_USER_INPUT"]);
  expect(codesOf(await propose(first, file, { registryVersion: "DTKS-2099-01" }))).toEqual(["BAD_USER_INPUT"]);
  expect(codesOf(await propose(first, file, { asOf: "2999-01-01" }))).toEqual(["BAD_USER_INPUT"]);
  expect(codesOf(await propose(ministry, file))).toEqual(["FORBIDDEN"]);
});

test("who proposed a ranking does not run it; run by another it waits for the registry's workers", async () => {
  const { data } = await propose(first, seen["file"] ?? "");
  const { id, version } = data.proposeRanking;
  expect(data.proposeRanking).toMatchObject({ state: "PROPOSED", proposedBy: "peringkat.bps", percentDone: null });
  expect(detailOf(await start(first, id, version))).toEqual(["who proposed the ranking does not run it"]);
  expect(codesOf(await start(second, id, version + 1))).toEqual(["CONFLICT"]);
  const started = (await start(second, id, version)).data.runRanking;
  expect(started).toMatchObject({ state: "SCORING", startedBy: "peringkat2.bps" });
  expect((await start(first, id, started.version)).data.runRanking.state).toBe("SCORING"); // wakes it
  const jobs = await asRole(
    databases.urls.registry ?? "",
    (sql) => sql`select payload ->> 'job' as job from graphile_worker._private_jobs`,
  );
  expect(jobs).toEqual([{ job: id }]);
  seen["run"] = id;
});

test("the slice itself cannot carry a ranking out", async () => {
  const id = seen["run"] ?? "";
  await asRole(databases.urls.welfare.runtime, async (sql) => {
    expect(await failing(sql`select welfare.cut_ranking(${id})`)).toBe("42501");
    expect(await failing(sql`update welfare.ranking_run set sha256 = 'x' where id = ${id}`)).toBe("42501");
  });
});

test("a version is published whole: nobody sees it while its ranks are being written", async () => {
  const { owner } = databases.urls.welfare;
  await inOneLoad(owner, async (loader) => {
    const households = await householdsAlive(loader);
    await writeSurveys(
      loader,
      households.map((household, n) => ({
        household,
        answers: { Lantai: n % 2 === 0 ? "1" : "8", Ada_mobil: "1", Luas_lantai: String(n) },
      })),
    );
  });
  const versions = "{ registryVersions { id } }";
  const known = async () => (await ask(machine, versions)).data.registryVersions.map(({ id }: { id: string }) => id);
  const pool = openLoadPool(databases.urls.registry ?? "", { max: 1 });
  let whileWriting: string[] = [];
  const watching = {
    ...pool,
    load: async <T>(work: Parameters<typeof pool.load<T>>[0]) => {
      const done = await pool.load(work);
      const [run] = await pool.load((loader) =>
        loader.query<{ state: string }>("select state from welfare.ranking_run where id = $1", [seen["run"]]),
      );
      if (run?.state === "WRITING") whileWriting = [...whileWriting, ...(await known())];
      return done;
    },
  };
  await rankTask({ pool: watching, note: () => {} }, seen["run"] ?? "", 20);
  await pool.end();
  expect(whileWriting.length).toBeGreaterThan(0);
  expect(whileWriting).not.toContain("DTSEN-2099-Q1");
  expect(await known()).toContain("DTSEN-2099-Q1");
  const { data } = await ask(first, `query ($id: ID!) { rankingRun(id: $id) { ${RUN} finishedAt history { act actor } } }`, {
    id: seen["run"],
  });
  expect(data.rankingRun).toMatchObject({ state: "DONE", percentDone: 100 });
  expect(data.rankingRun.history.map(({ act }: { act: string }) => act)).toEqual(["PROPOSE", "RUN", "WRITE", "PUBLISH"]);
});

test("a household is told by bands what moved its rank; whoever ranks sees points, which add up to the score", async () => {
  const { data } = await ask(
    first,
    `{ households(first: 100) { nodes { id decileAtMost(n: 10) deciles { decile version { id } }
    rankingExplanation { decile score version { id } weightFile { edition } contributions { variable band points } } } } }`,
  );
  const ranked = data.households.nodes.filter((one: { rankingExplanation: unknown }) => one.rankingExplanation);
  expect(ranked.length).toBeGreaterThan(50);
  for (const { rankingExplanation: told, deciles } of ranked) {
    const sum = told.contributions.reduce(
      (total: bigint, { points }: { points: string }) => total + BigInt(points.replace(".", "")),
      0n,
    );
    expect(sum).toBe(BigInt(told.score.replace(".", "")));
    expect(told.decile).toBe(deciles.find(({ version }: { version: { id: string } }) => version.id === "DTSEN-2099-Q1").decile);
  }
  const bands = new Set(
    ranked.flatMap(({ rankingExplanation: { contributions } }: any) => contributions.map((c: any) => `${c.variable} ${c.band}`)),
  );
  for (const band of ["Lantai RAISES_STRONGLY", "Lantai LOWERS_STRONGLY", "Fasbab NOT_ANSWERED"]) expect(bands).toContain(band);
  expect(slice.statements).toBeLessThan(12);
});

test("what every household is given alike raises nobody strongly", async () => {
  const { data } = await ask(
    first,
    "{ households(first: 100) { nodes { region { code } rankingExplanation { contributions { variable band } } } } }",
  );
  const elsewhere = data.households.nodes.filter((one: any) => one.rankingExplanation && !one.region.code.startsWith("35"));
  const constants = elsewhere.flatMap((one: any) =>
    one.rankingExplanation.contributions.filter((c: any) => c.variable === "CONSTANT"),
  );
  expect(constants.length).toBeGreaterThan(0);
  expect(new Set(constants.map(({ band }: { band: string }) => band)).has("RAISES_STRONGLY")).toBe(false);
});

test("a ranking that is done is neither run nor withdrawn again, and its version is not ranked twice", async () => {
  const { data } = await ask(first, "query ($id: ID!) { rankingRun(id: $id) { version } }", { id: seen["run"] });
  expect(codesOf(await start(second, seen["run"] ?? "", data.rankingRun.version))).toEqual(["CONFLICT"]);
  const withdrawn = await ask(
    second,
    "mutation ($id: ID!, $version: Int!) { withdrawRanking(id: $id, version: $version) { state } }",
    {
      id: seen["run"],
      version: data.rankingRun.version,
    },
  );
  expect(codesOf(withdrawn)).toEqual(["CONFLICT"]);
  expect(codesOf(await propose(first, seen["file"] ?? ""))).toEqual(["BAD_USER_INPUT"]);
});

test("a ranking that is withdrawn leaves its version free for another proposal", async () => {
  const asked = () => propose(first, seen["file"] ?? "", { registryVersion: "DTSEN-2099-Q2" });
  const { id, version } = (await asked()).data.proposeRanking;
  expect(codesOf(await asked())).toEqual(["CONFLICT"]);
  const withdraw =
    "mutation ($id: ID!, $version: Int!) { withdrawRanking(id: $id, version: $version) { state history { act } } }";
  expect(codesOf(await ask(ministry, withdraw, { id, version }))).toEqual(["FORBIDDEN"]);
  const { data } = await ask(second, withdraw, { id, version });
  expect(data.withdrawRanking).toEqual({ state: "WITHDRAWN", history: [{ act: "PROPOSE" }, { act: "WITHDRAW" }] });
  expect((await asked()).data.proposeRanking.state).toBe("PROPOSED");
});
