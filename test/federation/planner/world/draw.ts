import { helpersFor } from "./helpers.ts";
import { mark, markStand } from "./marks.ts";
import { once, pick, type Random, randomOf, some } from "./random.ts";
import { twist } from "./twists.ts";
import {
  type Drawer,
  type Field,
  fieldSet,
  LEAVES,
  named,
  type Part,
  type Piece,
  type Plot,
  pieceOf,
  type World,
} from "./world.ts";

/** A random world: not every one composes. */
export function drawWorld(seed: number): World {
  const random = randomOf(seed);
  const parts = ["a", "b", "c", "d", "e"]
    .slice(0, 2 + random(4))
    .map((name): Part => ({ name, pieces: [], helpers: helpersFor(random) }));
  const names = ["Ant", "Bee", "Cat", "Dog"].slice(0, 2 + random(3));
  const isEntity = parts.length > 2 && once(random, 3);
  const pets = some(random, names, Math.min(2, names.length));
  const petKeys = isEntity ? ["id", ...(once(random, 2) ? [pick(random, ["k1", "k2 id", "lo hi"])] : [])] : [];
  const plot: Plot = {
    random,
    parts,
    isBad: once(random, 2),
    keys: drawKeys(random, names, { pets, petKeys }),
    values: new Map(["Fig", "Gum"].slice(0, random(3)).map((name) => [name, []])),
    pets,
    petKeys,
    hasBeing: once(random, 3),
    home: isEntity ? (parts[0] as Part) : null,
    stands: isEntity ? parts.slice(parts.length > 3 && once(random, 2) ? -2 : -1) : [],
  };
  const drawing = new Drawing(plot);
  drawing.draw();
  mark(plot, drawing);
  drawing.finish();
  markStand(plot, drawing);
  const world: World = { salt: random(1000), parts: parts.filter(({ pieces }) => pieces.length > 0) };
  twist(world, plot);
  return world;
}

function drawKeys(
  random: Random,
  names: readonly string[],
  { pets, petKeys }: Pick<Plot, "pets" | "petKeys">,
): Map<string, string[]> {
  const keys = new Map<string, string[]>();
  for (const name of names) {
    const nested = [...keys].filter(([, theirs]) => theirs.includes("id")).map(([other]) => `own${other} { id }`);
    const pool = [
      "id",
      "id",
      "k1",
      "k2",
      "k3",
      "k4",
      "lo hi",
      `own${name}Meta { code }`,
      `own${name}Bits { code }`,
      ...nested.slice(0, 1),
    ];
    const own = new Set(some(random, pool, 1).slice(0, 3));
    keys.set(name, [...(pets.includes(name) ? new Set([...petKeys, ...own]) : own)]);
  }
  return keys;
}

const KEY_TYPES: Record<string, string> = {
  id: "ID!",
  k1: "String!",
  k2: "Int!",
  k3: "[ID!]!",
  k4: "Stamp!",
  lo: "String!",
  hi: "String!",
};
const SCALARS = [
  ...["String", "String", "String", "Int", "Int", "Colour", "String!", "String!", "[String]", "[[Int]]", "[String!]"],
  ...["Hue", "Stamp", "[Hue!]", "[[Stamp]!]"],
];
const ARGS = [
  ...["x: Int = 1", "x: Int = 1", "x: Int", "c: Colour", "c: Colour = RED", "w: Where", "w: Where = { not: 1 }"],
  ...["o: Tone = LOW", "s: Stamp", "l: [Int]", "l: [[Int]] = [[1]]", "w: [Where!]"],
];

class Drawing implements Drawer {
  private serial = 0;
  private readonly plot: Plot;

  constructor(plot: Plot) {
    this.plot = plot;
  }

  draw(): void {
    const { random, parts, keys, values, stands } = this.plot;
    for (const fields of values.values()) this.drawValue(fields as Field[]);
    for (const name of keys.keys()) this.drawEntity(name);
    this.drawPets();
    for (const stand of stands) {
      this.ensure(stand, "Pet");
      for (let left = 1 + random(2); left > 0; left--) this.add(stand, "Pet", this.fieldFor([stand]));
    }
    for (const part of parts) this.drawRoots(part);
    this.add(parts[0] as Part, "Query", { ...this.fieldFor([parts[0] as Part], true) });
    if (once(random, 4)) this.add(pick(random, parts), "Query", { name: "self", type: "Query", args: [] });
    if (once(random, 3)) this.drawMutations();
  }

