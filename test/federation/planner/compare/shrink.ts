import { type ASTNode, BREAK, type DocumentNode, Kind, parse, print, type SelectionSetNode, validate, visit } from "graphql";
import { printWorld } from "../world/sdl.ts";
import { type Field, LEAVES, named, type Part, type Piece, type World } from "../world/world.ts";
import { type Compose, type Difference, differ, kindOf, type Twin, twinOf } from "./compare.ts";

export interface Found {
  readonly world: World;
  readonly difference: Difference;
}

/** Takes things away one by one, as long as it goes on differing, until nothing can go or so much of the processor is spent. */
export async function shrink(found: Found, ms: number, compose?: Compose): Promise<Found> {
  const until = spent() + ms;
  const smallerQuestion: Step = (best, at) => lessAsked(best, at, compose);
  const smallerWorld: Step = (best, at) => lessPublished(best, at, compose);
  let best = found;
  for (let before: Found | undefined; before !== best && spent() < until; ) {
    before = best;
    best = await pass(best, until, smallerQuestion);
    best = await pass(best, until, smallerWorld);
  }
  return best;
}

const spent = () => process.cpuUsage().user / 1000;

type Step = (found: Found, at: number) => Promise<Found | "same" | "end">;

/** What could not go is not tried again in this pass: the next stands in its place. */
async function pass(found: Found, until: number, step: Step): Promise<Found> {
  let best = found;
  for (let at = 0; spent() < until; ) {
    const next = await step(best, at).catch(() => "same" as const);
    if (next === "end") break;
    if (next === "same") at += 1;
    else best = next;
  }
  return best;
}

let lastTwin: { readonly world: World; readonly twin: Twin } | undefined;

async function lessAsked({ world, difference }: Found, at: number, compose?: Compose): Promise<Found | "same" | "end"> {
  if (lastTwin?.world !== world) lastTwin = { world, twin: twinOf(world, compose) };
  const { document, denied } = difference;
  const [gone] = denied.slice(at, at + 1);
  const candidate = gone ? parse(document) : nth(questionsBelow(parse(document, { noLocation: true })), at - denied.length);
  if (!candidate) return "end";
  const text = print(candidate);
  if (validate(lastTwin.twin.schema, parse(text)).length > 0 || (!gone && text.length >= print(parse(document)).length))
    return "same";
  const smaller = await differ(
    lastTwin.twin,
    text,
    denied.filter((each) => each !== gone),
  );
  return smaller && kindOf(smaller) === kindOf(difference) ? { world, difference: smaller } : "same";
}

function nth<T>(values: Iterable<T>, at: number): T | undefined {
  let left = at;
  for (const value of values) if (left-- === 0) return value;
  return undefined;
}

/** The operation with one thing less each, the largest first. */
function* questionsBelow(document: DocumentNode): Generator<DocumentNode> {
  const places: { readonly node: ASTNode; readonly lift: boolean }[] = [];
  visit(document, {
    Field: (node) => void places.push({ node, lift: false }),
    InlineFragment: (node) => void places.push({ node, lift: false }, { node, lift: true }),
    FragmentSpread: (node) => void places.push({ node, lift: false }, { node, lift: true }),
    Directive: (node) => void places.push({ node, lift: false }),
    Argument: (node) => void places.push({ node, lift: false }),
  });
  for (const { node, lift } of places) yield tidied(without(document, node, lift));
  for (const { node } of places)
    if (node.kind === Kind.FIELD && node.alias) yield tidied(replaced(document, node, { ...node, alias: undefined } as never));
}

const replaced = (document: DocumentNode, old: ASTNode, fresh: ASTNode | null): DocumentNode => {
  let isDone = false;
  return visit(document, {
    enter(node) {
      if (isDone || node !== old) return undefined;
      isDone = true;
      return fresh;
    },
  });
};

