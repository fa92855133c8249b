/** What was met lately, by group: at least the last `most` texts, at most twice as many. A cache: what it has forgotten is only asked again. */
export class Recent {
  private readonly most: number;
  private young = new Map<string, Set<string>>();
  private old = new Map<string, Set<string>>();
  private count = 0;

  constructor(most: number) {
    this.most = most;
  }

  has(group: string, text: string): boolean {
    return this.young.get(group)?.has(text) || this.old.get(group)?.has(text) || false;
  }

  add(group: string, texts: Iterable<string>): void {
    for (const text of texts) {
      if (this.count === this.most) {
        this.old = this.young;
        this.young = new Map();
        this.count = 0;
      }
      const known = this.young.get(group) ?? new Set();
      this.young.set(group, known);
      const before = known.size;
      this.count += known.add(text).size - before;
    }
  }
}
