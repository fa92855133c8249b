import { chainOf, resolved, spelled } from "../block/derive.ts";
import { type CompiledKey, compileKey } from "../block/key.ts";
import { isPerWord, type Part, partOf } from "../block/part.ts";
import { type Compared, compileComparisons } from "../compare/compile.ts";
import type { Column, Expression, Key, LinkSpec } from "../spec.ts";
import type { LexiconKind } from "../table/forms.ts";
import { Lexicon, type LexiconData, type Reserve } from "../table/lexicon.ts";
import { type Layout, type Lexica, layoutOf, lexiconKind } from "../table/table.ts";

/** The parts of a spec that depend on nothing but itself: where cells lie and which words have which derivations. */
export interface Frame {
  readonly spec: LinkSpec;
  readonly layout: Layout;
  /** Derivations worked out once a word, by kind of lexicon, in the order of its `derived`. */
  readonly derivations: ReadonlyMap<
    LexiconKind,
    readonly { readonly spelling: string; readonly derive: (text: string) => string | null }[]
  >;
  /** Columns that are derived, with what they are derived from; they are cells like any other. */
  readonly derivedColumns: readonly { readonly column: Column; readonly expression: Expression }[];
}

export function frameOf(spec: LinkSpec): Frame {
  const derivedColumns = derivedIn(spec);
  const layout = layoutOf([...spec.columns, ...derivedColumns.map(({ column }) => column)]);
  const derivations = new Map<LexiconKind, { spelling: string; derive: (text: string) => string | null }[]>();
  const parts = [...spec.blocking.keys, ...spec.strata, ...spec.training.keys].flatMap((key) => key.parts);
  for (const part of [...parts, ...spec.blocking.refineBy].flatMap((part) => chainsIn(resolved(part, spec.derive)))) {
    const chain = isPerWord(part, layout) ? chainOf(part) : null;
    const column = chain && layout.places.get(chain.column)?.column;
    const kind = column ? lexiconKind(column) : null;
    if (!chain || kind === null) continue;
    const known = derivations.get(kind) ?? [];
    if (!known.some(({ spelling }) => spelling === spelled(part))) known.push({ spelling: spelled(part), derive: chain.derive });
    derivations.set(kind, known);
  }
  return { spec, layout, derivations, derivedColumns };
}

/** The expression itself, or what it is made of where it joins several. */
function chainsIn(expression: Expression): Expression[] {
  return chainOf(expression) || "column" in expression ? [expression] : expression.of.flatMap(chainsIn);
}

/** Derivations that a comparison is on. */
function derivedIn({ columns, derive, comparisons }: LinkSpec): Frame["derivedColumns"] {
  const own = new Set(columns.map(({ name }) => name));
  const used = new Set(comparisons.flatMap(({ on, swapWith }) => (swapWith === null ? [on] : [on, swapWith])));
  return [...used].flatMap((name) => {
    const expression = derive.get(name);
    if (own.has(name) || !expression) return [];
    return [{ column: { name, as: "text" as const, format: null }, expression: resolved(expression, derive) }];
  });
}

export function newLexica({ derivations, layout }: Frame): Lexica {
  const kinds = new Set(Array.from(layout.places.values(), ({ column }) => lexiconKind(column)).filter((kind) => kind !== null));
  return new Map(Array.from(kinds, (kind) => [kind, new Lexicon(kind, derivesOf(derivations, kind))]));
}

export function attachLexica({ derivations }: Frame, data: readonly LexiconData[], reserve: Reserve): Lexica {
  return new Map(data.map((lexicon) => [lexicon.kind, Lexicon.attach(lexicon, derivesOf(derivations, lexicon.kind), reserve)]));
}

const derivesOf = (derivations: Frame["derivations"], kind: LexiconKind) =>
  (derivations.get(kind) ?? []).map(({ derive }) => derive);

/** Functions over cells, made from a frame and lexica that no longer grow. */
export interface Functions {
  readonly comparisons: readonly Compared[];
  readonly keys: readonly CompiledKey[];
  readonly strata: readonly CompiledKey[];
  readonly training: readonly CompiledKey[];
  readonly refiners: readonly Part[];
  readonly exact: CompiledKey | null;
}

export function functionsOf({ spec, layout, derivations }: Frame, lexica: Lexica): Functions {
  const partsOf = (expressions: readonly Expression[]) =>
    expressions.map((expression) => partOf(resolved(expression, spec.derive), { layout, lexica, derived: derivations }));
  const compiled = (key: Key) => compileKey(key, partsOf(key.parts));
  const exact = spec.exact && { parts: [{ column: spec.exact.on }], maxGroup: Number.POSITIVE_INFINITY };
  return {
    comparisons: compileComparisons(spec, layout, lexica),
    keys: spec.blocking.keys.map(compiled),
    strata: spec.strata.map(compiled),
    training: (spec.training.keys.length > 0 ? spec.training.keys : spec.blocking.keys).map(compiled),
    refiners: partsOf(spec.blocking.refineBy),
    exact: exact && compiled(exact),
  };
}
