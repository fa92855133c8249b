import { setFlagsFromString } from "node:v8";
import { preparsePolicySet, statefulIsAuthorized } from "@cedar-policy/cedar-wasm/nodejs";
import type { Compiling, TableVerdict } from "../../../schema/policy/decisionTable.ts";
import type { Grant } from "../../../schema/policy/policy.ts";
import type { Effect } from "../../../schema/policy/words.ts";
import type { CatalogueEntry } from "../../../schema/sdl/catalogue.ts";
import { type CoordinateEntity, cedarEntity, cedarPolicies, OPENNESS } from "./cedarPolicies.ts";

// V8 of Node 20 dies now and then where it throws an optimised call into WebAssembly away ("unreachable code" in the deoptimizer), and the worker with it
setFlagsFromString("--no-turbo-inline-js-wasm-calls");

/** What a verdict comes down to; two are the same when this is equal. */
export interface Essence {
  readonly effect: TableVerdict["effect"];
  readonly kind?: string;
  readonly code?: string;
  readonly values?: readonly (string | number)[];
}

export const essenceOf = (verdict: TableVerdict): Essence => {
  if (verdict.effect === "transform") return { effect: "transform", kind: verdict.kind };
  if (verdict.effect === "deny") return { effect: "deny", code: verdict.code };
  return { effect: "allow", ...(verdict.values && { values: [...new Set(verdict.values)].sort() }) };
};

/** Effect of an output coordinate as Cedar sees it. */
interface Outcome {
  readonly effect: Effect;
  readonly mask: string | null;
  /** Whether any row speaks for it: otherwise it is not granted, else prohibited. */
  readonly isGranted: boolean;
}

/** What is left of a field of which every row lies away from home: of a mask and a pseudonym the pseudonym, of two masks nothing. */
function everywhere(kinds: ReadonlySet<string>): Essence {
  const masks = [...kinds].filter((kind) => kind !== "pseudonym");
  const kind = kinds.has("pseudonym") ? "pseudonym" : masks.join();
  const isClosed = masks.length > 1 || masks.some((mask) => !["last4", "initials"].includes(mask));
  return isClosed ? { effect: "deny", code: "FIELD_PROHIBITED" } : { effect: "transform", kind };
}

/** Classes a subject gives every governed field of its row: a child's, and those of which a disability or a need is told. */
const OF_SUBJECTS = [
  [{ class: "SPECIFIC", topic: "CHILD" }],
  [{ class: "SPECIFIC", topic: null }],
] as const satisfies CatalogueEntry["classes"][];
/** Of what classes a field is taken to be; undefined: of its own. */
type Taken = (typeof OF_SUBJECTS)[number] | undefined;
type Facts = Readonly<Record<string, string | number | boolean>>;

const FROM_OPEN_TO_CLOSED = (Object.keys(OPENNESS) as Effect[])
  .filter((effect) => effect !== "deny")
  .sort((a, b) => OPENNESS[b] - OPENNESS[a]);
const POLICY_SET = "agreement";
const PRINCIPAL = { type: "Agreement", id: "one" };
const MASKS = ["null", "last4", "initials"];
const ABSENT: Outcome = { effect: "deny", mask: null, isGranted: false };

function saidOfNamed(rows: readonly Grant[]): Map<string, string> {
  const said = new Map<string, string>();
  for (const { kind, selector, use, effect, maskFn, params, ...row } of rows) {
    if (kind !== "coordinate") continue;
    const own = [use, effect, maskFn, params, row.widenReason !== null, row.home !== null, row.elsewhere];
    said.set(selector, `${said.get(selector) ?? ""}${JSON.stringify(own)}`);
  }
  return said;
}

/**
 * One agreement judged by Cedar, question by question. The policy set is kept in Cedar under one name: ask one oracle at a time.
 * Cost: 0.1–0.5 ms a question.
 */
export class CedarOracle {
  private readonly rows: readonly Grant[];
  private readonly compiling: Compiling;
  /** Thresholds tried; a claim may be asked for those of them that are granted. */
  private readonly thresholds: readonly (string | number)[];
  private readonly masks: readonly string[];
  private readonly outcomes = new Map<string, Outcome>();
  private readonly entities = new Map<string, CoordinateEntity>();
  /** Of coordinates that rows name, what those say: all that their policies are made of beside the name. */
  private readonly named: ReadonlyMap<string, string>;
  private readonly answers = new Map<string, boolean>();

  constructor(rows: readonly Grant[], compiling: Compiling, thresholds: readonly (string | number)[] = []) {
    this.rows = rows;
    this.compiling = compiling;
    this.thresholds = [...new Set(thresholds)].sort();
    this.named = saidOfNamed(rows);
    this.masks = [...new Set([...MASKS, ...rows.flatMap((row) => row.maskFn ?? [])])];
    const answer = preparsePolicySet(POLICY_SET, { staticPolicies: cedarPolicies(rows, compiling) });
    if (answer.type === "failure") throw new Error(answer.errors.map(({ message }) => message).join("; "));
  }

