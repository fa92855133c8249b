import { once, pick, some } from "./random.ts";
import { type Drawer, type Field, LEAVES, named, type Part, type Piece, type Plot, pieceOf } from "./world.ts";

/** Adds @requires, @provides, @override and @inaccessible to what was drawn. */
export function mark(plot: Plot, drawing: Drawer): void {
  const marking = new Marking(plot, drawing);
  const { random, parts, keys } = plot;
  const pieces = parts.flatMap((part) => part.pieces.map((piece) => ({ part, piece })));
  for (const { part, piece } of pieces) {
    const isEntity = keys.has(piece.name) && piece.keys.some(({ resolvable }) => resolvable);
    for (let left = isEntity ? random(3) : 0; left > 0; left--) marking.require(part, piece);
  }
  const filled = pieces.filter(({ piece }) => piece.fields.length > 0);
  for (const { part, piece } of filled) if (once(random, 4)) marking.provide(part, piece);
  marking.provideByInterface();
  if (once(random, 2)) marking.override();
  if (once(random, 2)) marking.hide();
}

/** @requires where the interface is known as an object: of fields that each of its types has elsewhere. */
export function markStand(plot: Plot, drawing: Drawer): void {
  const { stands, random } = plot;
  const marking = new Marking(plot, drawing, 100);
  for (const stand of stands) {
    const piece = pieceOf(stand, "Pet");
    for (let left = piece ? random(3) : 0; left > 0; left--) marking.require(stand, piece as Piece);
  }
}

interface Place {
  readonly part: Part;
  readonly field: Field;
}

class Marking {
  private serial: number;
  private readonly plot: Plot;
  private readonly drawing: Drawer;

  constructor(plot: Plot, drawing: Drawer, serial = 0) {
    this.plot = plot;
    this.drawing = drawing;
    this.serial = serial;
  }

  /** Fields of the type that other subgraphs resolve and this one does not. */
  private foreign(part: Part, name: string): Place[] {
    const own = pieceOf(part, name)?.fields.filter(({ external }) => !external) ?? [];
    return this.plot.parts
      .filter((other) => other !== part)
      .flatMap((other) => (pieceOf(other, name)?.fields ?? []).map((field) => ({ part: other, field })))
      .filter(({ field }) => !field.external && !field.override && !field.name.startsWith("bad") && field.name !== "ver")
      .filter(({ field }) => !own.some((each) => each.name === field.name));
  }

  require(part: Part, piece: Piece): void {
    const { random } = this.plot;
    const able = this.foreign(part, piece.name).filter(({ field }) => this.drawing.isAllowed(part, named(field.type)));
    if (able.length === 0) return;
    const inputs = [
      ...new Map(
        some(random, able, 1)
          .slice(0, 2)
          .map((place) => [place.field.name, place]),
      ).values(),
    ];
    const texts = inputs.map((place) => this.input(part, piece.name, place)).filter((text) => text !== "");
    if (texts.length === 0) return;
    const args = once(random, 4) ? ["x: Int = 1"] : [];
    piece.fields.push({ name: `r${part.name}${this.serial++}`, type: "String", args, requires: texts.join(" ") });
  }

  /** One field of a field set, with what is below it; declares @external what it names. Empty where it cannot be. */
  private input(part: Part, name: string, { part: other, field }: Place, depth = 0): string {
    const below = named(field.type);
    const inner = this.below(part, below, { other, depth });
    if (inner === "") return "";
    const { name: own, type, args } = field;
    this.drawing.add(part, name, { name: own, type, args: [...args], external: true });
    return `${own}${this.literal(args)}${inner ?? ""}`;
  }

