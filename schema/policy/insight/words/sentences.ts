import type { Text } from "../../../errors.ts";
import type { Content } from "../../content.ts";
import { type InsightGround, tableOf } from "../ground.ts";
import { accessSentences } from "./accessSentences.ts";
import * as words from "./termWords.ts";
import { useSentences } from "./useSentences.ts";
import { text } from "./verdicts.ts";

/** One sentence of a version. */
export interface Sentence extends Text {
  /** What it speaks of: WHO, READ, USE, WHERE, UNTIL or TERMS. */
  readonly about: "WHO" | "READ" | "USE" | "WHERE" | "UNTIL" | "TERMS";
  /** Of sentences about reading: the type of the schema; else null. */
  readonly type: string | null;
}

/** Names that a content only has codes of. */
export interface Named {
  readonly consumerName: string;
  readonly purposeName: string;
  readonly citation: string;
}

/** A version in plain sentences: who may read what and how, ask by what, for what purpose, about which rows, until when, how many persons a day. */
export function sentencesOf(content: Content, ground: InsightGround, named: Named): Sentence[] {
  const table = tableOf(content, ground);
  const scope = words.scopeOfContent(content);
  const who = text`${named.consumerName} ${{ id: "untuk", en: "for" }} ${named.purposeName} (${named.citation}), ${content.agreement} ${{ id: "versi", en: "version" }} ${content.version}.`;
  const until = text`${{ id: "Berlaku", en: "In force" }} ${words.instantWords(content.validFrom)} – ${words.instantWords(content.validTo)}.`;
  const where = text`${{ id: "Baris", en: "Rows" }}: ${words.regionWords(scope)}; ${words.programWords(scope)}; ${words.decileWords(scope)}.`;
  const terms = [
    words.quotaWords,
    words.verificationWords,
    words.addressWords,
    words.documentWords,
    words.deniedWords,
    words.limitsWords,
    words.armedWords,
  ];
  return [
    one("WHO", who),
    ...accessSentences(ground.catalogue, table).map(({ type, ...said }) => ({ ...said, about: "READ" as const, type })),
    ...useSentences(ground.catalogue, table).map((said) => one("USE", said)),
    ...conditions(content).map((said) => one("USE", said)),
    one("WHERE", where),
    one("UNTIL", until),
    ...terms.map((say) => one("TERMS", capital(say(content)))),
  ];
}

const one = (about: Sentence["about"], { id, en }: Text): Sentence => ({ about, type: null, id, en });

function conditions({ grants }: Content): Text[] {
  return grants
    .filter(({ condition }) => condition !== null)
    .map(
      ({ selector, use, condition }) => text`${selector} (${use}): ${{ id: "hanya bila", en: "only if" }} ${condition ?? ""}.`,
    );
}

const upper = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
const capital = ({ id, en }: Text): Text => ({ id: upper(id), en: upper(en) });
