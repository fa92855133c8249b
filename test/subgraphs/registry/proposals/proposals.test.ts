import { describe, expect, test } from "vitest";
import type { rawClient } from "../../../../drizzle/client.ts";
import { asRole } from "../../../kit/database.ts";
import { siti } from "../../../kit/people.ts";
import { HASH, PAKIS, PONIMAN, type Seen, seen, useProposals } from "./kit.ts";

const { urls, slice, ask, move, draft, minutes, endorse, answer, validate, proposal, at } = useProposals();

type Sql = ReturnType<typeof rawClient>;
const now = async (id: string): Promise<Seen & { state: string }> => {
  const { version, state } = await proposal(id);
  return { id, version, state };
};
let numbers = 0;
/** A proposal of the village operator, in verification. */
async function inVerification(differences = {}) {
  at("2026-11-05T03:00:00Z");
  const { data: drafted } = await draft("operator", differences);
  await move("operator", "submitProposals", [drafted.did]);
  await move("operator", "scheduleDeliberation", [await now(drafted.did.id)]);
  const decisions = [{ proposal: seen(await now(drafted.did.id)), decision: "ACCEPTED" }];
  await minutes("operator", decisions, { minutesNumber: `BA/${++numbers}/2026` });
  return { ...(await now(drafted.did.id)), candidates: drafted.did.candidates as { id: string }[] };
}
async function matched(differences = {}) {
  const { id, candidates } = await inVerification(differences);
  await validate(
    "exchange",
    candidates.map((one) => answer(one.id)),
  );
  return now(id);
}

interface Step {
  readonly act: string;
  readonly actor: string;
  readonly from: string;
  readonly to: string;
}
async function sent() {
  const { id } = await matched();
  await move("verifikator", "finaliseProposals", [await now(id)]);
  await move("kadis", "approveProposals", [await now(id)]);
  await endorse("bupati", [await now(id)]);
  at("2026-11-18T03:00:00Z");
  await move("kadis", "sendToCentre", [await now(id)]);
  return now(id);
}
const grant = async (owner: Sql, duties: readonly (readonly [who: string, role: string])[]) => {
  for (const [who, role] of duties)
    await owner`insert into welfare.officer_duty (id, officer_id, agency, role, region, valid_from, assigned_by)
      values (${crypto.randomUUID()}, ${`${who}.dinsos_banyuwangi`}, 'DINSOS_BANYUWANGI', ${role}, '3510', '2025-01-01', 'test')`;
};

describe("a proposal from the village to the centre", () => {
  test("goes its whole way by six officers, and every step stands in its history", async () => {
    const { id, state } = await matched();
    expect(state).toBe("MATCHED");
    expect((await move("verifikator", "finaliseProposals", [await now(id)])).data.did[0].state).toBe("FINALISED");
    expect((await move("kadis", "approveProposals", [await now(id)])).data.did[0].state).toBe("FINALISED");
    expect((await endorse("bupati", [await now(id)])).data.did[0].state).toBe("ENDORSED");
    at("2026-11-18T03:00:00Z");
    expect((await move("kadis", "sendToCentre", [await now(id)])).data.did[0].state).toBe("SENT_TO_CENTRE");
    const { history, ...whole } = await proposal(id);
    expect(whole).toMatchObject({
      era: "2025",
      verifiedBy: "verifikator.dinsos_banyuwangi",
      approvedBy: "kadis.dinsos_banyuwangi",
      endorsedBy: "bupati.dinsos_banyuwangi",
      letterNumber: "460/1/2026",
    });
    expect(history.map((step: Step) => `${step.actor.split(".")[0]}: ${step.act} ${step.from} ${step.to}`)).toEqual([
      "operator: DRAFT null DRAFT",
      "operator: SUBMIT DRAFT SUBMITTED",
      "operator: SCHEDULE SUBMITTED IN_DELIBERATION",
      "operator: ACCEPT IN_DELIBERATION IN_VERIFICATION",
      "EXCHANGE: MATCH IN_VERIFICATION MATCHED",
      "verifikator: FINALISE MATCHED FINALISED",
      "kadis: APPROVE FINALISED FINALISED",
      "bupati: ENDORSE FINALISED ENDORSED",
      "kadis: SEND ENDORSED SENT_TO_CENTRE",
    ]);
  });

  test("the ministry sends one back with its reason, and it is closed", async () => {
    const { id } = await sent();
    expect((await move("kadis", "rejectAtCentre", [await now(id)], "not this month")).code).toBe("FORBIDDEN");
    const { data } = await move("pusdatin", "rejectAtCentre", [await now(id)], "outside the ceiling");
    expect(data.did[0].state).toBe("REJECTED_BY_CENTRE");
    expect((await proposal(id)).reason).toBe("outside the ceiling");
    expect((await move("operator", "withdrawProposals", [await now(id)], "late")).code).toBe("CONFLICT");
  });

  test("five hundred move at once by one statement, all or none", async () => {
    at("2026-11-05T03:00:00Z");
    const one = (await draft("operator")).data.did;
    await move("operator", "submitProposals", [one]);
    const single = slice.statements;
    const many = [];
    for (let i = 0; i < 20; i += 1) many.push((await draft("operator")).data.did);
    expect((await move("operator", "submitProposals", [...many, { id: one.id, version: 1 }])).code).toBe("CONFLICT");
    expect((await now(many[0].id)).state).toBe("DRAFT");
    expect((await move("operator", "submitProposals", many)).data.did).toHaveLength(20);
    expect(slice.statements).toBe(single);
    const tooMany = Array.from({ length: 501 }, () => ({ id: crypto.randomUUID(), version: 1 }));
    expect((await move("operator", "submitProposals", tooMany)).detail).toBe("proposals must be 1 to 500");
    expect((await move("operator", "submitProposals", [one, one])).detail).toBe("proposals must name each once");
  });
});

