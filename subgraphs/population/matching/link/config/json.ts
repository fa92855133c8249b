/** JSON that cannot be read; the message names line and column. */
export class UnreadableJson extends Error {
  override readonly name = "UnreadableJson";
}

/**
 * Reads JSON, comments allowed. Faults name line and column, which JSON.parse does not do reliably; a key that stands twice in an object is
 * one, for the second would silently win.
 */
export function parseJson(text: string): unknown {
  const reader = new JsonReader(text.replace(/^\uFEFF/, ""));
  const value = reader.value();
  reader.end();
  return value;
}

const WORDS: Readonly<Record<string, unknown>> = { true: true, false: false, null: null };
const GAP = /(?:[ \t\r\n]|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
const STRING = /"(?:[^"\\\r\n]|\\.)*"/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const WORD = /[a-zA-Z]+/y;

class JsonReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(): unknown {
    this.#take(GAP);
    const next = this.#text[this.#at];
    if (next === "{") return this.#object();
    if (next === "[") return this.#list();
    if (next === '"') return this.#string();
    const number = this.#take(NUMBER);
    if (number) return Number(number);
    const start = this.#at;
    const word = this.#take(WORD);
    if (word && Object.hasOwn(WORDS, word)) return WORDS[word];
    return this.#fail("a value is expected", start);
  }

  end(): void {
    this.#take(GAP);
    if (this.#at < this.#text.length) this.#fail("nothing more is expected");
  }

  #object(): Record<string, unknown> {
    const found = new Map<string, unknown>();
    this.#items("}", () => {
      const start = this.#at;
      const key = this.#string();
      if (found.has(key)) this.#fail(`the key ${key} stands twice`, start);
      this.#take(GAP);
      if (this.#text[this.#at] !== ":") this.#fail("a colon is expected");
      this.#at += 1;
      found.set(key, this.value());
    });
    return Object.fromEntries(found);
  }

  #list(): unknown[] {
    const found: unknown[] = [];
    this.#items("]", () => found.push(this.value()));
    return found;
  }

  /** Items with commas between them, from the opening bracket to behind the closing one. */
  #items(close: string, item: () => void): void {
    this.#at += 1;
    this.#take(GAP);
    if (this.#text[this.#at] === close) {
      this.#at += 1;
      return;
    }
    for (;;) {
      this.#take(GAP);
      item();
      this.#take(GAP);
      const next = this.#text[this.#at];
      if (next !== "," && next !== close) this.#fail(`a comma or ${close} is expected`);
      this.#at += 1;
      if (next === close) return;
    }
  }

  #string(): string {
    const start = this.#at;
    const literal = this.#take(STRING);
    if (literal === "") return this.#fail("a text in double quotes is expected");
    try {
      return JSON.parse(literal) as string;
    } catch {
      return this.#fail("the text has a backslash or a control character that JSON does not know", start);
    }
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const taken = pattern.exec(this.#text)?.[0] ?? "";
    this.#at += taken.length;
    return taken;
  }

  #fail(message: string, at = this.#at): never {
    const before = this.#text.slice(0, at).split("\n");
    throw new UnreadableJson(`line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}: ${message}`);
  }
}
