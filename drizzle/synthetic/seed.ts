import { DEV_POLICY_SECRET, POLICY_KEY, signerOf } from "../../schema/policy/keys.ts";
import type { DatabaseUrls } from "../cluster.ts";
import { inLoads, type Loader } from "../copy.ts";
import { seedGovernance } from "../policy/seed.ts";
import { registerCubes } from "../registry/cubes.ts";
import { institutions } from "./aid/institutions.ts";
import { type Batch, countOf, lacks, mark, markersOf, planBatches, type Store } from "./batches.ts";
import { makeHousehold } from "./household.ts";
import { loadReference, openIntake, SEEDED } from "./load.ts";
import type { MadeHousehold } from "./model.ts";
import { createIssuer, type Issuer } from "./people/issue.ts";
import { villageOf } from "./people/places.ts";
import { rankHouseholds } from "./ranks.ts";
import { loadRegions, type Regions } from "./regions.ts";

/** The seed of the ready-made population. */
export const DEFAULT_SEED = "dtks-hub";

/** How many households the ready-made population has. */
export const DEFAULT_HOUSEHOLDS = 10_000;

export interface SeedOptions {
  /** How many there shall be in the end. Absent: as many as there are, or DEFAULT_HOUSEHOLDS where there are none. */
  readonly households?: number | undefined;
  /** Any text; the same seed and the same steps give the same rows. Counts for empty databases only. */
  readonly seed: string;
  /** Secret of governance's key, which signs the ready-made agreements. Absent: the one everybody knows. */
  readonly policySecret?: string;
  /** Told after some of the households this run has to load. */
  readonly onProgress?: (done: number, total: number) => void;
}

export interface Seeding {
  /** False: everything was there already. */
  readonly loaded: boolean;
  /** Households no database held before. */
  readonly added: number;
  readonly seed: string;
  /** All there are now; more than asked for when more were there. */
  readonly households: number;
  readonly persons: number;
}

/**
 * Loads the synthetic population, or makes the one that is there grow: one transaction a database, with a marker row for each batch in
 * it. A run that was killed leaves a batch in whole databases or in none, and the next completes what is missing. Nothing is loaded
 * twice, nothing is taken away.
 */
export async function seed(urls: DatabaseUrls, options: SeedOptions): Promise<Seeding> {
  const seeding = await inLoads(
    SEEDED.map((slice) => urls[slice].owner),
    async (loaders) => {
      const stores = await lockAll(loaders);
      const isEmpty = stores.every(({ held }) => held.length === 0);
      const households = options.households ?? (isEmpty ? DEFAULT_HOUSEHOLDS : 0);
      const batches = planBatches(stores, { seed: options.seed, households });
      const loaded = stores.some((store) => batches.some((batch) => lacks(store, batch)));
      const counted = loaded ? await fill(stores, batches, options.onProgress) : batches;
      return {
        loaded,
        added: countOf(batches.filter(({ persons }) => persons === undefined)),
        seed: batches[0]?.seed ?? options.seed,
        households: countOf(batches),
        persons: counted.reduce((sum, { persons }) => sum + (persons ?? 0), 0),
      };
    },
  );
  await registerCubes(urls.statistics.owner);
  const signer = signerOf(options.policySecret ?? DEV_POLICY_SECRET, POLICY_KEY);
  const unsigned = await seedGovernance(urls.governance.owner, { signer, origins: [] });
  if (unsigned.length > 0) throw new Error(`agreements without a decision table: ${unsigned.join("; ")}`);
  return seeding;
}

/** A second seed waits here, then finds the markers. Always in the same order, so two never wait for each other. */
async function lockAll(loaders: readonly Loader[]): Promise<Store[]> {
  const stores: Store[] = [];
  for (const [position, slice] of SEEDED.entries()) {
    const loader = loaders[position];
    if (!loader) throw new Error(`no loader for ${slice}`);
    await loader.query("select pg_advisory_xact_lock(7303)");
    stores.push({ slice, loader, held: await markersOf(loader, slice) });
  }
  return stores;
}

/**
 * Makes the batches in order and hands each to the databases that lack it. Also those that nobody lacks are made: the issuer has to
 * know the numbers they took. Returns the batches with their people counted.
 */
async function fill(
  stores: readonly Store[],
  batches: readonly Batch[],
  onProgress: SeedOptions["onProgress"] = () => {},
): Promise<Batch[]> {
  const regions = await loadRegions();
  const issuer = createIssuer();
  const lackingOf = (batch: Batch) => stores.filter((store) => lacks(store, batch));
  await Promise.all(
    stores
      .filter((store) => batches.some((batch) => lacks(store, batch)))
      .map(({ loader, slice }) => loadReference(loader, slice, regions)),
  );
  const total = countOf(batches.filter((batch) => lackingOf(batch).length > 0));
  const counted: Required<Batch>[] = [];
  let done = 0;
  for (const batch of batches) {
    const lacking = lackingOf(batch);
    const before = done;
    const persons = await loadHouseholds(lacking, makeHouseholds(regions, batch, issuer), (loaded) => {
      if (lacking.length === 0) return;
      done = before + loaded;
      onProgress(done, total);
    });
    counted.push(sameAsBefore(batch, persons));
    await Promise.all(lacking.map((store) => finishBatch(store, regions, { ...batch, persons })));
  }
  return counted;
}

async function finishBatch(store: Store, regions: Regions, batch: Required<Batch>): Promise<void> {
  if (store.slice === "welfare") await institutions(store.loader, regions, batch);
  await mark(store, batch);
}

/** Other people than the first time would not fit those in the other databases, nor leave their numbers alone. */
function sameAsBefore(batch: Batch, persons: number): Required<Batch> {
  if (batch.persons !== undefined && batch.persons !== persons)
    throw new Error(
      `batch ${batch.number} of the synthetic population was made by another version of this program (${batch.persons} people, now ${persons}): start with empty databases`,
    );
  return { ...batch, persons };
}

const AT_ONCE = 1000;

/** Streams households into the databases of these loaders, in step. Returns how many people they are. */
export async function loadHouseholds(
  destinations: readonly Pick<Store, "slice" | "loader">[],
  households: Iterable<MadeHousehold>,
  onProgress?: (households: number) => void,
): Promise<number> {
  const intakes = await Promise.all(destinations.map(({ loader, slice }) => openIntake(loader, slice)));
  let persons = 0;
  let done = 0;
  for (const batch of batchesOf(households)) {
    await Promise.all(intakes.map((intake) => intake.add(batch)));
    persons += batch.flatMap(({ families }) => families).reduce((sum, { members }) => sum + members.length, 0);
    done += batch.length;
    onProgress?.(done);
  }
  await Promise.all(intakes.map((intake) => intake.finish()));
  return persons;
}

function* batchesOf(households: Iterable<MadeHousehold>): Generator<MadeHousehold[]> {
  let batch: MadeHousehold[] = [];
  for (const household of households) {
    batch.push(household);
    if (batch.length < AT_ONCE) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** All households of a batch, in order. `issuer` has given out the numbers of the batches before it. */
export function* makeHouseholds(
  regions: Regions,
  config: Pick<Batch, "seed" | "households"> & { readonly first?: number },
  issuer: Issuer = createIssuer(),
): Generator<MadeHousehold> {
  const ranks = rankHouseholds(config, (index) => villageOf(regions, config, index).slice(0, 2));
  const world = { config: { first: 0, ...config }, regions, ranks, issuer };
  for (let index = 0; index < config.households; index += 1) yield makeHousehold(world, index);
}
