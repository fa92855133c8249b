import { describe, expect, test } from "vitest";
import { HEADER, lines, row, useImport } from "../../kit/intake/importing.ts";
import { siti, sitisHome } from "../../kit/people.ts";

const { importFile, stored, ask } = useImport();

describe("a file of members", () => {
  test("is loaded: household and family by card, members unmatched, in order of the file", async () => {
    const { code, summary, rejected } = await importFile(
      "good.csv",
      [HEADER, row("G1"), row("G2"), row("G3", { card: "3510161106180002", name: "sri  wahyuni" })].join("\n"),
    );
    expect([code, summary, rejected]).toEqual([
      0,
      expect.objectContaining({ total: 3, created: 3, updated: 0, unchanged: 0, rejected: 0, rejectedFile: null }),
      "",
    ]);
    const members = await stored("m.idsemesta like 'G%'");
    expect(
      members.map(({ suffix, claimed_name, match_status, person_id, state, home }) => [
        suffix,
        claimed_name,
        match_status,
        person_id,
        state,
        home,
      ]),
    ).toEqual([
      ["03", "WARGA UJI", "NOT_YET_MATCHED", null, "ACTIVE", "3510161001"],
      ["04", "WARGA UJI", "NOT_YET_MATCHED", null, "ACTIVE", "3510161001"],
      ["03", "SRI WAHYUNI", "NOT_YET_MATCHED", null, "ACTIVE", "3510161001"],
    ]);
    expect(members[0]?.["family_id"]).toBe(members[1]?.["family_id"]);
    expect(members[0]?.["household_id"]).not.toBe(members[2]?.["household_id"]);
  });

  test("changes nothing the second time, and updates what was corrected", async () => {
    const [one, two] = [row("R1", { card: "3510161106180003" }), row("R2", { card: "3510161106180003" })];
    await importFile("again.csv", [HEADER, one, two].join("\n"));
    const before = await stored("m.idsemesta like 'R%'");
    expect((await importFile("again.csv", [HEADER, one, two].join("\n"))).summary).toMatchObject({
      total: 2,
      created: 0,
      updated: 0,
      unchanged: 2,
    });
    expect(await stored("m.idsemesta like 'R%'")).toEqual(before);
    const corrected = await importFile("again.csv", [HEADER, one, two.replace("WARGA UJI", "WARGA BENAR")].join("\n"));
    expect(corrected.summary).toMatchObject({ created: 0, updated: 1, unchanged: 1 });
    const after = await stored("m.idsemesta like 'R%'");
    expect(after.map(({ id, suffix, claimed_name }) => [id, suffix, claimed_name])).toEqual([
      [before[0]?.["id"], "03", "WARGA UJI"],
      [before[1]?.["id"], "04", "WARGA BENAR"],
    ]);
  });

  test("joins the family that has the card already, and leaves the survey's address alone", async () => {
    const card = sitisHome.families[0]?.card.number ?? "";
    const { summary } = await importFile(
      "join.csv",
      [HEADER, row("J1", { card, address: "ALAMAT LAIN", village: "3510161002" })].join("\n"),
    );
    expect(summary).toMatchObject({ created: 1 });
    expect(await stored("m.idsemesta = 'J1'")).toEqual([
      expect.objectContaining({
        household_id: sitisHome.id,
        suffix: "04",
        address: sitisHome.address,
        home: sitisHome.region,
        region: sitisHome.region,
        household_decile: 2,
      }),
    ]);
  });

  test("moves a member to another card: a new record there, the old one merged, its number never given again", async () => {
    await importFile("move.csv", [HEADER, row("M1", { card: "3510161106180004" })].join("\n"));
    const moved = await importFile(
      "move.csv",
      [HEADER, row("M1", { card: "3510161106180005" }), row("M2", { card: "3510161106180004" })].join("\n"),
    );
    expect(moved.summary).toMatchObject({ created: 1, updated: 1 });
    const members = await stored("f.claimed_card_number in ('3510161106180004', '3510161106180005')");
    expect(
      members.map(({ idsemesta, state, suffix, claimed_card_number }) => [idsemesta, state, suffix, claimed_card_number]),
    ).toEqual([
      ["M1", "ACTIVE", "03", "3510161106180005"],
      ["M2", "ACTIVE", "04", "3510161106180004"],
      [null, "MERGED", "03", "3510161106180004"],
    ]);
  });

  test("moves a household that only imports know, with everything that repeats its region", async () => {
    const card = "3510161106180006";
    await importFile("village.csv", [HEADER, row("V1", { card }), row("V2", { card })].join("\n"));
    const { summary } = await importFile("village.csv", [HEADER, row("V1", { card, village: "3510161002" })].join("\n"));
    expect(summary).toMatchObject({ updated: 1 });
    expect((await stored("m.idsemesta in ('V1', 'V2')")).map(({ region, home }) => [region, home])).toEqual([
      ["3510161002", "3510161002"],
      ["3510161002", "3510161002"],
    ]);
  });

  test("gives 01 to the head and 02 to the spouse, once each, and the state that the labels say", async () => {
    const card = "3510161106180007";
    const header = `${HEADER},hubungan_kepkel,is_nonaktif,deleted_label,masih_hidup_label`;
    const rows = [
      `${row("S1", { card })},3,0,,Masih Hidup`,
      `${row("S2", { card })},2,1,,`,
      `${row("S3", { card })},1,,Ditidurkan,`,
      `${row("S4", { card })},1,Tidak,,Meninggal`,
    ];
    expect((await importFile("roles.csv", [header, ...rows].join("\n"))).summary).toMatchObject({ created: 4 });
    expect(
      (await stored("m.idsemesta like 'S%'")).map(({ idsemesta, suffix, relation, state }) => [
        idsemesta,
        suffix,
        relation,
        state,
      ]),
    ).toEqual([
      ["S1", "03", "CHILD", "ACTIVE"],
      ["S2", "02", "SPOUSE", "DORMANT"],
      ["S3", "01", "HEAD", "DORMANT"],
      ["S4", "04", "HEAD", "DECEASED"],
    ]);
  });

  test("counts members who share a NIK and keeps them all", async () => {
    const { code, summary } = await importFile(
      "shared.csv",
      [HEADER, row("N1", { nik: siti.nik, card: "3510161106180008" })].join("\n"),
    );
    expect([code, summary]).toEqual([0, expect.objectContaining({ created: 1, sharedNik: 1 })]);
  });
});

