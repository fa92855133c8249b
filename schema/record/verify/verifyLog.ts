import { RightEdge, type Tile } from "../edge.ts";
import { HASH_BYTES, TILE_WIDTH } from "../tiles.ts";
import type { LogCopy } from "./copy.ts";
import type { Fault, Findings } from "./findings.ts";
import { Bodies } from "./records.ts";
import { keptStates, type State, States, type Trust } from "./states.ts";

/**
 * Checks a whole copy of a log against what its key, its witnesses and its readers hold: every body against its leaf, tags against bodies, tiles
 * rebuilt, the root against every signed state and every state kept elsewhere. Reads it once; memory does not grow with the log. Rejects only when the
 * copy cannot be read. `now` decides whose tags may be gone.
 */
export async function verifyLog(copy: LogCopy, trust: Trust, now = new Date()): Promise<Findings> {
  const [bodies, own, kept] = [new Bodies(now), new States(trust), new States(trust)];
  const tree = new Tree(copy, { own, kept, trust });
  await tree.begin();
  for await (const bundle of copy.bundles()) {
    const stored = await copy.tile(0, Math.floor(tree.size / TILE_WIDTH));
    for (const [at, record] of bundle.entries()) {
      const { leaf, head } = bodies.check(tree.size, record, leafAt(stored, at));
      own.passes(head);
      kept.passes(head);
      await tree.append(leaf);
    }
    await tree.compareFilled();
  }
  await tree.end();
  const faults = [...bodies.faults, ...own.faults, ...kept.faults].sort((a, b) => placeOf(a) - placeOf(b));
  return {
    size: tree.size,
    faults: [...faults, ...tree.faults, ...(await misindexed(copy)), ...(await leftOut(copy))],
    signed: own.agreed,
    cosigned: Math.max(own.cosigned, kept.cosigned),
    unfinished: bodies.unfinished,
    pruned: bodies.pruned,
  };
}

const placeOf = ({ first }: Fault): number => first?.index ?? Number.MAX_SAFE_INTEGER;

function leafAt(tile: Uint8Array | null, at: number): Uint8Array | null {
  const leaf = tile?.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES);
  return leaf?.length === HASH_BYTES ? leaf : null;
}

async function misindexed(copy: LogCopy): Promise<Fault[]> {
  const found = await copy.misindexed();
  if (!found) return [];
  const first = { index: found.first, receipt: null, at: null };
  const text = `the index of subjects does not have the tags of ${found.count} records as they stand in them`;
  return [{ kind: "INDEX", first, before: found.last + 1, text }];
}

async function leftOut(copy: LogCopy): Promise<Fault[]> {
  const found: Fault[] = [];
  for await (const { receipt, at } of copy.leftOut())
    found.push({
      kind: "LEFT_OUT",
      first: null,
      before: null,
      text: `receipt ${receipt ?? "unknown"}, written ${at}, stands in no tree`,
    });
  return found;
}

interface Lines {
  readonly own: States;
  readonly kept: States;
  readonly trust: Trust;
}

/** The tree grown anew, and the states that wait for it to reach their size. */
class Tree {
  readonly faults: Fault[] = [];
  private readonly edge = RightEdge.empty();
  private readonly copy: LogCopy;
  private readonly lines: Lines;
  private readonly notes: AsyncIterator<string>;
  private readonly keptQueue: State[];
  private next: State | undefined;

  constructor(copy: LogCopy, lines: Lines) {
    this.copy = copy;
    this.lines = lines;
    this.notes = copy.checkpoints()[Symbol.asyncIterator]();
    this.keptQueue = keptStates(lines.kept, lines.trust);
  }

  get size(): number {
    return this.edge.size;
  }

  begin(): Promise<void> {
    return this.advance();
  }

  async append(leaf: Uint8Array): Promise<void> {
    this.edge.append(leaf);
    if (this.next?.size === this.size || this.keptQueue[0]?.size === this.size) await this.reached();
  }

  /** Compares the tiles that have become full with those of the copy. */
  async compareFilled(): Promise<void> {
    for (const tile of this.edge.takeFilled()) await this.compare(tile);
  }

  async end(): Promise<void> {
    const { own, kept } = this.lines;
    for (const tile of this.edge.partial()) await this.compare(tile);
    own.end(this.size);
    for (; this.next; await this.advance()) own.lacks(this.next, this.size);
    for (const state of this.keptQueue) kept.lacks(state, this.size);
  }

  private async reached(): Promise<void> {
    const { own, kept } = this.lines;
    const root = this.edge.root();
    let isSigned = false;
    for (; this.next?.size === this.size; await this.advance()) isSigned = own.reach(this.next, root, "REWRITTEN") || isSigned;
    for (; this.keptQueue[0]?.size === this.size; this.keptQueue.shift())
      kept.reach(this.keptQueue[0], root, isSigned ? "FORKED" : "REWRITTEN");
  }

  /** To the next state of the log's own. One out of its order is compared with nothing: the log did not put it there. */
  private async advance(): Promise<void> {
    do {
      const { done, value } = await this.notes.next();
      this.next = done ? undefined : this.lines.own.read("a checkpoint of the log", value);
      if (done) return;
    } while (!this.next || this.next.size < this.size);
  }

  private async compare({ level, n, hashes }: Tile): Promise<void> {
    const stored = (await this.copy.tile(level, n)) ?? Buffer.alloc(0);
    if (Buffer.compare(stored, hashes) === 0) return;
    const place = n * TILE_WIDTH + firstDifference(stored, hashes);
    const [index, before] = [place * TILE_WIDTH ** level, (place + 1) * TILE_WIDTH ** level];
    const first = { index, receipt: null, at: null };
    this.faults.push({ kind: "TILE", first, before, text: `tile ${level}/${n} is not what they give` });
  }
}

/** Place of the first hash that is not the same in both. */
function firstDifference(one: Uint8Array, other: Uint8Array): number {
  let at = 0;
  while (at < other.length && one[at] === other[at]) at += 1;
  return Math.floor(at / HASH_BYTES);
}
