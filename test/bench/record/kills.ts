import { underKills } from "../../record/kills.ts";

/** `npm run bench -- kills [how many]`: SIGKILL of gateway and PostgreSQL in turn, under 16 clients who never pause. Exit 1 when an answer is missing. */
export async function run([count = "50"]: readonly string[]): Promise<void> {
  process.env["HUB_ENV"] = "dev";
  const startedAt = performance.now();
  const { kills, answers, refusals, deaths, unreceipted, missing, unannounced, faults } = await underKills({
    kills: Number(count),
    clients: 16,
  });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  process.stdout.write(
    [
      `${kills.gateway} kills of the gateway, ${kills.postgres} of PostgreSQL, 16 clients, ${seconds} s`,
      `answers received ${answers}; refusals ${refusals}; questions that died ${deaths}`,
      `without a receipt ${unreceipted}; missing from the record ${missing.length}; announcement missing ${unannounced.length}; faults of the verifier ${faults.length}`,
      "",
    ].join("\n"),
  );
  if (unreceipted + missing.length + unannounced.length + faults.length > 0) process.exitCode = 1;
}