describe("three persons", () => {
  test("who proposed does not finalise, and who verified neither approves nor endorses", async () => {
    await asRole(urls.welfare.owner, (owner) =>
      grant(owner, [
        ["operator", "VERIFIER"],
        ["verifikator", "HEAD_OF_OFFICE"],
        ["verifikator", "REGENT"],
        ["kadis", "REGENT"],
      ]),
    );
    const { id } = await matched();
    expect((await move("operator", "finaliseProposals", [await now(id)])).code).toBe("FORBIDDEN");
    await move("verifikator", "finaliseProposals", [await now(id)]);
    expect((await move("verifikator", "approveProposals", [await now(id)])).code).toBe("FORBIDDEN");
    expect((await endorse("bupati", [await now(id)])).code).toBe("CONFLICT"); // not approved yet
    await move("kadis", "approveProposals", [await now(id)]);
    for (const who of ["verifikator", "kadis"]) expect((await endorse(who, [await now(id)])).code).toBe("FORBIDDEN");
    expect((await endorse("bupati", [await now(id)])).data.did[0].state).toBe("ENDORSED");
  });

  test("who decided in the village or repaired does not finalise, whoever proposed", async () => {
    at("2026-11-05T03:00:00Z");
    const { id, candidates } = (await draft("rt")).data.did;
    await move("rt", "submitProposals", [await now(id)]);
    await move("operator", "scheduleDeliberation", [await now(id)]);
    await minutes("lurah", [{ proposal: seen(await now(id)), decision: "ACCEPTED" }], { minutesNumber: "BA/RT/2026" });
    await validate("exchange", [answer(candidates[0].id)]);
    expect((await now(id)).state).toBe("MATCHED");
    expect((await move("operator", "finaliseProposals", [await now(id)])).code).toBe("FORBIDDEN"); // holds the duty since the test before
    expect((await move("verifikator2", "finaliseProposals", [await now(id)])).data.did[0].state).toBe("FINALISED");
  });

  test("two officers at once: one acts, the other is told that it was changed meanwhile", async () => {
    const { id, version } = await matched();
    const both = await Promise.all(
      ["verifikator", "verifikator2"].map((who) => move(who, "finaliseProposals", [{ id, version }])),
    );
    expect(both.map(({ code }) => code).sort()).toEqual(["CONFLICT", null]);
    expect((await proposal(id)).history.filter((step: Step) => step.act === "FINALISE")).toHaveLength(1);
  });

  test("an officer of another village sees nothing and moves nothing", async () => {
    const { id, version } = await inVerification();
    expect(await proposal(id, "operator2")).toBeNull();
    const { data } = await ask("operator2", "{ proposals { totalCount nodes { id } } }");
    expect(data.proposals).toEqual({ totalCount: 0, nodes: [] });
    expect(await move("operator2", "withdrawProposals", [{ id, version }], "mine")).toMatchObject({ code: "BAD_USER_INPUT" });
    expect((await draft("operator2")).code).toBe("FORBIDDEN");
    expect((await draft("verifikator")).code).toBe("FORBIDDEN");
    expect((await draft("exchange")).code).toBe("FORBIDDEN");
  });
});

