import { expect, test } from "vitest";
import { inOneLoad } from "../../../../drizzle/copy.ts";
import { attestationSigner, devAttestationSecret } from "../../../../schema/attestation.ts";
import { devAttestationKeys } from "../../../../subgraphs/kit/serve/config.ts";
import { takeTargets } from "../../../../subgraphs/programs/candidates/intake.ts";
import { exportTargets } from "../../../../subgraphs/welfare/targets/export.ts";
import { asRole, useDatabases } from "../../../kit/database.ts";
import { siti, sitisHome } from "../../../kit/people.ts";

const { urls } = useDatabases();
const owner = <T>(work: Parameters<typeof asRole<T>>[1]) => asRole(urls.programs.owner, work);

async function* exported(minute: number): AsyncGenerator<string> {
  const signer = attestationSigner(devAttestationSecret("welfare"));
  const now = new Date(Date.parse("2026-10-05T05:00:00Z") + minute * 60_000);
  let rest = "";
  for await (const chunk of exportTargets({ url: urls.registry ?? "", signer, now })) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}
const take = (minute: number) =>
  inOneLoad(urls.programs.owner, (loader) => takeTargets(loader, exported(minute), devAttestationKeys()));
const says = (isAlive: boolean) =>
  owner(
    (sql) => sql`insert into programs.population_event (id, position, person_id, died_on, is_alive, attestation, received_at)
      values (gen_random_uuid(), (select coalesce(max(position), 0) + 1 from programs.population_event), ${siti.id}, '2026-09-15', ${isAlive}, 'x', now())`,
  );
const barring = () =>
  owner(
    (sql) => sql`select reason, source, valid_from::text, valid_to::text from programs.exclusion
      where person_id = ${siti.id} and reason = 'DECEASED' and known_to is null`,
  );
const reasons = async () => {
  const family = sitisHome.families[0]?.id ?? "";
  const [verdict] = await owner(
    (sql) =>
      sql`select reasons from programs.judge('BPNT', '2026-10-05', programs.delivery_in_force(), now(), null, '', ${[family]}::uuid[])`,
  );
  return verdict?.["reasons"];
};

test("who died while they stood in no delivery is barred in the next that has them, once, and until it is taken back", async () => {
  await owner(async (sql) => {
    await sql`delete from programs.candidate_member where person_id = ${siti.id}`;
    await sql`update programs.candidate_family set person_id = null where person_id = ${siti.id}`;
  });
  await says(false);
  expect(await barring()).toEqual([]);
  expect(await take(0)).toMatchObject({ isNew: true });
  const dead = { reason: "DECEASED", source: "DUKCAPIL", valid_from: "2026-09-15", valid_to: null };
  expect([...(await barring())]).toEqual([dead]);
  expect(await reasons()).toContain("DECEASED");
  await take(10);
  expect(await barring()).toHaveLength(1);
  await says(true);
  await take(20);
  expect(await barring()).toEqual([]);
  expect(await reasons()).not.toContain("DECEASED");
});
