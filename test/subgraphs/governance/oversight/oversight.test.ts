import { describe, expect, test } from "vitest";
import { raise } from "../../../../drizzle/watch/alerts.ts";
import { governance } from "../../../../subgraphs/governance/index.ts";
import { asRole, failing, useDatabases } from "../../../kit/database.ts";
import { callerWith, useSlice } from "../../../kit/slice.ts";
import { asLog } from "../../../policy/watch/kit.ts";
import { asSteward, outcomeOf } from "../lifecycle/kit.ts";

const databases = useDatabases();
const slice = useSlice(governance, { databaseUrl: () => databases.urls.governance.runtime });
const done = async (id: string, query: string, variables: Record<string, unknown>) =>
  outcomeOf(await asSteward(slice, id)(query, variables));

const FIELDS = "id agency { code } client kind reason decision until liftedAt liftReason inForce";
const impose = (id: string, input: Record<string, unknown>) =>
  done(id, `mutation ($input: ImposeSanctionInput!) { imposeSanction(input: $input) { ${FIELDS} } }`, {
    input: { agency: "BAPPENAS", kind: "SUSPENSION", reason: "Data dipakai di luar tujuan", decision: "SK-1/2026", ...input },
  });
const lift = (id: string, sanction: unknown) =>
  done(id, `mutation ($id: ID!) { liftSanction(id: $id, reason: "Telah diperbaiki dan diperiksa") { ${FIELDS} } }`, {
    id: sanction,
  });
const registered = async (agency: string) =>
  (
    await slice.ask(`query ($agency: ID) { sanctions(agency: $agency) { ${FIELDS} } }`, {
      variables: { agency },
      caller: callerWith(),
    })
  ).data.sanctions;

describe("the register of sanctions", () => {
  test("an operator of the hub imposes and lifts, and everybody may read it", async () => {
    const { id, ...told } = await impose("operator.hub", {});
    expect(told).toEqual({
      ...{ agency: { code: "BAPPENAS" }, client: null, kind: "SUSPENSION", reason: "Data dipakai di luar tujuan" },
      ...{ decision: "SK-1/2026", until: null, liftedAt: null, liftReason: null, inForce: true },
    });
    const lifted = await lift("operator.hub", id);
    expect(lifted).toMatchObject({ id, liftReason: "Telah diperbaiki dan diperiksa", inForce: false });
    expect(await registered("BAPPENAS")).toEqual([lifted]);
    expect(await lift("operator.hub", id)).toMatchObject({ code: "CONFLICT" });
  });

  test.each(["steward.hub", "dpo.hub", "steward.bappenas", "auditor.bpk"])("%s does neither", async (id) => {
    expect(await impose(id, {})).toMatchObject({ code: "FORBIDDEN" });
    expect(await lift(id, "5b0c3c3e-0000-4000-8000-000000000007")).toMatchObject({ code: "FORBIDDEN" });
  });

  test("what is wrong is told all at once", async () => {
    const { code, detail } = await impose("operator.hub", {
      agency: "NOBODY",
      kind: "WARNING",
      reason: "x",
      until: "2020-01-01T00:00:00Z",
    });
    expect(code).toBe("BAD_USER_INPUT");
    for (const field of ["agency", "reason", "until: only a suspension", "until: must lie"]) expect(detail).toContain(field);
  });

  test("another agency's client is not sanctioned in this one's name, and the hub not at all", async () => {
    expect(await impose("operator.hub", { client: "bpk" })).toMatchObject({
      code: "BAD_USER_INPUT",
      detail: "client: not one of BAPPENAS",
    });
    expect(await impose("operator.hub", { agency: "HUB" })).toMatchObject({ code: "BAD_USER_INPUT" });
    expect(await impose("operator.hub", { client: "bappenas", kind: "WARNING" })).toMatchObject({
      client: "bappenas",
      inForce: true,
    });
  });

  test("a suspension ends by itself", async () => {
    const until = new Date(Date.now() + 86_400_000).toISOString();
    expect(await impose("operator.hub", { agency: "BPK", until })).toMatchObject({ inForce: true });
    const [row] = await asRole(
      databases.urls.governance.owner,
      (sql) => sql`insert into governance.sanction (id, agency_code, kind, reason, decision, imposed_by, imposed_at, until)
        values (gen_random_uuid(), 'DUKCAPIL', 'SUSPENSION', 'x', 'x', 'operator.hub', now() - interval '2 days', now() - interval '1 day') returning id`,
    );
    expect(await registered("DUKCAPIL")).toMatchObject([{ id: row?.["id"], inForce: false }]);
  });

  test("no role rewrites or removes one, the tables' owner neither", async () => {
    const asOwner = (text: string) => failing(asRole(databases.urls.governance.owner, (sql) => sql.unsafe(text)));
    expect(await asOwner("update governance.sanction set reason = 'lain'")).toBe("HB001");
    expect(
      await asOwner(
        "update governance.sanction set lifted_at = null, lifted_by = null, lift_reason = null where lifted_at is not null",
      ),
    ).toBe("HB001");
    expect(
      await asOwner(
        "update governance.sanction set lifted_at = now(), lifted_by = 'dpo.hub', lift_reason = 'x' where lifted_at is null",
      ),
    ).toBe("HB002");
    expect(await asOwner("delete from governance.sanction")).toBe("HB001");
    expect(await asOwner("truncate governance.sanction")).toBe("HB001");
  });
});

