import { createHash } from "node:crypto";
import type { Text } from "../errors.ts";
import type { Catalogue, CatalogueEntry } from "../sdl/catalogue.ts";
import { parseRegionCode, type RegionRange, regionRange } from "../values/regionCode.ts";
import { CLOSED, isMask, kindOfAll, type MaskKind, type RowRule, SUBJECT_FLAGS, type SubjectFlag } from "./masks.ts";
import { type Decision, decideOutput, decideUse, type Grant, judgedRows } from "./policy.ts";
import { type DataClass, type Effect, USES, type Use } from "./words.ts";

/** The most a class (and topic) may open without widening. A missing class is closed. */
export interface Ceiling {
  readonly class: string;
  readonly topic: string | null;
  readonly ceiling: Effect;
}

/**
 * `values`: the only ones an argument may take. `rows`: where a row is treated more strictly than the verdict says. `reason`: of those who decide without
 * a table.
 */
export type TableVerdict =
  | { readonly effect: "allow"; readonly values?: readonly (string | number)[]; readonly rows?: readonly RowRule[] }
  | { readonly effect: "transform"; readonly kind: string; readonly rows?: readonly RowRule[] }
  | {
      readonly effect: "deny";
      readonly code: "FIELD_NOT_GRANTED" | "FIELD_PROHIBITED" | "USE_NOT_GRANTED";
      readonly reason?: Text;
      readonly clause?: string;
      readonly owner?: string;
      readonly instead?: readonly string[];
    };

/** Every decision of one agreement version over one supergraph. Immutable; a check is one map lookup. */
export interface DecisionTable {
  /** Equal hash ⇒ equal verdicts and equal hidden set. */
  readonly hash: string;
  /** Coordinates that do not exist in this agreement's view of the schema. */
  readonly hidden: ReadonlySet<string>;
  verdict(coordinate: string): TableVerdict;
}

/** What a version's grants are compiled with. */
export interface Compiling {
  readonly ceilings: readonly Ceiling[];
  readonly catalogue: Catalogue;
  /** Coordinates its rows reached when it was submitted: no other is open, whatever was published since. Absent: not submitted yet. */
  readonly pinned?: ReadonlySet<string> | undefined;
}

/**
 * Coordinates the rows reach: fields that any row speaks of, and guarded inputs that are open. What a version pins when it is submitted,
 * so that to publish a schema never widens it. Sorted.
 */
export function reachOf(rows: readonly Grant[], { ceilings, catalogue }: Omit<Compiling, "pinned">): string[] {
  const compiler = new Compiler(rows, { ceilings, catalogue });
  return [...catalogue.entries.values()]
    .filter((entry) => compiler.isReached(entry))
    .map(({ coordinate }) => coordinate)
    .sort();
}

/** The rules a table's output verdicts come from, for whoever explains them. Memoised: ask one object about many entries. */
export interface Ruling {
  /** Rows that speak of a use of a field: its own before those of its classes. */
  rowsFor(entry: CatalogueEntry, use: Use): readonly Grant[];
  /** The ceiling of each class stated for an entry, in their order; of one that states none `deny` alone. */
  ceilingsOf(entry: CatalogueEntry): readonly Effect[];
  /** Decision of an output, before the form in which its rows show it. */
  decide(entry: CatalogueEntry): Decision;
  /** What the table says of an entry. */
  verdict(entry: CatalogueEntry): TableVerdict;
  /** Whether a field may be used so, through whatever input asks for it. */
  mayUse(guard: Guard): boolean;
}

type Guard = CatalogueEntry["guards"][number];

/** The rules by which compileTable judges these rows. */
export const rulingOf = (rows: readonly Grant[], compiling: Compiling): Ruling => new Compiler(rows, compiling);

/** Compiles grant rows to a table. Cost: a few milliseconds per thousand coordinates. */
export function compileTable(rows: readonly Grant[], compiling: Compiling): DecisionTable {
  const { catalogue } = compiling;
  const compiler = new Compiler(rows, compiling);
  const verdicts = new Map<string, TableVerdict>();
  const hidden = new Set<string>();
  for (const entry of catalogue.entries.values()) {
    verdicts.set(entry.coordinate, compiler.verdict(entry));
    if (compiler.isHidden(entry)) hidden.add(entry.coordinate);
  }
  return {
    hash: hashOf(rows, compiling),
    hidden,
    verdict: (coordinate) => verdicts.get(coordinate) ?? UNKNOWN,
  };
}

