/** Numbers that follow from a seed: the same seed, the same world and the same question. */
export type Random = (below: number) => number;

/** mulberry32. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** FNV-1a. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash ^= hash >>> 15;
  return Math.imul(hash, 0x2c1b3c6d) >>> 0;
}

export const pick = <T>(random: Random, values: readonly T[]): T => {
  if (values.length === 0) throw new Error("nothing to pick from");
  return values[random(values.length)] as T;
};

/** True once in so many times. */
export const once = (random: Random, times: number): boolean => random(times) === 0;

/** Some of them, in their order; at least so many. */
export function some<T>(random: Random, values: readonly T[], least: number): T[] {
  const left = [...values];
  const count = Math.min(values.length, least + random(Math.max(1, values.length - least + 1)));
  while (left.length > count) left.splice(random(left.length), 1);
  return left;
}
