import { describe, expect, inject, test } from "vitest";
import { AGREEMENT_STATES, type AgreementState } from "../../../../schema/policy/words.ts";
import { asRole, failing, useDatabases } from "../../../kit/database.ts";
import {
  BY_BPS,
  BY_DPO,
  BY_DUKCAPIL,
  COMPILED,
  decide,
  done,
  draft,
  grant,
  move,
  pin,
  SUSPEND,
  said,
  set,
  useLifecycle,
  walk,
} from "../../../kit/lifecycle.ts";

const databases = useDatabases({ empty: true });
const cycle = useLifecycle(databases);
const { trial } = cycle;

describe("a draft", () => {
  test("is how every version begins, with an active author of the consumer, or one who runs the hub", () =>
    trial(async (tx) => {
      expect(await said(tx, draft("'ayu'", ", state", ", 'active'"))).toBe(
        "HB001 version 1 of PKS-1 begins as a draft, not as active",
      );
      expect(await said(tx, draft("null"))).toMatch(/^HB003 a draft needs a steward/);
      expect(await said(tx, draft("'fajar'"))).toBe("HB002 a draft needs an active steward");
      expect(await said(tx, draft("'citra'"))).toMatch(/^HB002 a draft for DINSOS takes a steward of DINSOS or an operator$/);
      expect(await said(tx, draft("'ayu'"), "eko")).toMatch(/^HB002 a draft is done in one's own name, and another is named$/);
      expect(await said(tx, draft("'ayu'", ", content_sha256", ", 'x'"))).toMatch(/^HB003 a draft has no content hash/);
      expect(await said(tx, draft("'gita'"), "gita")).toBe("done");
    }));

  test("changes freely, may be taken over but not handed to somebody, and may be thrown away", () =>
    trial(async (tx) => {
      await walk(tx, "draft");
      await done(tx, set("quota = 5"), "update grant_row set clause = 'Ps. 2' where agreement_number = 'PKS-1'");
      expect(await said(tx, set("author = 'eko'"), "ayu")).toMatch(/^HB002 .* own name/);
      expect(await said(tx, set("author = 'eko'"), "eko")).toBe("done");
      expect(await said(tx, set("version = 2"))).toMatch(/^HB001 number, version and day/);
      expect(await said(tx, set("content_sha256 = 'x'"))).toMatch(/^HB001 .* content hash is the database's alone/);
      await done(
        tx,
        ...["grant_row", "resolved_coordinate", "agreement_version"].map(
          (table) => `delete from ${table} where agreement_number = 'PKS-1'`,
        ),
      );
    }));

  test("that grants nothing, or whose grants reach nothing, is not submitted", () =>
    trial(async (tx) => {
      await done(tx, draft());
      expect(await said(tx, move("in_review"))).toBe("HB003 version 1 of PKS-1 grants nothing: it has no grant");
      await done(tx, grant("SPECIFIC"));
      expect(await said(tx, move("in_review"))).toMatch(/^HB003 version 1 of PKS-1 opens nothing/);
    }));
});

describe("what was submitted", () => {
  const SUBMITTED = [
    ...[
      "valid_from = '2025-01-01Z'",
      "valid_to = '2998-01-01Z'",
      `row_scope = '{"a":1}'`,
      "quota = 1",
      "similarity_floor = 1",
      "attempts_on_subject = 1",
    ],
    ...[
      "attempts_of_client = 1",
      "on_denied = 'reject'",
      "ip_allow = '{10.0.0.0/8}'",
      "documents = 'trusted'",
      "armed_minutes = 5, armed_persons = 5",
      `limits = '{"depth": 3}'`,
      "author = 'eko'",
    ],
  ].map((assignment) => `update agreement_version set ${assignment} where agreement_number = 'PKS-2'`);
  const BESIDE = [
    ...[
      "update grant_row set effect = 'deny'",
      "delete from grant_row",
      grant("Person.nik", "PKS-2"),
      pin("Person.ghost", "PKS-2"),
      "delete from resolved_coordinate",
    ],
    ...[
      "update resolved_coordinate set coordinate = 'Person.ghost' where coordinate = 'Person.nik'",
      "truncate grant_row",
      "truncate agreement_version cascade",
    ],
    ...[
      "delete from agreement_version",
      "update agreement set consumer_agency = 'HUB' where number = 'PKS-2'",
      "update agreement set purpose_code = 'OTHER' where number = 'PKS-2'",
    ],
  ];

  test.each([...SUBMITTED, ...BESIDE])("cannot be changed, not even by the owner of the table: %s", (statement) =>
    trial(async (tx) => expect(await said(tx, statement)).toMatch(/^HB001 /)),
  );

  test("T18: cannot be changed by an administrator of the server either", async () => {
    const url = new URL(inject("databases").adminUrl);
    url.pathname = new URL(databases.urls.governance.owner).pathname;
    await asRole(url.href, async (admin) => {
      for (const statement of [...SUBMITTED, ...BESIDE])
        await expect(admin.unsafe(statement), statement).rejects.toMatchObject({ code: "HB001" });
    });
  });

  test("is not changed in passing, by the statement that submits it", () =>
    trial(async (tx) => {
      await walk(tx, "draft");
      expect(await said(tx, move("in_review", ", quota = 5"))).toMatch(/^HB001 .*: quota can no longer change/);
    }));

  test("is what its hash says, and a version taken back has none", () =>
    trial(async (tx) => {
      await walk(tx, "in_review");
      const rows = () =>
        tx`select content_sha256 as kept, encode(sha256(convert_to(content_of('PKS-1', 1), 'UTF8')), 'hex') as made from agreement_version where agreement_number = 'PKS-1'`;
      const [submitted] = await rows();
      expect(submitted?.["kept"]).toMatch(/^[0-9a-f]{64}$/);
      expect(submitted?.["kept"]).toBe(submitted?.["made"]);
      await done(tx, move("draft"), set("quota = 5"));
      expect((await rows())[0]?.["kept"]).toBeNull();
      await done(tx, move("in_review"));
      expect((await rows())[0]?.["kept"]).not.toBe(submitted?.["kept"]);
    }));

  test("leaves title and duties of the agreement open, but a report falls due no earlier", () =>
    trial(async (tx) => {
      const agreement = (assignment: string) => `update agreement set ${assignment} where number = 'PKS-2'`;
      await done(
        tx,
        agreement("title = 'Baru', dpia_id = '7', report_due = '2026-07-01Z'"),
        agreement("report_due = '2027-01-01Z'"),
      );
      expect(await said(tx, agreement("report_due = '2026-07-01Z'"))).toMatch(
        /^HB001 the next report of PKS-2 was due 2027-01-01T/,
      );
      expect(await said(tx, agreement("report_due = null"))).toMatch(/^HB001 /);
    }));
});

describe("what was written behind the back of the rules", () => {
  const behind = (assignment: string) =>
    `alter table agreement_version disable trigger user; ${set(assignment)}; alter table agreement_version enable trigger user`;

  test("T18: another content than the signed one is not approved", () =>
    trial(async (tx) => {
      await walk(tx, "in_review");
      await done(tx, BY_DUKCAPIL, BY_BPS, BY_DPO, behind("quota = null"));
      expect(await said(tx, move("approved"))).toMatch(/^HB001 version 1 of PKS-1 is no longer what was submitted/);
      await done(tx, behind("quota = 10000"), move("approved"));
    }));

  test("T18: a draft of nobody's is not submitted", () =>
    trial(async (tx) => {
      await walk(tx, "draft");
      await done(tx, behind("author = null"));
      expect(await said(tx, move("in_review"))).toBe("HB003 version 1 of PKS-1 has no author");
    }));
});

describe("the life cycle", () => {
  const ALLOWED = [
    ...["active>revoked", "active>superseded", "active>suspended", "approved>active", "approved>revoked", "draft>in_review"],
    ...["in_review>approved", "in_review>draft", "suspended>active", "suspended>revoked"],
  ];
  /** Every state that a row could be in, though not every one can be reached. */
  const force = (state: AgreementState) =>
    `alter table agreement_version disable trigger user;
    update agreement_version set state = '${state}', suspension_reason = ${state === "suspended" ? "'INCIDENT', resume_asked_by = 'eko'" : "null"},
      content_sha256 = ${state === "draft" ? "null" : "encode(sha256(convert_to(content_of('PKS-1', 1), 'UTF8')), 'hex')"} where agreement_number = 'PKS-1';
    alter table agreement_version enable trigger user`;
  const PAIRS = AGREEMENT_STATES.flatMap((from) => AGREEMENT_STATES.map((to) => ({ from, to })));

  test("has these ten steps and no other", () =>
    trial(async (tx) => {
      await walk(tx, "active");
      const passed: string[] = [];
      for (const { from, to } of PAIRS.filter(({ from, to }) => from !== to)) {
        await done(tx, force(from));
        const answer = await said(tx, to === "suspended" ? SUSPEND : move(to), "ayu");
        if (answer === "done") passed.push(`${from}>${to}`);
        else expect(answer).toBe(`HB001 version 1 of PKS-1 is ${from} and cannot become ${to}`);
      }
      expect(passed.sort()).toEqual(ALLOWED);
    }));

  test("takes no step where the state stays, and tells none", () =>
    trial(async (tx) => {
      await walk(tx, "active");
      const told = async () => Number((await tx`select count(*) as n from policy_event`)[0]?.["n"]);
      const before = await told();
      for (const { from } of PAIRS.filter(({ from, to }) => from === to)) await done(tx, force(from), move(from));
      expect(await told()).toBe(before);
    }));

  test("is told step by step, with who did it and why, and raises the epoch", () =>
    trial(async (tx) => {
      await walk(tx, "in_review");
      expect(await said(tx, decide("dewi", "BPS", "OWNER", { decision: "REJECTED" }), "dewi")).toBe("done");
      expect(await said(tx, move("draft"), "ayu")).toBe("done");
      await done(
        tx,
        set("quota = 1"),
        move("in_review"),
        move("draft"),
        move("in_review"),
        BY_DUKCAPIL,
        BY_BPS,
        BY_DPO,
        move("approved"),
        COMPILED,
        move("active"),
      );
      expect(await said(tx, SUSPEND, "citra")).toBe("done");
      const events =
        await tx`select actor, kind, detail from policy_event where agreement_number = 'PKS-1' and version = 1 order by id`;
      const system = "hub_governance_owner";
      expect(events.map(({ actor, kind, detail }) => [actor, kind, detail].join(" ").trim())).toEqual([
        ...[
          `${system} drafted`,
          `${system} in_review`,
          "ayu draft rejected by BPS",
          `${system} in_review`,
          `${system} draft withdrawn`,
        ],
        ...[`${system} in_review`, `${system} approved`, `${system} active`, "citra suspended INCIDENT"],
      ]);
      expect([...(await tx`select changed_by = pg_current_xact_id()::text as stepped from epoch`)]).toEqual([{ stepped: true }]);
    }));

  test("asks no suspended steward", () =>
    trial(async (tx) => {
      await walk(tx, "active");
      expect(await said(tx, SUSPEND, "fajar")).toMatch(/^HB002 a change of state needs an active steward/);
    }));
});

describe("activation", () => {
  test("needs a decision table for the newest schema", () =>
    trial(async (tx) => {
      await walk(tx, "approved");
      await done(tx, COMPILED.replace("'new'", "'old'"));
      expect(await said(tx, move("active"))).toBe("HB001 version 1 of PKS-1 has no decision table for the newest schema");
      await done(tx, COMPILED, move("active"));
    }));

  test("comes too late once the validity has ended", () =>
    trial(async (tx) => {
      await done(
        tx,
        draft(),
        set("valid_to = '2026-01-02Z'"),
        grant("PUBLIC"),
        pin("Region.name"),
        move("in_review"),
        BY_DPO,
        move("approved"),
        COMPILED,
      );
      expect(await said(tx, move("active"))).toMatch(/^HB001 version 1 of PKS-1 was valid to 2026-01-02T00:00:00.000Z/);
    }));
});

describe("one steward stops, two start", () => {
  test("a suspension needs its reason, which stays with it and goes with it", () =>
    trial(async (tx) => {
      await walk(tx, "active");
      expect(await said(tx, move("suspended"))).toBe("HB003 a suspension of version 1 of PKS-1 needs its reason");
      expect(await said(tx, set("suspension_reason = 'INCIDENT'"))).toMatch(/^HB001 a reason of suspension/);
      expect(await said(tx, SUSPEND, "dewi")).toBe("done");
      expect(await said(tx, set("suspension_reason = 'OWNER_STOP'"))).toMatch(/^HB001 a reason of suspension/);
      expect(await said(tx, set("resume_asked_by = 'eko'"), "eko")).toBe("done");
      expect(await said(tx, move("active"), "ayu")).toBe("done");
      expect([
        ...(await tx`select suspension_reason, resume_asked_by from agreement_version where agreement_number = 'PKS-1'`),
      ]).toEqual([{ suspension_reason: null, resume_asked_by: null }]);
    }));

  test("who asked to resume does not resume, nor does anybody before somebody asked", () =>
    trial(async (tx) => {
      await walk(tx, "suspended");
      expect(await said(tx, move("active"), "ayu")).toMatch(/^HB001 .* the first has not asked for it yet/);
      expect(await said(tx, move("active", ", resume_asked_by = 'eko'"), "ayu")).toMatch(/^HB001 /);
      expect(await said(tx, set("resume_asked_by = 'eko'"), "ayu")).toMatch(/^HB002 .* own name/);
      expect(await said(tx, set("resume_asked_by = 'fajar'"), "fajar")).toMatch(/^HB002 .* active steward/);
      expect(await said(tx, set("resume_asked_by = 'ayu'"), "ayu")).toBe("done");
      expect(await said(tx, move("active"), "ayu")).toMatch(/^HB002 .* who has asked for it cannot do it too$/);
      expect(await said(tx, move("active"), "eko")).toBe("done");
    }));

  test("nobody asks in advance, for a suspension to come", () =>
    trial(async (tx) => {
      await walk(tx, "active");
      expect(await said(tx, set("resume_asked_by = 'eko'"))).toMatch(/^HB001 .* only what is suspended is resumed/);
      await done(tx, move("suspended", ", suspension_reason = 'INCIDENT', resume_asked_by = 'eko'"));
      expect(await said(tx, move("active"), "ayu")).toMatch(/^HB001 .* the first has not asked/);
    }));

  test.each(["INCIDENT", "OWNER_STOP", "DPO_STOP"])(
    "a session that names no steward lifts no stop (%s), though the owner of the tables asks and a steward has asked before",
    (reason) =>
      trial(async (tx) => {
        await walk(tx, "active");
        await done(tx, move("suspended", `, suspension_reason = '${reason}'`));
        const told = /^HB002 a resumption takes a steward who asks in their own name$/;
        expect(await said(tx, set("resume_asked_by = 'eko'"))).toMatch(told);
        expect(await said(tx, set("resume_asked_by = 'eko'"), "eko")).toBe("done");
        expect(await said(tx, move("active"))).toMatch(told);
      }),
  );

  test("a reason given with any other step is not kept", () =>
    trial(async (tx) => {
      await walk(tx, "draft");
      await done(tx, move("in_review", ", suspension_reason = 'INCIDENT'"));
      expect([...(await tx`select suspension_reason from agreement_version where agreement_number = 'PKS-1'`)]).toEqual([
        { suspension_reason: null },
      ]);
    }));
});

describe("a grant and a submission at the same time", () => {
  const here = (statement: string) => statement.replaceAll("PKS-1", "PKS-3");
  const pinned = async () =>
    (
      await cycle.owner`select content_of('PKS-3', 1)::json->'coordinates' as pinned, encode(sha256(convert_to(content_of('PKS-3', 1), 'UTF8')), 'hex') = content_sha256 as hashed
      from agreement_version where agreement_number = 'PKS-3'`
    )[0];
  /** Begins with one statement, asks the other meanwhile on a connection of its own, and lets it go once it waits. */
  const meanwhile = (first: string, second: string) =>
    asRole(databases.urls.governance.owner, async (other) => {
      const [{ pid } = { pid: 0 }] = await other`select pg_backend_pid() as pid`;
      let late: Promise<unknown> | undefined;
      await cycle.owner.begin(async (tx) => {
        await tx.unsafe(here(first));
        late = failing(other.unsafe(here(second)));
        await expect.poll(async () => (await tx`select cardinality(pg_blocking_pids(${pid})) as n`)[0]?.["n"]).toBe(1);
      });
      return late;
    });

  test("meet one after the other: what comes first is in the hash, what comes later is refused", async () => {
    await cycle.owner.unsafe(here([draft(), grant("SPECIFIC"), pin("Person.nik")].join("; ")));
    expect(await meanwhile(pin("Region.name"), move("in_review"))).toBe("NO ERROR");
    expect(await pinned()).toEqual({ pinned: ["Person.nik", "Region.name"], hashed: true });
    await cycle.owner.unsafe(here(move("draft")));
    expect(await meanwhile(move("in_review"), pin("Person.income"))).toBe("HB001");
    expect(await pinned()).toEqual({ pinned: ["Person.nik", "Region.name"], hashed: true });
  });
});
