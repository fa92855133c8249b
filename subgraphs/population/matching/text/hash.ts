const BASIS = 0x811c9dc5 | 0;
const PRIME = 0x01000193;

/** FNV-1a over UTF-16 code units, 32 bits signed; never 0, which the pool keeps for "none". */
export function hashCodes(codes: Uint16Array, from: number, to: number): number {
  let hash = BASIS;
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ (codes[at] as number), PRIME);
  return hash === 0 ? 1 : hash;
}

/** `hashCodes` of a string; 0 for none. */
export function hashText(text: string | null): number {
  if (text === null || text === "") return 0;
  let hash = BASIS;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), PRIME);
  return hash === 0 ? 1 : hash;
}