  verdict(coordinate: string): Essence {
    const entry = this.entry(coordinate);
    if (!entry) return { effect: "deny", code: "FIELD_NOT_GRANTED" };
    return entry.kind === "output" ? this.outputVerdict(entry) : this.inputVerdict(entry);
  }

  /** Whether the coordinate does not even exist for this agreement. */
  isHidden(coordinate: string): boolean {
    const entry = this.entry(coordinate);
    if (!entry) return false;
    if (entry.kind === "output") return !this.may("EXIST", coordinate, { isGranted: this.outcome(entry).isGranted });
    if (entry.carrier !== null) return this.isHidden(entry.carrier);
    return entry.guards.some(({ field }) => this.isHidden(field));
  }

  /** Whether a version with these rows pins the coordinate when it is submitted. Ask an oracle without pins. */
  isReached(coordinate: string): boolean {
    const entry = this.entry(coordinate);
    if (!entry) return false;
    if (entry.kind === "output") return this.may("NAME", coordinate) || this.outcome(entry).isGranted;
    return entry.guards.length > 0 && this.inputVerdict(entry).effect === "allow";
  }

  /** By one question: whether a field that is no band, claim or figure is plain, an input that guards nothing may be sent. */
  isOpenAsItIs({ coordinate, kind }: CatalogueEntry): boolean {
    return kind === "output"
      ? this.ask("OUTPUT", coordinate, { openness: OPENNESS.allow, isCapped: true })
      : this.ask("SEND", coordinate, {});
  }

  private outputVerdict(entry: CatalogueEntry): Essence {
    const { effect, mask, isGranted } = this.outcome(entry);
    const kind = mask ?? effect;
    const isShown = effect !== "allow" && this.may("TRANSFORM", entry.coordinate, { effect, kind });
    if (effect !== "allow" && !isShown) return { effect: "deny", code: isGranted ? "FIELD_PROHIBITED" : "FIELD_NOT_GRANTED" };
    const away = this.hasRegion(entry) ? [] : this.kindsAway(entry);
    if (away.length > 0) return everywhere(new Set([...(isShown ? [kind] : []), ...away]));
    return isShown ? { effect: "transform", kind } : { effect: "allow" };
  }

  /** Whether rows of the field's type tell where they lie; of others nobody knows, so that they lie elsewhere. */
  private hasRegion({ coordinate }: CatalogueEntry): boolean {
    return this.compiling.catalogue.rowPlaces.get(coordinate.split(".")[0] ?? "")?.region != null;
  }

  /** What the rows that judge a field, or what it is a band or claim of, leave of it away from their homes. */
  private kindsAway({ coordinate, bandOf, claimOf }: CatalogueEntry, taken?: Taken): string[] {
    const source = bandOf ?? claimOf ?? coordinate;
    const isOwn = source === coordinate;
    if (this.rows.every(({ home }) => home === null)) return [];
    return ["closed", "last4", "initials"].filter((kind) => this.may("AWAY", source, { kind, isOwn }, taken));
  }

  private inputVerdict(entry: CatalogueEntry): Essence {
    const isOpen = this.may("SEND", entry.coordinate) && entry.guards.every((guard) => this.mayUse(guard));
    if (!isOpen) return { effect: "deny", code: "USE_NOT_GRANTED" };
    const source = this.entry(this.entry(entry.carrier ?? "")?.claimOf ?? "");
    if (!source || this.outcome(source).effect !== "claim") return { effect: "allow" };
    const argument = /\((.*):\)$/.exec(entry.coordinate)?.[1] ?? "";
    const values = this.thresholds.filter((value) => this.may("CLAIM", source.coordinate, { argument, value }));
    return { effect: "allow", values };
  }

  private mayUse({ field, use }: CatalogueEntry["guards"][number]): boolean {
    const guarded = this.entry(field);
    const { effect } = guarded ? this.outcome(guarded) : ABSENT;
    const isPlainOfAll = guarded !== undefined && effect === "allow" && this.isPlainOfAll(guarded);
    if (use === "OUTPUT") return isPlainOfAll; // an input that only whoever reads the field may send
    return this.may(use, field, { output: effect, isPlainOfAll });
  }