/**
 * Class by subject (UU 27/2022 art. 4(2)): whoever has the flag, every governed coordinate of their row counts as SPECIFIC under this topic as
 * well. A disability has no topic: under HEALTH, which no agreement opens, the very gap in an answer would tell it.
 */
const RISES = { CHILD: "CHILD", DISABILITY: null, STIGMA: null } as const satisfies Record<SubjectFlag, string | null>;
/** As what a coordinate is judged: as it stands, or as one of a subject with a flag. */
type As = SubjectFlag | null;

/** What is masked stays text: no number, day or enum value has a masked form. */
const TEXTS = new Set(["String", "ID"]);
const ALLOW: TableVerdict = { effect: "allow" };
const UNKNOWN: TableVerdict = { effect: "deny", code: "FIELD_NOT_GRANTED" };
const NOT_GRANTED: Decision = { effect: "deny", why: "NOT_GRANTED" };
/** Classes of which not even the existence is told to whom nothing of it is granted. */
const WITHHELD: ReadonlySet<DataClass> = new Set(["ADMINDUK_84", "ADMINISTRATION"]);

class Compiler implements Ruling {
  private readonly decisions = new Map<string, Decision>();
  private readonly rowsBySelector: ReadonlyMap<string, readonly Grant[]>;
  private readonly ceilings: readonly Ceiling[];
  private readonly catalogue: Catalogue;
  private readonly pinned: ReadonlySet<string> | undefined;

  constructor(rows: readonly Grant[], { ceilings, catalogue, pinned }: Compiling) {
    this.rowsBySelector = groupBySelector(inOneOrder(rows)); // equal rows decide equally, however they were read
    this.ceilings = ceilings;
    this.catalogue = catalogue;
    this.pinned = pinned;
  }

  verdict(entry: CatalogueEntry): TableVerdict {
    return entry.kind === "output" ? this.outputVerdict(entry) : this.inputVerdict(entry);
  }

  isReached(entry: CatalogueEntry): boolean {
    if (entry.kind === "output")
      return USES.some((use) => this.rowsFor(entry, use).length > 0) || this.decide(entry).why !== "NOT_GRANTED";
    return entry.guards.length > 0 && this.inputVerdict(entry).effect === "allow";
  }

  private isPinned({ coordinate }: CatalogueEntry): boolean {
    return this.pinned?.has(coordinate) ?? true;
  }

  /** Not granted at all and of a class whose very existence is withheld, with the inputs that ask about it. */
  isHidden(entry: CatalogueEntry): boolean {
    if (entry.kind === "output")
      return entry.classes.some((data) => WITHHELD.has(data.class)) && this.decide(entry).why === "NOT_GRANTED";
    if (entry.carrier !== null) return this.isHiddenField(entry.carrier);
    return entry.guards.some((guard) => this.isHiddenField(guard.field));
  }

  private isHiddenField(coordinate: string): boolean {
    const field = this.catalogue.entries.get(coordinate);
    return field !== undefined && this.isHidden(field);
  }

  private outputVerdict(entry: CatalogueEntry): TableVerdict {
    const decision = this.decide(entry);
    const own = maskOf(entry, decision);
    if (decision.effect !== "allow" && own === null) return this.denied(entry, decision);
    const rules = this.rulesOf(entry);
    const everywhere = rules.filter((rule) => !rule.flag && !rule.home);
    const held: RowRule[] = own === null ? everywhere : [{ kind: own }, ...everywhere];
    const kind = together(held);
    if (everywhere.length > 0 && kind === CLOSED) return this.denied(entry, decision);
    const others = rules.filter((rule) => !everywhere.includes(rule));
    const rows = hidesTwoMasks(kind, [...held, ...others])
      ? [...held, ...others].filter((rule) => rule.kind !== kind)
      : others.filter((rule) => kindOfAll([kind, rule.kind]) !== kind);
    return { ...(kind === null ? ALLOW : { effect: "transform", kind }), ...(rows.length > 0 && { rows }) };
  }

