import type { DatabaseUrls } from "../../../drizzle/cluster.ts";
import { openLoadPool } from "../../../drizzle/copy.ts";
import { loadRegions } from "../../../drizzle/synthetic/regions.ts";
import type { AttestationKeys } from "../../../schema/attestation.ts";
import { ConfigFaults, type Env } from "../../../schema/settings.ts";
import { attestationFrom } from "../../../subgraphs/kit/serve/config.ts";
import type { Desk } from "../../../subgraphs/statistics/publication/books.ts";
import type { PublisherOptions } from "../../../subgraphs/statistics/publication/publisher.ts";

/** Slices with cubes, and where each names the database of its workers. */
const BOOKS = { population: "jobs", welfare: "registry", programs: "allocation" } as const;

/** Slices whose workers' database is named here, each with the key it signs by, and whom statistics believes. Throws ConfigFaults: all faults at once. */
export function slicesOf(env: Env, urls: DatabaseUrls): Pick<PublisherOptions, "slices" | "keys"> {
  const faults: string[] = [];
  let keys: AttestationKeys = {};
  const slices = (Object.keys(BOOKS) as (keyof typeof BOOKS)[]).flatMap((slice) => {
    const url = urls[BOOKS[slice]];
    if (url === undefined) return [];
    const attestation = attestationFrom(env, { slice, faults });
    ({ keys } = attestation);
    return [{ slice, url, signer: attestation.signer }];
  });
  if (faults.length > 0) throw new ConfigFaults([...new Set(faults)]);
  return { slices, keys };
}

/** Codes of all regions there are, in order: what is released lists each of them, whether anybody is counted there or not. */
export const regionCodes = async (): Promise<readonly string[]> => (await loadRegions()).rows.map(({ code }) => code).sort();

/** Runs `work` with the books of each slice open. */
export async function atDesks<T>(env: Env, urls: DatabaseUrls, work: (desks: readonly Desk[]) => Promise<T>): Promise<T> {
  const desks = slicesOf(env, urls).slices.map((one): Desk => ({ ...one, pool: openLoadPool(one.url, { max: 2 }) }));
  try {
    return await work(desks);
  } finally {
    await Promise.all(desks.map(({ pool }) => pool.end()));
  }
}

/** Database of the statistics, as the role that publishes. Throws where it is not named. */
export function publicationUrl({ publication }: DatabaseUrls): string {
  if (publication === undefined)
    throw new Error("HUB_DATABASE_URL_PUBLICATION is missing: PostgreSQL of statistics as the role hub_statistics_jobs");
  return publication;
}
