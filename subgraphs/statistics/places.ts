/** Where a figure stands. */
export interface Place {
  readonly region: string;
  /** A code of each dimension. */
  readonly key: readonly string[];
  readonly period: string;
}

export interface Axes {
  readonly regions: readonly string[];
  readonly keys: readonly (readonly string[])[];
  readonly periods: readonly string[];
}

/** As `cell.key_text` has it: no code has a bar in it. */
export const writtenKey = (key: readonly string[]): string => key.join("|");
/** As text, by which two places are the same or not. */
export const placeName = ({ region, key, period }: Place): string => `${region}/${writtenKey(key)}/${period}`;

/** At most `limit` places by region, then key, then month, in the orders given; behind one of the first region, or from the start. */
export function placesOf({ regions, keys, periods }: Axes, { limit, after }: { limit: number; after: string | null }): Place[] {
  const perRegion = keys.length * periods.length;
  const placeAt = (at: number): Place => ({
    region: regions[Math.floor(at / perRegion)] as string,
    key: keys[Math.floor(at / periods.length) % keys.length] as readonly string[],
    period: periods[at % periods.length] as string,
  });
  const passed = after === null ? 0 : passedIn({ regions, keys, periods }, after);
  return Array.from({ length: Math.max(0, Math.min(limit, regions.length * perRegion - passed)) }, (_, n) => placeAt(passed + n));
}

/** Places of the first region up to and with that of this name; 0: it is not one of them. */
function passedIn({ regions: [region = ""], keys, periods }: Axes, name: string): number {
  const key = keys.findIndex((one) => name.startsWith(`${region}/${writtenKey(one)}/`));
  const period = key < 0 ? -1 : periods.findIndex((one) => name === placeName({ region, key: keys[key] ?? [], period: one }));
  return period < 0 ? 0 : key * periods.length + period + 1;
}