  private denied(entry: CatalogueEntry, { effect, why, row }: Decision): TableVerdict {
    return {
      effect: "deny",
      code: why === "NOT_GRANTED" ? "FIELD_NOT_GRANTED" : "FIELD_PROHIBITED",
      ...(row && { clause: row.clause }),
      ...ownerOf(entry),
      ...this.instead(entry, effect),
    };
  }

  /** Where rows are treated more strictly than the decision says: away from home, and where the subject raises the class. */
  private rulesOf(entry: CatalogueEntry): RowRule[] {
    return [...this.awayRules(entry, null), ...this.flagsOf(entry).flatMap((flag) => this.flagRules(entry, flag))];
  }

  private flagRules(entry: CatalogueEntry, flag: SubjectFlag): RowRule[] {
    const decision = this.decide(entry, flag);
    const kind = maskOf(entry, decision) ?? closedKind(entry);
    const away = this.awayRules(entry, flag).map((rule) => ({ ...rule, flag }));
    return decision.effect === "allow" ? away : [{ kind, flag }, ...away];
  }

  /** Away from the home of a row its `elsewhere` holds; of a sibling the source is masked there, so that it is closed. */
  private awayRules(entry: CatalogueEntry, as: As): RowRule[] {
    const source = this.sourceEntry(entry);
    const hasRegion = this.placesOf(entry)?.region != null;
    return (source ? judgedRows(this.rowsFor(source, "OUTPUT", as)) : []).flatMap(({ home, elsewhere }) => {
      if (!home) return [];
      const isShown =
        source === entry && elsewhere !== null && elsewhere !== CLOSED && isMask(elsewhere) && TEXTS.has(entry.type);
      const kind = isShown ? elsewhere : closedKind(entry);
      return [hasRegion ? { kind, home: rangesOf(home) } : { kind }];
    });
  }

  private placesOf({ coordinate }: CatalogueEntry) {
    return this.catalogue.rowPlaces.get(coordinate.slice(0, coordinate.indexOf(".")));
  }

  /** The flags that may raise a coordinate: of governed ones on types whose rows tell theirs. */
  private flagsOf(entry: CatalogueEntry): readonly SubjectFlag[] {
    return this.placesOf(entry)?.flags && entry.classes.some((data) => data.class !== "PUBLIC") ? SUBJECT_FLAGS : [];
  }

  /** What stands open in place of a field closed by band or claim. */
  private instead(entry: CatalogueEntry, effect: Effect): { instead?: readonly string[] } {
    if (effect !== "band" && effect !== "claim") return {};
    const siblings = [...this.catalogue.entries.values()].filter((other) => sourceOf(other) === entry.coordinate);
    const open = siblings.filter((other) => this.decide(other).effect === "allow").map((other) => other.coordinate);
    return open.length > 0 ? { instead: open } : {};
  }

  private inputVerdict(entry: CatalogueEntry): TableVerdict {
    const shut = { effect: "deny", code: "USE_NOT_GRANTED", ...ownerOf(entry) } as const;
    if (entry.guards.length > 0 && !this.isPinned(entry)) return shut;
    if (entry.guards.some((guard) => !this.mayUse(guard))) return shut;
    const carrier = entry.carrier === null ? undefined : this.catalogue.entries.get(entry.carrier);
    if (!carrier?.claimOf) return ALLOW; // an unguarded input follows its field, which is judged on its own
    const values = this.thresholds(carrier, entry.coordinate);
    return values ? { effect: "allow", values } : ALLOW;
  }

  mayUse({ field, use }: Guard): boolean {
    const guarded = this.catalogue.entries.get(field);
    if (guarded === undefined || !this.isPinned(guarded)) return false;
    const { effect } = this.decide(guarded);
    return decideUse(use, this.rowsFor(guarded, use), effect === "allow" && !this.isPlainInAllRows(guarded) ? "mask" : effect);
  }

