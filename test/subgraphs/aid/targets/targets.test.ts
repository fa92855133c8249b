import { mkdtempSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { expect, test } from "vitest";
import { writeWhole } from "../../../../cli/data/whole.ts";
import { inOneLoad } from "../../../../drizzle/copy.ts";
import { attestationSigner, devAttestationSecret } from "../../../../schema/attestation.ts";
import type { TargetFamily } from "../../../../schema/targets.ts";
import { devAttestationKeys } from "../../../../subgraphs/kit/serve/config.ts";
import { takeTargets } from "../../../../subgraphs/programs/candidates/intake.ts";
import { exportTargets } from "../../../../subgraphs/welfare/targets/export.ts";
import { asRole, useDatabases } from "../../../kit/database.ts";
import { joko, jokosHome, rinasSecondHome, siti, sitisHome, slametsHome, tonosHome } from "../../../kit/people.ts";

const { urls } = useDatabases();
const NOON = Date.parse("2026-10-05T05:00:00Z");
const signer = attestationSigner(devAttestationSecret("welfare"));

/** Lines of an export made so many minutes after noon. */
async function exported(minutes = 0, by = signer): Promise<string[]> {
  const chunks: string[] = [];
  const url = urls.registry ?? "";
  for await (const chunk of exportTargets({ url, signer: by, now: new Date(NOON + minutes * 60_000) })) chunks.push(chunk);
  return chunks.join("").split("\n").slice(0, -1);
}

async function* streamed(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}

const take = (lines: readonly string[]) =>
  inOneLoad(urls.programs.owner, (loader) => takeTargets(loader, streamed(lines), devAttestationKeys()));
const families = (lines: readonly string[]) => lines.slice(0, -1).map((line) => JSON.parse(line) as TargetFamily);
const familyIn = (lines: readonly string[], home: typeof sitisHome) =>
  families(lines).find(({ id }) => id === home.families[0]?.id);
const inForce = () =>
  asRole(
    urls.programs.owner,
    (sql) => sql`select number, version, families, members from programs.target_delivery where state = 'IN_FORCE'`,
  );

test("the registry delivers who stands in it, with what each brings, and no name, number, address or birth date", async () => {
  const lines = await exported();
  expect(familyIn(lines, sitisHome)).toMatchObject({ drawer: siti.id, decile: 2, components: ["PRIMARY"], barred: [] });
  expect(familyIn(lines, jokosHome)).toMatchObject({ drawer: null, members: [{ match: "NOT_FOUND", person: null }] });
  expect(familyIn(lines, slametsHome)).toMatchObject({ barred: ["DECEASED"] });
  expect(familyIn(lines, tonosHome)).toMatchObject({ decile: null, rank: null });
  for (const hidden of [siti.fullName, siti.nik, joko.nik.slice(0, 15), siti.birthDate, "DUSUN KRAJAN"])
    expect(lines.join("")).not.toContain(hidden);
});

test("families come in the order of need, and equals share a rank", async () => {
  const ranked = families(await exported()).flatMap(({ rank }) => rank ?? []);
  expect(ranked.length).toBeGreaterThan(50);
  expect(ranked).toEqual([...ranked].sort((a, b) => a - b));
  expect(ranked[0]).toBe(1);
});

test("a delivery is in force whole, a second time it changes nothing, and it judges as the one before did", async () => {
  const lines = await exported();
  const first = await take(lines);
  expect(first).toMatchObject({ isNew: true, number: 2, version: "DTSEN-2026-Q3", families: lines.length - 1, went: 0, came: 0 });
  expect(await take(lines)).toMatchObject({ isNew: false, number: 2 });
  expect(await inForce()).toMatchObject([{ number: 2, families: lines.length - 1 }]);
  const verdicts = await asRole(
    urls.programs.owner,
    (
      sql,
    ) => sql`select a.reasons as before, b.reasons as now from programs.judge('BPNT', '2026-10-05', 1, now(), null, '', null) a
      full join programs.judge('BPNT', '2026-10-05', 2, now(), null, '', null) b using (unit_id)`,
  );
  expect(verdicts.length).toBe(lines.length - 1);
  for (const { before, now } of verdicts) expect(now).toEqual(before);
  const [second] = await asRole(
    urls.programs.owner,
    (sql) =>
      sql`select barred from programs.candidate_member where delivery = 2 and member_id = ${rinasSecondHome.families[0]?.members[0]?.id ?? ""}`,
  );
  expect(second).toMatchObject({ barred: ["DUPLICATE_BENEFIT"] });
});

test("what is cut, altered, or signed by another is not taken", async () => {
  const lines = await exported(10);
  const altered = lines.map((line, at) => (at === 0 ? line.replace('"decile":', '"decile": ') : line));
  const forged = await exported(10, attestationSigner(devAttestationSecret("population")));
  await expect(take(altered)).rejects.toThrow("not those that welfare attested");
  await expect(take(lines.slice(0, -1))).rejects.toThrow("no attestation of welfare");
  await expect(take(forged)).rejects.toThrow("no attestation of welfare");
  expect(await inForce()).toMatchObject([{ number: 2 }]);
});

test("a delivery says who stands otherwise than before, and one made earlier is not taken behind it", async () => {
  const older = await exported(20);
  const id = sitisHome.families[0]?.members[2]?.id ?? "";
  await asRole(urls.welfare.owner, (sql) => sql`update welfare.member set state = 'DORMANT' where id = ${id}`);
  expect(await take(await exported(30))).toMatchObject({ isNew: true, number: 3, came: 0, went: 0, changed: 1 });
  await expect(take(older)).rejects.toThrow("a delivery that was made later is in force");
});

test("after a change of keys an older file that still verifies is not taken behind the delivery in force", async () => {
  const older = await exported(40);
  const id = sitisHome.families[0]?.members[2]?.id ?? "";
  await asRole(urls.welfare.owner, (sql) => sql`update welfare.member set state = 'ACTIVE' where id = ${id}`);
  const newer = await exported(50);
  expect(await take(newer)).toMatchObject({ isNew: true });
  await asRole(
    urls.programs.owner,
    (sql) => sql`update programs.target_delivery set attestation = 'of a key not believed any more'`,
  );
  await expect(take(older)).rejects.toThrow("a delivery that was made later is in force");
});

test("an export is its owner's alone, follows no link somebody put in its way, and what breaks off leaves no part of a file behind", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sasaran-"));
  const out = join(folder, "sasaran.jsonl");
  const [victim, link] = [join(folder, "other"), `${out}.${process.pid}`];
  symlinkSync(victim, link);
  await writeWhole(out, (to) => pipeline(streamed(["a\n", "b\n"]), to));
  expect([readFileSync(out, "utf8"), statSync(out).mode & 0o777]).toEqual(["a\nb\n", 0o600]);
  const broken = async function* () {
    yield "c\n";
    throw new Error("ENOSPC");
  };
  await expect(writeWhole(out, (to) => pipeline(broken(), to))).rejects.toThrow("ENOSPC");
  await expect(writeWhole(out, () => Promise.reject(new Error("no database")))).rejects.toThrow("no database");
  expect(readdirSync(folder)).toEqual(["sasaran.jsonl", `sasaran.jsonl.${process.pid}`]);
  expect(readFileSync(out, "utf8")).toBe("a\nb\n");
});