describe("the village", () => {
  test("rejects by its minutes, with a reason, and needs them for every decision", async () => {
    at("2026-11-05T03:00:00Z");
    const ids = [(await draft("rt")).data.did, (await draft("operator")).data.did];
    await move("rt", "submitProposals", [ids[0]]);
    await move("operator", "submitProposals", [ids[1]]);
    const listed = (await move("operator", "scheduleDeliberation", await Promise.all(ids.map(({ id }) => now(id))))).data.did;
    const decide = (decision: string, i: number, reason?: string) => ({
      proposal: seen(listed[i]),
      decision,
      ...(reason && { reason }),
    });
    expect((await minutes("operator", [decide("REJECTED", 0)])).detail).toBe("decisions[0].reason is needed for a rejection");
    const few = { attendees: [{ name: "LURAH", office: "lurah" }], quorum: 2, listSha256: "nope" };
    expect((await minutes("operator", [decide("ACCEPTED", 0)], few)).detail).toBe(
      "attendees must not be fewer than the quorum, which is at least 1; listSha256 must be a SHA-256 in hex",
    );
    expect((await minutes("rt", [decide("ACCEPTED", 0)])).code).toBe("FORBIDDEN");
    const book = { minutesNumber: "BA/77/2026" };
    const { data } = await minutes("lurah", [decide("ACCEPTED", 0), decide("REJECTED", 1, "has moved away")], book);
    expect(data.did.decisions.map((one: { proposal: { state: string } }) => one.proposal.state)).toEqual([
      "IN_VERIFICATION",
      "REJECTED_BY_DELIBERATION",
    ]);
    expect((await minutes("lurah", [decide("ACCEPTED", 0)], book)).code).toBe("CONFLICT");
    expect((await minutes("lurah", [decide("ACCEPTED", 0)], { minutesNumber: "BA/78/2026", village: "3510161002" })).code).toBe(
      "FORBIDDEN",
    );
  });

  test("goes on without minutes only by the village head's own statement", async () => {
    at("2026-11-05T03:00:00Z");
    const { id } = (await draft("operator")).data.did;
    await move("operator", "submitProposals", [await now(id)]);
    await move("operator", "scheduleDeliberation", [await now(id)]);
    const statement = async (who: string) =>
      ask(who, "mutation ($i: ResponsibilityInput!) { did: attestResponsibility(input: $i) { signedBy } }", {
        i: {
          statementNumber: "SPTJM/1",
          village: PAKIS,
          signedOn: "2026-11-05",
          documentSha256: HASH,
          proposals: [seen(await now(id))],
        },
      });
    expect((await statement("operator")).code).toBe("FORBIDDEN");
    expect((await statement("lurah")).data.did.signedBy).toBe("lurah.dinsos_banyuwangi");
    expect((await now(id)).state).toBe("IN_VERIFICATION");
  });

  test("a family has one head, and claims are stored as they were said", async () => {
    at("2026-11-05T03:00:00Z");
    const headless = (await draft("operator", { candidates: [{ ...PONIMAN, relation: "CHILD" }] })).data.did;
    expect(await move("operator", "submitProposals", [headless])).toMatchObject({
      code: "BAD_USER_INPUT",
      detail: "candidates: each family card needs exactly one HEAD",
    });
    const faults = await draft("operator", {
      address: " ",
      aid: [],
      village: "3510",
      candidates: [{ ...PONIMAN, claimedName: "" }],
    });
    expect(faults.detail).toBe(
      "village must be a code of 10 digits; address must have 1 to 200 characters; aid must name at least one kind; candidates[0].claimedName must have 1 to 100 characters",
    );
    const odd = (await draft("operator", { candidates: [{ ...PONIMAN, claimedNik: "351016-12x" }] })).data.did;
    const { data } = await ask("operator", "query ($id: ID!) { proposal(id: $id) { candidates { claimedNik matchStatus } } }", {
      id: odd.id,
    });
    expect(data.proposal.candidates).toEqual([{ claimedNik: "351016-12x", matchStatus: "NOT_YET_MATCHED" }]);
  });
});