  private drawEntity(name: string): void {
    const { random, parts } = this.plot;
    for (const part of some(random, parts, 1)) if (this.isAllowed(part, name)) this.ensure(part, name);
    for (let left = 3 + random(4); left > 0; left--) this.drawField(name);
  }

  /** What the interface may have: each of its types has it. */
  private drawPets(): void {
    const { random, keys, pets } = this.plot;
    const [first = ""] = keys.keys();
    const fields: Field[] = [{ name: "label", type: "String", args: [] }];
    if (once(random, 2)) fields.push({ name: "pal", type: first, args: [] });
    if (once(random, 2)) fields.push({ name: "say", type: "String", args: [pick(random, ARGS)] });
    for (const field of fields) for (const name of pets) this.place(name, field);
  }

  private drawRoots(part: Part): void {
    const { random, parts } = this.plot;
    for (let left = random(3); left > 0; left--) {
      const others = once(random, 5) ? parts.filter((other) => other !== part).slice(0, 1) : [];
      const homes = [part, ...others];
      const field = { ...this.fieldFor(homes, true), shareable: homes.length > 1 };
      for (const home of homes) this.add(home, "Query", field);
    }
  }

  private drawMutations(): void {
    const { random, parts, keys } = this.plot;
    const name = pick(random, [...keys.keys()]);
    this.place(name, { name: "ver", type: "Int", args: [] });
    for (const part of some(random, parts, 1).slice(0, 2)) {
      this.addMutation(part, this.fieldFor([part], true).type);
      if (!this.isAllowed(part, name)) continue;
      this.addMutation(part, name);
      if (once(random, 2)) this.addMutation(part, "Done");
    }
  }

  /** And the same as a query: the composer does not look whether what lies below a mutation can be had. */
  private addMutation(part: Part, type: string): void {
    for (const root of ["Mutation", "Query"]) this.add(part, root, { name: `m${this.serial++}`, type, args: [] });
  }

  private drawValue(fields: Field[]): void {
    const { random, keys } = this.plot;
    for (let left = 2 + random(2); left > 0; left--) fields.push({ ...this.scalar(), shareable: true });
    if (once(random, 2))
      fields.push({ name: `f${this.serial++}`, type: pick(random, [...keys.keys()]), args: [], shareable: true });
  }

  private drawField(name: string): void {
    const { random, parts } = this.plot;
    const present = parts.filter((part) => pieceOf(part, name));
    if (present.length === 0) return;
    const homes = once(random, 4) ? some(random, present, 1).slice(0, 3) : [pick(random, present)];
    const field = { ...this.fieldFor(homes), shareable: homes.length > 1 };
    for (const home of homes) this.add(home, name, field);
  }

  /** Into one of the subgraphs that know the type. */
  private place(name: string, field: Field): void {
    const { random, parts } = this.plot;
    const able = parts.filter((part) => this.isAllowed(part, named(field.type)) && this.isAllowed(part, name));
    const present = able.filter((part) => pieceOf(part, name));
    const homes = some(random, present.length > 0 ? present : able.slice(0, 1), 1).slice(0, 2);
    for (const home of homes) this.add(home, name, { ...field, shareable: homes.length > 1 });
  }

  add(part: Part, name: string, field: Field): void {
    const piece = this.ensure(part, name);
    if (piece.fields.some((each) => each.name === field.name)) return;
    piece.fields.push({ ...field });
    this.ensureOf(part, field.type);
  }

  scalar(): Field {
    const { random } = this.plot;
    const type = pick(random, SCALARS);
    const isBad = this.plot.isBad && type.includes("!") && once(random, 2);
    return { name: `${isBad ? "bad" : "f"}${this.serial++}`, type, args: once(random, 4) ? [pick(random, ARGS)] : [] };
  }

