/** Two 32-bit values into one, well mixed (the finaliser of MurmurHash3). Never 0, which means "missing". */
export function mix(a: number, b: number): number {
  let h = Math.imul(a ^ ((b + 0x9e3779b9) | 0), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16) || 1;
}

/** FNV-1a over UTF-16 code units. Never 0. */
export function hashText(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) h = Math.imul(h ^ text.charCodeAt(i), 16777619);
  return (h ^ (h >>> 15)) | 0 || 1;
}

/** FNV-1a over bytes. Never 0. */
export function hashBytes(bytes: Uint8Array, from: number, to: number): number {
  let h = 0x811c9dc5;
  for (let i = from; i < to; i += 1) h = Math.imul(h ^ (bytes[i] as number), 16777619);
  return (h ^ (h >>> 15)) | 0 || 1;
}

/**
 * A number in [0, 1) that depends on its counters alone (squirrel-like rounds of mix): the same on every thread, in any order.
 * Never a stream: a row's chance must not depend on the rows before it.
 */
export const chanceOf = (seed: number, stream: number, counter: number): number =>
  (mix(mix(mix(seed, stream), counter), Math.imul(counter, 0x27d4eb2f)) >>> 0) / 4294967296;
