import type { Caller } from "../../schema/caller.ts";
import { dayInWib } from "../../schema/values/wib.ts";

/** What an answer tells its agreement for the first time, as far as this gateway knows: kept with the entry, or the answer does not leave. */
export interface News {
  readonly agency: string;
  readonly purpose: string;
  readonly agreement: string;
  /** Day in western Indonesia the persons count for. */
  readonly day: string;
  /** Distinct persons a day; null: none are counted. */
  readonly quota: number | null;
  /** Persons it tells of. None without a quota. */
  readonly persons: readonly string[];
  /** Their tags, 16 bytes each, in no order: what is kept. */
  readonly tags: Buffer;
  /** Pseudonyms shown, and whose they are. */
  readonly pseudonyms: readonly (readonly [pseudonym: string, subject: string])[];
}

/** An answer about to leave. */
export interface Telling {
  readonly at: Date;
  /** Everybody the answer counts for; asked only under a quota. */
  readonly persons: () => readonly string[];
  readonly tagsOf: (persons: readonly string[]) => Buffer;
  /** Subjects by the pseudonym the answer shows them under. */
  readonly noted: ReadonlyMap<string, string>;
}

/** Some 25 MB each when full. In memory only, as the answers themselves are. */
const MOST = 100_000;

/** What is durable already and need not be sent again: in the steady state an answer has no news. */
export class Newsroom {
  private readonly persons = new Recent(MOST);
  private readonly pseudonyms = new Recent(MOST);
  /** Of the last day each agreement was told anything: how many persons this gateway told it about. */
  private readonly counts = new Map<string, { readonly day: string; persons: number }>();

  /** Null: all of it is known. */
  newsOf(caller: Caller, { at, noted, ...telling }: Telling): News | null {
    const { agency, purpose, agreement, verification } = caller;
    const quota = verification.persons;
    const told = { agency, purpose, agreement, day: dayInWib(at), quota };
    const pseudonyms = [...noted].filter(([pseudonym]) => !this.pseudonyms.has(holderOf(told), pseudonym));
    const persons = quota === null ? [] : telling.persons().filter((id) => !this.persons.has(dayOf(told), id));
    if (persons.length === 0 && pseudonyms.length === 0) return null;
    return { ...told, persons, tags: telling.tagsOf(persons), pseudonyms };
  }

  /** MUST NOT be called before they are durable. */
  learn(news: News): void {
    const { agreement, day } = news;
    const known = this.counts.get(agreement);
    const count = known?.day === day ? known : { day, persons: 0 };
    count.persons += news.persons.filter((id) => !this.persons.has(dayOf(news), id)).length;
    this.counts.set(agreement, count);
    this.persons.add(dayOf(news), news.persons);
    this.pseudonyms.add(
      holderOf(news),
      news.pseudonyms.map(([pseudonym]) => pseudonym),
    );
  }

  /** Persons an agreement was told about today, as far as this gateway knows: others may have told it about more. */
  personsToday(agreement: string, at: Date): number {
    const known = this.counts.get(agreement);
    return known?.day === dayInWib(at) ? known.persons : 0;
  }
}

const dayOf = ({ agreement, day }: Pick<News, "agreement" | "day">): string => `${day} ${agreement}`;
const holderOf = ({ agency, purpose }: Pick<News, "agency" | "purpose">): string => `${agency} ${purpose}`;

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