const CANARY = "5b0c3c3e-0000-4000-8000-0000000000c1";
const plant = (id: string) =>
  done(id, "mutation ($id: ID!) { plantCanary(person: $id) { person plantedBy retiredAt } }", { id: CANARY });
const retire = (id: string) => done(id, "mutation ($id: ID!) { retireCanary(person: $id) { person retiredAt } }", { id: CANARY });

test("canaries are planted, listed and retired by operators of the hub alone", async () => {
  expect(await plant("dpo.hub")).toMatchObject({ code: "FORBIDDEN" });
  expect(await plant("operator.hub")).toEqual({ person: CANARY, plantedBy: "operator.hub", retiredAt: null });
  expect(await plant("operator.hub"), "again is the same").toMatchObject({ person: CANARY, retiredAt: null });
  expect(await retire("steward.kemensos")).toMatchObject({ code: "FORBIDDEN" });
  expect(await retire("operator.hub")).toMatchObject({ person: CANARY, retiredAt: expect.any(String) });
  expect(await plant("operator.hub"), "a retired one does not come back").toMatchObject({ code: "CONFLICT" });
  const list = "{ canaries { person } }";
  expect((await asSteward(slice, "operator.hub")(list)).data.canaries).toEqual([{ person: CANARY }]);
  expect(outcomeOf(await asSteward(slice, "dpo.dukcapil")(list))).toMatchObject({ code: "FORBIDDEN" });
});

test("stewards see alerts about their clients and about data they control, the hub's operators all", async () => {
  const alert = (client: string, agency: string, agreement: string | null) => ({
    ...{ kind: "DENIED_PROBING" as const, agency, client, agreement },
    ...{ detail: { coordinates: ["Person.nik"] }, once: client },
  });
  await asLog(databases.urls, (sql) => raise(sql, [alert("kemensos", "KEMENSOS", "PKS-2025-001"), alert("bpk", "BPK", null)]));
  const seen = async (id: string, more = "") => {
    const { data } = await asSteward(
      slice,
      id,
    )(`{ watchAlerts${more} { kind client agency { code } agreement { number } detail } }`);
    return data.watchAlerts;
  };
  const clients = async (id: string) => (await seen(id)).map((row: { client: string }) => row.client);
  expect(await clients("steward.kemensos")).toEqual(["kemensos"]);
  expect(await clients("steward.dukcapil"), "it controls what that agreement opens").toEqual(["kemensos"]);
  expect(await clients("auditor.bpk")).toEqual(["bpk"]);
  expect(await clients("operator.hub")).toEqual(["bpk", "kemensos"]);
  expect(await seen("operator.hub", "(kind: CANARY_TOUCHED)")).toEqual([]);
  expect(await seen("steward.kemensos")).toEqual([
    {
      ...{ kind: "DENIED_PROBING", client: "kemensos", agency: { code: "KEMENSOS" }, agreement: { number: "PKS-2025-001" } },
      detail: '{"coordinates":["Person.nik"]}',
    },
  ]);
  await asLog(databases.urls, (sql) =>
    raise(sql, [
      {
        ...{ kind: "CANARY_TOUCHED" as const, agency: "KEMENSOS", client: "kemensos", agreement: "PKS-2025-001" },
        ...{ detail: { hour: "2026-03-02T03:00:00.000Z", receipt: "r" }, once: "kemensos" },
      },
    ]),
  );
  const canaries = "(kind: CANARY_TOUCHED)";
  expect(await seen("operator.hub", canaries)).toHaveLength(1);
  for (const id of ["steward.kemensos", "dpo.kemensos", "steward.dukcapil", "dpo.hub"]) {
    expect(await seen(id, canaries), id).toEqual([]);
    expect(
      (await seen(id)).map(({ kind }: { kind: string }) => kind),
      id,
    ).not.toContain("CANARY_TOUCHED");
  }
  const stranger = await slice.ask("{ watchAlerts { kind } }", { caller: callerWith() });
  expect(outcomeOf(stranger)).toMatchObject({ code: "FORBIDDEN" });
});
