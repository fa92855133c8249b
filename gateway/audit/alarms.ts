/** Whom a client looked up by one question. */
export interface LookedUp {
  /** Distinct identifiers, found or not. */
  readonly tried: number;
  /** Of those, the ones nobody has. */
  readonly missed: number;
}

interface Log {
  warn(fields: object, text: string): void;
}

const HOUR_MS = 60 * 60 * 1000;
/** Fewer tell nothing: the first slip would be an alarm. */
const ENOUGH = 50;
/** Registers differ by a few per cent; who guesses numbers misses nearly always. */
const TOLERATED_PERCENT = 20;

interface Hour extends LookedUp {
  readonly endsAt: number;
  readonly isTold: boolean;
}

/**
 * Watches for clients who guess identifiers: of at least 50 they looked up within an hour, more than a fifth were nobody's. Said once an hour
 * and client. Each gateway knows of its own answers only. Memory: one entry a client.
 */
export function createAlarms(log: Log, now: () => number = Date.now) {
  const hours = new Map<string, Hour>();
  return {
    lookedUp(client: string, { tried, missed }: LookedUp): void {
      if (tried === 0) return;
      const at = now();
      const known = hours.get(client);
      const hour = known && known.endsAt > at ? known : { tried: 0, missed: 0, endsAt: at + HOUR_MS, isTold: false };
      const sum = { tried: hour.tried + tried, missed: hour.missed + missed };
      const isAlarm = sum.tried >= ENOUGH && sum.missed * 100 > sum.tried * TOLERATED_PERCENT;
      if (isAlarm && !hour.isTold)
        log.warn({ alarm: "LOOKUP_MISSES", client, ...sum }, "a client looks up many whom nobody knows; ask its agency why");
      hours.set(client, { ...hour, ...sum, isTold: hour.isTold || isAlarm });
    },
  };
}
