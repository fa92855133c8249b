import { parseArgs } from "node:util";
import { DEFAULT_SEED, seed as seedDatabases } from "../drizzle/synthetic/seed.ts";
import { openDatabases } from "./databases.ts";

export const help = `
Usage: npx hub seed [--households 10000] [--json]

Makes roles, databases and tables where they are missing, then loads the region tree, the ready-made agreements and the synthetic
population: households with known truth, the same rows for the same number. What is loaded already stays; a run that was
interrupted is completed with its own number. For another number start with empty databases (remove .hub/).

  --json   print { loaded, seed, households, persons }
Exit codes: 0 the population is there, 1 another one is there already, 2 wrong usage.
`;

export async function seed(argv: readonly string[]): Promise<number> {
  const options = { households: { type: "string", default: "10000" }, json: { type: "boolean", default: false } } as const;
  const { values } = parseArgs({ args: [...argv], options });
  const households = Number(values.households);
  if (!Number.isInteger(households) || households < 1) {
    note("--households must be a whole number, at least 1");
    return 2;
  }
  const databases = await openDatabases(process.env, note);
  try {
    const onProgress = (done: number) => (done % 10_000 === 0 ? note(`${done} of ${households} households`) : undefined);
    const seeding = await seedDatabases(databases.urls, { households, seed: DEFAULT_SEED, onProgress });
    const held = `${seeding.households} households, ${seeding.persons} people`;
    process.stdout.write(
      values.json ? `${JSON.stringify(seeding)}\n` : `${seeding.loaded ? "loaded" : "already there"}: ${held}\n`,
    );
    if (seeding.households === households) return 0;
    note(
      `the databases hold ${seeding.households} households and stay as they are: for ${households} use empty ones (remove .hub/)`,
    );
    return 1;
  } finally {
    await databases.close();
  }
}

function note(text: string): void {
  process.stderr.write(`hub seed: ${text}\n`);
}