  /** A new field that each of these subgraphs can have. */
  private fieldFor(homes: readonly Part[], isRoot = false): Field {
    const { random, keys, values } = this.plot;
    const all = [...keys.keys(), ...keys.keys(), ...values.keys(), "Pet", "Any", ...(this.plot.hasBeing ? ["Being"] : [])];
    const able = all.filter((name) => homes.every((part) => this.isAllowed(part, name)));
    const field = this.scalar();
    if (able.length === 0 || random(100) < (isRoot ? 8 : 50)) return field;
    const name = pick(random, able);
    const type = pick(random, [
      name,
      name,
      name,
      `${name}!`,
      `[${name}]`,
      `[${name}]`,
      `[${name}!]!`,
      `[[${name}]]`,
      `[[${name}!]!]`,
    ]);
    return { ...field, type, name: type.includes("!") ? field.name : field.name.replace("bad", "f") };
  }

  isAllowed(part: Part, name: string): boolean {
    const { pets, stands, keys, values } = this.plot;
    if (!stands.includes(part)) return true;
    // Whole or not at all: through @interfaceObject the composer does not look whether what is missing can be had.
    const inner = values.get(name)?.map(({ type }) => named(type)) ?? [];
    if (inner.some((each) => !this.isAllowed(part, each))) return false;
    return !pets.includes(name) && name !== "Being" && (name !== "Any" || [...keys.keys()].some((each) => !pets.includes(each)));
  }

  private ensureOf(part: Part, type: string): void {
    if (!LEAVES.has(named(type)) && named(type) !== "Query") this.ensure(part, named(type));
  }

  /** What the subgraph says of the type, begun if it said nothing yet. */
  ensure(part: Part, name: string): Piece {
    const known = pieceOf(part, name);
    if (known) return known;
    const piece: Piece = { kind: "type", name, implements: [], keys: [], fields: [], members: [] };
    part.pieces.push(piece);
    if (this.plot.keys.has(name)) this.beginEntity(part, piece);
    else if (this.plot.values.has(name)) this.beginValue(part, piece);
    else if (name === "Pet") this.beginPet(part, piece);
    else if (name === "Any") this.beginAny(part, piece);
    else if (name === "Done") this.beginDone(part, piece);
    else if (name === "Being") this.beginBeing(part, piece);
    else if (/(Meta|Bits)$/.test(name)) piece.fields.push({ name: "code", type: "String!", args: [], shareable: true });
    return piece;
  }

  private beginEntity(part: Part, piece: Piece): void {
    const { random, home, pets } = this.plot;
    const able = (this.plot.keys.get(piece.name) ?? []).filter(
      (key) => !/own(?!.*(Meta|Bits))/.test(key) || !this.plot.stands.includes(part),
    );
    const isPet = part === home && pets.includes(piece.name);
    for (const key of able) {
      const isFixed = isPet && this.plot.petKeys.includes(key);
      const isKey = isFixed || piece.keys.length === 0 || once(random, 2);
      if (isKey || once(random, 2)) this.addKeyFields(part, piece, key);
      if (isKey) piece.keys.push({ fields: key, resolvable: isFixed || !once(random, 10) });
    }
    if (isPet) this.ensure(part, "Pet");
  }

  private addKeyFields(part: Part, piece: Piece, key: string): void {
    for (const node of fieldSet(key).selections) {
      if (node.kind !== "Field") continue;
      const name = node.name.value;
      const below = name.slice("own".length);
      const type = KEY_TYPES[name] ?? (below.endsWith("Bits") ? `[${below}!]!` : `${below}!`);
      if (!piece.fields.some((field) => field.name === name)) piece.fields.push({ name, type, args: [], shareable: true });
      if (!node.selectionSet) continue;
      const nested = this.ensure(part, below);
      if (!/(Meta|Bits)$/.test(below)) this.addKeyFields(part, nested, "id");
    }
  }

  private beginValue(part: Part, piece: Piece): void {
    const { random, values } = this.plot;
    for (const field of values.get(piece.name) ?? []) {
      if (this.plot.stands.length === 0 && piece.fields.length > 0 && once(random, 6)) continue;
      this.add(part, piece.name, field);
    }
  }

