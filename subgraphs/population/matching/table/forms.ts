import { nameForms } from "../text/nameForms.ts";
import { type NamePool, writeName } from "../text/namePool.ts";
import { hashText } from "./hash.ts";

export type LexiconKind = "text" | "numeric" | "indonesianName";

/** Where a text's forms go. */
interface Entries {
  readonly pool: NamePool;
  readonly numbers: Float64Array;
  readonly derived: readonly Int32Array[];
}

/** What is worked out once for every distinct text instead of once for every pair. */
export interface Forms {
  /** Writes entry `id`, its codes from `at` on; answers the next free code, `at` itself when the text says nothing. */
  write(entries: Entries, id: number, source: Source): number;
}

type Derive = (text: string) => string | null;

export function formsFor(kind: LexiconKind, derive: readonly Derive[]): Forms {
  const writeCodes = WRITERS[kind];
  return {
    write(entries, id, source) {
      const next = writeCodes(entries, id, source);
      if (next === source.at) return next;
      for (const [column, derivation] of derive.entries()) {
        const derived = derivation(source.text);
        (entries.derived[column] as Int32Array)[id] = derived ? hashText(derived) : 0;
      }
      return next;
    },
  };
}

interface Source {
  readonly at: number;
  readonly text: string;
}

const WRITERS: Readonly<Record<LexiconKind, (entries: Entries, id: number, source: Source) => number>> = {
  text: writeTextCodes,
  numeric: writeNumber,
  indonesianName: writeNameCodes,
};

const SAYS_SOMETHING = /[\p{L}\p{N}]/u;

function writeTextCodes({ pool }: Entries, id: number, { at, text }: Source): number {
  if (!SAYS_SOMETHING.test(text)) return at;
  for (let i = 0; i < text.length; i += 1) pool.codes[at + i] = text.charCodeAt(i);
  pool.start[id] = at;
  pool.length[id] = text.length;
  return at + text.length;
}

function writeNumber(entries: Entries, id: number, source: Source): number {
  const number = numberOf(source.text);
  if (number === null) return source.at;
  entries.numbers[id] = number;
  return writeTextCodes(entries, id, source);
}

function writeNameCodes({ pool }: Entries, id: number, { at, text }: Source): number {
  const forms = nameForms(text);
  return forms.tokens.length === 0 ? at : writeName(pool, id, at, forms);
}

/** A number as people write it: `1.5`, `1,5`, `-3`; null for anything else. */
function numberOf(text: string): number | null {
  const plain = text.replace(",", ".");
  return /^[+-]?[0-9]{1,15}(\.[0-9]{1,9})?$/.test(plain) ? Number(plain) : null;
}
