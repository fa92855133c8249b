import { useCallback } from "react";
import { useSearchParams } from "react-router";
import { type Asked, isRegion, LEVELS, type Level, levelsBelow, regionWithin } from "./asked.ts";
import type { Cube } from "./cells.ts";
import { useGround } from "./ground.tsx";

/** What a view shows, as its address says it: who has the address sees the same. */
export interface View {
  /** Of the address, no deeper than the cube goes. */
  readonly region: string;
  /** `YYYY-MM`; null: the newest. */
  readonly month: string | null;
  /** Of the rows beneath the region; null: the cube goes no deeper. */
  readonly level: Level | null;
  readonly levels: readonly Level[];
  /** One of `codes`, else the first. */
  pick(name: string, codes: readonly string[]): string;
  get(name: string): string | null;
  /** The address with some of it changed; null takes away. */
  to(changes: Changes): { readonly search: string };
  change(changes: Changes): void;
}

type Changes = Readonly<Record<string, string | null>>;

const MONTH = /^\d{4}-\d\d$/;

/** `cubes`: those the view shows beside each other; it goes as deep as the shallowest. */
export function useView(cubes: readonly Cube[]): View {
  const [params, setParams] = useSearchParams();
  const { home } = useGround();
  const depth = LEVELS[Math.min(...cubes.map((cube) => LEVELS.indexOf(cube.depth)))] ?? "COUNTRY";
  const asked = params.get("region");
  const region = regionWithin(asked !== null && isRegion(asked) ? asked : home, depth);
  const levels = levelsBelow(region, depth);
  const month = params.get("month");
  const changed = useCallback(
    (changes: Changes) => {
      const next = new URLSearchParams(params);
      for (const [name, value] of Object.entries(changes)) value === null ? next.delete(name) : next.set(name, value);
      return next;
    },
    [params],
  );
  return {
    region,
    levels,
    month: month !== null && MONTH.test(month) ? month : null,
    level: levels.find((one) => one === params.get("level")) ?? levels[0] ?? null,
    pick: (name, codes) => codes.find((code) => code === params.get(name)) ?? codes[0] ?? "",
    get: (name) => params.get(name),
    to: (changes) => ({ search: `?${changed(changes)}` }),
    change: (changes) => setParams(changed(changes)),
  };
}

/** A question about the view's region and month. */
export const askedIn = ({ region, month }: View, cube: string, more: Partial<Asked>): Asked => ({
  ...{ cube, region, level: null, from: null, to: month, dimensions: [], filter: [] },
  ...more,
});
