/** What became of the identifiers one question looked somebody up by. */
export interface Lookups {
  /** Those of which the answer tells whether somebody has them. */
  readonly tried: number;
  /** Of those, the ones nobody has. */
  readonly missed: number;
  /** NIKs next to one the client looked up lately: the same place and birthday, a serial at most three away. */
  readonly sequential: number;
}

/** Whom a client looked up by one question: each once, named as in `Disclosure.lookups`. */
interface LookedUp {
  readonly lookups: readonly string[];
  readonly found: readonly string[];
  readonly missed: readonly string[];
}

interface Log {
  warn(fields: object, text: string): void;
}

const HOUR_MS = 60 * 60 * 1000;
/** Fewer tell nothing: the first slip would be an alarm. */
const ENOUGH = 50;
/** Registers differ by a few per cent; who guesses numbers misses nearly always. */
const TOLERATED_PERCENT = 20;

interface Hour extends Pick<Lookups, "tried" | "missed"> {
  readonly endsAt: number;
  readonly isTold: boolean;
}

/**
 * Watches for clients who guess identifiers: of at least 50 they looked up within an hour, more than a fifth were nobody's. Said once an hour
 * and client. Each gateway knows of its own questions only. Memory: one hour and 256 NIKs a client, kept nowhere else and never logged.
 */
export function createAlarms(log: Log, now: () => number = Date.now) {
  const hours = new Map<string, Hour>();
  const trails = new Map<string, Trail>();
  const count = (client: string, { tried, missed }: Pick<Lookups, "tried" | "missed">): void => {
    const at = now();
    const known = hours.get(client);
    const hour = known && known.endsAt > at ? known : { tried: 0, missed: 0, endsAt: at + HOUR_MS, isTold: false };
    const sum = { tried: hour.tried + tried, missed: hour.missed + missed };
    const isAlarm = sum.tried >= ENOUGH && sum.missed * 100 > sum.tried * TOLERATED_PERCENT;
    if (isAlarm && !hour.isTold)
      log.warn({ alarm: "LOOKUP_MISSES", client, ...sum }, "a client looks up many whom nobody knows; ask its agency why");
    hours.set(client, { ...hour, ...sum, isTold: hour.isTold || isAlarm });
  };
  return {
    /** Counts them, and says what the record is to say. Undefined: nobody was looked up. */
    lookedUp(client: string, { lookups, found, missed }: LookedUp): Lookups | undefined {
      if (lookups.length === 0) return undefined;
      const tried = found.length + missed.length;
      if (tried > 0) count(client, { tried, missed: missed.length });
      const trail = trails.get(client) ?? new Trail();
      trails.set(client, trail);
      return { tried, missed: missed.length, sequential: lookups.filter((id) => trail.follows(id)).length };
    },
  };
}

const REMEMBERED = 256;
const NEAR = 3;

/** The NIKs a client looked up last. A NIK is twelve digits of place and birthday, then a serial. */
class Trail {
  private readonly last: { readonly stem: string; readonly serial: number }[] = [];

  /** Is it a NIK beside one of them? It is one of them from now on. */
  follows(id: string): boolean {
    const [, stem, digits] = /^nik:(\d{12})(\d{4})$/.exec(id) ?? [];
    if (stem === undefined) return false;
    const serial = Number(digits);
    const same = this.last.filter((one) => one.stem === stem).map((one) => Math.abs(one.serial - serial));
    if (same.includes(0)) return false; // asked again
    this.last.push({ stem, serial });
    if (this.last.length > REMEMBERED) this.last.shift();
    return same.some((distance) => distance <= NEAR);
  }
}
