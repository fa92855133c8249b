import fc from "fast-check";
import { isNightly } from "../../kit/vitest/nightly.ts";
import { type Compose, compare, type Difference, type Twin, twinOf } from "./compare/compare.ts";
import { type Found, shrink, told } from "./compare/shrink.ts";
import { ask } from "./question/question.ts";
import { drawWorld } from "./world/draw.ts";
import { once, pick, type Random, randomOf, some } from "./world/random.ts";
import { printWorld } from "./world/sdl.ts";
import type { World } from "./world/world.ts";

export interface Exploring {
  readonly seed: number;
  readonly worlds: number;
  readonly questions: number;
  /** Some coordinates denied in every question. */
  readonly isDenying?: boolean;
  /** Another composer than that of this repository. */
  readonly compose?: Compose;
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
  readonly marks: Marks;
  readonly found: { readonly seed: number; readonly found: Found }[];
}

const MARKS: Readonly<Record<string, RegExp>> = {
  "@requires": /@requires/,
  "@requires of an interface's object": /@interfaceObject[^}]*@requires/,
  "@provides": /@provides/,
  "@provides of an interface": /: \[*(Pet|Being)[\]!]* @provides\(fields: "pal/,
  "@provides by type": /@provides\(fields: "\.\.\. on/,
  "@shareable": /@shareable/,
  "@override": /@override/,
  "@override by label": /label: "/,
  "@inaccessible field": / @inaccessible( @|$)/m,
  "@inaccessible type": /(type|interface|union) .*@inaccessible/,
  "@inaccessible argument": /@inaccessible[,)]/,
  "@inaccessible input field": /input .*@inaccessible/,
  "@inaccessible value": /enum .*@inaccessible/,
  "@interfaceObject": /@interfaceObject/,
  "resolvable: false": /resolvable: false/,
  "list in a key": /@key\(fields: "(k3|own\w*Bits)/,
  "scalar as a key": /@key\(fields: "k4/,
  "key that may be null": /^# null/m,
  "own names of root types": /schema {/,
  "extend type": /extend type/,
  union: /union /,
  interface: /interface /,
  "argument of an interface": /interface Pet[^}]*say\(/,
  "several keys of an interface": /interface Pet[^{]*@key[^{]*@key/,
  "interface of an interface": /interface Pet implements/,
  Mutation: /type Mutation/,
};

type Marks = Record<string, number>;

function countMarks(world: World, marks: Marks): void {
  const sdl = printWorld(world);
  for (const [mark, written] of Object.entries(MARKS)) marks[mark] = (marks[mark] ?? 0) + Number(written.test(sdl));
}

/** In how many of so many draws each is met, whether they compose or not. */
export function drawnMarks(worlds: number): Marks {
  const marks: Marks = {};
  for (let seed = 1; seed <= worlds; seed++) countMarks(drawWorld(seed), marks);
  return marks;
}

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
    const twin = twinOrNone(world, exploring.compose);
    if (!twin) {
      seen.refused += 1;
      continue;
    }
    seen.worlds += 1;
    countMarks(world, seen.marks);
    const difference = await askAll(twin, { ...exploring, seed }, seen);
    if (difference) seen.found.push({ seed, found: { world, difference } });
  }
  return seen;
}

function twinOrNone(world: World, compose?: Compose): Twin | undefined {
  try {
    return twinOf(world, compose);
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
    seen.mutations += Number(/\bmutation\b/.test(document));
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
export async function toldOf({ found }: Pick<Seen, "found">, ms = 20_000, compose?: Compose): Promise<string> {
  const texts: string[] = [];
  for (const { seed, found: each } of found) texts.push(`# seed ${seed}\n${told(await shrink(each, ms, compose))}`);
  return texts.join("\n\n");
}