  /** Null for a leaf. */
  private below(part: Part, type: string, { other, depth }: { other: Part; depth: number }): string | null {
    const { random, keys, pets } = this.plot;
    const there = pieceOf(other, type);
    if (!there) return null;
    if (depth > 1 || this.plot.isBad) return "";
    if (there.kind !== "type") return this.kinds(part, other, there.kind === "union" ? there.members : pets);
    const own = pieceOf(part, type)?.fields.filter((field) => !field.external && !field.requires && !field.override) ?? [];
    const able = [
      ...(keys.has(type) ? this.foreign(part, type) : []),
      ...there.fields.concat(own).map((field) => ({ part: other, field })),
    ];
    const leaves = able.filter(({ field }) => !field.external && !field.name.startsWith("bad") && field.name !== "ver");
    const chosen = some(random, leaves, 1).slice(0, 1 + random(2));
    const texts = new Set(
      chosen
        .filter((place) => this.drawing.isAllowed(part, named(place.field.type)))
        .map((place) => this.input(part, type, place, depth + 1)),
    );
    return [...texts].filter(Boolean).length > 0 ? ` { ${[...texts].filter(Boolean).join(" ")} }` : "";
  }

  private kinds(part: Part, other: Part, members: readonly string[]): string {
    const here = pieceOf(part, "Pet");
    if (!here || !once(this.plot.random, 3)) return "";
    const known = members.filter((name) => pieceOf(other, name) && pieceOf(part, name));
    const texts = known.map((name) => `... on ${name}${this.below(part, name, { other, depth: 1 }) || " { __typename }"}`);
    return texts.length > 0 ? ` { ${texts.join(" ")} }` : "";
  }

  private literal(args: readonly string[]): string {
    const { random } = this.plot;
    if (args.length === 0 || once(random, 3)) return "";
    const [name] = (args[0] as string).split(":");
    return { x: `(x: ${random(3)})`, c: `(c: ${pick(random, ["RED", "GREEN"])})` }[name as string] ?? "";
  }

  provide(part: Part, piece: Piece): void {
    const { random } = this.plot;
    const kindOf = ({ type }: Field) => pieceOf(part, named(type))?.kind ?? "interfaceObject";
    const able = piece.fields.filter((field) => !field.external && !field.requires && kindOf(field) !== "interfaceObject");
    if (able.length === 0) return;
    const field = pick(random, able);
    const text = kindOf(field) === "type" ? this.provided(part, named(field.type)) : this.providedByKind(part, named(field.type));
    if (text !== "" && named(field.type) !== "Query") field.provides = text;
  }

  /** One field of an interface's type. */
  provideByInterface(): void {
    const { parts, random } = this.plot;
    const isFree = ({ external, requires, provides }: Field) => !external && !requires && !provides;
    const places = parts.flatMap((part) =>
      part.pieces.flatMap(({ fields }) => fields.filter(isFree).map((field) => ({ part, field }))),
    );
    const able = places.filter(({ part, field }) => pieceOf(part, named(field.type))?.kind === "interface");
    for (const { part, field } of once(random, 2) ? able : []) {
      field.provides = this.providedOfAll(part, named(field.type)) || undefined;
      if (field.provides) return;
    }
  }

  /** By a field of the interface itself, which each of its types has here or elsewhere: what lies below it there. */
  private providedOfAll(part: Part, name: string): string {
    const types = part.pieces.filter((piece) => piece.kind === "type" && piece.implements.includes("Pet"));
    const others = types.filter((type) => !type.fields.some((field) => field.name === "pal" && !field.external));
    const foreign = others.map((type) =>
      this.foreign(part, type.name).find(({ field }) => field.name === "pal" && !field.requires),
    );
    const [pal] = [...types.flatMap(({ fields }) => fields), ...foreign.map((place) => place?.field)].filter(
      (field) => field?.name === "pal",
    );
    if (!pal || foreign.includes(undefined)) return "";
    const inner = this.provided(part, named(pal.type), 1);
    if (inner === "") return "";
    for (const above of new Set([name, "Pet"])) this.drawing.add(part, above, { name: "pal", type: pal.type, args: [] });
    for (const type of others) {
      this.share(type.name, "pal");
      this.drawing.add(part, type.name, { name: "pal", type: pal.type, args: [], external: true });
    }
    return `pal { ${inner} }`;
  }

