import { sql } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { openPool } from "../../../../drizzle/client.ts";
import { useDatabases } from "../../../kit/database.ts";
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
  type Tx,
  useLifecycle,
  walk,
} from "../../../kit/lifecycle.ts";

const databases = useDatabases({ empty: true });
const { trial } = useLifecycle(databases);

describe("approval", () => {
  test("T21: an empty version is never approved, whoever signs", () =>
    trial(async (tx) => {
      await done(tx, draft());
      expect(await said(tx, move("in_review"))).toMatch(/^HB003/);
      expect(await said(tx, move("approved"))).toMatch(/^HB001/);
      expect(await said(tx, decide("bima", "DINSOS", "DPO", { hash: "'x'" }))).toMatch(/^HB001 version 1 of PKS-1 is draft/);
    }));

  test("T21: the author does not approve, nor for their own agency's data", () =>
    trial(async (tx) => {
      await tx`insert into coordinate values ('new', 'Service.visits', 'output', '{DINSOS}', 'GENERAL', null, '[]')`;
      await done(tx, draft(), grant("GENERAL"), pin("Service.visits"), move("in_review"), BY_DPO);
      expect(await said(tx, decide("ayu", "DINSOS", "OWNER"))).toBe(
        "HB002 who wrote version 1 of PKS-1 does not decide on it: another steward does",
      );
      expect(await said(tx, move("approved"))).toBe("HB001 version 1 of PKS-1 lacks the approval of DINSOS as owner");
      await done(tx, decide("eko", "DINSOS", "OWNER"), move("approved"));
    }));

  test("T21: an approval of another content is refused, and one of an earlier content does not count", () =>
    trial(async (tx) => {
      await walk(tx, "in_review");
      expect(await said(tx, decide("citra", "DUKCAPIL", "OWNER", { hash: `'${"0".repeat(64)}'` }))).toMatch(
        /^HB003 the content that was signed/,
      );
      await done(tx, BY_DUKCAPIL, BY_BPS, BY_DPO, move("draft"), set("quota = 5"), move("in_review"));
      expect(await said(tx, move("approved"))).toBe(
        "HB001 version 1 of PKS-1 lacks the approval of BPS as owner, DUKCAPIL as owner, DINSOS as data protection officer",
      );
    }));

  test.each([
    ["a suspended steward", decide("fajar", "DUKCAPIL", "OWNER"), /needs an active steward$/],
    ["another agency's steward", decide("citra", "BPS", "OWNER"), /only a steward of BPS signs for it/],
    ["an auditor", decide("hadi", "BPS", "OWNER"), /the key is none .* signs for BPS as steward$/],
    ["somebody else's key", decide("dewi", "BPS", "OWNER", { key: "key-citra" }), /the key is none in use of this steward/],
    ["one who is no data protection officer", decide("eko", "DINSOS", "DPO"), /as data protection officer/],
    ["an agency that is not the consumer", decide("citra", "DUKCAPIL", "DPO"), /DUKCAPIL is not the consumer/],
    ["an agency that owns nothing of it", decide("gita", "HUB", "OWNER", { decision: "REJECTED" }), /HUB owns nothing/],
  ])("is not given by %s", (_who, statement, reason) =>
    trial(async (tx) => {
      await walk(tx, "in_review");
      expect(await said(tx, statement)).toMatch(/^HB002 /);
      expect(await said(tx, statement)).toMatch(reason);
    }),
  );

  test("is given in one's own name, with a key in use", () =>
    trial(async (tx) => {
      await walk(tx, "in_review");
      expect(await said(tx, BY_DUKCAPIL, "dewi")).toMatch(/^HB002 an approval is done in one's own name/);
      expect(await said(tx, BY_DUKCAPIL, "citra")).toBe("done");
      await done(tx, "update steward_key set retired_at = '2026-03-01Z' where key_id = 'key-dewi'");
      expect(await said(tx, BY_BPS)).toMatch(/^HB002 the key is none in use/);
    }));

  test("by every owner of what is not public and by the consumer's data protection officer is needed: all who lack are named", () =>
    trial(async (tx) => {
      await walk(tx, "in_review");
      await done(tx, BY_BPS);
      expect(await said(tx, move("approved"))).toBe(
        "HB001 version 1 of PKS-1 lacks the approval of DUKCAPIL as owner, DINSOS as data protection officer",
      );
      await done(tx, BY_DUKCAPIL, BY_DPO, move("approved"));
    }));

  test("T21: what is public asks no owner, but still a data protection officer", () =>
    trial(async (tx) => {
      await done(tx, draft(), grant("PUBLIC"), pin("Region.name"), move("in_review"));
      expect(await said(tx, move("approved"))).toMatch(/lacks the approval of DINSOS as data protection officer$/);
      await done(tx, BY_DPO, move("approved"));
    }));

  test.each(["Person.ghost", "Person.gone", "Person.unknown"])(
    "T21: of %s, which nobody controls or the newest schema lacks, nobody can consent to",
    (coordinate) =>
      trial(async (tx) => {
        await done(tx, draft(), grant("SPECIFIC"), pin(coordinate), pin("Region.name"), move("in_review"), BY_DPO);
        expect(await said(tx, move("approved"))).toBe(
          `HB003 version 1 of PKS-1 names what nobody in the newest schema can consent to: ${coordinate}`,
        );
      }),
  );

  test("is not outvoted: one rejection of this content keeps it from being approved", () =>
    trial(async (tx) => {
      await walk(tx, "in_review");
      await done(tx, BY_DUKCAPIL, BY_DPO, decide("dewi", "BPS", "OWNER", { decision: "REJECTED" }));
      expect(await said(tx, move("approved"))).toBe("HB001 version 1 of PKS-1 was rejected by BPS");
      expect(await said(tx, BY_BPS)).toMatch(/^23505/);
    }));

  test("is closed once the version is approved", () =>
    trial(async (tx) => {
      await walk(tx, "approved");
      expect(await said(tx, decide("dewi", "BPS", "OWNER"))).toMatch(/^HB001 version 1 of PKS-1 is approved/);
    }));
});

const ASKED = `insert into glass_break (id, agreement_number, version, case_number, reason, requested_by, requested_at)
  values ('00000000-0000-4000-8000-000000000001', 'PKS-1', 1, 'K-1', 'banjir', 'ayu', '2026-03-01T00:00Z')`;
const confirm = (by: string, minutes: number) =>
  `update glass_break set confirmed_by = '${by}', opened_at = '2026-03-01T00:05Z', closes_at = '2026-03-01T00:05Z'::timestamptz + interval '${minutes} minutes'`;
const REVIEW = "update glass_break set reviewed_by = 'citra', reviewed_at = '2026-03-02Z', finding = 'JUSTIFIED'";

describe("what is on file stays", () => {
  test.each([
    ["decisions", "update approval set decision = 'REJECTED'", "delete from approval", "truncate approval"],
    ["keys", "update steward_key set roles = '{DPO}'", "delete from steward_key", "truncate steward_key"],
    ["stewards in their agency", "update steward set agency_code = 'BPS' where id = 'citra'", "truncate steward cascade"],
    [
      "schemas",
      "update supergraph set sdl = 'y'",
      "update supergraph set published_at = '2020-01-01Z'",
      "delete from supergraph",
      "truncate supergraph cascade",
    ],
    [
      "what a purpose asks for",
      "update purpose set needs_case = not needs_case where code = 'WELFARE'",
      "update purpose set needs_officer = not needs_officer where code = 'WELFARE'",
    ],
    ["catalogues", "update coordinate set owners = '{}'", "delete from coordinate", "truncate coordinate"],
    ["events", "update policy_event set actor = 'x'", "delete from policy_event", "truncate policy_event"],
    ["reports", "update semester_report set body = ''", "delete from semester_report", "truncate semester_report"],
    ["trusted documents", "update trusted_document set name = 'x'", "delete from trusted_document", "truncate trusted_document"],
    ["broken glass", "update glass_break set reason = 'x'", "delete from glass_break", "truncate glass_break"],
  ])("%s", (_what, ...statements) =>
    trial(async (tx) => {
      await walk(tx, "draft");
      await done(
        tx,
        set("armed_minutes = 30, armed_persons = 10"),
        move("in_review"),
        BY_DUKCAPIL,
        BY_BPS,
        BY_DPO,
        move("approved"),
        COMPILED,
        move("active"),
        ASKED,
      );
      await done(
        tx,
        "insert into semester_report (id, agreement_number, from_day, to_day, body, submitted_by) values (gen_random_uuid(), 'PKS-1', '2026-01-01', '2026-06-30', '{}', 'ayu')",
        "insert into trusted_document (agreement_number, id, document, registered_by) values ('PKS-1', encode(sha256('{a}'), 'hex'), '{a}', 'c')",
      );
      for (const statement of statements)
        expect([statement, await said(tx, statement)]).toEqual([statement, expect.stringMatching(/^HB001 /)]);
    }),
  );

  test("a key and a trusted document are retired once and never come back", () =>
    trial(async (tx) => {
      await done(
        tx,
        "insert into trusted_document (agreement_number, id, document, registered_by) values ('PKS-1', encode(sha256('{a}'), 'hex'), '{a}', 'c')",
      );
      for (const table of ["steward_key", "trusted_document"]) {
        await done(tx, `update ${table} set retired_at = '2026-03-01Z'`);
        expect(await said(tx, `update ${table} set retired_at = null`)).toBe(`HB001 retired_at of ${table} can no longer change`);
        expect(await said(tx, `update ${table} set retired_at = '2026-04-01Z'`)).toMatch(/^HB001 /);
      }
    }));

  test("a document that is registered raises no epoch, one that is retired does", () =>
    trial(async (tx) => {
      const raised = async () => (await tx`select changed_by = pg_current_xact_id()::text as raised from epoch`)[0]?.["raised"];
      await done(
        tx,
        "insert into trusted_document (agreement_number, id, document, registered_by) values ('PKS-1', encode(sha256('{a}'), 'hex'), '{a}', 'c')",
      );
      expect(await raised()).toBe(false);
      await done(tx, "update trusted_document set retired_at = now()");
      expect(await raised()).toBe(true);
    }));

  test("what a purpose asks for may change while only drafts are under it, and all else of a purpose always", () =>
    trial(async (tx) =>
      done(
        tx,
        "update purpose set name = 'Lain', disclosure = 'DELAYED' where code = 'WELFARE'",
        "update agreement set purpose_code = 'OTHER' where number = 'PKS-1'",
        draft(),
        "update purpose set needs_case = true, needs_officer = true where code = 'OTHER'",
      ),
    ));

  test("an older schema may be published again", () =>
    trial(async (tx) => done(tx, "update supergraph set published_at = '2026-03-01Z' where hash = 'old'")));
});

describe("breaking the glass", () => {
  const armed = async (tx: Tx) => {
    await walk(tx, "draft");
    await done(
      tx,
      set("armed_minutes = 30, armed_persons = 10"),
      move("in_review"),
      BY_DUKCAPIL,
      BY_BPS,
      BY_DPO,
      move("approved"),
      COMPILED,
    );
  };

  test("takes an armed version that is active, when it is asked and when it is confirmed", () =>
    trial(async (tx) => {
      await armed(tx);
      expect(await said(tx, ASKED)).toMatch(/^HB001 version 1 of PKS-1 is not both armed and active/);
      await done(tx, move("active"), ASKED, SUSPEND);
      expect(await said(tx, confirm("eko", 30))).toMatch(/^HB001 .* not both armed and active/);
    }));

  test("of a version that is not armed is refused", () =>
    trial(async (tx) => {
      await walk(tx, "active");
      expect(await said(tx, ASKED)).toMatch(/^HB001 /);
    }));

  test("takes two in their own names, for no longer than agreed, and is reviewed by a third, once", () =>
    trial(async (tx) => {
      await armed(tx);
      await done(tx, move("active"));
      expect(await said(tx, ASKED, "eko")).toMatch(/^HB002 .* own name/);
      const alone = ASKED.replace("requested_at)", "requested_at, confirmed_by, opened_at, closes_at)").replace(
        "Z')",
        "Z', 'eko', '2026-03-01T00:00Z', '2026-03-01T00:30Z')",
      );
      expect(await said(tx, alone)).toMatch(/^HB001 breaking the glass takes two/);
      expect(await said(tx, ASKED, "ayu")).toBe("done");
      expect(await said(tx, REVIEW)).toMatch(/^HB001 glass that nobody broke/);
      expect(await said(tx, confirm("eko", 31))).toBe("HB003 version 1 of PKS-1 is opened for 30 minutes at most");
      expect(await said(tx, confirm("ayu", 30))).toMatch(/^23514/);
      expect(await said(tx, confirm("eko", 30), "dewi")).toMatch(/^HB002 /);
      expect(await said(tx, confirm("eko", 30), "eko")).toBe("done");
      expect(await said(tx, confirm("dewi", 10))).toMatch(/^HB001 /);
      expect(await said(tx, REVIEW, "dewi")).toMatch(/^HB002 /);
      expect(await said(tx, REVIEW, "citra")).toBe("done");
      expect(await said(tx, "update glass_break set finding = 'VIOLATION'")).toMatch(
        /^HB001 finding of glass_break can no longer change/,
      );
    }));
});

describe("through governance's own role", () => {
  const scope = (officer: string | null) => ({
    regions: [],
    programs: null,
    decileMax: 0,
    agency: "DINSOS",
    officer,
    citizen: null,
    agreement: "PKS-1",
    purpose: "ACCESS_GOVERNANCE",
  });
  const asking = async (officer: string | null, statement: string) => {
    const pool = openPool(databases.urls.governance.runtime, { max: 1 });
    const session = pool.writeSession(scope(officer));
    try {
      await session.db.execute(sql.raw(statement));
      return "done";
    } catch (error) {
      const { code, message } = (error as { cause: { code: string; message: string } }).cause;
      return `${code} ${message}`;
    } finally {
      await session.rollback();
      await pool.end();
    }
  };
  const agreement = (agency: string) =>
    `insert into agreement (number, title, consumer_agency, purpose_code) values ('PKS-9', 'Uji', '${agency}', 'WELFARE')`;

  test("a steward draws up agreements for their own agency, an operator for any, a client for none", async () => {
    expect(await asking("ayu", agreement("DINSOS"))).toBe("done");
    expect(await asking("citra", agreement("DINSOS"))).toMatch(
      /^HB002 an agreement for DINSOS takes a steward of DINSOS or an operator$/,
    );
    expect(await asking("gita", agreement("DINSOS"))).toBe("done");
    expect(await asking("fajar", agreement("DUKCAPIL"))).toMatch(/^HB002 .* active steward/);
    expect(await asking(null, agreement("DINSOS"))).toMatch(/^42501/);
  });

  test("the rules are the same, and the event names the officer", async () => {
    expect(await asking("ayu", draft())).toBe("done");
    expect(await asking("eko", draft())).toMatch(/^HB002/);
    expect(await asking("ayu", grant("Person.nik", "PKS-2"))).toMatch(/^HB001/);
    expect(await asking("citra", "update agreement_version set state = 'approved' where agreement_number = 'PKS-2'")).toMatch(
      /^HB001 version 1 of PKS-2 lacks/,
    );
    const told = `do $$ begin update agreement_version set state = 'draft' where agreement_number = 'PKS-2';
      if not exists (select from policy_event where agreement_number = 'PKS-2' and kind = 'draft' and actor = 'eko') then raise 'untold'; end if; end $$`;
    expect(await asking("eko", told)).toBe("done");
    expect(await asking("ayu", "delete from agreement_version")).toMatch(/^42501/);
  });
});