  private beginPet(part: Part, piece: Piece): void {
    const { random, home, stands, pets, petKeys } = this.plot;
    const isStand = stands.includes(part);
    piece.kind = isStand ? "interfaceObject" : "interface";
    const own = part === home ? petKeys : [];
    for (const key of isStand ? some(random, petKeys, 1) : own) this.keyPet(piece, key, isStand);
    if (isStand) return;
    for (const name of part === home ? pets : some(random, pets, 1)) this.ensure(part, name).implements.push("Pet");
    if (this.plot.hasBeing && once(random, 2)) this.ensure(part, "Being");
  }

  private keyPet(piece: Piece, key: string, isStand: boolean): void {
    piece.keys.push({ fields: key, resolvable: true });
    for (const name of key.split(" ").filter((one) => piece.fields.every((field) => field.name !== one)))
      piece.fields.push({ name, type: KEY_TYPES[name] as string, args: [], shareable: isStand });
  }

  /** An interface that the other one implements, and so all its types. */
  private beginBeing(part: Part, piece: Piece): void {
    piece.kind = "interface";
    this.ensure(part, "Pet");
  }

  private beginAny(part: Part, piece: Piece): void {
    const { random, keys, values } = this.plot;
    const able = [...keys.keys(), ...values.keys()].filter((name) => this.isAllowed(part, name));
    piece.kind = "union";
    piece.members = some(random, able, 1);
    for (const name of piece.members) this.ensure(part, name);
  }

  private beginDone(part: Part, piece: Piece): void {
    const { random, keys } = this.plot;
    piece.fields.push(
      { name: `f${this.serial++}`, type: "Int", args: [], shareable: true },
      { name: "query", type: "Query", args: [], shareable: true },
    );
    const able = [...keys.keys()].filter((name) => this.isAllowed(part, name));
    if (able.length > 0) this.add(part, "Done", { name: `f${this.serial++}`, type: pick(random, able), args: [] });
  }

  /** An interface has, in each subgraph, what all its types have there. */
  finish(): void {
    for (const part of this.plot.parts) {
      const pet = pieceOf(part, "Pet");
      if (pet?.kind !== "interface") continue;
      this.finishPet(part, pet);
      this.finishBeing(part, pet);
    }
    this.tagAll();
  }

  private finishBeing(part: Part, pet: Piece): void {
    const being = pieceOf(part, "Being");
    if (!being) return;
    for (const { name, type, args } of some(this.plot.random, pet.fields, 1))
      if (!being.fields.some((field) => field.name === name)) being.fields.push({ name, type, args });
    for (const piece of part.pieces) if (piece === pet || piece.implements.includes("Pet")) piece.implements.push("Being");
  }

  private finishPet(part: Part, pet: Piece): void {
    const types = part.pieces.filter((piece) => piece.implements.includes("Pet"));
    const common = (types[0]?.fields ?? []).filter((field) =>
      types.every((type) => type.fields.some((each) => same(each, field))),
    );
    for (const { name, type, args } of common) {
      const isNew = !pet.fields.some((each) => each.name === name);
      if (isNew && ["id", "label", "pal", "say"].includes(name)) pet.fields.push({ name, type, args });
    }
    if (pet.fields.length > 0) return;
    pet.fields.push({ name: "tag", type: "String", args: [] });
    for (const piece of types) piece.fields.push({ name: "tag", type: "String", args: [], shareable: true });
  }

  /** Once one subgraph's interface has `id` or `tag`, every type of it needs them somewhere. */
  private tagAll(): void {
    const { parts, pets } = this.plot;
    const pieces = parts.flatMap((part) => part.pieces);
    if (!pieces.some(({ name, fields }) => name === "Pet" && fields.some((field) => field.name === "tag"))) return;
    for (const name of pets) {
      const piece = pieces.find((each) => each.name === name);
      if (piece && !pieces.some((each) => each.name === name && each.fields.some((field) => field.name === "tag")))
        piece.fields.push({ name: "tag", type: "String", args: [], shareable: true });
    }
  }
}

const same = (one: Field, other: Field) => one.name === other.name && !one.external && !other.external;
