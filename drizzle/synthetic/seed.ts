import { seedGovernance } from "../agreements.ts";
import type { DatabaseUrls } from "../cluster.ts";
import { inLoads, type Loader } from "../copy.ts";
import { makeHousehold } from "./household.ts";
import { institutions } from "./institutions.ts";
import { loadReference, openIntake, SEEDED, type Seeded } from "./load.ts";
import type { MadeHousehold } from "./model.ts";
import { createIssuer } from "./people/issue.ts";
import { villageOf } from "./places.ts";
import { rankHouseholds } from "./ranks.ts";
import { loadRegions, type Regions } from "./regions.ts";

/** The seed of the ready-made population. */
export const DEFAULT_SEED = "dtks-hub";

export interface SeedOptions {
  readonly households: number;
  /** Any text; the same seed and number give the same rows. */
  readonly seed: string;
  readonly onProgress?: (households: number) => void;
}

export interface Seeding {
  /** False: everything was there already. */
  readonly loaded: boolean;
  readonly seed: string;
  readonly households: number;
  readonly persons: number;
}

interface Marker {
  readonly seed: string;
  readonly households: number;
  readonly persons: number;
}

/**
 * Loads the synthetic population, one transaction a database with a marker row in it: a run that was killed leaves whole slices or
 * none, and the next completes what is missing, with the seed and number of the first. Nothing is loaded twice.
 */
export async function seed(urls: DatabaseUrls, options: SeedOptions): Promise<Seeding> {
  const seeding = await inLoads(
    SEEDED.map((slice) => urls[slice].owner),
    async (loaders) => {
      const states = await lockAll(loaders);
      const done = states.find(({ marker }) => marker !== undefined)?.marker;
      const config = { seed: done?.seed ?? options.seed, households: done?.households ?? options.households };
      const missing = states.filter(({ marker }) => marker === undefined);
      const persons = missing.length > 0 ? await fill(missing, { ...options, ...config }) : (done?.persons ?? 0);
      return { ...config, persons, loaded: missing.length > 0 };
    },
  );
  await seedGovernance(urls.governance.owner);
  return seeding;
}

interface Destination {
  readonly slice: Seeded;
  readonly loader: Loader;
}

/** A second seed waits here, then finds the markers. Always in the same order, so two never wait for each other. */
async function lockAll(loaders: readonly Loader[]): Promise<(Destination & { marker: Marker | undefined })[]> {
  const states: (Destination & { marker: Marker | undefined })[] = [];
  for (const [position, slice] of SEEDED.entries()) {
    const loader = loaders[position];
    if (!loader) throw new Error(`no loader for ${slice}`);
    await loader.query("select pg_advisory_xact_lock(7303)");
    const [marker] = await loader.query<Marker & Record<string, unknown>>(
      `select seed, households, persons from ${slice}.synthetic_seed`,
    );
    states.push({ slice, loader, marker });
  }
  return states;
}

/** Makes the households once and hands each batch to all databases that lack them. Returns how many people they are. */
async function fill(destinations: readonly Destination[], options: SeedOptions): Promise<number> {
  const regions = await loadRegions();
  await Promise.all(destinations.map(({ loader, slice }) => loadReference(loader, slice, regions)));
  const persons = await loadHouseholds(destinations, makeHouseholds(regions, options), options.onProgress);
  for (const { loader, slice } of destinations) {
    if (slice === "welfare") await institutions(loader, regions, options);
    const values = [options.seed, options.households, persons];
    await loader.query(`insert into ${slice}.synthetic_seed (seed, households, persons) values ($1, $2, $3)`, values);
  }
  return persons;
}

const BATCH = 1000;

/** Streams households into the databases of these loaders, in step. Returns how many people they are. */
export async function loadHouseholds(
  destinations: readonly Destination[],
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
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** All households of the synthetic population, in order. */
export function* makeHouseholds(regions: Regions, config: { seed: string; households: number }): Generator<MadeHousehold> {
  const ranks = rankHouseholds(config, (index) => villageOf(regions, config, index).slice(0, 2));
  const world = { config, regions, ranks, issuer: createIssuer() };
  for (let index = 0; index < config.households; index += 1) yield makeHousehold(world, index);
}
