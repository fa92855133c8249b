import { existsSync, readFileSync } from "node:fs";
import { recordLag } from "../../../drizzle/record/reads.ts";
import { followGrants } from "../../../gateway/authorize/grants/grants.ts";
import { loadSupergraph } from "../../../gateway/plan/supergraph.ts";
import { type GatewayConfig, readConfig } from "../../../gateway/runtime/config.ts";
import { onOne } from "./databases.ts";
import type { Check, Place } from "./finding.ts";
import { settingsHere } from "./where.ts";

const MINUTE_MS = 60_000;
const SILENT = { warn: () => {}, error: () => {} };

/** Settings of the gateway here; null: none runs on this host, or they are faulty, which another check says. */
export function gatewayHere({ env, databases }: Place): GatewayConfig | null {
  if (!databases.urls["gateway"]) return null;
  try {
    return readConfig(settingsHere(env, databases));
  } catch {
    return null;
  }
}

/** Is the policy in force one that gateways of this schema believe? */
export const policy: Check = async (place, said) => {
  const config = gatewayHere(place);
  if (!config || !existsSync(config.supergraph)) return said.skipped("policy", "no gateway can be set up here (settings)");
  const supergraph = loadSupergraph(readFileSync(config.supergraph, "utf8"));
  const { databaseUrl, policyKeys, pseudonymKey: pseudonymMaster } = config;
  const grants = await followGrants({ databaseUrl, supergraph, policyKeys, pseudonymMaster, log: SILENT });
  try {
    if (!grants.isCurrent)
      return said.bad("policy", "cannot be read", "see the databases above: the role hub_gateway reads governance");
    const { uncompiled, refused } = grants;
    if (uncompiled.length > 0)
      said.bad(
        "policy",
        `${uncompiled.length} agreements are not compiled for this schema (${supergraph.hash.slice(0, 12)})`,
        `npx hub policy publish --supergraph ${config.supergraph}`,
      );
    if (refused.length > 0)
      said.bad(
        "policy",
        `tables of ${refused.length} agreements are not signed by HUB_POLICY_PUBLIC_KEYS`,
        "npx hub policy key prints the key of governance; then npx hub policy publish",
      );
    if (uncompiled.length + refused.length === 0)
      said.good("policy", `epoch ${await epochOf(databaseUrl)}, every agreement compiled and signed`);
  } finally {
    await grants.close();
  }
};

const epochOf = (url: string) =>
  onOne(url, async (client) => {
    const [row] = await client<{ n: string }[]>`select n from governance.epoch`;
    return row?.n ?? "unknown";
  });

/** Can answers be put on record? */
export const record: Check = async (place, said) => {
  const { record: url } = place.databases.urls;
  if (!url || !gatewayHere(place)) return said.skipped("record", "no gateway can be set up here (settings)");
  const [seen] = await onOne(
    url,
    (client) =>
      client<
        { writable: boolean; standby: boolean }[]
      >`select has_column_privilege('governance.entry', 'body', 'insert') as writable, pg_is_in_recovery() as standby`,
  );
  if (seen?.standby)
    said.bad("record", "its address leads to a standby, which takes no entry", "name the primary in HUB_DATABASE_URL_RECORD");
  else if (!seen?.writable) said.bad("record", "its role may not write it", "npx hub migrate, and use the role hub_record");
  else said.good("record", "can be written");
};

/** Is the record sealed, and does a witness stand behind it? */
export const seals: Check = async (place, said) => {
  const config = gatewayHere(place);
  if (!config) return said.skipped("checkpoints", "no gateway can be set up here (settings)");
  const { alarmMs, isWitnessed } = config.recordLag;
  const { checkpoint, cosigned, oldestUncovered } = await onOne(config.databaseUrl, (client) => recordLag(client, isWitnessed));
  const minutes = (at: string) => Math.round((place.now() - Date.parse(at)) / MINUTE_MS);
  const todo = "see what npx hub log says: it may not run, wait for a long transaction, or need npx hub record continue";
  if (oldestUncovered && place.now() - Date.parse(oldestUncovered) > alarmMs)
    said.bad("checkpoints", `an entry of ${minutes(oldestUncovered)} minutes ago is in none`, todo);
  else if (checkpoint)
    said.good("checkpoints", `the newest covers ${checkpoint.size} entries, ${minutes(checkpoint.at)} minutes old`);
  else said.good("checkpoints", "nothing is sealed yet");
  if (!isWitnessed) said.note("witness", "none is asked for: who holds the log's key could write the record anew");
  else if (cosigned) said.good("witness", `cosigned ${cosigned.size} entries, ${minutes(cosigned.at)} minutes ago`);
  else said.bad("witness", "none has cosigned", "name one in HUB_WITNESSES of the log (docs/record.md)");
};

/** A record that was moved takes nothing: said apart, for it looks like an outage. */
export const moved: Check = async ({ databases }, said) => {
  const { log } = databases.urls;
  if (!log) return said.skipped("order of the record", "HUB_DATABASE_URL_LOG is not named here");
  const [row] = await onOne(
    log,
    (client) => client<
      { moved: boolean }[]
    >`select coalesce((select xid from governance.entry order by xid desc, id desc limit 1) >=
      governance.record_xid(pg_snapshot_xmax(pg_current_snapshot())), false) as moved`,
  );
  if (row?.moved)
    said.bad(
      "order of the record",
      "restored on a server whose transactions count from lower: no answer leaves",
      "npx hub record continue",
    );
  else said.good("order of the record", "goes on where it was");
};
