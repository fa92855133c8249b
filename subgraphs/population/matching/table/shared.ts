type Numbers = Int32Array | Uint32Array | Uint16Array | Uint8Array | Float64Array;
type Maker<T extends Numbers> = { new (buffer: SharedArrayBuffer): T; readonly BYTES_PER_ELEMENT: number };

/** Zeros in memory that threads share. */
export const shared = <T extends Numbers>(kind: Maker<T>, length: number): T =>
  new kind(new SharedArrayBuffer(length * kind.BYTES_PER_ELEMENT));

/** The same content in memory that threads share, with room for `length`. */
export function grown<T extends Numbers>(array: T, length: number): T {
  const larger = shared(array.constructor as unknown as Maker<T>, length);
  larger.set(array as never);
  return larger;
}
