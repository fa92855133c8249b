import type { Key } from "../spec.ts";
import { mix } from "../table/hash.ts";
import type { Part } from "./part.ts";

/** A key compiled: numbers that are equal when all parts are; 0 when a part is missing. */
export interface CompiledKey {
  readonly maxGroup: number;
  readonly held: (cells: Int32Array, at: number) => number;
  /** How many keys an asking row has at most; `asked` gives each, 0 for none. */
  readonly variants: number;
  readonly asked: (cells: Int32Array, at: number, variant: number) => number;
}

export function compileKey({ maxGroup }: Key, parts: readonly Part[]): CompiledKey {
  const held = parts.map((part) => part.held);
  return {
    maxGroup,
    held(cells, at) {
      let key = 1;
      for (let i = 0; i < held.length; i += 1) {
        const value = (held[i] as Part["held"])(cells, at);
        if (value === 0) return 0;
        key = mix(key, value);
      }
      return key;
    },
    variants: parts.reduce((product, { variants }) => product * variants, 1),
    asked(cells, at, variant) {
      let key = 1;
      let left = variant;
      for (let i = 0; i < parts.length; i += 1) {
        const { asked, variants } = parts[i] as Part;
        const value = asked(cells, at, left % variants);
        if (value === 0) return 0;
        left = Math.floor(left / variants);
        key = mix(key, value);
      }
      return key;
    },
  };
}