function without(document: DocumentNode, old: ASTNode, lift: boolean): DocumentNode {
  if (!lift) return replaced(document, old, null);
  const below = old.kind === Kind.INLINE_FRAGMENT ? old.selectionSet : fragmentOf(document, old);
  if (!below) return document;
  if (old.kind === Kind.FRAGMENT_SPREAD) {
    const { typeCondition, selectionSet } = below as never as { typeCondition: never; selectionSet: never };
    return replaced(document, old, { kind: Kind.INLINE_FRAGMENT, typeCondition, selectionSet, directives: [] });
  }
  return visit(document, {
    SelectionSet: (node) => {
      const at = node.selections.indexOf(old as never);
      if (at < 0) return undefined;
      return {
        ...node,
        selections: [
          ...node.selections.slice(0, at),
          ...(below as SelectionSetNode).selections,
          ...node.selections.slice(at + 1),
        ],
      };
    },
  });
}

const fragmentOf = (document: DocumentNode, node: ASTNode) =>
  document.definitions.find(
    (each) => each.kind === Kind.FRAGMENT_DEFINITION && node.kind === Kind.FRAGMENT_SPREAD && each.name.value === node.name.value,
  );

/** Without empty selections, fragments that nobody spreads and variables that nobody uses. */
function tidied(document: DocumentNode): DocumentNode {
  const used = new Set<string>();
  const full = visit(document, {
    SelectionSet: { leave: (node) => (node.selections.length === 0 ? null : undefined) },
    InlineFragment: { leave: (node) => (node.selectionSet ? undefined : null) },
    FragmentDefinition: { leave: (node) => (node.selectionSet ? undefined : null) },
    OperationDefinition: { leave: (node) => (node.selectionSet ? undefined : null) },
  });
  const collect = { FragmentSpread: (node: { name: { value: string } }) => void used.add(node.name.value) };
  visit(full, collect);
  const spread = {
    ...full,
    definitions: full.definitions.filter((node) => node.kind !== Kind.FRAGMENT_DEFINITION || used.has(node.name.value)),
  };
  const text = print(spread);
  return visit(spread, {
    VariableDefinition: (node) => (new RegExp(`\\$${node.variable.name.value}\\b(?!:)`).test(text) ? undefined : null),
    Document: { leave: () => BREAK as never },
  }) as DocumentNode;
}

async function lessPublished({ world, difference }: Found, at: number, compose?: Compose): Promise<Found | "same" | "end"> {
  const { document, denied } = difference;
  const remove = nth(removals(world), at);
  if (!remove) return "end";
  const smaller = structuredClone(world);
  remove(smaller);
  tidyWorld(smaller);
  if (JSON.stringify(smaller).length >= JSON.stringify(world).length) return "same";
  const twin = twinOf(smaller, compose); // throws where it does not compose
  // Validation says nothing of a root type that is not there.
  const isRooted = !/\bmutation\b/.test(document) || twin.schema.getMutationType();
  if (!isRooted || validate(twin.schema, parse(document)).length > 0) return "same";
  const still = await differ(twin, document, denied);
  return still && kindOf(still) === kindOf(difference) ? { world: smaller, difference: still } : "same";
}

/** Ways to take one thing from a world, the largest first. */
function* removals(world: World): Generator<(copy: World) => void> {
  for (const at of world.parts.keys()) yield (copy) => void copy.parts.splice(at, 1);
  const names = new Set(world.parts.flatMap(({ pieces }) => pieces.map(({ name }) => name)));
  for (const name of names) yield (copy) => forget(copy, name);
  for (const at of new Set(world.parts.flatMap(({ pieces }) => pieces.flatMap(({ fields }) => fields.map(({ name }) => name)))))
    yield (copy) => everyField(copy, (fields) => fields.filter(({ name }) => name !== at));
  for (const [p, part] of world.parts.entries()) {
    for (const [t, piece] of part.pieces.entries()) {
      yield (copy) => void copy.parts[p]?.pieces.splice(t, 1);
      yield* pieceRemovals(piece, (copy) => copy.parts[p]?.pieces[t] as Piece);
    }
  }
}

const MARKS = ["requires", "provides", "override", "inaccessible", "shareable"] as const;

function* pieceRemovals(piece: Piece, of: (copy: World) => Piece): Generator<(copy: World) => void> {
  for (const list of ["fields", "keys", "members", "implements"] as const)
    for (const at of piece[list].keys()) yield (copy) => void of(copy)[list].splice(at, 1);
  for (const [at, field] of piece.fields.entries()) yield* fieldRemovals(field, (copy) => of(copy).fields[at] as Field);
}

