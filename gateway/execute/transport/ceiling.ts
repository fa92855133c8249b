/** Leaves the place; once. */
export type Leave = () => void;

/**
 * So many at one time; who comes then waits its turn, `waitMs` at most, and no more wait than there are places. Null: there was no room.
 */
export class Ceiling {
  private readonly most: number;
  private inside = 0;
  /** Counts how often those inside were forgotten. */
  private era = 0;
  private readonly waiting = new Set<() => void>();

  constructor(most: number) {
    this.most = most;
  }

  /** Without a promise where there is room: a call to a source is made thousands of times a second. */
  enter(waitMs: number): Leave | Promise<Leave | null> {
    if (this.inside < this.most) return this.take();
    if (waitMs <= 0 || this.waiting.size >= this.most) return Promise.resolve(null);
    return new Promise((resolve) => {
      const turn = () => {
        clearTimeout(impatience);
        this.waiting.delete(turn);
        resolve(this.take());
      };
      const impatience = setTimeout(() => {
        this.waiting.delete(turn);
        resolve(null);
      }, waitMs);
      this.waiting.add(turn);
    });
  }

  /** Whoever is inside counts no more; those who wait come in. */
  forget(): void {
    this.era += 1;
    this.inside = 0;
    for (const next of this.waiting) if (this.inside < this.most) next();
  }

  private take(): Leave {
    this.inside += 1;
    const { era } = this;
    let hasLeft = false;
    return () => {
      if (hasLeft || era !== this.era) return;
      hasLeft = true;
      this.inside -= 1;
      const [next] = this.waiting;
      next?.();
    };
  }
}