describe("no row is lost", () => {
  test("in a long file of good, wrong, repeated and odd rows the figures add up, and memory holds rows, not files", async () => {
    const total = 6000;
    const text = Array.from({ length: total }, (_, i) => {
      const card = `35101611${String((i % 12) + 1).padStart(2, "0")}19${String(9000 + Math.floor(i / 40)).padStart(4, "0")}`;
      const nik = `3510161204889${String(i % 1000).padStart(3, "0")}`;
      if (i % 10 === 3) return row(`L${i}`, { card, nik: "123" });
      if (i % 10 === 7) return row(`L${i - 1}`, { card, nik }); // contradicts the row before
      return row(`L${i}`, { card, nik: nik.replace("9000", "9001"), address: i % 50 === 0 ? '"JL A\nNO 1"' : "JL B" });
    });
    const { summary, rejected } = await importFile("long.csv", [HEADER, ...text, ""].join("\n"));
    const { created, updated, unchanged } = summary as Record<string, number>;
    expect(summary["total"]).toBe(total);
    expect((created ?? 0) + (updated ?? 0) + (unchanged ?? 0) + Number(summary["rejected"])).toBe(total);
    expect(summary["rejected"]).toBe(1200);
    expect(lines(rejected)).toHaveLength(1201);
    expect(await stored("m.idsemesta like 'L%'")).toHaveLength(Number(created));
    expect((await importFile("long.csv", [HEADER, ...text, ""].join("\n"))).summary).toMatchObject({
      created: 0,
      updated: 0,
      unchanged: created,
      rejected: 1200,
    });
  });

  test("the run is remembered with its figures", async () => {
    await importFile("remembered.csv", [HEADER, row("T1", { card: "3510161106180029" }), row("T2", { nik: "1" })].join("\n"));
    const [run] = await ask(
      "select file_name, total, loaded, unchanged, rejected from welfare.import_run order by id desc limit 1",
    );
    expect(run).toEqual({ file_name: "remembered.csv", total: 2, loaded: 1, unchanged: 0, rejected: 1 });
  });
});