function* fieldRemovals(field: Field, of: (copy: World) => Field): Generator<(copy: World) => void> {
  for (const mark of MARKS) if (field[mark]) yield (copy) => void delete of(copy)[mark];
  for (const less of setsBelow(field.requires)) yield (copy) => void Object.assign(of(copy), { requires: less });
  for (const less of setsBelow(field.provides)) yield (copy) => void Object.assign(of(copy), { provides: less });
  const bare = (each: Field) => (each.name === field.name ? { ...each, args: [] } : each);
  if (field.args.length > 0) yield (copy) => everyField(copy, (fields) => fields.map(bare));
}

/** A field set with one selection less each. */
const setsBelow = (text: string | undefined): string[] => {
  if (text === undefined) return [];
  const document = parse(`{${text}}`, { noLocation: true });
  const places: ASTNode[] = [];
  visit(document, { Field: (node) => void places.push(node), InlineFragment: (node) => void places.push(node) });
  const less = places.map((node) => replaced(document, node, null)).filter((each) => !isHollow(each));
  return less.map((each) => print(each).replace(/\s+/g, " ").slice(1, -1).trim());
};

function isHollow(document: DocumentNode): boolean {
  const empty: ASTNode[] = [];
  visit(document, { SelectionSet: (node) => void (node.selections.length === 0 && empty.push(node)) });
  return empty.length > 0;
}

function everyField(world: World, change: (fields: Field[]) => Field[]): void {
  for (const piece of world.parts.flatMap(({ pieces }) => pieces)) piece.fields = change(piece.fields);
}

function forget(world: World, gone: string): void {
  for (const part of world.parts) {
    part.pieces = part.pieces.filter(({ name }) => name !== gone);
    for (const piece of part.pieces) {
      piece.implements = piece.implements.filter((name) => name !== gone);
      piece.members = piece.members.filter((name) => name !== gone);
      piece.fields = piece.fields.filter(({ type }) => named(type) !== gone);
    }
  }
}

/** What nothing leads to any more goes, too: @external fields that nobody needs, types that no field of the subgraph gives. */
function tidyWorld(world: World): void {
  for (const part of world.parts) {
    const sets = part.pieces.flatMap(({ fields, keys }) => [
      ...fields.flatMap(({ requires, provides }) => [requires, provides]),
      ...keys.map((key) => key.fields),
    ]);
    const needed = new Set(sets.filter((set) => set !== undefined).flatMap((set) => set.match(/\w+/g) ?? []));
    for (const piece of part.pieces) piece.fields = piece.fields.filter(({ external, name }) => !external || needed.has(name));
    part.pieces = part.pieces.filter(({ kind, fields, members }) => (kind === "union" ? members : fields).length > 0);
    const known = new Set(part.pieces.map(({ name }) => name));
    const isKnown = (type: string) => known.has(type) || LEAVES.has(type) || type === "Query";
    for (const piece of part.pieces) {
      piece.members = piece.members.filter((name) => known.has(name));
      piece.implements = piece.implements.filter((name) => known.has(name));
      piece.fields = piece.fields.filter(({ type }) => isKnown(named(type)));
    }
    part.pieces = part.pieces.filter((piece) => piece.keys.length > 0 || isReached(part, piece));
  }
  world.parts = world.parts.filter(({ pieces }) => pieces.length > 0);
}

const isReached = (part: Part, { name, implements: above }: Piece): boolean =>
  ["Query", "Mutation"].includes(name) ||
  part.pieces.some(
    ({ fields, members }) => members.includes(name) || fields.some(({ type }) => [name, ...above].includes(named(type))),
  );

/** For whoever has to find the fault. */
export function told({ world, difference }: Found): string {
  const { document, denied, wanted, received } = difference;
  return [
    printWorld(world),
    `# salt ${world.salt}`,
    print(parse(document)),
    ...(denied.length > 0 ? [`# denied: ${denied.join(", ")}`] : []),
    `# wanted   ${wanted.data}${wanted.hasErrors ? " with errors" : ""}`,
    `# received ${received.data}${received.hasErrors ? " with errors" : ""}`,
    ...received.faults.slice(0, 5).map((fault) => `# ${fault}`),
  ].join("\n");
}
