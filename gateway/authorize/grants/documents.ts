import { hash } from "node:crypto";

/** Reads the text that an agreement trusts under an id; null: none. */
type Read = (agreement: string, id: string) => Promise<string | null>;

interface Found {
  readonly text: Promise<string | null>;
  chars: number;
  /** On performance.now()'s clock. */
  until: number;
}

const [MAX_FOUND, MAX_CHARS] = [1_000, 16_000_000];
/** A registration raises no epoch: it shows no later than this. */
const UNKNOWN_MS = 1_000;

/**
 * Trusted documents by agreement and id, each read when it is first asked for and kept until `forget`: only what is retired changes, and
 * that raises the epoch. Bounded; the one found first goes first.
 */
export class TrustedDocuments {
  private found = new Map<string, Found>();
  private chars = 0;
  private readonly read: Read;

  constructor(read: Read) {
    this.read = read;
  }

  /** Text of a document; null: the agreement trusts none of this id. Rejects when it cannot be read. */
  text(agreement: string, id: string): Promise<string | null> {
    const key = `${id} ${agreement}`;
    const known = this.found.get(key);
    if (known && performance.now() < known.until) return known.text;
    this.drop(key);
    const found: Found = { text: this.fetched(agreement, id), chars: 0, until: Number.POSITIVE_INFINITY };
    this.found.set(key, found);
    found.text.then(
      (text) => this.keep(key, found, text),
      () => this.found.get(key) === found && this.drop(key),
    );
    return found.text;
  }

  /** What was being read when this was called is not kept either. */
  forget(): void {
    this.found.clear();
    this.chars = 0;
  }

  /** A text that is not what its id says is none. */
  private async fetched(agreement: string, id: string): Promise<string | null> {
    const text = await this.read(agreement, id);
    return text !== null && hash("sha256", text) === id ? text : null;
  }

  private keep(key: string, found: Found, text: string | null): void {
    if (this.found.get(key) !== found) return;
    if (text === null) found.until = performance.now() + UNKNOWN_MS;
    found.chars = text?.length ?? 0;
    this.chars += found.chars;
    for (const oldest of this.found.keys()) {
      if (this.found.size <= MAX_FOUND && this.chars <= MAX_CHARS) return;
      this.drop(oldest);
    }
  }

  private drop(key: string): void {
    this.chars -= this.found.get(key)?.chars ?? 0;
    this.found.delete(key);
  }
}