  /**
   * Whether the rows grant every subject's value as openly, wherever it lies: a condition would ask the others out of it. The ceiling of a risen
   * class is left out: it says what may leave, for everybody alike, and would close every condition on persons. Figures have no subject.
   */
  private isPlainInAllRows(entry: CatalogueEntry): boolean {
    const source = this.sourceEntry(entry);
    if (!source) return false;
    const risen = entry.isStatistics ? [] : this.flagsOf(entry);
    const rowsOf = (as: As) => this.rowsFor(source, "OUTPUT", as);
    return (
      [null, ...risen].every((as) => judgedRows(rowsOf(as)).every(({ home }) => !home)) &&
      risen.every((as) => this.opens(entry, released(source, decideOutput(rowsOf(as))).effect))
    );
  }

  /** Whether that effect on its source leaves an entry open: plain does, and of a band or claim the very effect. */
  private opens(entry: CatalogueEntry, effect: Effect): boolean {
    if (sourceOf(entry) === null) return effect === "allow";
    return effect === "allow" || effect === (entry.bandOf === null ? "claim" : "band");
  }

  /** Values that every claim row names for this argument. A claim that names none may be asked with none. */
  private thresholds(carrier: CatalogueEntry, argument: string): readonly (string | number)[] | null {
    const source = this.catalogue.entries.get(carrier.claimOf ?? "");
    if (!source || this.decide(source).effect !== "claim") return null;
    const name = argument.slice(argument.indexOf("(") + 1, -2);
    const claims = judgedRows(this.rowsFor(source, "OUTPUT")).filter(({ effect }) => effect === "claim");
    const named = claims.map(({ params }) => params?.[name] ?? []);
    return (named[0] ?? []).filter((value) => named.every((values) => values.includes(value)));
  }

  /** Decision of an output coordinate, memoised. */
  decide(entry: CatalogueEntry, as: As = null): Decision {
    const key = as === null ? entry.coordinate : `${as} ${entry.coordinate}`;
    const known = this.decisions.get(key);
    if (known) return known;
    const decision = this.isPinned(entry) ? this.decideAny(entry, as) : NOT_GRANTED;
    this.decisions.set(key, decision);
    return decision;
  }

  private decideAny(entry: CatalogueEntry, as: As): Decision {
    return sourceOf(entry) === null ? this.decideOwn(entry, as) : this.decideSibling(entry, as);
  }

  private decideOwn(entry: CatalogueEntry, as: As): Decision {
    return released(entry, decideOutput(this.rowsFor(entry, "OUTPUT", as), ...this.ceilingsOf(entry, as)));
  }

  /**
   * A band or claim sibling is open exactly when its source is plain, or closed by that very effect, and its own classes have an
   * open ceiling. Class rows cannot open it.
   */
  private decideSibling(entry: CatalogueEntry, as: As): Decision {
    const own = this.rowsFor(entry, "OUTPUT").find((row) => row.effect === "deny");
    if (own) return { effect: "deny", why: "PROHIBITED", row: own };
    const source = this.sourceEntry(entry);
    if (!source) return { effect: "deny", why: "NOT_GRANTED" };
    const decision = this.decide(source, as);
    if (this.opens(entry, decision.effect) && this.ceilingsOf(entry, as).every((effect) => effect === "allow"))
      return { ...decision, effect: "allow", why: "GRANTED" };
    return decision.why === "NOT_GRANTED" ? decision : { ...decision, effect: "deny", why: "PROHIBITED" };
  }

  /** What a sibling is a band or claim of; any other entry is its own source. */
  private sourceEntry(entry: CatalogueEntry): CatalogueEntry | undefined {
    const source = sourceOf(entry);
    return source === null ? entry : this.catalogue.entries.get(source);
  }

  rowsFor(entry: CatalogueEntry, use: Use, as: As = null): readonly Grant[] {
    const classes = classesOf(entry, as).flatMap((data) =>
      (this.rowsBySelector.get(data.class) ?? []).filter((row) => isOfClass(row, data)),
    );
    const own = (this.rowsBySelector.get(entry.coordinate) ?? []).filter((row) => row.kind === "coordinate");
    return [...own, ...classes].filter((row) => row.use === use); // on a tie the coordinate's own row speaks, with its clause and thresholds
  }

