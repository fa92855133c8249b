import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rawClient } from "../../../drizzle/client.ts";
import { REQUEST_KINDS, REQUEST_STATES } from "../../../drizzle/tables/governance/rights.ts";
import { useDatabases } from "../../kit/database.ts";
import { ani, budi, siti } from "../../kit/people.ts";

/** What the database itself refuses, whoever asks: a subgraph that forgot a rule could not break it. */
const databases = useDatabases();

type Client = ReturnType<typeof rawClient>;
type Tx = Parameters<Parameters<Client["begin"]>[1]>[0];
interface Voice {
  readonly officer?: string;
  readonly citizen?: string;
}
const DPO: Voice = { officer: "dpo.kemensos" };
const DESK: Voice = { officer: "steward.kemensos" };
const SITI: Voice = { citizen: siti.id };

let runtime: Client;
let owner: Client;
beforeAll(() => {
  runtime = rawClient(databases.urls.governance.runtime, { max: 1 });
  owner = rawClient(databases.urls.governance.owner, { max: 1 });
});
afterAll(() => Promise.all([runtime.end(), owner.end()]));

/** A story of the slice's own role that leaves nothing behind. */
async function trial(client: Client, story: (tx: Tx) => Promise<void>): Promise<void> {
  const over = new Error("over");
  const told = client.begin(async (tx) => {
    await story(tx);
    throw over;
  });
  await told.catch((error: unknown) => {
    if (error !== over) throw error;
  });
}

/** What the database says to a statement in somebody's name: how many rows it touched, or SQLSTATE and sentence. */
const said = (tx: Tx, { officer, citizen }: Voice, statement: string): Promise<string> =>
  tx
    .savepoint(async (sp) => {
      await sp`select set_config('hub.officer', ${officer ? `{"${officer}"}` : "{}"}, true),
        set_config('hub.citizen', ${citizen ? `{"${citizen}"}` : "{}"}, true), set_config('hub.agency', '{"KEMENSOS"}', true)`;
      return (await sp.unsafe(statement)).count;
    })
    .then(
      (count) => `${count} done`,
      (error: { code?: string; message: string }) => `${error.code} ${error.message}`,
    );

const NUMBER = "HSD-2026-999999";
const filing = (kind: string, { person = siti.id, by = siti.id, more = "" } = {}) =>
  `insert into governance.subject_request (id, number, person_id, filed_by, kind, statement, correction, purpose_code, controller, received_at, due_at)
    values ('${randomUUID()}', '${NUMBER}', '${person}', '${by}', '${kind}', 'Rahasia', ${kind === "CORRECTION" ? "'x'" : "null"},
      ${kind === "WITHDRAWAL" ? "'PROGRAM_ADMINISTRATION'" : "null"}, 'KEMENSOS', '2026-07-17Z', timestamptz '2026-07-17Z' + interval '72 hours' ${more})`;
const move = (set: string) => `update governance.subject_request set ${set} where number = '${NUMBER}'`;
const TAKE = move("state = 'IN_REVIEW', handler = 'steward.kemensos'");
const CANCEL = move("state = 'CANCELLED', closed_at = '2026-07-18Z'");
const FULFIL = move("state = 'FULFILLED', closed_at = '2026-07-18Z', closed_by = 'dpo.kemensos', outcome = 'Selesai'");
const REFUSE = move(
  "state = 'REFUSED', closed_at = '2026-07-18Z', closed_by = 'dpo.kemensos', outcome = 'Tidak', refusal_reason = 'UNFOUNDED', citation = 'Ps. 15'",
);
const STEPS: Readonly<Record<string, readonly [Voice, string]>> = {
  IN_REVIEW: [DESK, TAKE],
  CANCELLED: [SITI, CANCEL],
  FULFILLED: [DPO, FULFIL],
  REFUSED: [DPO, REFUSE],
};
/** How each state is reached. */
const WAYS: Readonly<Record<string, readonly string[]>> = {
  RECEIVED: [],
  IN_REVIEW: ["IN_REVIEW"],
  FULFILLED: ["IN_REVIEW", "FULFILLED"],
  REFUSED: ["IN_REVIEW", "REFUSED"],
  CANCELLED: ["CANCELLED"],
};

