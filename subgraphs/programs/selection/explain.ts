import type { WaitingBand } from "../generated.ts";

const BANDS: readonly (readonly [most: number, band: WaitingBand])[] = [
  [100, "FIRST_100"],
  [1_000, "FIRST_1000"],
  [10_000, "FIRST_10000"],
  [100_000, "FIRST_100000"],
];

/** In which band a position of a waiting list lies; positions begin with 1. Pure. */
export const bandOf = (position: number): WaitingBand => BANDS.find(([most]) => position <= most)?.[1] ?? "BEYOND_100000";

interface Level {
  readonly region: string;
  readonly free: number;
  readonly selected: number | null;
  readonly lastPlace: number | null;
}

/**
 * Which level had no seat left at a place of the list, from below: one that gave all its seats away to better places. Undefined: none did, so a seat was there.
 * Pure.
 */
export const fullAt = (place: number, levels: readonly Level[]): Level | undefined =>
  [...levels]
    .sort((a, b) => b.region.length - a.region.length)
    .find(({ free, selected, lastPlace }) => (selected ?? 0) >= free && (lastPlace ?? 0) < place);

/** The regions, with a quota or without, whose seats bind a village: regency, province, country (""). */
export const regionsAbove = (village: string): string[] => [village.slice(0, 4), village.slice(0, 2), ""];
