import type { Table } from "../table/table.ts";
import { LEAST, type MatchClass, type Model, type Stratum, shapeOf } from "./model.ts";
import { SIZE_LOGS } from "./strataSizes.ts";
import type { TermFrequency } from "./termFrequency.ts";

/** What a scorer needs of the register beside the model. */
export interface Scored {
  readonly register: Table;
  readonly frequencies: readonly TermFrequency[];
  /** model/strataSizes.ts; empty where there are no strata but `random`. */
  readonly sizes: Uint8Array;
}

/** A rare name in common says up to 8 bits more, a common one up to 6 less. */
const MOST_FREQUENCY = 8 * Math.LN2;
const LEAST_FREQUENCY = -6 * Math.LN2;
/** Equality by sound carries this share of it. */
const BY_SOUND = 0.6;

/**
 * Weights of evidence in bits: w = log2(λ/(1−λ)) + log2 P(levels | same person) − log2 (expected number of other people who look like this).
 * All inside is in natural logarithms.
 */
export class Scorer {
  readonly prior: number;
  readonly #model: Model;
  readonly #scored: Scored;
  readonly #offsets: readonly number[];
  readonly #classes: readonly Float64Array[];
  /** Stratum → class → logarithms. */
  readonly #strata: readonly (readonly Float64Array[])[];
  readonly #usual: readonly number[];
  /** Comparisons whose frequency counts in a stratum: a bit a comparison. */
  readonly #counts: readonly number[];
  readonly #terms = new Float64Array(32);
  /** log of the number of others, of the strata that are the same for everybody. */
  readonly #logSizes: readonly number[];
  /** Strata whose sizes are kept row by row: those behind 'random', up to this one. */
  readonly #sized: number;
  /** Frequency of the pair weighed last, a number a term-weighted comparison, in natural logarithms. */
  readonly frequency: Float64Array;

