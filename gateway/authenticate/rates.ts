import { Refusal } from "../../schema/errors.ts";
import { LIMIT_NAMES } from "../../schema/policy/questionLimits.ts";
import { DATA_SUBJECT_RIGHTS, RECIPIENT_CHECKING } from "../../schema/policy/words.ts";
import { secondsToMidnightInWib } from "../../schema/values/wib.ts";
import type { Identified, Known } from "../types/chain.ts";
import type { RateLimits, Tally } from "../types/rates.ts";
import { SILENT, type Telemetry } from "../types/telemetry.ts";

interface RateOptions extends RateLimits {
  /** Persons that an agreement was told about today. */
  readonly personsToday: (agreement: string) => number;
  readonly telemetry?: Pick<Telemetry, "shed">;
  /** Places that this hub has now, for all; undefined: as many as anybody may want. */
  readonly places?: () => number;
  /** Milliseconds on a clock that never goes back. */
  readonly now?: () => number;
}

/** What one request takes of its agreement's rates. */
export interface Turn {
  /** Waits for its turn, PATIENCE_MS at most; from then on its answer tells how much is left. Throws REQUEST_RATE_LIMITED. Returns what it was given. */
  of<K extends Known>(known: K): Promise<K>;
  /** Gives its place to the next. MUST be called, once; a second call does nothing. */
  end(): void;
}

export interface Rates {
  /** For a request that is answered as a whole. */
  open(): Turn;
  /** For one that is a stream, or part of a job: it counts, and keeps no place. */
  passing(): Turn;
  /** For one that is asked before any agreement is chosen. */
  choosing(): Choosing;
}

interface Choosing {
  /** Its answer tells how much is left. Throws REQUEST_RATE_LIMITED. Returns what it was given. */
  of(identified: Identified): Identified;
}

/** How often one asker may ask which agreements they may ask under: a page asks it once. Each person of a portal by themself. */
export const CHOICES: RateLimits = { burst: 120, windowSeconds: 60, concurrent: Number.POSITIVE_INFINITY };
/** Who asked last is remembered longest; whoever is forgotten begins anew. */
const MOST_ASKERS = 10_000;

/** gateway.md §7.1: whoever waits longer is refused. */
const PATIENCE_MS = 50;
/** Of the hub's places, whatever its setting: who holds slow questions leaves others room. A waiting one has its place in the hub, too. */
const SHARE = { running: 1 / 2, waiting: 1 / 4 };
const DAY_SECONDS = 86_400;

/** Purposes that the hub's own portal asks for, in everybody's name: one agreement stands for the whole public. */
const PORTAL: ReadonlySet<string> = new Set([DATA_SUBJECT_RIGHTS, RECIPIENT_CHECKING]);
const PORTAL_TIMES = 10;
const PORTAL_PLACES_TIMES = 2;

/** The same for the agreements the public asks under: no one asks the portal so often, but everybody does. By the purpose, which is signed. */
export const ratesFor = (purpose: string, { burst, windowSeconds, concurrent }: RateLimits): RateLimits =>
  PORTAL.has(purpose)
    ? { burst: burst * PORTAL_TIMES, windowSeconds, concurrent: concurrent * PORTAL_PLACES_TIMES }
    : { burst, windowSeconds, concurrent };

/**
 * Counts requests by agreement, in this gateway alone: what is asked of others is not known here. Memory: one small bucket an agreement, and one for each
 * of the last ten thousand who asked for their agreements.
 */
export function createRates(options: RateOptions): Rates {
  const { telemetry = SILENT, now = () => performance.now(), places = () => Number.POSITIVE_INFINITY } = options;
  const buckets = new Map<string, Bucket>();
  const bucketOf = ({ agreement, purpose }: Known["caller"]): Bucket => {
    const known = buckets.get(agreement) ?? new Bucket(ratesFor(purpose, options), { now, telemetry, places });
    buckets.set(agreement, known);
    return known;
  };
  const turn = (keepsPlace: boolean) => new RequestTurn({ bucketOf, keepsPlace, personsToday: options.personsToday });
  const askers = new Map<string, Bucket>();
  const bucketFor = ({ client, officer, citizen }: Identified): Bucket => {
    const asker = JSON.stringify([client, officer, citizen]);
    const bucket = askers.get(asker) ?? new Bucket(CHOICES, { now, telemetry, places }, "choices");
    askers.delete(asker);
    askers.set(asker, bucket);
    const [oldest] = askers.keys();
    if (askers.size > MOST_ASKERS && oldest !== undefined) askers.delete(oldest);
    return bucket;
  };
  return { open: () => turn(true), passing: () => turn(false), choosing: () => choosing(bucketFor) };
}

const choosing = (bucketFor: (identified: Identified) => Bucket): Choosing => ({
  of: (identified) => {
    const bucket = bucketFor(identified);
    tell(identified, () => ({ "ratelimit-policy": bucket.policy, ratelimit: bucket.left() }));
    bucket.take();
    return identified;
  },
});

/** Also of a request that is refused for it, and as it is when the answer leaves. */
function tell({ tally }: Pick<Identified, "tally">, headers: NonNullable<Tally["headers"]>): void {
  if (tally) tally.headers = headers;
}

