import type { Db } from "../../../drizzle/client.ts";
import { limitReached, Refusal } from "../../../schema/errors.ts";
import { dayInWib } from "../../../schema/values/wib.ts";
import { byKey } from "../../kit/byKey.ts";
import { badInput } from "../../kit/errors.ts";
import type { Asking } from "../../kit/serve/context.ts";
import { addAttempts, addUse, type CountedDay, type PersonRow, personsBornIn, type Use } from "../data.ts";
import { soundOfName } from "../matching/text/soundOfName.ts";
import { faultOf } from "../matching/verify/claim.ts";
import { attemptsOn, createTagger, MOST } from "./tags.ts";

/** Questions a day about one village, of which the largest have a hundred thousand people. */
const ABOUT_ONE_VILLAGE = 1_000;
/** Questions a day from one network: mobile carriers put thousands of people behind one address. */
const FROM_ONE_NETWORK = 1_000;
/** One network uses up a tenth of what belongs to many, so that nobody alone shuts out a village or all who share a birthday. */
const NETWORKS = 10;
const REGENCY_DIGITS = 4;
const VILLAGE = /^\d{10}$/;
const VISITOR = /^[\w-]{16,64}$/;

export interface FactsInput {
  /** Code without dots. */
  readonly village: string;
  readonly fullName: string;
  /** ISO day. */
  readonly birthDate: string;
  readonly visitor: string;
}

/** What is asked, the name by its sound: names that sound alike are one question. */
interface Facts extends Omit<FactsInput, "fullName"> {
  readonly sound: string;
}
interface Answered {
  /** The facts, as text. */
  readonly facts: string;
  readonly person: PersonRow | null;
}

/** Persons by what somebody knows of them: all that are asked together are counted and looked up together, three statements for any number. */
export const recipients = (asking: Asking) => {
  const today = dayInWib(asking.now);
  const answered = byKey(
    (asked: readonly string[]) => answersTo(asked, asking, today),
    (row) => row.facts,
  );
  return {
    /** Null unless one person alone fits. Refuses bad input, and a village or network asked about or from too often. */
    async byFacts(input: FactsInput): Promise<PersonRow | null> {
      const faults = faultsOf(input, today);
      if (faults.length > 0) throw badInput(faults.join("; "));
      const { village, birthDate, visitor } = input;
      const facts: Facts = { village, birthDate, visitor, sound: soundOfName(input.fullName) };
      return (await answered.load(JSON.stringify(facts)))?.person ?? null;
    },
  };
};

const faultsOf = ({ village, fullName, birthDate, visitor }: FactsInput, today: string): string[] =>
  [
    VILLAGE.test(village) ? null : "village must be the code of a village, 10 digits",
    faultOf("fullName", fullName, today),
    faultOf("birthDate", birthDate, today),
    VISITOR.test(visitor) ? null : "visitor must be a tag of 16 to 64 letters, digits, _ and -",
  ].filter((fault) => fault !== null);

/** One transaction, in which nothing is known before it is counted. The same statements whoever is found, and whether anybody is. */
async function answersTo(asked: readonly string[], { caller, write, keyFor }: Asking, today: string): Promise<Answered[]> {
  const day: CountedDay = { agreement: caller.agreement, day: today };
  const tagOf = createTagger(keyFor("recipient"), day);
  const questions = asked.map((facts) => ({ facts, ...(JSON.parse(facts) as Facts) }));
  const pairs = attemptsOn(questions.flatMap((question) => pairsOf(question).map(tagOf)));
  const { attemptsOnSubject: most } = caller.verification;
  return write(async (db) => {
    const [born, taken] = await Promise.all([personsBornIn(db, questions), addAttempts(db, day, { asked: pairs, most })]);
    const isTaken = among(taken.map(({ subject }) => subject));
    const within = questions.filter((question) => pairsOf(question).map(tagOf).every(isTaken));
    // a question that is answered no more uses up nothing that others share
    const shared = usesOf(within.flatMap(sharedPairsOf).map(tagOf), Math.min(most * NETWORKS, MOST));
    const isShared = among(await countTogether(db, day, { places: placesOf(questions, tagOf), shared }));
    const told = new Set(within.filter((question) => sharedPairsOf(question).map(tagOf).every(isShared)));
    return questions.map((question) => {
      const [person = null, another] = born.filter((one) => fits(one, question));
      return { facts: question.facts, person: told.has(question) && !another ? person : null };
    });
  });
}

function among(those: readonly string[]): (one: string) => boolean {
  const set = new Set(those);
  return (one) => set.has(one);
}

const usesOf = (counted: readonly string[], most: number): Use[] =>
  attemptsOn(counted).map(({ subject, attempts }) => ({ counted: subject, more: attempts, most }));

/** Villages asked about and networks asked from, the busiest last. */
const placesOf = (questions: readonly Facts[], tagOf: (what: string) => string): Use[] => {
  const each = (placeOf: (question: Facts) => string, most: number) => usesOf(questions.map(placeOf), most);
  return [
    ...each(({ visitor, village }) => `network in village:${tagOf(`${visitor} ${village}`)}`, ABOUT_ONE_VILLAGE / NETWORKS),
    ...each(({ visitor }) => `network:${tagOf(visitor)}`, FROM_ONE_NETWORK),
    ...each(({ village }) => `village:${village}`, ABOUT_ONE_VILLAGE),
  ];
};

/** What was taken of both. Refuses all of it where a place has too many, which tells nothing of anybody: unknown ones count alike. */
async function countTogether(db: Db, day: CountedDay, { places, shared }: Record<"places" | "shared", Use[]>): Promise<string[]> {
  const taken = await addUse(db, day, [...shared, ...places]);
  if (!places.map(({ counted }) => counted).every(among(taken)))
    throw new Refusal(limitReached("QUOTA", { coordinate: "Query.recipientByFacts" }));
  return taken;
}

/**
 * Whoever knows two of the facts and tries the third tries it on their pair, in whatever spelling: what fits sounds the same. Name and day are a few people's
 * within a regency; beyond it, and in a village, a day is many people's, above all 1 July and 31 December, which stand for days that nobody knew.
 */
const pairsOf = ({ village, sound, birthDate, visitor }: Facts): string[] => [
  `village ${village} name ${sound}`,
  `regency ${village.slice(0, REGENCY_DIGITS)} name ${sound} date ${birthDate}`,
  `network ${visitor} name ${sound} date ${birthDate}`,
  `network ${visitor} village ${village} date ${birthDate}`,
];

const sharedPairsOf = ({ village, sound, birthDate }: Facts): string[] => [
  `name ${sound} date ${birthDate}`,
  `village ${village} date ${birthDate}`,
];

const fits = (person: PersonRow, { village, birthDate, sound }: Facts): boolean =>
  person.region === village && person.birthDate === birthDate && soundOfName(person.fullName) === sound;