  constructor(model: Model, scored: Scored) {
    const shape = shapeOf(model.comparisons);
    this.#model = model;
    this.#scored = scored;
    this.#offsets = shape.offsets;
    const share = model.matchRate;
    this.prior = Math.log(Math.max(share, 1e-12)) - Math.log(Math.max(1 - share, 1e-12));
    this.#classes = model.classes.map(({ share: part, m }) => logTable(m, shape.total, Math.log(part)));
    this.#strata = model.strata.map((stratum) =>
      model.classes.map((one) => {
        const shown = model.measuredOn === "rows" ? stratum.u : asRowsShow(stratum, one);
        return logTable(shown, shape.total, Math.log(one.share));
      }),
    );
    this.#usual = (model.strata[0]?.u ?? []).flatMap((levels) => levels.map((u) => Math.log(Math.max(u, LEAST))));
    this.#counts = model.strata.map(({ fixes }) => ~fixes.reduce((bits, c) => bits | (1 << c), 0));
    this.#logSizes = model.strata.map(({ others }) => Math.log(others));
    this.#sized = scored.register.rows === 0 ? 0 : scored.sizes.length / scored.register.rows;
    this.frequency = new Float64Array(scored.frequencies.length);
  }

  /** log of P(levels | same person). */
  logMatch(levels: Uint8Array, from: number): number {
    return this.#logOfClasses(this.#classes, levels, from);
  }

  #logOfClasses(classes: readonly Float64Array[], levels: Uint8Array, from: number): number {
    let log = this.#sum(classes[0] as Float64Array, levels, from);
    for (let k = 1; k < classes.length; k += 1) {
      const other = this.#sum(classes[k] as Float64Array, levels, from);
      const [most, least] = log > other ? [log, other] : [other, log];
      log = least - most < -30 ? most : most + Math.log1p(Math.exp(least - most));
    }
    return log;
  }

  /** log of the expected number of other rows of the register that look like row `row` does with these levels. */
  logOthers(levels: Uint8Array, from: number, row: number): number {
    this.#weighTerms(levels, from, row);
    const strata = this.#strata;
    const { sizes } = this.#scored;
    const terms = this.#terms;
    const sized = this.#sized;
    let most = -Infinity;
    for (let s = 0; s < strata.length; s += 1) {
      const isSized = s > 0 && s <= sized;
      const size = (isSized ? SIZE_LOGS[sizes[row * sized + s - 1] as number] : this.#logSizes[s]) as number;
      const term = size + this.#logOfClasses(strata[s] as readonly Float64Array[], levels, from) - this.#termsOf(s);
      terms[s] = term;
      if (term > most) most = term;
    }
    let sum = 0;
    for (let s = 0; s < strata.length; s += 1) {
      const below = (terms[s] as number) - most;
      if (below > -40) sum += Math.exp(below);
    }
    return most + Math.log(sum);
  }

  /** Bits for the levels of a pair whose register row is `row`. */
  weight(levels: Uint8Array, from: number, row: number): number {
    return (this.prior + this.logMatch(levels, from) - this.logOthers(levels, from, row)) / Math.LN2;
  }

  /** The stratum most of the look-alikes of the pair weighed last come from. */
  mainStratum(): string {
    let main = 0;
    for (let s = 1; s < this.#strata.length; s += 1) if ((this.#terms[s] as number) > (this.#terms[main] as number)) main = s;
    return this.#model.strata[main]?.name ?? "random";
  }

  #weighTerms(levels: Uint8Array, from: number, row: number): void {
    const { frequencies, register } = this.#scored;
    for (let f = 0; f < frequencies.length; f += 1) {
      const { comparison, word, soundLevel, exact, sound } = frequencies[f] as TermFrequency;
      const level = levels[from + comparison] as number;
      if (level < soundLevel) {
        this.frequency[f] = 0;
        continue;
      }
      const id = register.cells[row * register.layout.width + word] as number;
      const isTop = level === (this.#model.comparisons[comparison]?.levels ?? 0) - 1;
      const usual = this.#usual[(this.#offsets[comparison] as number) + level] as number;
      const rarity = usual - ((isTop ? exact[id] : sound[id]) as number);
      this.frequency[f] = Math.max(LEAST_FREQUENCY, Math.min(MOST_FREQUENCY, rarity)) * (isTop ? 1 : BY_SOUND);
    }
  }

  #termsOf(stratum: number): number {
    const { frequencies } = this.#scored;
    let sum = 0;
    for (let f = 0; f < frequencies.length; f += 1)
      if ((this.#counts[stratum] as number) & (1 << (frequencies[f] as TermFrequency).comparison))
        sum += this.frequency[f] as number;
    return sum;
  }

  #sum(table: Float64Array, levels: Uint8Array, from: number): number {
    const offsets = this.#offsets;
    let sum = table[table.length - 1] as number;
    for (let c = 0; c < offsets.length; c += 1) sum += table[(offsets[c] as number) + (levels[from + c] as number)] as number;
    return sum;
  }
}

/**
 * How the pairs of a stratum look in a file whose rows have the errors of a class: where two people of the register have the same value
 * (the highest level), a row about one of them shows it as it shows the person's own, errors and all. The register alone, which has none of
 * them, would take a brother's row with a slip in the village's code for something that cannot be a brother's.
 */
function asRowsShow({ u }: Stratum, { m }: MatchClass): number[][] {
  return u.map((levels, c) => {
    const same = levels.at(-1) ?? 0;
    return levels.map((share, level) => {
      if (level === 0) return 0;
      const shown = same * (m[c]?.[level] ?? 0);
      return level === levels.length - 1 ? shown : shown + share;
    });
  });
}

/** Logarithms of a table, 0 for missing values, `constant` at the end. */
function logTable(rows: readonly (readonly number[])[], total: number, constant: number): Float64Array {
  const logs = rows.flatMap((levels) => levels.map((share, level) => (level === 0 ? 0 : Math.log(Math.max(share, LEAST)))));
  return Float64Array.from([...logs.slice(0, total), constant]);
}
