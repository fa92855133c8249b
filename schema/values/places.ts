/** Lets `most` in at one time; null, at once, for whoever comes then. */
export function places(most: number): <T>(work: () => Promise<T>) => Promise<T | null> {
  let inside = 0;
  return async (work) => {
    if (inside >= most) return null;
    inside += 1;
    return work().finally(() => {
      inside -= 1;
    });
  };
}
