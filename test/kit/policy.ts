import { parse } from "graphql";
import { type Db, drizzleOn, rawClient } from "../../drizzle/client.ts";
import type { Compiler } from "../../drizzle/policy/compile.ts";
import { ownPublication, publish } from "../../drizzle/policy/publish.ts";
import { stewardOf } from "../../drizzle/policy/readyMade.ts";
import { conclude } from "../../drizzle/policy/seed.ts";
import { sha256Hex } from "../../schema/policy/content.ts";
import { DEV_POLICY_SECRET, POLICY_KEY, signerOf } from "../../schema/policy/keys.ts";
import type { Effect } from "../../schema/policy/words.ts";
import { catalogueOf } from "../../schema/sdl/catalogue.ts";

type Sql = ReturnType<typeof rawClient>;

export const COMPILER: Compiler = { signer: signerOf(DEV_POLICY_SECRET, POLICY_KEY), origins: [] };

/** What a gateway over a supergraph, by default the committed one, opens decision tables with. */
export function openingOf(sdl = ownPublication().sdl) {
  const supergraph = { hash: sha256Hex(sdl), entries: catalogueOf(parse(sdl)).entries };
  return { supergraph, policyKeys: [COMPILER.signer.publicKey], pseudonymMaster: "p".repeat(32) };
}

/** Columns of a version that its content is made of, but who drew it up and when. */
const CONTENT =
  "valid_from, valid_to, row_scope, quota, similarity_floor, attempts_on_subject, attempts_of_client, on_denied, ip_allow, documents, armed_minutes, armed_persons, limits, author";
const GRANT =
  "position, selector_kind, selector, topic, use, effect, mask_fn, params, clause, widen_reason, home, elsewhere, condition";

/**
 * Puts a new version of an agreement in force, as stewards would: a copy of the newest, changed by `change` while it is a draft (it is given the
 * number of the version), approved with the development keys and compiled. One transaction, so gateways see the old or the new.
 */
export async function renew(
  ownerUrl: string,
  number: string,
  change: (tx: Sql, version: number) => Promise<unknown> = async () => undefined,
): Promise<void> {
  const tx = rawClient(ownerUrl, { max: 1 });
  try {
    await tx`begin`;
    const version = await copyNewest(tx, number);
    await change(tx, version);
    const [agreement] = await tx`select consumer_agency as consumer from governance.agreement where number = ${number}`;
    await conclude(drizzleOn(tx), { agreement: number, version, consumer: String(agreement?.["consumer"]) }, COMPILER);
    await tx`commit`;
  } finally {
    await tx.end();
  }
}

async function copyNewest(tx: Sql, number: string): Promise<number> {
  const [last] = await tx`select max(version) as version from governance.agreement_version where agreement_number = ${number}`;
  const [before, version] = [Number(last?.["version"]), Number(last?.["version"]) + 1];
  await tx`insert into governance.agreement_version (agreement_number, version, ${tx.unsafe(CONTENT)})
    select agreement_number, ${version}, ${tx.unsafe(CONTENT)} from governance.agreement_version
    where agreement_number = ${number} and version = ${before}`;
  await tx`insert into governance.grant_row (agreement_number, version, ${tx.unsafe(GRANT)})
    select agreement_number, ${version}, ${tx.unsafe(GRANT)} from governance.grant_row
    where agreement_number = ${number} and version = ${before}`;
  return version;
}

/** Renews an agreement with other values in columns of its version. */
export const renewWith = (ownerUrl: string, number: string, columns: Readonly<Record<string, unknown>>): Promise<void> =>
  renew(
    ownerUrl,
    number,
    (tx, version) => tx`update governance.agreement_version set ${tx(columns)}
      where agreement_number = ${number} and version = ${version}`,
  );

/** Renews an agreement with a further grant of a coordinate. */
export const renewGranting = (ownerUrl: string, number: string, coordinate: string, effect: Effect = "allow"): Promise<void> =>
  renew(
    ownerUrl,
    number,
    (
      tx,
      version,
    ) => tx`insert into governance.grant_row (agreement_number, version, position, selector_kind, selector, use, effect, clause)
      values (${number}, ${version}, 999, 'coordinate', ${coordinate}, 'OUTPUT', ${effect}, 'Adendum 1')`,
  );

/** Publishes a supergraph as its operator would; services that the committed one has not are the hub's own. */
export async function publishSupergraph(ownerUrl: string, sdl: string): Promise<void> {
  const services = new Set([...catalogueOf(parse(sdl)).entries.values()].flatMap(({ owners }) => owners));
  const controllers = { ...Object.fromEntries([...services].map((name) => [name, "HUB"])), ...ownPublication().controllers };
  const client = rawClient(ownerUrl, { max: 1 });
  try {
    const faults = await drizzleOn(client).transaction((tx) => publish(tx as unknown as Db, { sdl, controllers }, COMPILER));
    if (faults.length > 0) throw new Error(faults.join("\n"));
  } finally {
    await client.end();
  }
}

/** One steward stops an agreement in force. */
export const suspend = (owner: Sql, number: string) =>
  owner`update governance.agreement_version set state = 'suspended', suspension_reason = 'INCIDENT'
    where agreement_number = ${number} and state = 'active'`;

/** Two stewards let it go on. */
export async function resume(owner: Sql, number: string): Promise<void> {
  const asker = stewardOf("KEMENSOS");
  const act = (steward: string, columns: Readonly<Record<string, string>>) =>
    owner.begin(async (tx) => {
      await tx`select set_config('hub.officer', ${`{"${steward}"}`}, true)`;
      await tx`update governance.agreement_version set ${tx(columns)} where agreement_number = ${number} and state = 'suspended'`;
    });
  await act(asker, { resume_asked_by: asker });
  await act("steward2.kemensos", { state: "active" });
}
