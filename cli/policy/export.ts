import { drizzleOn, rawClient } from "../../drizzle/client.ts";
import { fileOf } from "../../subgraphs/governance/insight/files.ts";
import { openDatabases } from "../data/databases.ts";
import { policySigner } from "./publish.ts";

/** Prints a version as a file signed by governance. Exit codes: 0 fine, 1 there is no such version, 2 wrong usage. */
export async function exportPolicy([agreement, version, ...more]: readonly string[]): Promise<number> {
  const number = Number(version);
  if (agreement === undefined || !Number.isInteger(number) || number < 1 || more.length > 0) {
    process.stderr.write(
      "hub policy export: takes the number of an agreement and of a version. npx hub policy --help explains.\n",
    );
    return 2;
  }
  const signer = policySigner();
  const databases = await openDatabases(process.env, (text) => void process.stderr.write(`hub policy: ${text}\n`));
  const connection = rawClient(databases.urls.governance.owner, { max: 1 });
  try {
    const { body } = await fileOf(drizzleOn(connection), { agreement, version: number }, signer);
    process.stdout.write(body);
    return 0;
  } finally {
    await connection.end();
    await databases.close();
  }
}