describe("the calendar", () => {
  test("is public, by the day asked for", async () => {
    const on = async (day: string) =>
      (await ask("exchange", `{ w: registryCalendar(on: "${day}") { era step fromDay toDay } }`)).data.w;
    expect(await on("2026-11-05")).toEqual([
      { era: "2025", step: "CUT_OFF", fromDay: 1, toDay: 17 },
      { era: "2025", step: "DELIBERATION", fromDay: 1, toDay: 14 },
      { era: "2025", step: "ENTRY", fromDay: 1, toDay: 11 },
      { era: "2025", step: "PULL", fromDay: 18, toDay: 31 },
    ]);
    expect((await on("2023-05-05")).map((w: { step: string }) => w.step)).toEqual(["ENTRY", "ENTRY_PBI_DTKS"]);
    expect(await on("2020-05-05")).toEqual([]);
  });

  test("is set by the ministry alone, from today on", async () => {
    const window = {
      era: "2027",
      step: "PULL",
      fromDay: 20,
      toDay: 31,
      source: "Surat Pusdatin 1/2026",
      validFrom: "2026-11-20",
    };
    const set = (who: string, differences = {}) =>
      ask(who, "mutation ($w: [CalendarWindowInput!]!) { did: setCalendar(windows: $w) { era step fromDay } }", {
        w: [{ ...window, ...differences }],
      });
    expect((await set("kadis")).code).toBe("FORBIDDEN");
    expect((await set("exchange")).code).toBe("FORBIDDEN");
    expect((await set("pusdatin", { validFrom: "2026-11-01" })).code).toBe("BAD_USER_INPUT");
    expect((await set("pusdatin", { fromDay: 31, toDay: 20, era: "" })).detail).toBe(
      "windows[0].era must have 1 to 20 letters, digits and . _ -; windows[0].fromDay and toDay must be days from 1 to 31, in order",
    );
    expect((await set("pusdatin")).data.did).toEqual([{ era: "2027", step: "PULL", fromDay: 20 }]);
    expect((await set("pusdatin")).code).toBe("CONFLICT");
    const { data } = await ask(
      "exchange",
      `{ before: registryCalendar(on: "2026-11-19") { era step } on: registryCalendar(on: "2026-11-20") { era step } }`,
    );
    const pull = (windows: readonly { era: string; step: string }[]) => windows.find(({ step }) => step === "PULL")?.era;
    expect([pull(data.before), pull(data.on)]).toEqual(["2025", "2027"]);
  });

  test("a step outside its window is a conflict that names the window, by the day in western Indonesia", async () => {
    const { id, version } = (await draft("operator")).data.did;
    at("2026-11-11T17:30:00Z"); // the 12th in Banyuwangi
    expect(await move("operator", "submitProposals", [{ id, version }])).toMatchObject({
      code: "CONFLICT",
      detail: "SUBMIT is done from day 1 to day 11 of a month (window ENTRY of calendar 2025)",
    });
    at("2026-11-11T16:30:00Z");
    expect((await move("operator", "submitProposals", [{ id, version }])).data.did[0].state).toBe("SUBMITTED");
    const { id: late } = await matched();
    await move("verifikator", "finaliseProposals", [await now(late)]);
    await move("kadis", "approveProposals", [await now(late)]);
    at("2026-11-18T03:00:00Z");
    expect((await endorse("bupati", [await now(late)])).detail).toContain("window CUT_OFF of calendar 2025");
  });

  test("in the calendar of 2022 PBI-JK out of DTKS is entered until day 11, other aid from day 15", async () => {
    at("2023-03-10T03:00:00Z");
    const pbi = (await draft("operator", { aid: ["PBI_JK"], basis: "DTKS" })).data.did;
    const aid = (await draft("operator", { aid: ["PKH"], basis: "DTKS" })).data.did;
    expect((await move("operator", "submitProposals", [aid])).code).toBe("CONFLICT");
    expect((await move("operator", "submitProposals", [pbi])).data.did[0].state).toBe("SUBMITTED");
    at("2023-03-15T03:00:00Z");
    expect((await move("operator", "submitProposals", [aid])).data.did[0].state).toBe("SUBMITTED");
    expect((await proposal(aid.id)).era).toBe("2022");
  });

  test("the public proposes on any day", async () => {
    at("2026-11-25T03:00:00Z");
    const { data } = await draft("rt", { channel: "PARTICIPATORY" });
    expect((await move("rt", "submitProposals", [data.did])).data.did[0].state).toBe("SUBMITTED");
  });

  test("what is open past its cut-off expires, at midnight in western Indonesia, once", async () => {
    const { id } = await matched();
    const endorsed = await sent();
    const expire = (instant: string) =>
      asRole(urls.registry ?? "", (jobs) => jobs`select welfare.expire_proposals(${instant}::timestamptz) as n`);
    expect((await proposal(id)).expiresAt).toBe("2026-11-17T17:00:00.000Z");
    expect((await proposal(endorsed.id)).expiresAt).toBeNull();
    await expire("2026-11-17T16:59:59Z");
    expect((await now(id)).state).toBe("MATCHED");
    await expire("2026-11-17T17:00:00.000Z");
    expect(await proposal(id)).toMatchObject({ state: "EXPIRED", reason: "past the cut-off of calendar 2025" });
    expect((await proposal(id)).history.at(-1)).toMatchObject({ act: "EXPIRE", actor: "registry_expire_proposals" });
    expect((await now(endorsed.id)).state).toBe("SENT_TO_CENTRE");
    expect(await expire("2026-11-17T17:00:00Z")).toMatchObject([{ n: 0 }]);
    await expect(asRole(urls.welfare.runtime, (slice) => slice`select welfare.expire_proposals(now())`)).rejects.toThrow(
      "permission denied",
    );
  });
});

