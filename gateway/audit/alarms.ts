import type { Caller } from "../../schema/caller.ts";
import type { Refusal } from "../../schema/errors.ts";
import type { CatalogueEntry } from "../../schema/sdl/catalogue.ts";
import type { Supergraph } from "../types/supergraph.ts";

/** What became of the identifiers one question looked somebody up by. */
export interface Lookups {
  /** Those of which the answer tells whether somebody has them. */
  readonly tried: number;
  /** Of those, the ones nobody has. */
  readonly missed: number;
  /** NIKs next to one the same asker looked up lately: the same place and birthday, a serial at most three away. */
  readonly sequential: number;
}

/**
 * A question that was too large and looks somebody up by what may be guessed: one try that found nobody, however many it would have been. Undefined: it is
 * none. By its text, for what is too large is not read any further.
 */
export function refusedGuess({ failures }: Refusal, document: string, { entries }: Guessable): Lookups | undefined {
  if (failures[0]?.code !== "TOO_COSTLY") return undefined;
  const names = guessing.get(entries) ?? guessingIn(entries);
  guessing.set(entries, names);
  const isGuess = (document.match(/\w+/g) ?? []).some((word) => names.has(word));
  return isGuess ? { tried: 1, missed: 1, sequential: 0 } : undefined;
}

type Guessable = Pick<Supergraph, "entries">;
const guessing = new WeakMap<Guessable["entries"], ReadonlySet<string>>();

/** Names of fields that look somebody up by anything but an id, which nobody guesses. */
function guessingIn(entries: Guessable["entries"]): ReadonlySet<string> {
  const all = [...entries.values()];
  const isGuessed = ({ guards }: CatalogueEntry) => guards.some(({ use, field }) => use === "LOOKUP" && !field.endsWith(".id"));
  const inputs = new Set(
    all.filter((one) => one.kind === "input" && isGuessed(one)).map(({ coordinate }) => coordinate.split(".")[0]),
  );
  const carriers = all.filter((one) => one.carrier !== null && (isGuessed(one) || inputs.has(one.type)));
  return new Set(carriers.flatMap(({ carrier }) => carrier?.split(".")[1] ?? []));
}

type Asker = Pick<Caller, "client" | "officer">;

/** Whom somebody looked up by one question: each once, named as in `Disclosure.lookups`. */
interface LookedUp {
  readonly lookups: readonly string[];
  readonly found: readonly string[];
  readonly missed: readonly string[];
}

/**
 * Counts lookups as the record is to tell of them, for the watch over it (drizzle/watch/hours.ts). Each gateway knows of its own questions only.
 * A person is followed apart from the others who come through the same client. Memory: 256 NIKs each, kept nowhere else and never logged.
 */
export function createAlarms() {
  const trails = new Map<string, Trail>();
  return {
    /** What the record is to say. Undefined: nobody was looked up. */
    lookedUp({ client, officer }: Asker, { lookups, found, missed }: LookedUp): Lookups | undefined {
      if (lookups.length === 0) return undefined;
      const asker = `${client} ${officer ?? ""}`;
      const trail = trails.get(asker) ?? new Trail();
      trails.set(asker, trail);
      const sequential = lookups.filter((id) => trail.follows(id)).length;
      return { tried: found.length + missed.length, missed: missed.length, sequential };
    },
  };
}

const REMEMBERED = 256;
const NEAR = 3;

/** The NIKs somebody looked up last. A NIK is twelve digits of place and birthday, then a serial. */
class Trail {
  private readonly last: { readonly stem: string; readonly serial: number }[] = [];

  /** Is it a NIK beside one of them? It is one of them from now on. */
  follows(id: string): boolean {
    const [, stem, digits] = /^nik:(\d{12})(\d{4})$/.exec(id) ?? [];
    if (stem === undefined) return false;
    const serial = Number(digits);
    const same = this.last.filter((one) => one.stem === stem).map((one) => Math.abs(one.serial - serial));
    if (same.includes(0)) return false; // asked again
    this.last.push({ stem, serial });
    if (this.last.length > REMEMBERED) this.last.shift();
    return same.some((distance) => distance <= NEAR);
  }
}
