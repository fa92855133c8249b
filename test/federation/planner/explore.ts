import fc from "fast-check";
import { isNightly } from "../../kit/nightly.ts";
import { compare, type Difference, type Twin, twinOf } from "./compare.ts";
import { ask } from "./question.ts";
import { type Found, shrink, told } from "./shrink.ts";
import { drawWorld } from "./world/draw.ts";
import { once, pick, type Random, randomOf, some } from "./world/random.ts";
import { sdlOf, type World } from "./world/world.ts";

export interface Exploring {
  readonly seed: number;
  readonly worlds: number;
  readonly questions: number;
  /** Some coordinates denied in every question. */
  readonly isDenying?: boolean;
  /** Told of every question, with the answer's round trips in `twin.waves`. */
  readonly onQuestion?: (twin: Twin, document: string, seed: number) => Promise<void>;
}

/** What an exploration met. */
export interface Seen {
  worlds: number;
  /** Draws that the composer refused. */
  refused: number;
  questions: number;
  withErrors: number;
  withDenials: number;
  mutations: number;
  waves: number;
  fetches: number;
  /** Worlds with each of these. */
  readonly marks: Record<string, number>;
  readonly found: { readonly seed: number; readonly found: Found }[];
}

const MARKS = [
  "@requires",
  "@provides",
  "@shareable",
  "@override",
  "@inaccessible",
  "@interfaceObject",
  "resolvable: false",
  "union",
  "interface ",
  "Mutation",
];

/** Draws worlds from a seed on and asks each of them so much. Stops at a third difference. */
export async function explore(exploring: Exploring): Promise<Seen> {
  const seen: Seen = {
    worlds: 0,
    refused: 0,
    questions: 0,
    withErrors: 0,
    withDenials: 0,
    mutations: 0,
    waves: 0,
    fetches: 0,
    marks: {},
    found: [],
  };
  for (let seed = exploring.seed; seen.worlds < exploring.worlds && seen.found.length < 3; seed++) {
    const world = drawWorld(seed);
    const twin = composed(world);
    if (!twin) {
      seen.refused += 1;
      continue;
    }
    seen.worlds += 1;
    const sdl = world.parts.map(sdlOf).join("\n");
    for (const mark of MARKS) seen.marks[mark] = (seen.marks[mark] ?? 0) + Number(sdl.includes(mark));
    const difference = await askAll(twin, { ...exploring, seed }, seen);
    if (difference) seen.found.push({ seed, found: { world, difference } });
  }
  return seen;
}

function composed(world: World): Twin | undefined {
  try {
    return twinOf(world);
  } catch {
    return undefined;
  }
}

async function askAll(
  twin: Twin,
  { seed, questions, isDenying, onQuestion }: Exploring,
  seen: Seen,
): Promise<Difference | undefined> {
  const random = randomOf(seed * 7 + 1);
  for (let left = questions; left > 0; left--) {
    const document = ask(twin.schema, random);
    if (document === undefined) continue;
    const { isSame, ...difference } = await compare(twin, document, isDenying ? deniedOf(twin, random) : []);
    const { wanted, denied } = difference;
    seen.questions += 1;
    seen.mutations += Number(document.startsWith("mutation"));
    seen.waves += twin.waves.waves;
    seen.fetches += twin.waves.calls.length;
    seen.withErrors += Number(wanted.hasErrors);
    if (denied.length > 0) seen.withDenials += Number(wanted.data !== twin.whole(document).data);
    if (!isSame) return difference;
    await onQuestion?.(twin, document, seed);
  }
  return undefined;
}

function deniedOf({ coordinates }: Twin, random: Random): string[] {
  const few = some(random, coordinates, 1).slice(0, 1 + random(5));
  return once(random, 2) ? [...few, pick(random, coordinates)] : few;
}

/** HUB_PLANNER_SEED repeats a run. */
const seed = Number(process.env["HUB_PLANNER_SEED"] ?? (isNightly ? fc.sample(fc.integer({ min: 0, max: 1e9 }), 1)[0] : 1));

/** HUB_PLANNER_RUNS asks so many supergraphs a hundred questions each, as a night does 500. */
const runs = Number(process.env["HUB_PLANNER_RUNS"] ?? (isNightly ? 500 : 0));

/** Explores so much, or what this run is told to, and throws with the smallest cases where an answer differs. */
export async function exploreAll(exploring: Omit<Exploring, "seed"> & { readonly apart: number }): Promise<Seen> {
  const { worlds, questions } = runs > 0 ? { worlds: runs, questions: 100 } : exploring;
  const seen = await explore({ ...exploring, seed: seed + exploring.apart, worlds, questions });
  if (seen.found.length > 0) throw new Error(`HUB_PLANNER_SEED=${seed}\n${await toldOf(seen)}`);
  if (runs > 0) process.stdout.write(`HUB_PLANNER_SEED=${seed} ${JSON.stringify(seen)}\n`);
  return seen;
}

/** The smallest case of each difference, for a message. */
export async function toldOf({ found }: Seen, ms = 20_000): Promise<string> {
  const texts: string[] = [];
  for (const { seed, found: each } of found) texts.push(`# seed ${seed}\n${told(await shrink(each, ms))}`);
  return texts.join("\n\n");
}
