import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rawClient } from "../../../drizzle/client.ts";
import { asRole } from "../../kit/database.ts";
import { useHub } from "../../kit/hub.ts";
import { rina, siti, sitisHome } from "../../kit/people.ts";
import { renewWith, resume, suspend } from "../../kit/policy.ts";
import { type Answer, askAt, each, load } from "./scaleOutKit.ts";

// Three gateways and two replicas of each subgraph on one set of databases, behind plain balancers: nobody who asks can tell them from one.

const hub = useHub({}, { size: { gateways: 3, replicas: 2 } });
const QUOTA = { agreement: "PKS-2025-001", client: "kemensos" };
const DINSOS = { agreement: "PKS-2025-004", client: "dinsos-banyuwangi" };
const HOME = { query: "query ($id: ID!) { household(id: $id) { id members { id person { id enrolments { id } } } } }" };
const sitisAs = (client: string) => askAt(hub, client, { ...HOME, variables: { id: sitisHome.id } });
const isWhole = ({ status, codes, data }: Answer) => status === 200 && codes.length === 0 && data.household !== null;
const broken = (answers: readonly Answer[]) => answers.filter((answer) => !isWhole(answer));
const WAIT = { timeout: 30_000, interval: 20 };

let owner: ReturnType<typeof rawClient>;
beforeAll(() => {
  owner = rawClient(hub.urls.governance.owner, { max: 2 });
});
afterAll(() => owner?.end());

/** What every gateway says of one question, asked past the balancer. */
const everywhere = (client: string, query: string) =>
  Promise.all(hub.fleet.gateways.map(({ url }) => askAt(hub, client, { at: url, query })));

describe("over all gateways together", () => {
  test("a quota of distinct persons is exact: never one too many, never one too few", async () => {
    const rows = await asRole(
      hub.urls.population.owner,
      (sql) => sql`select nik::text as nik from population.person order by id limit 45`,
    );
    const niks = rows.map(({ nik }) => String(nik).padStart(16, "0"));
    const byNik = (nik: string) =>
      askAt(hub, QUOTA.client, { query: "query ($nik: String!) { personByNik(nik: $nik) { id } }", variables: { nik } });
    const quota = 30;
    await renewWith(hub.urls.governance.owner, QUOTA.agreement, { quota });
    const [row] =
      await owner`select max(version) as v from governance.agreement_version where agreement_number = ${QUOTA.agreement}`;
    await expect
      .poll(async () => (await everywhere(QUOTA.client, "{ me { client } }")).map(({ version }) => version), WAIT)
      .toEqual(Array(3).fill(Number(row?.["v"]))); // who is counted under another version would be free under the new
    const answers = await each(niks, 9, byNik);
    const refused = answers.filter(({ codes }) => codes.includes("QUOTA_EXCEEDED"));
    expect(answers.filter(({ status, codes }) => status === 200 && codes.length === 0)).toHaveLength(quota);
    expect(refused).toHaveLength(niks.length - quota);
    const [counter] = await owner`select used from governance.quota_counter where agreement_number = ${QUOTA.agreement}`;
    expect(Number(counter?.["used"])).toBe(quota);
    const again = await each(niks, 9, byNik); // who was counted today is not counted twice, whoever is asked
    expect(again.map(({ status }) => status)).toEqual(answers.map(({ status }) => status));
    expect(hub.fleet.before("gateway").chosen.size).toBe(3);
  });

  test("a suspension bites as soon as it is committed: no answer to what is asked after it, at whatever gateway", async () => {
    const asking = load(6, () => sitisAs(DINSOS.client));
    await asking.more(20);
    await suspend(owner, DINSOS.agreement);
    const committedAt = performance.now();
    await asking.more(30);
    const answers = await asking.end();
    const [before, after] = [answers.filter(({ at }) => at < committedAt), answers.filter(({ at }) => at >= committedAt)];
    expect(before.filter(isWhole).length).toBeGreaterThan(10);
    expect(after.length).toBeGreaterThan(10);
    expect(after.filter(({ data }) => data?.household)).toEqual([]);
    await expect
      .poll(async () => (await everywhere(DINSOS.client, "{ me { client } }")).flatMap(({ codes }) => codes), WAIT)
      .toEqual(Array(3).fill("AGREEMENT_SUSPENDED"));
    await resume(owner, DINSOS.agreement);
    await expect
      .poll(async () => (await everywhere(DINSOS.client, "{ me { client } }")).map(({ status }) => status), WAIT)
      .toEqual([200, 200, 200]);
  });

  test("a revocation does so, too", async () => {
    const asking = load(6, () => askAt(hub, QUOTA.client, { query: "{ me { client } }" }));
    await asking.more(20);
    await owner`update governance.agreement_version set state = 'revoked' where agreement_number = ${QUOTA.agreement} and state = 'active'`;
    const committedAt = performance.now();
    await asking.more(20);
    const after = (await asking.end()).filter(({ at }) => at >= committedAt);
    expect(after.length).toBeGreaterThan(10);
    expect(after.filter(({ data }) => data?.me)).toEqual([]);
    await expect
      .poll(async () => (await everywhere(QUOTA.client, "{ me { client } }")).map(({ status }) => status), WAIT)
      .toEqual(Array(3).fill(403));
  });

  test("Cek Bansos is guessed at no more often than at one: five wrong days over all of them, and none tells the right one", async () => {
    const query = "query ($input: RecipientFactsInput!) { recipientByFacts(input: $input) { enrolments { state } } }";
    const tryAt = async (url: string, { fullName, birthDate }: Pick<typeof siti, "fullName" | "birthDate">, village: string) => {
      const input = { village, fullName, birthDate, visitor: crypto.randomUUID() };
      const { codes, data } = await askAt(hub, "portal-warga", {
        at: url,
        query,
        variables: { input },
        agreement: "PKS-2025-032",
      });
      return [codes, data?.recipientByFacts !== null];
    };
    const urls = hub.fleet.gateways.map(({ url }) => url);
    for (let n = 0; n < 5; n += 1)
      expect(await tryAt(urls[n % 3] ?? "", { ...siti, birthDate: `1988-05-1${n}` }, "3510161001")).toEqual([[], false]);
    for (const url of urls) {
      expect(await tryAt(url, siti, "3510161001")).toEqual([[], false]);
      expect(await tryAt(url, rina, "3510161002")).toEqual([[], true]);
    }
  });

  test("whoever signed in at one is signed in at all; where they sign out it ends at once, a copy elsewhere with its token", async () => {
    const visitor = await hub.signedIn("steward.kemensos");
    const copy = visitor.header;
    const meAt = async (url: string, cookie = visitor.header) => {
      const headers = { "content-type": "application/json", accept: "application/graphql-response+json", cookie };
      const response = await visitor.ask(`${url}/graphql`, {
        method: "POST",
        headers,
        body: '{"query":"{ me { steward { id } } }"}',
      });
      return [response.status, ((await response.json()) as any).data?.me.steward.id];
    };
    for (const { url } of hub.fleet.gateways) expect(await meAt(url)).toEqual([200, "steward.kemensos"]);
    const [told, ...others] = hub.fleet.gateways.map(({ url }) => url);
    await visitor.ask(`${told}/sign-out?face=console`, { method: "POST" });
    expect([...visitor.cookies.keys()].filter((name) => name.startsWith("hub_"))).toEqual([]);
    expect((await meAt(String(told), copy))[0]).toBe(401);
    for (const url of others) expect((await meAt(url, copy))[0]).toBe(200); // docs/threats.md T44 says so
  });
});

