import type { Caller } from "../../schema/caller.ts";
import { dayInWib } from "../../schema/values/wib.ts";
import { Recent } from "./recent.ts";
import { BLOCK_BYTES } from "./subjects.ts";

/** What an answer tells its agreement for the first time, as far as this gateway knows: kept with the entry, or the answer does not leave. */
export interface News {
  readonly agency: string;
  readonly purpose: string;
  readonly agreement: string;
  /** Day in western Indonesia the persons count for. */
  readonly day: string;
  /** Distinct persons a day; null: none are counted. */
  readonly quota: number | null;
  /** Tags of persons, 16 bytes each. Empty without a quota. */
  readonly tags: Buffer;
  /** Pseudonyms shown, and whose they are. */
  readonly pseudonyms: readonly (readonly [pseudonym: string, subject: string])[];
}

/** Some 25 MB each when full. */
const MOST = 100_000;

/** What is durable already and need not be sent again: in the steady state an answer has no news. */
export class Newsroom {
  private readonly persons = new Recent(MOST);
  private readonly pseudonyms = new Recent(MOST);

  /** Null: all of it is known. `persons` tags everybody the answer counts for, asked only under a quota; `noted` are all pseudonyms it shows. */
  newsOf(caller: Caller, persons: () => Buffer, noted: ReadonlyMap<string, string>): News | null {
    const { agency, purpose, agreement, verification } = caller;
    const quota = verification.persons;
    const told = { agency, purpose, agreement, day: dayInWib(new Date()), quota };
    const pseudonyms = [...noted].filter(([pseudonym]) => !this.pseudonyms.has(holderOf(told), pseudonym));
    const news = { ...told, tags: quota === null ? Buffer.alloc(0) : this.unknown(dayOf(told), persons()), pseudonyms };
    return news.tags.length > 0 || pseudonyms.length > 0 ? news : null;
  }

  /** MUST NOT be called before they are durable. */
  learn(news: News): void {
    this.persons.add(dayOf(news), textsOf(news.tags));
    this.pseudonyms.add(
      holderOf(news),
      news.pseudonyms.map(([pseudonym]) => pseudonym),
    );
  }

  private unknown(day: string, tags: Buffer): Buffer {
    const found = textsOf(tags).filter((text) => !this.persons.has(day, text));
    return found.length * BLOCK_BYTES === tags.length ? tags : Buffer.from(found.join(""), "latin1");
  }
}

const dayOf = ({ agreement, day }: Pick<News, "agreement" | "day">): string => `${day} ${agreement}`;
const holderOf = ({ agency, purpose }: Pick<News, "agency" | "purpose">): string => `${agency} ${purpose}`;

const textsOf = (tags: Buffer): string[] =>
  Array.from({ length: tags.length / BLOCK_BYTES }, (_, at) => tags.toString("latin1", at * BLOCK_BYTES, (at + 1) * BLOCK_BYTES));
