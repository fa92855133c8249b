import { keylessYears } from "../../audit/keys.ts";
import type { Logger } from "../../audit/log.ts";
import type { Reloaded, Telemetry } from "../../types/telemetry.ts";
import type { GatewayConfig, Settings } from "../config.ts";
import { type Recipe, type Runtime, readRecipe, recipeOf } from "../runtime.ts";
import type { Current } from "./current.ts";
import { followStartOnly, markOf, takenOver } from "./files.ts";
import { warm } from "./habits.ts";

export interface ReloadOptions {
  readonly current: Current;
  /** Undefined: settings stay as they were at the start. */
  readonly settings: Settings | undefined;
  readonly open: (recipe: Recipe) => Promise<Runtime>;
  readonly log: Logger;
  readonly telemetry: Telemetry;
  readonly everyMs?: number;
}

type What = Exclude<Reloaded, "certificates">;

export interface Reloading {
  /** What lies there and cannot be taken over: somebody is to look. */
  readonly alarms: readonly What[];
  /** Looks at once, also at what only a restart takes over. Resolves when what lies there is in force, or known to be bad. Never rejects. */
  now(): Promise<void>;
  close(): Promise<void>;
}

const SECOND = 1000;

const ADVICE: Readonly<Record<What, string>> = {
  supergraph: "the supergraph is not taken over; the one before serves on. See err, and docs/operations/reload.md",
  keys: "keys are not taken over; those before stay in force. See err, and docs/operations/reload.md (Rotation)",
};

/**
 * Takes over another supergraph or other keys as soon as their files hold them: a whole runtime is opened beside the one that serves, reads ahead what is asked
 * most, and is exchanged for it by one reference. What cannot serve as well as the one before never does.
 */
export async function startReloading(options: ReloadOptions): Promise<Reloading> {
  const reloader = new Reloader(options, await followStartOnly(options.settings?.files ?? new Map()));
  await reloader.begin();
  return reloader;
}

class Reloader implements Reloading {
  private readonly options: ReloadOptions;
  private readonly changedAtStartOnly: () => Promise<string[]>;
  private readonly faults = new Map<What, string>();
  private mark = "";
  /** What was seen last is not settled: files may be half written. */
  private isMoving = false;
  /** Sound, and not yet fit to take over: its tables, or the database, are not there. */
  private waiting: Runtime | undefined;
  private looking = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(options: ReloadOptions, changedAtStartOnly: () => Promise<string[]>) {
    this.options = options;
    this.changedAtStartOnly = changedAtStartOnly;
  }

  get alarms(): readonly What[] {
    return [...this.faults.keys()];
  }

  async begin(): Promise<void> {
    this.mark = await this.markNow();
    this.again();
  }

