const SECOND = 1000;

/** Tells at most once a second: whoever keeps trying cannot fill a log. */
export function atMostEachSecond(tell: (reason: string) => void): (reason: string) => void {
  let toldAt = Number.NEGATIVE_INFINITY;
  return (reason) => {
    if (performance.now() - toldAt < SECOND) return;
    toldAt = performance.now();
    tell(reason);
  };
}