describe("a person who proposes the own household", () => {
  const input = {
    village: PAKIS,
    address: "JL MELATI 2",
    aid: ["PBI_JK"],
    candidates: [{ ...PONIMAN, claimedName: "SITI AMINAH", claimedNik: siti.nik }],
  };
  const own = (who: string) =>
    ask(
      who,
      "mutation ($i: OwnProposalInput!) { did: submitOwnProposal(input: $i) { id version state channel candidates { id } } }",
      { i: input },
    );

  test("submits it at once, follows it and withdraws it; nobody else of the public sees it", async () => {
    at("2026-11-25T03:00:00Z");
    const { id, version, ...did } = (await own(siti.id)).data.did;
    expect(did).toMatchObject({ state: "SUBMITTED", channel: "PERLINSOS_SELF" });
    const mine = async (who: string) => (await ask(who, "{ myProposals { id state history { act } } }")).data.myProposals;
    expect(await mine(siti.id)).toMatchObject([{ id, state: "SUBMITTED", history: [{ act: "DRAFT" }, { act: "SUBMIT" }] }]);
    expect(await mine(crypto.randomUUID())).toEqual([]);
    expect((await move(crypto.randomUUID(), "withdrawProposals", [{ id, version }], "not mine")).code).toBe("BAD_USER_INPUT");
    expect((await move(siti.id, "withdrawProposals", [{ id, version }], "I moved")).data.did[0].state).toBe("WITHDRAWN");
    expect((await own("operator")).code).toBe("FORBIDDEN");
  });

  test("is matched only when the household turns out to contain the person", async () => {
    for (const [personId, state] of [
      [crypto.randomUUID(), "NOT_MATCHED"],
      [siti.id, "MATCHED"],
    ] as const) {
      at("2026-11-05T03:00:00Z");
      const { id, candidates } = (await own(siti.id)).data.did;
      await move("operator", "scheduleDeliberation", [await now(id)]);
      await minutes("operator", [{ proposal: seen(await now(id)), decision: "ACCEPTED" }], { minutesNumber: `OWN/${state}` });
      await validate("exchange", [answer(candidates[0].id, { personId }, { claim: input.candidates[0] ?? {} })]);
      expect((await now(id)).state).toBe(state);
      expect((await own(siti.id)).code).toBe("CONFLICT"); // one at a time
      await move(siti.id, "withdrawProposals", [await now(id)], "again");
    }
  });
});
