import { describe, expect, test } from "vitest";
import { asRole, failing, useDatabases } from "../../../kit/database.ts";
import {
  BY_BPS,
  BY_DPO,
  BY_DUKCAPIL,
  COMPILED,
  done,
  draft,
  grant,
  move,
  pin,
  said,
  set,
  type Tx,
  useLifecycle,
  walk,
} from "../../../kit/lifecycle.ts";

const databases = useDatabases({ empty: true });
const { trial } = useLifecycle(databases);

describe("a stop outlasts the version it fell on", () => {
  const second = (statement: string) =>
    statement
      .replace("('PKS-1', 1", "('PKS-1', 2")
      .replaceAll("agreement_number = 'PKS-1'", "agreement_number = 'PKS-1' and version = 2");
  const first = (statement: string) => `${statement} and version = 1`;
  /** Version 2 as it stands once all have signed it. */
  const approveSecond = (tx: Tx) =>
    done(
      tx,
      ...[
        ...[draft(), grant("SPECIFIC"), pin("Region.name"), pin("Person.nik"), pin("Person.income"), move("in_review")],
        ...[BY_DUKCAPIL, BY_BPS, BY_DPO, move("approved"), COMPILED],
      ].map(second),
    );
  const STOP = first(move("suspended", ", suspension_reason = 'OWNER_STOP'"));

  test("what was approved before it is not activated after it, whether the stopped version stands or was revoked", () =>
    trial(async (tx) => {
      await walk(tx, "active");
      await approveSecond(tx);
      expect(await said(tx, STOP, "citra")).toBe("done");
      const told =
        "HB001 version 2 of PKS-1 was approved before version 1 was stopped: resume that one, or have a new version approved";
      expect(await said(tx, second(move("active")), "ayu")).toBe(told);
      expect(await said(tx, first(move("superseded")), "ayu")).toMatch(/^HB001 .* cannot become superseded/);
      expect(await said(tx, first(move("revoked")), "citra")).toBe("done");
      expect(await said(tx, second(move("active")), "ayu")).toBe(told);
    }));

  test("what all have approved after it is", () =>
    trial(async (tx) => {
      await walk(tx, "active");
      await done(tx, STOP);
      await approveSecond(tx);
      await done(tx, first(move("revoked")), second(move("active")));
    }));

  test("so is what was approved before it, once two have resumed", () =>
    trial(async (tx) => {
      await walk(tx, "active");
      await approveSecond(tx);
      await done(tx, STOP);
      expect(await said(tx, first(set("resume_asked_by = 'eko'")), "eko")).toBe("done");
      expect(await said(tx, first(move("active")), "citra")).toBe("done");
      await done(tx, first(move("superseded")), second(move("active")));
    }));

  test.each([
    ["OWNER_STOP", "ayu", "citra"],
    ["DPO_STOP", "citra", "bima"],
  ] as const)("%s is not lifted by %s, who has not that office, neither by resuming nor by revoking", (reason, other, own) =>
    trial(async (tx) => {
      await walk(tx, "active");
      await done(tx, move("suspended", `, suspension_reason = '${reason}'`));
      expect(await said(tx, set("resume_asked_by = 'eko'"), "eko")).toBe("done");
      for (const state of ["active", "revoked"] as const)
        expect(await said(tx, move(state), other)).toMatch(
          /^HB002 version 1 of PKS-1 was stopped by .* lets it go on or ends it$/,
        );
      expect(await said(tx, move("revoked"), own)).toBe("done");
    }),
  );
});

test("nobody tells a step of a version but the rules: a stop is not lifted by an event somebody made up", async () => {
  await asRole(databases.urls.governance.runtime, async (runtime) => {
    await runtime`select set_config('hub.officer', '{"ayu"}', false), set_config('hub.agency', '{"DINSOS"}', false)`;
    const tell = (kind: string) =>
      runtime`insert into governance.policy_event (actor, kind, agreement_number, version) values ('ayu', ${kind}, 'PKS-1', 1)`;
    expect([await failing(tell("active")), await failing(tell("note"))]).toEqual(["HB001", "NO ERROR"]);
  });
});

test("an operator of another agency than the hub's draws up nothing for others", () =>
  trial(async (tx) => {
    await done(
      tx,
      "insert into steward_key (key_id, steward_id, agency_code, roles, kind, public_key, endorsement) values ('key-op', 'dewi', 'BPS', '{OPERATOR}', 'ED25519', 'p', 'e')",
    );
    expect(await said(tx, draft("'dewi'"))).toMatch(/^HB002 a draft for DINSOS takes a steward of DINSOS or an operator$/);
  }));
