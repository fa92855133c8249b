import { parseArgs } from "node:util";
import { DEFAULT_HOUSEHOLDS, DEFAULT_SEED, type Seeding, seed as seedDatabases } from "../../drizzle/synthetic/seed.ts";
import { openDatabases } from "./databases.ts";

export const help = `
Usage: npx hub seed [--households N] [--json]

Makes roles, databases and tables where they are missing, then loads the region tree, the ready-made agreements and the synthetic
population: households with known truth. Empty databases get N (${DEFAULT_HOUSEHOLDS} when not said); where fewer are held, what is there stays and
the difference is added, ranked on its own. The same steps give the same rows; a run that was interrupted is completed first.

  --json   print { loaded, added, seed, households, persons }
Exit codes: 0 the population is there, 1 a larger one is there already, 2 wrong usage.
`;

export async function seed(argv: readonly string[]): Promise<number> {
  const options = { households: { type: "string" }, json: { type: "boolean", default: false } } as const;
  const { values } = parseArgs({ args: [...argv], options });
  const households = values.households === undefined ? undefined : Number(values.households);
  if (households !== undefined && (!Number.isInteger(households) || households < 1)) {
    note("--households must be a whole number, at least 1");
    return 2;
  }
  const databases = await openDatabases(process.env, note);
  try {
    const onProgress = (done: number, total: number) =>
      done % 10_000 === 0 ? note(`${done} of ${total} households`) : undefined;
    const seeding = await seedDatabases(databases.urls, { households, seed: DEFAULT_SEED, onProgress });
    const held = `${seeding.households} households, ${seeding.persons} people`;
    process.stdout.write(values.json ? `${JSON.stringify(seeding)}\n` : `${deedOf(seeding)}: ${held}\n`);
    if (households === undefined || seeding.households === households) return 0;
    note(
      `${seeding.households} households are there, more than ${households}, and they stay: for fewer start with empty databases (remove .hub/)`,
    );
    return 1;
  } finally {
    await databases.close();
  }
}

function deedOf({ loaded, added, households }: Seeding): string {
  if (!loaded) return "already there";
  if (added === 0) return "completed";
  return added === households ? "loaded" : `grown by ${added}`;
}

function note(text: string): void {
  process.stderr.write(`hub seed: ${text}\n`);
}
