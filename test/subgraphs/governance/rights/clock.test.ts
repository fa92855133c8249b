import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { governance } from "../../../../subgraphs/governance/index.ts";
import { clockOf, dueAfter } from "../../../../subgraphs/governance/rights/clock.ts";
import { mayRefuse } from "../../../../subgraphs/governance/rights/reasons.ts";
import { asRole, useDatabases } from "../../../kit/database.ts";
import { rina, siti } from "../../../kit/people.ts";
import { codesOf, useSlice } from "../../../kit/slice.ts";
import { steward } from "../duties/kit.ts";
import { answered, citizen, failed, HOUR, rightsOf } from "./kit.ts";

const RECEIVED = Date.parse("2026-07-17T16:30:00+07:00"); // a Friday
let now = RECEIVED;
const databases = useDatabases();
const slice = useSlice(governance, { databaseUrl: () => databases.urls.governance.runtime, now: () => now });
const { file, ask, take, fulfil } = rightsOf(slice);
const [dpo, desk] = [steward("dpo.kemensos"), steward("steward.kemensos")];

describe("3 × 24 hours", () => {
  const at = (hours: number) => new Date(RECEIVED + hours * HOUR);
  const open = { dueAt: dueAfter(at(0)).toISOString(), closedAt: null };

  test("received on a Friday afternoon end on Monday afternoon, at the same minute", () => {
    expect(open.dueAt).toBe(new Date("2026-07-20T16:30:00+07:00").toISOString());
  });

  test.each([
    [0, "ON_TIME"],
    [47.999, "ON_TIME"],
    [48, "DUE_SOON"],
    [72, "DUE_SOON"],
    [72.001, "OVERDUE"],
  ])("after %d hours an open request is %s", (hours, state) => {
    expect(clockOf(open, at(hours))).toBe(state);
  });

  test("are judged for a closed request at the instant it was closed, for ever", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 10_000 }), (closed, later) => {
        const state = clockOf({ ...open, closedAt: at(closed).toISOString() }, at(closed + later));
        expect(state).toBe(closed > 72 ? "OVERDUE" : "ON_TIME");
      }),
    );
  });

  test("are 72 hours from any instant", () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true }), (received) => {
        expect(dueAfter(received).getTime() - received.getTime()).toBe(72 * HOUR);
      }),
    );
  });
});

test("access and correction are never refused for what art. 15 excepts, nor anything else for what art. 33 does", () => {
  for (const reason of ["LAW_ENFORCEMENT", "STATE_ADMINISTRATION", "FINANCIAL_SUPERVISION", "STATISTICS_AND_RESEARCH"] as const) {
    expect(["ACCESS", "CORRECTION"].map((kind) => mayRefuse(reason, kind as "ACCESS"))).toEqual([false, false]);
    expect(mayRefuse(reason, "OBJECTION")).toBe(true);
  }
  for (const reason of ["HARM_TO_OTHERS", "DISCLOSES_OTHERS"] as const)
    expect([mayRefuse(reason, "ACCESS"), mayRefuse(reason, "RESTRICTION")]).toEqual([true, false]);
  expect([mayRefuse("LEGAL_RETENTION", "DELETION"), mayRefuse("LEGAL_RETENTION", "ACCESS")]).toEqual([true, false]);
});

describe("the clock of the log's process", () => {
  let waits: string;
  /** Ticks as the log's process does; answers how much it told. */
  const tick = (hours: number) =>
    asRole(databases.urls.log ?? "", async (sql) => {
      const [row] = await sql`select governance.mark_request_clocks(${new Date(RECEIVED + hours * HOUR)}) as told`;
      return row?.["told"];
    });
  const alerts = () =>
    asRole(databases.urls.log ?? "", async (sql) =>
      (await sql`select kind, agency_code, detail, once from governance.watch_alert order by id`).map((row) => ({ ...row })),
    );
  const steps = async (number: string) => {
    const { data } = await slice.ask(`{ subjectRequest(number: "${number}") { events { actor step at } } }`, dpo);
    return data.subjectRequest.events.filter(({ actor }: { actor: string }) => actor === "CLOCK");
  };
  const counts = async (who = dpo) => (await slice.ask("{ requestClock { open dueSoon breached } }", who)).data.requestClock;

  test("escalates once 24 hours before a request is due, and tells a breach once after", async () => {
    waits = answered(await file(citizen(siti), { kind: "ACCESS", statement: "Data saya, pribadi" })).number;
    const answeredInTime: string = answered(
      await file(citizen(rina), { kind: "ACCESS", statement: "Data saya, pribadi" }),
    ).number;
    await take(desk, answeredInTime);
    answered(await fulfil(dpo, answeredInTime, "Terkirim"));
    expect([await tick(47.9), await tick(48), await tick(49), await tick(72)]).toEqual([0, 1, 0, 0]);
    expect([await tick(72.1), await tick(200)]).toEqual([1, 0]);
    expect(await steps(waits)).toEqual([
      { actor: "CLOCK", step: "ESCALATED", at: "2026-07-19T09:30:00.000Z" },
      { actor: "CLOCK", step: "BREACHED", at: "2026-07-20T09:30:00.000Z" },
    ]);
    expect(await steps(answeredInTime)).toEqual([]);
    const detail = { number: waits, kind: "ACCESS", dueAt: "2026-07-20T09:30:00.000Z" };
    expect(await alerts()).toEqual([
      { kind: "REQUEST_ESCALATED", agency_code: "KEMENSOS", detail, once: `REQUEST_ESCALATED:${waits}` },
      { kind: "REQUEST_BREACHED", agency_code: "KEMENSOS", detail, once: `REQUEST_BREACHED:${waits}` },
    ]);
  });

  test("is not needed for a breach that an answer itself comes too late to prevent", async () => {
    now = RECEIVED;
    const { number } = answered(await file(citizen(siti), { kind: "DELETION", statement: "Hapus" }));
    await take(desk, number);
    now = RECEIVED + 80 * HOUR;
    expect(answered(await fulfil(dpo, number, "Dihapus"))).toMatchObject({ state: "FULFILLED", clock: "OVERDUE" });
    expect((await steps(number)).map((one: { step: string }) => one.step)).toEqual(["BREACHED"]);
    expect(await tick(100)).toBe(0);
  });

  test("shows a steward how their agency stands, and the hub's how all do", async () => {
    const due = { kind: "CORRECTION", statement: "Salah eja", correction: "SITI AMINAH", coordinate: "Person.fullName" };
    now = RECEIVED;
    answered(await file(citizen(siti), due));
    now = RECEIVED + 50 * HOUR;
    expect(await counts(steward("dpo.dukcapil"))).toEqual({ open: 1, dueSoon: 1, breached: 0 });
    now = RECEIVED + 100 * HOUR;
    expect(await counts()).toEqual({ open: 1, dueSoon: 0, breached: 2 });
    expect(await counts(steward("dpo.hub"))).toEqual({ open: 2, dueSoon: 0, breached: 3 });
    expect(codesOf(await slice.ask("{ requestClock { open } }", citizen(siti)))).toEqual(["FORBIDDEN"]);
  });

  test("stops nobody: what is late is still answered, or taken back", async () => {
    expect(failed(await ask(citizen(siti), "cancelSubjectRequest", { number: waits }))).toBeUndefined();
  });
});
