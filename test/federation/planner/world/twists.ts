import { once, pick, type Random, some } from "./random.ts";
import { type Field, inputIn, named, type Piece, type Plot, type World } from "./world.ts";

/** What a world is given last: subgraphs that agree less than they might, and things that clients do not see. */
export function twist(world: World, { random, keys, pets, isBad }: Plot): void {
  if (once(random, 3)) renameRoots(world, random);
  if (once(random, 2)) disagree(world, random);
  if (!isBad && once(random, 2)) loosenTypes(world, random);
  if (once(random, 3))
    loosenKeys(
      world,
      random,
      [...keys.keys()].filter((name) => !pets.includes(name)),
    );
  if (once(random, 3)) hideType(world, random);
  if (once(random, 3)) hideInputs(world, random);
  if (once(random, 4)) hideValues(world, random);
  for (const piece of piecesOf(world))
    if (piece.keys.length > 0 && piece.kind === "type" && once(random, 12)) piece.extended = true;
}

const piecesOf = ({ parts }: World): Piece[] => parts.flatMap(({ pieces }) => pieces);
const fieldsOf = (world: World): Field[] => piecesOf(world).flatMap(({ fields }) => fields);

function renameRoots({ parts }: World, random: Random): void {
  for (const part of parts.filter(({ pieces }) => pieces.some(({ name }) => name === "Query"))) {
    if (once(random, 3)) continue;
    part.roots = { Query: pick(random, ["Q", "RootQuery", "Query"]), Mutation: pick(random, ["M", "Mutation"]) };
    part.isExtending = once(random, 3);
  }
}

/** Fields that several subgraphs have, each by what every one of them says of it. */
function sharedFields(world: World): Field[][] {
  const homes = new Map<string, Field[]>();
  for (const { name, fields } of piecesOf(world).filter(({ kind }) => kind === "type"))
    for (const field of fields) homes.set(`${name}.${field.name}`, [...(homes.get(`${name}.${field.name}`) ?? []), field]);
  return [...homes.values()].filter((fields) => fields.length > 1 && !fields.some(({ external }) => external));
}

/** Of a field that several subgraphs have some leave an optional argument out, or its default. */
function disagree(world: World, random: Random): void {
  for (const field of sharedFields(world).flat())
    if (once(random, 2)) field.args = field.args.flatMap((text) => less(text, random));
  const pieces = piecesOf(world);
  for (const piece of pieces) if (piece.kind === "interface") settle(piece, pieces);
}

/** An interface's fields take what all its types' take, wherever they are known. */
function settle({ name, fields }: Piece, pieces: readonly Piece[]): void {
  const names = new Set(pieces.filter((piece) => piece.implements.includes(name)).map((piece) => piece.name));
  const types = pieces.filter((piece) => piece.kind === "type" && names.has(piece.name));
  const bare = (text: string) => text.replace(/ =.*/, "");
  for (const field of fields) {
    const own = types.flatMap((type) => type.fields.filter((each) => each.name === field.name));
    field.args = field.args.filter((text) => own.every(({ args }) => args.some((each) => bare(each) === bare(text))));
  }
}

/** Of a field that several subgraphs have one says that it is never null. Not where it is: that null goes further up there. */
function loosenTypes(world: World, random: Random): void {
  for (const [first, ...others] of sharedFields(world))
    if (first && /^(f|label|pal)/.test(first.name) && others.every(({ type }) => type === first.type) && once(random, 2))
      first.type = first.type.endsWith("!") ? first.type.slice(0, -1) : `${first.type}!`;
}

function less(text: string, random: Random): string[] {
  const bare = text.replace(/ = .*/, "");
  return pick(random, [[], [bare], [text.replace(/: Int =/, ": Int! =")], [text, "more: Int = 2"]]);
}

/** Keys that may be null: what is found by another key alone is not found then. */
function loosenKeys(world: World, random: Random, names: readonly string[]): void {
  const able = piecesOf(world).filter(({ name }) => names.includes(name));
  const pairs = able.flatMap((piece) =>
    piece.fields.filter(({ name }) => /^(k\d|lo|hi)$/.test(name)).map(({ name }) => `${piece.name} ${name}`),
  );
  if (pairs.length === 0) return;
  world.nullKeys = [...new Set(some(random, pairs, 1).slice(0, 2))].map((pair) => pair.replace(" ", "."));
  for (const piece of able)
    for (const field of piece.fields)
      if (world.nullKeys.includes(`${piece.name}.${field.name}`)) field.type = field.type.replace(/!$/, "");
}

/** A type that clients do not see, and with it all fields that lead to it. */
function hideType(world: World, random: Random): void {
  const name = pick(
    random,
    [...new Set(piecesOf(world).map((piece) => piece.name))].filter((each) => !/^(Query|Mutation|Done)$/.test(each)),
  );
  const pieces = piecesOf(world).filter((piece) => piece.name === name);
  for (const piece of some(random, pieces, 1)) piece.inaccessible = true;
  for (const field of fieldsOf(world)) if (named(field.type) === name && !field.external) field.inaccessible = true;
}

/** Optional arguments and input fields that clients do not see: their defaults stand. */
function hideInputs(world: World, random: Random): void {
  const able = fieldsOf(world).filter(({ name, args }) => args.length > 0 && name !== "say"); // an interface and its types show the same
  for (const field of able.filter(() => once(random, 4))) field.args = field.args.map(hidden);
  for (const { helpers } of once(random, 2) ? world.parts : [])
    for (const helper of helpers)
      if (helper.kind === "input")
        helper.values = helper.values.map((text) => (inputIn(text).name === "lim" ? hidden(text) : text));
}

const hidden = (text: string): string => (text.includes("@") ? text : `${text} @inaccessible`);

/** Enum values that clients do not see: null stands for them. */
function hideValues(world: World, random: Random): void {
  const [enumeration, value] = pick(random, [
    ["Hue", "WARM"],
    ["Hue", "PALE"],
    ["Colour", "GREY"],
    ["Tone", "SHRILL"],
  ] as const);
  for (const { helpers } of some(random, world.parts, 1))
    addHidden(helpers.find(({ name }) => name === enumeration)?.values ?? [], value);
}

function addHidden(values: string[], value: string): void {
  const at = values.indexOf(value);
  if (at < 0) values.push(hidden(value));
  else values[at] = hidden(value);
}