  /** The ceiling of every class stated for the coordinate; without a class, or a rule for it, closed. */
  ceilingsOf(entry: CatalogueEntry, as: As = null): readonly Effect[] {
    const effects = classesOf(entry, as).map((data) => ceilingOf(data, this.ceilings));
    return effects.length > 0 ? effects : ["deny"];
  }
}

/** Figures are aggregates already: whatever opens anything opens them. Everywhere else the effect closes the raw coordinate. */
const released = ({ isStatistics }: CatalogueEntry, decision: Decision): Decision =>
  isStatistics && decision.effect !== "deny" ? { ...decision, effect: "allow" } : decision;

/** A class as a coordinate states it. */
interface Stated {
  readonly class: string;
  readonly topic: string | null;
}

/** Whether a row speaks of everything of a class. */
export const isOfClass = ({ kind, selector, topic }: Grant, data: Stated): boolean =>
  kind === "class" && selector === data.class && (topic === null || topic === data.topic);

/** Ceiling of a class: the rule of its topic, else of the whole class; without either closed. */
export function ceilingOf(data: Stated, ceilings: readonly Ceiling[]): Effect {
  const rules = ceilings.filter((rule) => rule.class === data.class);
  return (rules.find(({ topic }) => topic === data.topic) ?? rules.find(({ topic }) => topic === null))?.ceiling ?? "deny";
}

const classesOf = (entry: CatalogueEntry, as: As): readonly { readonly class: DataClass; readonly topic: string | null }[] =>
  as === null ? entry.classes : [{ class: "SPECIFIC", topic: RISES[as] }];

/** The mask a decision shows a text through; null: it shows it plain or not at all. */
function maskOf({ type }: CatalogueEntry, { effect, row }: Decision): MaskKind | null {
  if (!TEXTS.has(type) || (effect !== "mask" && effect !== "pseudonym")) return null;
  const kind = effect === "mask" ? (row?.maskFn ?? CLOSED) : effect;
  return effect === "pseudonym" || isMask(kind) ? kind : null;
}

const together = (rules: readonly RowRule[]): MaskKind | null => kindOfAll(rules.map(({ kind }) => kind));

/** Whether masks that a pseudonym stands for would close where they meet: then a verdict has to name them all. */
const hidesTwoMasks = (kind: MaskKind | null, rules: readonly RowRule[]): boolean =>
  kind === "pseudonym" && together(rules.filter((rule) => rule.kind !== CLOSED)) === CLOSED;

/** A key cannot be null, or its row would go with it: its pseudonym stands there. */
const closedKind = ({ type, isRequired }: CatalogueEntry): MaskKind => (isRequired && TEXTS.has(type) ? "pseudonym" : CLOSED);

/** Codes that are none hold no row: then everything is elsewhere. */
const rangesOf = (codes: readonly string[]): RegionRange[] =>
  codes.flatMap((code) => {
    const known = code === "0" ? code : parseRegionCode(code);
    return known === null ? [] : [regionRange(known)];
  });

const sourceOf = (entry: CatalogueEntry): string | null => entry.bandOf ?? entry.claimOf;
const ownerOf = (entry: CatalogueEntry): { owner?: string } => (entry.owners[0] ? { owner: entry.owners[0] } : {});

function groupBySelector(rows: readonly Grant[]): Map<string, Grant[]> {
  const groups = new Map<string, Grant[]>();
  for (const row of rows) groups.set(row.selector, [...(groups.get(row.selector) ?? []), row]);
  return groups;
}

const inOneOrder = (rows: readonly Grant[]): Grant[] =>
  rows
    .map((row) => [JSON.stringify(row), row] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, row]) => row);

/** Equal rows over an equal catalogue give an equal hash, whatever the order in which they were read. */
function hashOf(rows: readonly Grant[], { ceilings, catalogue, pinned }: Compiling): string {
  const text = [
    rows.map((row) => JSON.stringify(row)).sort(),
    ceilings.map((rule) => JSON.stringify(rule)).sort(),
    catalogue.hash,
    pinned ? [...pinned].sort() : null,
  ];
  return createHash("sha256").update(JSON.stringify(text)).digest("base64url");
}