  async now(): Promise<void> {
    const names = await this.changedAtStartOnly();
    if (names.length > 0)
      this.options.log.warn({ settings: names }, "these settings are read at the start only: restart the gateway");
    await this.look(true);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.timer);
    await this.looking;
    await this.drop();
  }

  private again(): void {
    if (this.isClosed) return;
    this.timer = setTimeout(() => void this.look(false).finally(() => this.again()), this.options.everyMs ?? SECOND).unref();
  }

  /** One look after the other. */
  private look(isAsked: boolean): Promise<void> {
    this.looking = this.looking.then(() => (this.isClosed ? undefined : this.lookOnce(isAsked)));
    return this.looking;
  }

  private async lookOnce(isAsked: boolean): Promise<void> {
    const mark = await this.markNow(); // before anything is read: what is written meanwhile is found by the next look
    const isTouched = mark !== this.mark;
    const isSettled = this.isMoving && !isTouched;
    this.mark = mark;
    this.isMoving = isTouched && !isAsked; // a file may be half written: two looks must agree, unless somebody says it is whole
    try {
      if (isSettled || isAsked) await this.takeUp(await this.wanted());
      if (this.waiting) await this.takeOver(this.waiting);
    } catch (error) {
      this.bad("supergraph", error);
    }
  }

  private markNow(): Promise<string> {
    const { current, settings } = this.options;
    return markOf([current.runtime.recipe.config.supergraph, ...takenOver(settings?.files ?? new Map()).values()]);
  }

  /** What the files say now, as far as they can be believed. */
  private async wanted(): Promise<Recipe> {
    const before = this.options.current.runtime.recipe;
    const config = this.keys(before);
    try {
      const recipe = await readRecipe(config, before);
      if (recipe.supergraph === before.supergraph) this.good("supergraph");
      return recipe;
    } catch (error) {
      this.bad("supergraph", error);
      return recipeOf(config, before.supergraph);
    }
  }

  /** Settings with the keys of now; those of before where they are no good for the supergraph that serves. */
  private keys({ config, supergraph }: Recipe): GatewayConfig {
    try {
      const { envelopeSecrets, recordKeys, policyKeys } = this.options.settings?.read() ?? config;
      const renewed = { ...config, envelopeSecrets, recordKeys, policyKeys };
      refuseOtherYears(config, renewed);
      recipeOf(renewed, supergraph);
      if (keysOf(renewed) === keysOf(config)) this.good("keys");
      return renewed;
    } catch (error) {
      this.bad("keys", error);
      return config;
    }
  }

  /** Opens what is wanted beside what serves. */
  private async takeUp(recipe: Recipe): Promise<void> {
    const { current, open } = this.options;
    if (this.waiting && isSame(this.waiting.recipe, recipe)) return;
    await this.drop();
    const before = current.runtime.recipe;
    if (isSame(before, recipe)) return;
    this.waiting = await open(recipe);
    if (this.isClosed) return this.drop();
    if (recipe.supergraph === before.supergraph || isSameKeys(before, recipe)) return;
    if (lackOf(this.waiting, current.runtime) === null) return;
    // a supergraph that cannot be taken over yet does not keep keys from it
    const renewed = await open(recipeOf(recipe.config, before.supergraph));
    if (!(await this.takeOver(renewed))) await renewed.retire();
  }

  /** False: it is not fit, which is told. */
  private async takeOver(next: Runtime): Promise<boolean> {
    const { current, log, telemetry } = this.options;
    const before = current.runtime;
    const what: What = next.recipe.supergraph === before.recipe.supergraph ? "keys" : "supergraph";
    const lack = lackOf(next, before);
    if (lack !== null) {
      this.bad(what, new Error(lack));
      return false;
    }
    await warm(next.hub, before.hub.habits?.top() ?? []);
    if (this.isClosed) return false;
    if (this.waiting === next) this.waiting = undefined;
    current.adopt(next);
    this.faults.delete(what);
    if (!isSameKeys(before.recipe, next.recipe)) this.good("keys");
    telemetry.reloaded({ what, isGood: true });
    log.info(
      { what, supergraph: next.recipe.supergraph.hash.slice(0, 12) },
      "taken over; requests under way end with the one before",
    );
    return true;
  }

  private async drop(): Promise<void> {
    const { waiting } = this;
    this.waiting = undefined;
    await waiting?.retire();
  }

  private good(what: What): void {
    if (!this.faults.delete(what)) return;
    this.options.telemetry.reloaded({ what, isGood: true });
    this.options.log.info({ what }, "in order again");
  }

  /** Told once, however often it is found. */
  private bad(what: What, error: unknown): void {
    const text = String(error);
    if (this.faults.get(what) === text) return;
    this.faults.set(what, text);
    this.options.telemetry.reloaded({ what, isGood: false });
    this.options.log.error({ alarm: "RELOAD_FAILED", what, err: error }, ADVICE[what]);
  }
}

/**
 * Why a runtime does not serve as well as the one before; null: it does. Under the same supergraph, keys are taken over whatever they close: one that was
 * removed may be in wrong hands, and an agreement that is closed already holds up no other.
 */
function lackOf({ grants, recipe }: Runtime, before: Runtime): string | null {
  if (!grants.isCurrent) return "the database of policy does not answer";
  if (!grants.isComplete) return "decision tables are still being read";
  if (recipe.supergraph === before.recipe.supergraph) return null;
  const { uncompiled } = grants;
  if (uncompiled.length > 0)
    return `no decision tables for ${uncompiled.join(", ")}: publish it first (npx hub policy publish --supergraph FILE)`;
  const closed = new Set(before.grants.refused);
  const refused = grants.refused.filter((number) => !closed.has(number));
  return refused.length > 0
    ? `decision tables of ${refused.join(", ")} are not believed: HUB_POLICY_PUBLIC_KEYS lacks their key`
    : null;
}

type Keyed = Pick<GatewayConfig, "recordKeys">;

/** A year's key is what its persons are counted and found by: it can come, and go when its year is over, never change. */
export function refuseOtherYears({ recordKeys }: Keyed, renewed: Keyed): void {
  const others = [...recordKeys].filter(([year, key]) => (renewed.recordKeys.get(year) ?? key) !== key).map(([year]) => year);
  if (others.length > 0) throw new Error(`HUB_RECORD_KEYS has another key for ${others.join(", ")}: a year keeps its key`);
  const lacking = keylessYears(renewed.recordKeys, new Date()).filter((year) => recordKeys.has(year));
  if (lacking.length > 0)
    throw new Error(`HUB_RECORD_KEYS lost the key of ${lacking.join(", ")}: nothing could be put on record`);
}

const keysOf = ({ envelopeSecrets, recordKeys, policyKeys }: GatewayConfig): string =>
  JSON.stringify([[...envelopeSecrets].sort(), [...recordKeys].sort(), policyKeys]);

const isSameKeys = (a: Recipe, b: Recipe): boolean => keysOf(a.config) === keysOf(b.config);
const isSame = (a: Recipe, b: Recipe): boolean => a.supergraph.hash === b.supergraph.hash && isSameKeys(a, b);
