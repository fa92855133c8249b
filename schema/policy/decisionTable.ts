import { createHash } from "node:crypto";
import type { Catalogue, CatalogueEntry } from "../sdl/catalogue.ts";
import { isMask } from "./masks.ts";
import { type Decision, decideOutput, decideUse, type Grant, rank } from "./policy.ts";
import type { Effect, Use } from "./words.ts";

/** The most a class (and topic) may open without widening. A missing class is closed. */
export interface Ceiling {
  readonly class: string;
  readonly topic: string | null;
  readonly ceiling: Effect;
}

export type TableVerdict =
  | { readonly effect: "allow"; readonly values?: readonly (string | number)[] }
  | { readonly effect: "transform"; readonly kind: string }
  | {
      readonly effect: "deny";
      readonly code: "FIELD_NOT_GRANTED" | "FIELD_PROHIBITED" | "USE_NOT_GRANTED";
      readonly clause?: string;
      readonly owner?: string;
      readonly instead?: readonly string[];
    };

/** Every decision of one agreement version over one supergraph. Immutable; a check is one map lookup. */
export interface DecisionTable {
  readonly hash: string;
  /** Coordinates that do not exist in this agreement's view of the schema. */
  readonly hidden: ReadonlySet<string>;
  verdict(coordinate: string): TableVerdict;
}

/** Compiles grant rows to a table. Cost: tens of microseconds per thousand coordinates. */
export function compileTable(rows: readonly Grant[], ceilings: readonly Ceiling[], catalogue: Catalogue): DecisionTable {
  const compiler = new Compiler(rows, ceilings, catalogue);
  const verdicts = new Map<string, TableVerdict>();
  const hidden = new Set<string>();
  for (const entry of catalogue.entries.values()) {
    verdicts.set(entry.coordinate, compiler.verdict(entry));
    if (compiler.isHidden(entry)) hidden.add(entry.coordinate);
  }
  return {
    hash: hashOf(rows, ceilings, catalogue),
    hidden,
    verdict: (coordinate) => verdicts.get(coordinate) ?? UNKNOWN,
  };
}

/** What is masked stays text: no number, day or enum value has a masked form. */
const TEXTS = new Set(["String", "ID"]);
const ALLOW: TableVerdict = { effect: "allow" };
const UNKNOWN: TableVerdict = { effect: "deny", code: "FIELD_NOT_GRANTED" };

class Compiler {
  private readonly decisions = new Map<string, Decision>();
  private readonly rowsBySelector: ReadonlyMap<string, readonly Grant[]>;
  private readonly ceilings: readonly Ceiling[];
  private readonly catalogue: Catalogue;

  constructor(rows: readonly Grant[], ceilings: readonly Ceiling[], catalogue: Catalogue) {
    this.rowsBySelector = groupBySelector(inOneOrder(rows)); // equal rows decide equally, however they were read
    this.ceilings = ceilings;
    this.catalogue = catalogue;
  }

  verdict(entry: CatalogueEntry): TableVerdict {
    return entry.kind === "output" ? this.outputVerdict(entry) : this.inputVerdict(entry);
  }

  /** Not granted at all and of a class whose very existence is withheld, with the inputs that ask about it. */
  isHidden(entry: CatalogueEntry): boolean {
    if (entry.kind === "output")
      return entry.classes.some((data) => data.class === "ADMINDUK_84") && this.decide(entry).why === "NOT_GRANTED";
    if (entry.carrier !== null) return this.isHiddenField(entry.carrier);
    return entry.guards.some((guard) => this.isHiddenField(guard.field));
  }

  private isHiddenField(coordinate: string): boolean {
    const field = this.catalogue.entries.get(coordinate);
    return field !== undefined && this.isHidden(field);
  }

  private outputVerdict(entry: CatalogueEntry): TableVerdict {
    const { effect, why, row } = this.decide(entry);
    if (effect === "allow") return ALLOW;
    const kind = effect === "mask" ? (row?.maskFn ?? "null") : effect;
    if (TEXTS.has(entry.type) && (effect === "pseudonym" || (effect === "mask" && isMask(kind))))
      return { effect: "transform", kind };
    return {
      effect: "deny",
      code: why === "NOT_GRANTED" ? "FIELD_NOT_GRANTED" : "FIELD_PROHIBITED",
      ...(row && { clause: row.clause }),
      ...ownerOf(entry),
      ...this.instead(entry, effect),
    };
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
    if (entry.guards.some((guard) => !this.mayUse(guard))) return shut;
    const carrier = entry.carrier === null ? undefined : this.catalogue.entries.get(entry.carrier);
    if (!carrier?.claimOf) return ALLOW; // an unguarded input follows its field, which is judged on its own
    const values = this.thresholds(carrier, entry.coordinate);
    return values ? { effect: "allow", values } : ALLOW;
  }