async function reach(tx: Tx, state: string, kind = "ACCESS"): Promise<void> {
  expect(await said(tx, SITI, filing(kind))).toBe("1 done");
  for (const step of WAYS[state] ?? []) expect(await said(tx, ...(STEPS[step] as [Voice, string]))).toBe("1 done");
}

describe("a request", () => {
  const LEGAL = ["RECEIVED>IN_REVIEW", "RECEIVED>CANCELLED", "IN_REVIEW>FULFILLED", "IN_REVIEW>REFUSED", "IN_REVIEW>CANCELLED"];

  test("moves as the law's machine says and in no other way, from every state to every other", async () => {
    let seen = 0;
    for (const from of REQUEST_STATES)
      for (const [to, [voice, step]] of Object.entries(STEPS))
        await trial(runtime, async (tx) => {
          seen += 1;
          await reach(tx, from);
          const answer = await said(tx, voice, step);
          if (LEGAL.includes(`${from}>${to}`)) expect(answer, `${from}>${to}`).toBe("1 done");
          else expect(answer, `${from}>${to}`).toBe(`HB001 ${NUMBER} is ${from} and cannot become ${to}`);
        });
    expect(seen).toBe(20);
  });

  test("of every kind begins as received, with nobody, due after exactly 72 hours", () =>
    trial(runtime, async (tx) => {
      for (const kind of REQUEST_KINDS) {
        const late = filing(kind).replace("72 hours", "73 hours");
        expect(await said(tx, SITI, late), kind).toMatch(/^23514 .*"subject_request_clock"$/);
      }
      const taken = filing("ACCESS").replace("due_at)", "due_at, state)").replace("'72 hours' )", "'72 hours', 'IN_REVIEW')");
      expect(await said(tx, SITI, taken)).toBe("HB001 a request begins as received, with nobody");
    }));

  test("is filed by the person, or by who represents them, in their own name and by nobody for anybody else", () =>
    trial(runtime, async (tx) => {
      const RULE = "HB002 a request is filed in one's own name, for oneself or for whom one represents";
      expect(await said(tx, { citizen: budi.id }, filing("ACCESS"))).toBe(RULE);
      expect(await said(tx, { citizen: budi.id }, filing("ACCESS", { by: budi.id }))).toBe(RULE);
      expect(await said(tx, SITI, filing("ACCESS", { person: ani.id }))).toBe(RULE);
      expect(await said(tx, DPO, filing("ACCESS"))).toMatch(/^HB002 a request is filed by the data subject/);
      expect(await said(tx, {}, filing("ACCESS"))).toMatch(/^42501 .*row-level security/);
    }));

  test("keeps what the subject said, who must answer, and its clock, whoever asks", async () => {
    for (const set of [
      "statement = 'x'",
      "kind = 'DELETION'",
      "controller = 'BPS'",
      "due_at = due_at + interval '1 day'",
      "number = 'x'",
    ])
      await trial(runtime, async (tx) => {
        await reach(tx, "RECEIVED");
        expect(await said(tx, DPO, move(set)), set).toMatch(/^42501 permission denied/);
      });
    await trial(owner, async (tx) => {
      await reach(tx, "RECEIVED");
      expect(await said(tx, {}, move("statement = 'x', state = 'IN_REVIEW'"))).toBe(
        `HB001 statement of ${NUMBER} can no longer change`,
      );
      expect(await said(tx, {}, "delete from governance.subject_request")).toBe(
        "HB001 the rows of subject_request are on file and stay",
      );
      for (const table of ["subject_request_event", "restriction", "representation"])
        expect(await said(tx, {}, `truncate governance.${table}`)).toBe(`HB001 the rows of ${table} are on file and stay`);
    });
  });

  test("is closed by a data protection officer of its controller, in their own name, and never by the subject", async () => {
    const by = (id: string) => FULFIL.replace("dpo.kemensos", id);
    await trial(runtime, async (tx) => {
      await reach(tx, "IN_REVIEW");
      const TAKES_DPO = `HB002 answering ${NUMBER} takes a DPO of KEMENSOS`;
      expect(await said(tx, { officer: "dpo.bps" }, by("dpo.bps"))).toBe(TAKES_DPO);
      expect(await said(tx, DESK, by("steward.kemensos"))).toBe(TAKES_DPO);
      expect(await said(tx, DESK, FULFIL)).toMatch(/^HB002 answering .* is done in one's own name, and another is named$/);
      expect(await said(tx, SITI, FULFIL)).toBe(`HB002 ${NUMBER} is answered by stewards of KEMENSOS`);
      expect(await said(tx, { citizen: budi.id }, CANCEL)).toBe("0 done");
      expect(await said(tx, DPO, CANCEL)).toBe(`HB002 ${NUMBER} is cancelled by the data subject, or by who represents them`);
      expect(await said(tx, DPO, FULFIL.replace(", outcome = 'Selesai'", ""))).toMatch(/^23514 .*"subject_request_told"$/);
    });
    await trial(owner, async (tx) => {
      await tx`update steward set status = 'SUSPENDED' where id = 'dpo.kemensos'`;
      await reach(tx, "IN_REVIEW");
      expect(await said(tx, DPO, FULFIL)).toBe(`HB002 answering ${NUMBER} needs an active steward`);
    });
  });

  test("of objection is answered by another than who took it in, whichever way it is answered", () =>
    trial(runtime, async (tx) => {
      await reach(tx, "RECEIVED", "OBJECTION");
      expect(await said(tx, DPO, TAKE.replace("steward.kemensos", "dpo.kemensos"))).toBe("1 done");
      for (const step of [FULFIL.replace("outcome", "ranking_review = 'UPHELD', outcome"), REFUSE])
        expect(await said(tx, DPO, step)).toBe(
          `HB002 ${NUMBER} objects to an automated ranking: another person than who took it in reviews it`,
        );
    }));
});

describe("what follows a step", () => {
  const events = (tx: Tx) =>
    tx`select actor, state, note from governance.subject_request_event order by id`.then((rows) =>
      rows.map((row) => ({ ...row })),
    );

  test("is written by the rules alone: nobody makes up an event or a restriction, changes or removes one", async () => {
    await trial(runtime, async (tx) => {
      await reach(tx, "REFUSED", "RESTRICTION");
      expect(await events(tx)).toEqual([
        { actor: "SUBJECT", state: "RECEIVED", note: "" },
        { actor: "steward.kemensos", state: "IN_REVIEW", note: "" },
        { actor: "dpo.kemensos", state: "REFUSED", note: "UNFOUNDED" },
      ]);
      for (const statement of [
        "insert into governance.subject_request_event (request_id, actor, state) select id, 'SUBJECT', 'BREACHED' from governance.subject_request",
        "update governance.subject_request_event set actor = 'x'",
        `insert into governance.restriction (id, person_id, request_id, imposed_at) select id, '${budi.id}', id, now() from governance.subject_request`,
        "delete from governance.restriction",
      ])
        for (const voice of [DPO, SITI]) expect(await said(tx, voice, statement)).toMatch(/^42501 permission denied/);
    });
    await trial(owner, async (tx) => {
      await reach(tx, "RECEIVED");
      expect(await said(tx, {}, "update governance.subject_request_event set actor = 'x'")).toBe(
        "HB001 what happened to a request stays as it was told",
      );
    });
  });

  test("lifts no restriction at a steward's word alone, and none twice", () =>
    trial(runtime, async (tx) => {
      const lift = (by: string) =>
        `update governance.restriction set lifted_at = '2026-07-19Z', lifted_by = '${by}' where person_id = '${siti.id}'`;
      await reach(tx, "FULFILLED", "RESTRICTION");
      expect(await said(tx, DPO, lift("dpo.kemensos"))).toMatch(/^HB002 a restriction ends when its request is refused/);
      expect(await said(tx, { citizen: budi.id }, lift("SUBJECT"))).toBe("0 done");
      expect(await said(tx, SITI, lift("SUBJECT"))).toBe("1 done");
      expect(await said(tx, SITI, lift("REPRESENTATIVE"))).toBe("HB001 lifted_by of restriction can no longer change");
    }));

  test("restricts once for a person and purpose, however often it is asked, and again when that one is lifted", () =>
    trial(runtime, async (tx) => {
      const again = (number: string) => said(tx, SITI, filing("RESTRICTION").replace(NUMBER, number));
      const rows = async () => (await tx`select lifted_at is null as "isInForce" from governance.restriction`).length;
      await reach(tx, "FULFILLED", "RESTRICTION");
      for (let times = 0; times < 60; times++)
        expect(await again("HSD-2026-999998")).toBe(`HB001 ${NUMBER} restricts that already, and is in force`);
      expect(await rows()).toBe(1);
      expect(await said(tx, SITI, "update governance.restriction set lifted_at = '2026-07-19Z', lifted_by = 'SUBJECT'")).toBe(
        "1 done",
      );
      expect([await again("HSD-2026-999998"), await rows()]).toEqual(["1 done", 2]);
      await said(tx, DPO, "select 1");
    }));

  test("has a measure: 10 requests about a person a day in Jakarta, 20 open at a time", () =>
    trial(runtime, async (tx) => {
      const file = (n: number, day: number) =>
        said(
          tx,
          SITI,
          filing("ACCESS")
            .replace(NUMBER, `HSD-2026-8${String(n).padStart(5, "0")}`)
            .replaceAll("2026-07-17Z", `2026-07-${day}Z`),
        );
      for (let n = 0; n < 10; n++) expect(await file(n, 17)).toBe("1 done");
      expect(await file(10, 17)).toBe("HB003 at most 10 requests about one person are filed a day: file the next one tomorrow");
      for (let n = 10; n < 20; n++) expect(await file(n, 18)).toBe("1 done");
      expect(await file(20, 19)).toMatch(/^HB003 at most 20 requests about one person are open at a time/);
      expect(await said(tx, SITI, CANCEL.replace(NUMBER, "HSD-2026-800000"))).toBe("1 done");
      expect(await file(20, 19)).toBe("1 done");
    }));

  test("announces a restriction as policy, so that every gateway follows, and other requests do not", () =>
    trial(runtime, async (tx) => {
      const epoch = async () => (await tx`select n from governance.epoch`)[0]?.["n"];
      const before = await epoch();
      await reach(tx, "RECEIVED", "ACCESS");
      expect(await epoch()).toBe(before);
      await said(tx, SITI, filing("RESTRICTION").replace(NUMBER, "HSD-2026-999998"));
      expect(Number(await epoch())).toBe(Number(before) + 1);
    }));
});

const REPRESENTED = `insert into governance.representation (id, person_id, representative_id, basis, evidence, valid_from, valid_to, registered_by)
  values ('${randomUUID()}', '${siti.id}', '${budi.id}', 'PROXY', 'Surat kuasa', '2026-01-01Z', '2027-12-31Z', 'dpo.kemensos')`;
const confirmed = (by: string) => `update governance.representation set confirmed_at = '2026-01-02Z', confirmed_by = '${by}'`;

test("a representation is in force when a data protection officer of another agency confirms it, and not before", () =>
  trial(runtime, async (tx) => {
    const BUDI: Voice = { citizen: budi.id };
    const [dukcapil, bps] = [{ officer: "dpo.dukcapil" }, { officer: "dpo.bps" }];
    const filed = () => said(tx, BUDI, filing("ACCESS", { by: budi.id }));
    const seen = () => said(tx, BUDI, "select 1 from governance.representation");
    for (const term of ["2028-01-02Z", "2036-01-01Z"])
      expect(await said(tx, DPO, REPRESENTED.replace("2027-12-31Z", term))).toBe(
        "HB003 until: at most 2 years from now, then it is registered anew",
      );
    const made = REPRESENTED.replace("registered_by)", "registered_by, confirmed_by, confirmed_at)");
    expect(await said(tx, DPO, made.replace("'dpo.kemensos')", "'dpo.kemensos', 'dpo.dukcapil', '2026-01-02Z')"))).toMatch(
      /^HB001 who represents a person takes two/,
    );
    expect(await said(tx, DPO, REPRESENTED)).toBe("1 done");
    expect([await filed(), await seen()]).toEqual([
      "HB002 a request is filed in one's own name, for oneself or for whom one represents",
      "0 done",
    ]);
    expect(await said(tx, DPO, confirmed("dpo.kemensos"))).toMatch(/^HB002 .* another agency .* KEMENSOS did$/);
    expect(await said(tx, DPO, confirmed("dpo.dukcapil"))).toMatch(/^HB002 .* another is named$/);
    expect(await said(tx, { officer: "steward.dukcapil" }, confirmed("steward.dukcapil"))).toMatch(
      /^HB002 .* takes a DPO of DUKCAPIL$/,
    );
    expect(await said(tx, BUDI, confirmed("dpo.dukcapil"))).toBe("0 done");
    expect(await said(tx, dukcapil, confirmed("dpo.dukcapil"))).toBe("1 done");
    expect(await said(tx, bps, confirmed("dpo.bps"))).toMatch(/^HB001 /);
    expect([await seen(), await filed()]).toEqual(["1 done", "1 done"]);
  }));

test("who registered, confirmed and ended a representation is told as policy, without a word about whom", () =>
  trial(runtime, async (tx) => {
    await said(tx, DPO, REPRESENTED);
    await said(tx, { officer: "dpo.dukcapil" }, confirmed("dpo.dukcapil"));
    await said(tx, DPO, "update governance.representation set ended_at = '2026-02-01Z', ended_by = 'dpo.kemensos'");
    await said(tx, DPO, "select 1");
    const told = await tx`select actor, kind, detail from governance.policy_event where kind like 'representation %' order by id`;
    expect(told.map(({ actor, kind }) => `${actor}: ${kind}`)).toEqual([
      "dpo.kemensos: representation registered",
      "dpo.dukcapil: representation confirmed",
      "dpo.kemensos: representation ended",
    ]);
    expect(JSON.stringify(told)).not.toMatch(new RegExp(`${siti.id}|${budi.id}|kuasa`));
  }));

test("a representation is made by a data protection officer of a controller, changes by its end alone, and never its persons", async () => {
  const insert = (officer: string) =>
    `insert into governance.representation (id, person_id, representative_id, basis, evidence, valid_from, valid_to, registered_by)
      values ('${randomUUID()}', '${ani.id}', '${siti.id}', 'PARENT', 'Akta', '2026-01-01Z', '2035-01-01Z', '${officer}')`;
  await trial(owner, async (tx) => {
    expect(await said(tx, { officer: "dpo.bpk" }, insert("dpo.bpk"))).toMatch(/^HB002 .* BPK controls none$/);
    expect(await said(tx, DESK, insert("steward.kemensos"))).toMatch(/^HB002 .* takes a DPO of KEMENSOS$/);
    expect(await said(tx, DPO, insert("dpo.dukcapil"))).toMatch(/^HB002 .* another is named$/);
    expect(await said(tx, DPO, insert("dpo.kemensos").replace("2035", "2045"))).toMatch(/^HB003 until: a child is represented/);
    expect(await said(tx, DPO, insert("dpo.kemensos"))).toBe("1 done");
    const end = "ended_at = '2026-02-01Z', ended_by = 'dpo.kemensos'";
    expect(await said(tx, DPO, `update governance.representation set ${end}, representative_id = '${budi.id}'`)).toBe(
      "HB001 representative_id of representation can no longer change",
    );
    expect(await said(tx, DPO, `update governance.representation set ${end}`)).toBe("1 done");
    expect(await said(tx, DPO, "update governance.representation set ended_at = null, ended_by = 'dpo.kemensos'")).toMatch(
      /^HB001 /,
    );
  });
});