  /** Whether the rows leave the field plain wherever a row lies and whoever is its subject. Figures have none. */
  private isPlainOfAll(entry: CatalogueEntry): boolean {
    const { coordinate, bandOf, claimOf, isStatistics } = entry;
    const hasFlags = this.compiling.catalogue.rowPlaces.get(coordinate.split(".")[0] ?? "")?.flags != null;
    const isGoverned = entry.classes.some((data) => data.class !== "PUBLIC");
    const subjects = hasFlags && isGoverned && !isStatistics ? OF_SUBJECTS : [];
    const source = bandOf ?? claimOf ?? coordinate;
    return (
      [undefined, ...subjects].every((taken) => this.kindsAway(entry, taken).length === 0) &&
      subjects.every((taken) => this.may("PLAIN", coordinate, { source: this.effectOf(source, taken).effect }))
    );
  }

  private outcome(entry: CatalogueEntry): Outcome {
    const known = this.outcomes.get(entry.coordinate);
    if (known) return known;
    const source = entry.bandOf ?? entry.claimOf;
    const outcome = source === null ? this.ownOutcome(entry.coordinate) : this.siblingOutcome(entry.coordinate, source);
    this.outcomes.set(entry.coordinate, outcome);
    return outcome;
  }

  private siblingOutcome(coordinate: string, sourceCoordinate: string): Outcome {
    const entry = this.entry(sourceCoordinate);
    const source = entry ? this.outcome(entry) : ABSENT;
    const isGranted = this.may("SPEAK", coordinate, { isSourceGranted: source.isGranted });
    const isOpen = this.may("SIBLING", coordinate, { source: source.effect });
    return { effect: isOpen ? "allow" : "deny", mask: null, isGranted };
  }

  private ownOutcome(coordinate: string): Outcome {
    const isGranted = this.may("SPEAK", coordinate, { isSourceGranted: false });
    return { isGranted, ...this.effectOf(coordinate) };
  }

  /** As it leaves; or, of classes a subject gives it, as far as the rows alone go. */
  private effectOf(coordinate: string, taken?: Taken): Pick<Outcome, "effect" | "mask"> {
    const { effect, mask } = this.agreed(coordinate, taken);
    if (effect !== "deny" && this.may("RELEASE", coordinate)) return { effect: "allow", mask: null };
    return { effect, mask: effect === "mask" ? mask : null };
  }

  /** The most open effect that nothing forbids, if what is forbidden leaves any mask and any shape: else rows contradict each other. */
  private agreed(coordinate: string, taken: Taken): Pick<Outcome, "effect" | "mask"> {
    const isCapped = taken === undefined;
    const isOpen = (effect: Effect) => this.may("OUTPUT", coordinate, { openness: OPENNESS[effect], isCapped }, taken);
    const effect = isOpen("aggregate") && FROM_OPEN_TO_CLOSED.find(isOpen); // what is shut for the least open is shut for all
    if (!effect) return ABSENT;
    const isShaped = ["pseudonym", "part"].some((shape) => this.may("SHAPE", coordinate, { shape, isCapped }, taken));
    const mask = ["", ...this.masks].find((name) => this.may("MASK", coordinate, { name }, taken));
    if (!isShaped || mask === undefined) return ABSENT;
    return { effect, mask: mask || "null" }; // where a mask of no name may stand no row names one: nothing of the value is left
  }

  private entry(coordinate: string): CatalogueEntry | undefined {
    return this.compiling.catalogue.entries.get(coordinate);
  }

  /** Asks once what is alike: policies tell coordinates apart by attributes, classes and what the rows say that name them. */
  private may(action: string, coordinate: string, context: Facts = {}, taken?: Taken): boolean {
    const entity = this.entity(coordinate, taken);
    const key = JSON.stringify([action, context, entity.attrs, entity.parents, this.named.get(coordinate) ?? null]);
    const known = this.answers.get(key);
    if (known !== undefined) return known;
    const answer = this.ask(action, coordinate, context, entity);
    this.answers.set(key, answer);
    return answer;
  }

  private ask(action: string, coordinate: string, context: Facts, entity = this.entity(coordinate)): boolean {
    const answer = statefulIsAuthorized({
      principal: PRINCIPAL,
      action: { type: "Action", id: action },
      resource: entity.uid,
      context,
      preparsedPolicySetId: POLICY_SET,
      entities: [entity],
    });
    if (answer.type === "failure") throw new Error(answer.errors.map(({ message }) => message).join("; "));
    const [error] = answer.response.diagnostics.errors; // Cedar skips a policy it cannot evaluate; here none may be skipped
    if (error) throw new Error(`${error.policyId}: ${error.error.message}`);
    return answer.response.decision === "allow";
  }

  private entity(coordinate: string, taken?: Taken): CoordinateEntity {
    const key = `${coordinate} ${taken?.[0].topic ?? ""} ${taken === undefined}`;
    const known = this.entities.get(key);
    if (known) return known;
    const { pinned } = this.compiling;
    const entity = cedarEntity(coordinate, { entry: this.entry(coordinate), rows: this.rows, pinned }, taken);
    this.entities.set(key, entity);
    return entity;
  }
}