// From here on they become fewer.

describe("of those behind a balancer", () => {
  test("a replica that dies costs at most a part of what it was at, and nothing that is asked after it", async () => {
    const asking = load(6, () => sitisAs(DINSOS.client));
    await asking.more(20);
    await hub.fleet.cutOff(hub.fleet.replicas.get("programs")?.[1] ?? expect.fail("no replica"));
    const diedAt = performance.now();
    await asking.more(30);
    const failed = broken(await asking.end());
    expect(failed.filter(({ at }) => at > diedAt)).toEqual([]);
    for (const { status, codes } of failed) expect([status, codes]).toEqual([200, ["SUBGRAPH_UNAVAILABLE"]]);
  });

  test("a gateway and one of each subgraph that has two left are stopped in order under load, and no request fails", async () => {
    const asking = load(6, () => sitisAs(DINSOS.client));
    await asking.more(20);
    const [gateway] = hub.fleet.gateways;
    await hub.fleet.retire("gateway", gateway ?? expect.fail("no gateway"));
    for (const [name, [replica]] of hub.fleet.replicas) {
      if (name === "programs") continue; // it has lost one already
      await hub.fleet.retire(name, replica ?? expect.fail("no replica"));
      await asking.more(5);
    }
    expect(broken(await asking.end())).toEqual([]);
  });
  test("a gateway that dies takes with it what it was at, nothing that is asked after it", async () => {
    const asking = load(6, () => sitisAs(DINSOS.client));
    await asking.more(20);
    await hub.fleet.cutOff(hub.fleet.gateways[1] ?? expect.fail("no gateway"));
    const diedAt = performance.now();
    await asking.more(30);
    const failed = broken(await asking.end());
    expect(failed.filter(({ at }) => at > diedAt)).toEqual([]);
    expect(failed.length).toBeLessThanOrEqual(6);
  });
});