  private mayUse({ field, use }: { field: string; use: Use }): boolean {
    const guarded = this.catalogue.entries.get(field);
    return guarded !== undefined && decideUse(use, this.rowsFor(guarded, use), this.decide(guarded).effect);
  }

  /** Values the claim row names for this argument. A claim that names none may be asked with none. */
  private thresholds(carrier: CatalogueEntry, argument: string): readonly (string | number)[] | null {
    const source = this.catalogue.entries.get(carrier.claimOf ?? "");
    const decision = source && this.decide(source);
    if (decision?.effect !== "claim") return null;
    const name = argument.slice(argument.indexOf("(") + 1, -2);
    return decision.row?.params?.[name] ?? [];
  }

  /** Decision of an output coordinate, memoised. */
  private decide(entry: CatalogueEntry): Decision {
    const known = this.decisions.get(entry.coordinate);
    if (known) return known;
    const decision = sourceOf(entry) === null ? this.decideOwn(entry) : this.decideSibling(entry);
    this.decisions.set(entry.coordinate, decision);
    return decision;
  }

  private decideOwn(entry: CatalogueEntry): Decision {
    const decision = decideOutput(this.rowsFor(entry, "OUTPUT"), this.ceilingOf(entry));
    // Aggregates are what statistics types are for; everywhere else the effect closes the raw coordinate.
    return entry.isStatistics && decision.effect === "aggregate" ? { ...decision, effect: "allow" } : decision;
  }

  /**
   * A band or claim sibling is open exactly when its source is plain, or closed by that very effect, and its own classes have an
   * open ceiling. Class rows cannot open it.
   */
  private decideSibling(entry: CatalogueEntry): Decision {
    const own = this.rowsFor(entry, "OUTPUT").find((row) => row.effect === "deny");
    if (own) return { effect: "deny", why: "PROHIBITED", row: own };
    const source = this.catalogue.entries.get(sourceOf(entry) ?? "");
    if (!source) return { effect: "deny", why: "NOT_GRANTED" };
    const decision = this.decide(source);
    const opens = decision.effect === "allow" || decision.effect === (entry.bandOf === null ? "claim" : "band");
    if (opens && this.ceilingOf(entry) === "allow") return { ...decision, effect: "allow", why: "GRANTED" };
    return decision.why === "NOT_GRANTED" ? decision : { ...decision, effect: "deny", why: "PROHIBITED" };
  }

  private rowsFor(entry: CatalogueEntry, use: Use): readonly Grant[] {
    const classes = entry.classes.flatMap((data) =>
      (this.rowsBySelector.get(data.class) ?? []).filter(
        (row) => row.kind === "class" && (row.topic === null || row.topic === data.topic),
      ),
    );
    const own = (this.rowsBySelector.get(entry.coordinate) ?? []).filter((row) => row.kind === "coordinate");
    return [...own, ...classes].filter((row) => row.use === use); // on a tie the coordinate's own row speaks, with its clause and thresholds
  }

  /** Strictest ceiling of every class stated for the coordinate; a class without a rule is closed. */
  private ceilingOf(entry: CatalogueEntry): Effect {
    const effects = entry.classes.map((data) => {
      const rules = this.ceilings.filter((rule) => rule.class === data.class);
      const rule =
        rules.find((candidate) => candidate.topic === data.topic) ?? rules.find((candidate) => candidate.topic === null);
      return rule?.ceiling ?? "deny";
    });
    return effects.reduce((a, b) => (rank(b) > rank(a) ? b : a), entry.classes.length === 0 ? "deny" : "allow");
  }
}

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
function hashOf(rows: readonly Grant[], ceilings: readonly Ceiling[], catalogue: Pick<Catalogue, "hash">): string {
  const text = [
    rows.map((row) => JSON.stringify(row)).sort(),
    ceilings.map((rule) => JSON.stringify(rule)).sort(),
    catalogue.hash,
  ];
  return createHash("sha256").update(JSON.stringify(text)).digest("base64url");
}
