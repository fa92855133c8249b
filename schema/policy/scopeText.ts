import type { RowScope } from "../caller.ts";
import { scopeOf, type WrittenScope } from "./rowScope.ts";
import { scopeFaults } from "./scopeFaults.ts";

/** What a scope's text stands for where only the text is known: the key by which slices count its rows. */
export interface Scoped {
  readonly scope: string | null;
}

/** Rows of a slice that a scope opens; null: its text says none, or they are too few to be told. */
export interface Reach {
  readonly scope: string;
  readonly rows: number | null;
}

/** Fewer rows than this point at somebody. */
const FEWEST_TOLD = 10;
const TEXT = /^r=([0-9,]*);p=(\*|[A-Z0-9_,]*);d=(\*|[0-9]{1,2})$/;

/**
 * A scope as a short text such as `r=32,3501;p=BPNT,PKH;d=4`, `*` for no limit: the same however its codes were ordered, repeated, or named beside
 * a region that holds them. Null: no draft with this scope could be submitted.
 */
export function printScope(scope: WrittenScope): string | null {
  if (!isWellFormed(scope)) return null;
  const { regions, programs, decileMax } = scope;
  return `r=${inOrder(outermost(regions))};p=${programs === null ? "*" : inOrder(programs)};d=${decileMax ?? "*"}`;
}

/** The scope of a text that printScope could have written, in whatever order; null for any other. */
export function parseScope(text: string): WrittenScope | null {
  const [, regions, programs, decile] = TEXT.exec(text) ?? [];
  if (regions === undefined || programs === undefined || decile === undefined) return null;
  const scope = {
    regions: words(regions),
    programs: programs === "*" ? null : words(programs),
    decileMax: decile === "*" ? null : Number(decile),
  };
  return isWellFormed(scope) ? scope : null;
}

/** Reaches are told to the nearest step: of two scopes that differ by a few rows the difference tells nobody's. */
const STEP = 5;

/** What each text's scope opens by `count`, which is asked once a text that is one, to the nearest five. In the order given. */
export const reachesOf = (texts: readonly string[], count: (scope: RowScope) => Promise<number>): Promise<Reach[]> =>
  Promise.all(
    texts.map(async (text) => {
      const written = parseScope(text);
      const rows = written === null ? 0 : await count(scopeOf(written));
      return { scope: text, rows: rows < FEWEST_TOLD ? null : STEP * Math.round(rows / STEP) };
    }),
  );

const words = (list: string): string[] => (list === "" ? [] : list.split(","));
const inOrder = (codes: readonly string[]): string => [...new Set(codes)].sort().join();

const outermost = (regions: readonly string[]): readonly string[] =>
  regions.filter((code) => !regions.some((other) => other !== code && (other === "0" || code.startsWith(other))));

const isWellFormed = (scope: WrittenScope): boolean => scopeFaults(scope).length === 0;