  private share(type: string, name: string): void {
    for (const other of this.plot.parts)
      for (const each of pieceOf(other, type)?.fields ?? []) if (each.name === name && !each.external) each.shareable = true;
  }

  /** Below a union or an interface: by the types that it may be of. */
  private providedByKind(part: Part, name: string): string {
    const members = pieceOf(part, name)?.members ?? [];
    const types = part.pieces.filter((piece) => members.includes(piece.name) || piece.implements.includes(name));
    const texts = some(
      this.plot.random,
      types.filter(({ kind }) => kind === "type"),
      1,
    ).map((type) => [type.name, this.provided(part, type.name)]);
    return texts.flatMap(([type, text]) => (text ? [`... on ${type} { ${text} }`] : [])).join(" ");
  }

  private provided(part: Part, name: string, depth = 0): string {
    const { random } = this.plot;
    const able = this.foreign(part, name).filter(
      ({ field }) =>
        !field.requires &&
        field.args.length === 0 &&
        named(field.type) !== "Hue" &&
        this.drawing.isAllowed(part, named(field.type)),
    );
    if (able.length === 0) return "";
    const { field } = pick(random, able);
    const below = named(field.type);
    const isLeaf = LEAVES.has(below);
    const inner = isLeaf ? null : this.providedBelow(part, below, depth);
    if (inner === "") return "";
    this.share(name, field.name);
    const { name: own, type, args } = field;
    this.drawing.add(part, name, { name: own, type, args: [...args], external: true });
    return `${own}${inner ?? ""}`;
  }

  private providedBelow(part: Part, name: string, depth: number): string {
    if (depth > 0 || this.plot.parts.every((each) => pieceOf(each, name)?.kind !== "type")) return "";
    const piece = this.drawing.ensure(part, name);
    const own = piece.fields.filter((field) => !field.external && !field.requires && /^(String|Int|ID|Colour)/.test(field.type));
    const foreign = this.provided(part, name, depth + 1);
    const texts = [foreign, ...(own.length > 0 ? [own[0]?.name] : [])].filter(Boolean);
    return texts.length > 0 ? ` { ${texts.join(" ")} }` : "";
  }

  /** Moves a field: the subgraph that had it still has it, and must not be asked. */
  override(): void {
    const { random, parts, keys } = this.plot;
    const places = parts.flatMap((part) =>
      part.pieces.filter(({ name }) => keys.has(name)).flatMap((piece) => piece.fields.map((field) => ({ part, piece, field }))),
    );
    const able = places.filter(
      ({ field }) => /^(f|bad)/.test(field.name) && !field.shareable && !field.external && !field.provides && !field.requires,
    );
    if (able.length === 0) return;
    const { part, piece, field } = pick(random, able);
    const others = parts.filter((other) => other !== part && pieceOf(other, piece.name));
    const free = others.filter((other) => !pieceOf(other, piece.name)?.fields.some(({ name }) => name === field.name));
    const fit = free.filter((other) => this.drawing.isAllowed(other, named(field.type)));
    if (fit.length > 0)
      this.drawing.add(pick(random, fit), piece.name, {
        ...field,
        override: part.name,
        ...(once(random, 2) && { label: pick(random, ["percent(0)", "later"]) }),
      });
  }

  hide(): void {
    const { random, parts, keys } = this.plot;
    const pieces = parts.flatMap((part) => part.pieces).filter(({ name }) => keys.has(name) || this.plot.values.has(name));
    const fields = pieces
      .flatMap((piece) => piece.fields)
      .filter(
        ({ name, external }) =>
          !external && !this.plot.petKeys.join(" ").includes(name) && !["id", "label", "pal", "say"].includes(name),
      );
    for (const field of some(random, fields, 1).slice(0, 2)) field.inaccessible = true;
  }
}