/** The agreement's own limits of one question, each a policy without a window; nothing is ever left of them or used up. */
const ownLimits = (ceilings: Known["ceilings"]): string =>
  LIMIT_NAMES.flatMap((name) => {
    const own = ceilings?.[name];
    if (own === undefined) return [];
    return [`, "${name}";q=${own};qu="${name === "bodyBytes" ? "content-bytes" : name}"`];
  }).join("");

interface Taking extends Pick<RateOptions, "personsToday"> {
  readonly bucketOf: (caller: Known["caller"]) => Bucket;
  readonly keepsPlace: boolean;
}

class RequestTurn implements Turn {
  private readonly taking: Taking;
  private bucket: Bucket | undefined;
  private hasPlace = false;

  constructor(taking: Taking) {
    this.taking = taking;
  }

  async of<K extends Known>(known: K): Promise<K> {
    const bucket = this.taking.bucketOf(known.caller);
    this.bucket = bucket;
    tell(known, () => this.left(bucket, known));
    if (known.isPaced) return known;
    bucket.take();
    if (this.taking.keepsPlace) {
      await bucket.enter();
      this.hasPlace = true;
    }
    return known;
  }

  private left({ policy, left }: Bucket, { caller, ceilings }: Known): Record<string, string> {
    const { agreement, verification } = caller;
    const { persons } = verification;
    const own = ownLimits(ceilings);
    if (persons === null) return { "ratelimit-policy": `${policy}${own}`, ratelimit: left() };
    const seconds = secondsToMidnightInWib(new Date());
    const untold = Math.max(0, persons - this.taking.personsToday(agreement));
    return {
      "ratelimit-policy": `${policy}, "persons";q=${persons};w=${DAY_SECONDS}${own}`,
      ratelimit: `${left()}, "persons";r=${untold};t=${seconds}`,
    };
  }

  end(): void {
    if (this.hasPlace) this.bucket?.leave();
    this.hasPlace = false;
  }
}

interface Clocked {
  readonly now: () => number;
  readonly places: () => number;
  readonly telemetry: Pick<Telemetry, "shed">;
}

/** Tokens and places of one agreement, or asker. */
class Bucket {
  readonly policy: string;
  private readonly name: string;
  private readonly limits: RateLimits;
  private readonly clock: Clocked;
  private readonly perMs: number;
  private tokens: number;
  private filledAt: number;
  private running = 0;
  /** Those who wait for a place, the longest first. */
  private readonly waiting = new Set<() => void>();
  private recordedAt = -Infinity;

  constructor(limits: RateLimits, clock: Clocked, name = "burst") {
    this.name = name;
    this.limits = limits;
    this.clock = clock;
    this.perMs = limits.burst / (limits.windowSeconds * 1000);
    this.tokens = limits.burst;
    this.filledAt = clock.now();
    this.policy = `"${name}";q=${limits.burst};w=${limits.windowSeconds}`;
  }

  /** Throws REQUEST_RATE_LIMITED when there is none. */
  take(): void {
    this.fill();
    if (this.tokens < 1) throw this.refusal(Math.ceil((1 - this.tokens) / this.perMs / 1000));
    this.tokens -= 1;
  }

  /** What is left of the burst, and seconds until all of it is there again. */
  readonly left = (): string => {
    this.fill();
    const seconds = Math.ceil((this.limits.burst - this.tokens) / this.perMs / 1000);
    return `"${this.name}";r=${Math.floor(this.tokens)};t=${seconds}`;
  };

  /** Resolves with a place taken; rejects with REQUEST_RATE_LIMITED when none is free in time. */
  enter(): Promise<void> | void {
    if (this.running < this.most(SHARE.running)) {
      this.running += 1;
      return;
    }
    if (this.waiting.size >= this.most(SHARE.waiting)) throw this.refusal(1);
    return new Promise((resolve, reject) => {
      const inTurn = () => {
        clearTimeout(impatience);
        this.waiting.delete(inTurn);
        resolve(); // the place is handed on, so nobody comes between
      };
      const impatience = setTimeout(() => {
        this.waiting.delete(inTurn);
        reject(this.refusal(1));
      }, PATIENCE_MS);
      this.waiting.add(inTurn);
    });
  }

  leave(): void {
    const [next] = this.waiting;
    if (next && this.running <= this.most(SHARE.running)) next();
    else this.running -= 1;
  }

  private most(share: number): number {
    return Math.min(this.limits.concurrent, Math.max(1, Math.floor(this.clock.places() * share)));
  }

  private fill(): void {
    const now = this.clock.now();
    this.tokens = Math.min(this.limits.burst, this.tokens + (now - this.filledAt) * this.perMs);
    this.filledAt = now;
  }

  /** Of many in a second one is put on record: else whoever is refused for asking too often would still have the record write as often. */
  private refusal(seconds: number): Refusal {
    this.clock.telemetry.shed("agreement");
    const now = this.clock.now();
    const isRepeated = now - this.recordedAt < 1000;
    if (!isRepeated) this.recordedAt = now;
    const retryAfter = String(Math.max(1, seconds));
    return new Refusal({ code: "REQUEST_RATE_LIMITED" }, { headers: { "retry-after": retryAfter }, isRepeated });
  }
}
